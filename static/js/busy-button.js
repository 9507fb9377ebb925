// A form is sent once: while it is on its way its buttons rest, and the pressed one says what is happening.
(function () {
  "use strict";
  const sent = new WeakSet();

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.hasAttribute("hx-post")) return;
    if (sent.has(form)) {
      event.preventDefault();
      return;
    }
    sent.add(form);
    const pressed = event.submitter;
    if (!pressed || !pressed.dataset.busy) return;
    // After the browser has read the form, so that the button's own value is sent with it.
    setTimeout(() => {
      pressed.textContent = pressed.dataset.busy;
      pressed.setAttribute("aria-disabled", "true");
    });
  });

  // The page may come back from the browser's memory; then the form can be sent anew.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) window.location.reload();
  });
})();
