// Shows how long the shopper has waited. The start lies on the server, so a reload or another phone goes on counting.
(function () {
  "use strict";
  const face = document.querySelector("[data-elapsed]");
  const form = document.getElementById("result-form");
  if (!face || !form) return;

  const before = Number(face.dataset.elapsed);
  const limit = Number(face.dataset.limit);
  const opened = performance.now();
  const overLimit = document.querySelector("[data-over-limit]");
  const field = form.querySelector("[data-elapsed-field]");

  // The page's own clock: a phone set wrong does not change the wait.
  const seconds = () => before + (performance.now() - opened) / 1000;

  function show() {
    const whole = Math.floor(seconds());
    const minutes = Math.floor(whole / 60);
    face.textContent = minutes + ":" + String(whole % 60).padStart(2, "0");
    if (overLimit) overLimit.hidden = whole < limit;
  }

  form.addEventListener("submit", () => {
    field.value = seconds().toFixed(3);
  });
  show();
  setInterval(show, 250);
  document.addEventListener("visibilitychange", () => {
    // A phone asleep may stop the page's clock: ask the server again.
    if (document.visibilityState === "visible" && performance.now() - opened > 2000) window.location.reload();
  });
})();
