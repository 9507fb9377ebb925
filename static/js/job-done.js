// Work that is finished may have changed all of the page, so the page is read anew – unless somebody is typing in it.
(function () {
  "use strict";

  function isTouched(field) {
    if (field.type === "hidden" || field.type === "submit") return false;
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    if (field.options) {
      const chosen = [...field.options].find((option) => option.defaultSelected) || field.options[0];
      return Boolean(chosen) && field.value !== chosen.value;
    }
    return field.value !== field.defaultValue;
  }

  document.addEventListener("htmx:load", (event) => {
    if (!event.detail.elt.hasAttribute("data-finished")) return;
    const fields = document.querySelectorAll("main input, main select, main textarea");
    if ([...fields].some(isTouched)) return;
    // Not reload(): a page that answered a form would ask whether to send it again.
    window.location.assign(window.location.pathname + window.location.search);
  });
})();
