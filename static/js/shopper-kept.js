// What a shopper has answered and the server has not yet confirmed stays on the device, under the shopper's own number,
// until it is saved. Nobody else's page shows or sends it, and logging out clears it once it is saved.
(function () {
  "use strict";
  const user = document.body.dataset.user;
  const words = document.getElementById("kept-words");
  if (!user || !words) return;
  const prefix = `svar:${user}:`;
  const MOST_TRIED = 5;
  let token = document.body.dataset.csrf;

  // Whether it could be kept: a browser may refuse to store anything.
  function keep(place, entry) {
    try {
      if (Object.keys(entry.fields).length) localStorage.setItem(prefix + place, JSON.stringify(entry));
      else localStorage.removeItem(prefix + place);
      return true;
    } catch (_error) {
      return false;
    }
  }

  function read(place) {
    try {
      return JSON.parse(localStorage.getItem(prefix + place));
    } catch (_error) {
      return null;
    }
  }

  function places() {
    try {
      return Object.keys(localStorage)
        .filter((key) => key.startsWith(prefix))
        .map((key) => key.slice(prefix.length));
    } catch (_error) {
      return [];
    }
  }

  function content(entry, names) {
    const body = new URLSearchParams();
    names.forEach((name) => {
      const field = entry.fields[name];
      body.append("field", name);
      field.values.forEach((value) => body.append(name, value));
      field.seen.forEach((mark) => body.append(`seen-${name}`, mark));
      field.tried.forEach((values) => body.append(`tried-${name}`, JSON.stringify(values)));
    });
    return body;
  }

  function post(entry, body) {
    return fetch(entry.autosave, {
      method: "POST",
      body,
      headers: { Accept: "application/json", "X-CSRFToken": token },
      credentials: "same-origin",
    });
  }

  const isJson = (reply) => (reply.headers.get("Content-Type") || "").startsWith("application/json");

  // Sends fields of an entry. Answers {is: "answered", reply} · "offline" · "loggedOut" · "another" · "closed".
  async function send(place, entry, names) {
    const body = content(entry, names);
    names.forEach((name) => {
      // Its reply may be lost: then the server holds our own values, and they are no one else's change.
      const field = entry.fields[name];
      field.tried = [...field.tried, field.values].slice(-MOST_TRIED);
    });
    keep(place, entry);
    let reply;
    let told;
    try {
      reply = await post(entry, body);
      if (reply.status < 500 && !isJson(reply)) return { is: "closed", message: "" };
      if (reply.status === 403) {
        told = await reply.json();
        if (told.user !== user) return { is: told.user ? "another" : "loggedOut" };
        token = told.token; // the shopper has logged in anew, in this tab or another one
        reply = await post(entry, body);
      }
      if (reply.status >= 500) return { is: "offline" };
      if (reply.status === 401) return { is: "loggedOut" };
      told = await reply.json();
    } catch (_error) {
      return { is: "offline" };
    }
    return reply.ok ? { is: "answered", reply: told } : { is: "closed", message: told.message };
  }

  // Sends everything kept but for one place; answers how many fields were saved.
  async function flush(skipped) {
    let sent = 0;
    for (const place of places()) {
      const entry = read(place);
      if (!entry || place === skipped) continue;
      const answer = await send(place, entry, Object.keys(entry.fields));
      if (answer.is !== "answered") continue;
      Object.entries(answer.reply.fields).forEach(([name, field]) => {
        if (field.state !== "saved") return;
        delete entry.fields[name];
        sent += 1;
      });
      keep(place, entry);
    }
    return sent;
  }

  const isOf = (key, place) => key === prefix + place;

  window.keptAnswers = { keep, read, send, isOf };

  function note(text, links) {
    const box = document.createElement("div");
    box.className = `message ${links.length ? "message-error" : "message-info"}`;
    box.setAttribute("role", "status");
    box.dataset.kept = "";
    box.append(text);
    links.forEach((entry) => {
      const link = document.createElement("a");
      link.href = entry.page;
      link.textContent = entry.name;
      const line = document.createElement("p");
      line.append(link);
      box.append(line);
    });
    document.querySelectorAll("[data-kept]").forEach((old) => old.remove());
    document.querySelector("main .messages").append(box);
  }

  const form = document.getElementById("step-form");
  const here = form ? form.dataset.place : "";

  async function begin() {
    if (!places().some((place) => place !== here)) return;
    const sent = await flush(here);
    const left = places()
      .filter((place) => place !== here)
      .map(read)
      .filter(Boolean);
    if (left.length) note(words.dataset.waiting, left);
    else if (sent && document.getElementById("hand-in-form"))
      window.location.reload(); // it shows what is handed in
    else if (sent) note(words.dataset.done, []);
  }
  begin();

  // Logging out: first save, then clear. What cannot be saved is not thrown away at the first press.
  let isWarned = false;
  document.addEventListener(
    "submit",
    (event) => {
      const leaving = event.target;
      if (!leaving.matches("[data-log-out]") || !places().length) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      flush("").then(() => {
        const left = places();
        if (left.length && !isWarned) {
          isWarned = true;
          note(words.dataset.leaving, left.map(read).filter(Boolean));
          document.querySelector("[data-kept]").scrollIntoView({ block: "center" });
          return;
        }
        left.forEach((place) => localStorage.removeItem(prefix + place));
        window.dispatchEvent(new Event("kept-answers-left"));
        leaving.elements.csrfmiddlewaretoken.value = token;
        leaving.submit();
      });
    },
    true,
  );
})();
