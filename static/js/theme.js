// Dark or light: the reader's own choice on this device, otherwise what the system asks for. Runs before the page is drawn.
(function () {
  "use strict";
  const KEY = "theme";
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => {
    try {
      return localStorage.getItem(KEY);
    } catch (_error) {
      return null;
    }
  };
  const current = () => chosen() || (system.matches ? "dark" : "light");
  const apply = () => document.documentElement.setAttribute("data-bs-theme", current());

  apply();
  system.addEventListener("change", apply);
  document.addEventListener("DOMContentLoaded", () => {
    for (const button of document.querySelectorAll(".theme-switch")) {
      const label = () => {
        button.textContent = current() === "dark" ? button.dataset.light : button.dataset.dark;
      };
      label();
      button.hidden = false;
      button.addEventListener("click", () => {
        try {
          localStorage.setItem(KEY, current() === "dark" ? "light" : "dark");
        } catch (_error) {
          return;
        }
        apply();
        label();
      });
    }
  });
})();
