// Saves every answer as it is given, one request at a time, and says so. Without this script «Next» saves the step.
(function () {
  "use strict";
  const form = document.getElementById("step-form");
  if (!form) return;

  const state = document.querySelector("[data-saved]");
  const problem = document.querySelector("[data-save-problem]");
  const revision = form.elements.revision;
  const waiting = new Set();
  let isSaving = false;
  let retryTimer = 0;
  let isStale = false;
  let isLeaving = false;

  function say(text) {
    if (state) state.textContent = text;
  }

  function complain(text) {
    problem.textContent = text;
    problem.hidden = !text;
  }

  function content(names) {
    const all = new FormData(form);
    const body = new URLSearchParams();
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    body.set("revision", revision.value);
    names.forEach((name) => {
      body.append("field", name);
      all.getAll(name).forEach((value) => body.append(name, value));
    });
    return body;
  }

  async function save() {
    if (isSaving || isStale || waiting.size === 0) return;
    isSaving = true;
    const names = [...waiting];
    waiting.clear();
    say(form.dataset.saving);
    try {
      const reply = await fetch(form.dataset.autosave, {
        method: "POST",
        body: content(names),
        headers: { Accept: "application/json" },
        credentials: "same-origin",
      });
      await read(reply);
    } catch (error) {
      // No network: keep what is to be saved, and try again.
      names.forEach((name) => waiting.add(name));
      say(form.dataset.offline);
      clearTimeout(retryTimer);
      isSaving = false;
      if (isLeaving) form.requestSubmit();
      else retryTimer = setTimeout(save, 4000);
      return;
    }
    isSaving = false;
    if (isLeaving) form.requestSubmit();
    else save();
  }

  async function read(reply) {
    const isJson = (reply.headers.get("Content-Type") || "").startsWith("application/json");
    if (reply.ok && isJson) {
      const saved = await reply.json();
      revision.value = saved.revision;
      say(saved.message);
      complain("");
      return;
    }
    if (reply.status >= 500) throw new Error("the server is away");
    say(form.dataset.unsaved);
    if (!isJson) {
      // The log-in page answered: what is typed stays here until the shopper is logged in again.
      isStale = true;
      complain(form.dataset.loggedOut);
      return;
    }
    isStale = reply.status === 409 || reply.status === 423;
    complain((await reply.json()).message);
  }

  function later(name, delay) {
    waiting.add(name);
    say(form.dataset.unsaved);
    clearTimeout(retryTimer);
    retryTimer = setTimeout(save, delay);
  }

  // «Not applicable» stands alone among several ticks.
  function keepAlone(ticked) {
    const group = ticked.closest("[data-multi]");
    if (!group || !ticked.checked) return;
    group.querySelectorAll("input").forEach((other) => {
      if (other !== ticked && (ticked.hasAttribute("data-alone") || other.hasAttribute("data-alone"))) {
        other.checked = false;
      }
    });
  }

  form.addEventListener("change", (event) => {
    const field = event.target;
    if (!field.name || field.type === "hidden") return;
    keepAlone(field);
    later(field.name, 0);
  });
  form.addEventListener("input", (event) => {
    if (event.target.tagName !== "TEXTAREA") return;
    count();
    later(event.target.name, 1200);
  });
  window.addEventListener("online", save);
  window.addEventListener("beforeunload", (event) => {
    if (!isLeaving && (waiting.size || isSaving)) event.preventDefault();
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
    counter.textContent = left <= 1000 ? left + " " + counter.dataset.words : "";
    counter.classList.toggle("is-over", left < 0);
  }
  count();
})();
