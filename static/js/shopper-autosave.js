// Saves every answer as it is given, one request at a time, and says field by field what became of it. What is not
// saved yet stays on the device (shopper-kept.js). Without this script «Next» saves the step.
(function () {
  "use strict";
  const form = document.getElementById("step-form");
  const kept = window.keptAnswers;
  if (!form || !kept) return;

  const place = form.dataset.place;
  const state = document.querySelector("[data-saved]");
  const problem = document.querySelector("[data-save-problem]");
  const loggedOut = document.querySelector("[data-logged-out]");
  const waiting = new Set();
  const entry = { autosave: form.dataset.autosave, page: form.dataset.page, name: form.dataset.name, fields: {} };
  let isSaving = false;
  let retryTimer = 0;
  let isClosed = false;
  let isLeaving = false;
  let isKept = true;

  const block = (name) => form.querySelector(`[data-field="${CSS.escape(name)}"]`);
  const inputs = (name) => [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)];
  const values = (name) => new FormData(form).getAll(name).map(String);

  function say(text) {
    state.textContent = text;
    state.classList.toggle("is-unsaved", Object.keys(entry.fields).length > 0);
  }

  function complain(text) {
    problem.textContent = text;
    problem.hidden = !text;
  }

  function sayOf(name, text, isUnsaved) {
    const line = form.querySelector(`[data-state-of="${CSS.escape(name)}"]`);
    if (!line) return;
    line.textContent = text;
    line.classList.toggle("is-unsaved", isUnsaved);
  }

  function problemOf(name, text) {
    const line = form.querySelector(`[data-problem-of="${CSS.escape(name)}"]`);
    line.textContent = text;
    line.hidden = !text;
    block(name).classList.toggle("has-problem", Boolean(text));
  }

  // What the page was made with, until the server has told of something newer.
  function seen(name) {
    return inputs(`seen-${name}`).map((input) => input.value);
  }

  function sees(name, mark) {
    const [first, ...others] = inputs(`seen-${name}`);
    first.value = mark;
    others.forEach((input) => input.remove());
  }

  function store() {
    isKept = kept.keep(place, entry);
  }

  // A field that was changed: what it says, what it builds on, and what was sent of it without an answer.
  function note(name) {
    const tried = entry.fields[name] ? entry.fields[name].tried : [];
    entry.fields[name] = { values: values(name), seen: seen(name), tried };
    store();
  }

  function unsaved() {
    return Object.keys(entry.fields);
  }

  async function save() {
    if (isSaving || isClosed || waiting.size === 0) return;
    isSaving = true;
    const names = [...waiting];
    waiting.clear();
    say(form.dataset.saving);
    const sent = Object.fromEntries(names.map((name) => [name, JSON.stringify(entry.fields[name].values)]));
    const answer = await kept.send(place, entry, names);
    isSaving = false;
    if (answer.is === "answered") {
      names.forEach((name) => read(name, answer.reply.fields[name], sent[name]));
      loggedOut.hidden = true;
      complain("");
      say(unsaved().length ? form.dataset.unsaved : answer.reply.message);
    } else {
      await fail(answer, names);
    }
    if (isLeaving) form.requestSubmit();
    else if (waiting.size && answer.is === "answered") save();
  }

  function fail(answer, names) {
    names.forEach((name) => waiting.add(name));
    say(answer.is === "offline" ? form.dataset.offline : form.dataset.unsaved);
    loggedOut.hidden = answer.is !== "loggedOut";
    isClosed = answer.is === "closed";
    complain({ closed: answer.message, another: form.dataset.another }[answer.is] || "");
    clearTimeout(retryTimer);
    if (answer.is === "offline" && !isLeaving) retryTimer = setTimeout(save, 4000);
  }

  function read(name, told, sent) {
    const field = entry.fields[name];
    if (!told || !field) return;
    if (told.state === "saved") {
      sees(name, told.seen);
      field.tried = [];
      field.seen = [told.seen];
      problemOf(name, "");
      settle(name);
      if (JSON.stringify(field.values) === sent) {
        delete entry.fields[name];
        sayOf(name, form.dataset.savedOne, false);
      }
    } else if (told.state === "refused") {
      field.tried = [];
      problemOf(name, told.message);
      sayOf(name, form.dataset.unsaved, true);
    } else {
      field.tried = [];
      ask(name, told);
    }
    store();
  }

  // Two answers: the shopper chooses in words.
  function ask(name, told) {
    settle(name);
    const line = form.querySelector(`[data-state-of="${CSS.escape(name)}"]`);
    line.insertAdjacentHTML("beforebegin", told.html);
    block(name).querySelector("[data-disagreement]").dataset.values = JSON.stringify(told.values);
    sayOf(name, form.dataset.unsaved, true);
  }

  function settle(name) {
    const asked = block(name).querySelector("[data-disagreement]");
    if (asked) asked.remove();
  }

  function choose(asked, choice) {
    const name = asked.dataset.disagreement;
    const other = form.elements[`other-${name}`].value;
    if (choice === "there" && !asked.dataset.values) return; // a page that came with the question: «Next» takes it
    sees(name, other);
    if (choice === "there") {
      fill(name, JSON.parse(asked.dataset.values));
      delete entry.fields[name];
      waiting.delete(name);
      store();
      settle(name);
      problemOf(name, "");
      sayOf(name, form.dataset.savedOne, false);
      say(unsaved().length ? form.dataset.unsaved : form.dataset.savedOne);
      return;
    }
    later(name, 0);
  }

  function fill(name, chosen) {
    inputs(name).forEach((input) => {
      if (input.type === "radio" || input.type === "checkbox") input.checked = chosen.includes(input.value);
      else input.value = chosen[0] || "";
    });
    count();
  }

  function later(name, delay) {
    note(name);
    waiting.add(name);
    say(form.dataset.unsaved);
    sayOf(name, form.dataset.unsaved, true);
    clearTimeout(retryTimer);
    retryTimer = setTimeout(save, delay);
  }

  // «Not applicable» stands alone among several ticks.
  function keepAlone(ticked) {
    const group = ticked.closest("[data-multi]");
    if (!group || !ticked.checked || ticked.type !== "checkbox") return;
    group.querySelectorAll("input[type=checkbox]").forEach((other) => {
      if (other !== ticked && (ticked.hasAttribute("data-alone") || other.hasAttribute("data-alone"))) {
        other.checked = false;
      }
    });
  }

  form.addEventListener("change", (event) => {
    const field = event.target;
    if (!field.name || field.type === "hidden") return;
    if (field.name.startsWith("keep-")) {
      choose(field.closest("[data-disagreement]"), field.value);
      return;
    }
    keepAlone(field);
    later(field.name, 0);
  });
  form.addEventListener("input", (event) => {
    if (event.target.tagName !== "TEXTAREA") return;
    count();
    later(event.target.name, 1200);
  });
  window.addEventListener("online", save);
  // Back from another tab, perhaps from logging in there.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") save();
  });
  // The same page in another tab has saved what was kept: those are our own words, not somebody else's change.
  window.addEventListener("storage", (event) => {
    if (!kept.isOf(event.key, place) || !event.oldValue) return;
    const left = event.newValue ? JSON.parse(event.newValue).fields : {};
    Object.entries(JSON.parse(event.oldValue).fields).forEach(([name, field]) => {
      if (!(name in left) && entry.fields[name]) entry.fields[name].tried.push(field.values);
    });
    save();
  });
  window.addEventListener("kept-answers-left", () => {
    isLeaving = true;
  });
  window.addEventListener("beforeunload", (event) => {
    if (!isLeaving && !isKept && (waiting.size || isSaving)) event.preventDefault();
  });
  // «Next» sends the whole step. A save on its way comes first, or the step would seem to come from an older page.
  form.addEventListener("submit", (event) => {
    isLeaving = true;
    clearTimeout(retryTimer);
    waiting.clear();
    if (!isSaving) return;
    event.preventDefault();
    event.stopPropagation();
  });

  const words = form.querySelector("textarea[data-most]");
  const counter = form.querySelector("[data-counter]");
  function count() {
    if (!words || !counter) return;
    const left = Number(words.dataset.most) - [...words.value].length;
    counter.textContent = left <= 1000 ? `${left} ${counter.dataset.words}` : "";
    counter.classList.toggle("is-over", left < 0);
  }

  // What was written here before and never saved comes back, and is saved.
  function restore() {
    const before = kept.read(place);
    if (!before) return;
    Object.entries(before.fields).forEach(([name, field]) => {
      if (!block(name)) return;
      entry.fields[name] = field;
      fill(name, field.values);
      sees(name, field.seen[0] || "");
      waiting.add(name);
      sayOf(name, form.dataset.unsaved, true);
    });
    store();
    save();
  }
  restore();
  count();
})();
