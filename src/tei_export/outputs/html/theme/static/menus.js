// The menus of the bar close when one goes elsewhere, and by Escape.
(() => {
  "use strict";
  const menus = /** @type {HTMLDetailsElement[]} */ (edition.all("details.menu"));
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element) || event.target.closest("dialog")) return;
    for (const menu of menus) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && menus.find((candidate) => candidate.open);
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary")?.focus();
  });
})();
