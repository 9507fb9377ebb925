// Shows how long the shopper has waited. The start lies on the server, so a reload or another phone goes on counting.
(function () {
  "use strict";
  const face = document.querySelector("[data-elapsed]");
  const form = document.getElementById("result-form");
  if (!face || !form) return;

  const before = Number(face.dataset.elapsed);
  const limit = Number(face.dataset.limit);
  const opened = performance.now();
  const openedAt = Date.now();
  const overLimit = document.querySelector("[data-over-limit]");
  const field = form.querySelector("[data-elapsed-field]");

  // A phone set wrong does not change the wait, only time that passes does. The page's own clock may stand still while
  // the phone sleeps, so the longer of the two counts; the server's clock has the last word.
  const seconds = () => before + Math.max(performance.now() - opened, Date.now() - openedAt) / 1000;

  function show() {
    const whole = Math.floor(seconds());
    const minutes = Math.floor(whole / 60);
    face.textContent = `${minutes}:${String(whole % 60).padStart(2, "0")}`;
    if (overLimit) overLimit.hidden = whole < limit;
  }

  form.addEventListener("submit", () => {
    field.value = seconds().toFixed(3);
  });
  show();
  setInterval(show, 250);
  document.addEventListener("visibilitychange", show);
})();
