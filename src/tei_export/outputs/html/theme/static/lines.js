// The line (#p17.12) of the address is lit. A number in the margin says what its page break says.
(() => {
  "use strict";
  for (const number of /** @type {HTMLAnchorElement[]} */ (edition.all("a.at"))) number.title = edition.target(number.hash)?.title ?? "";
  // Two texts side by side are a script of their own, loaded when they are asked for.
  const two = /** @type {HTMLElement | null} */ (document.querySelector("button.two"));
  const panes = (/** @type {boolean} */ ask) => {
    edition.panes = () => {}; // it is coming
    edition.script(edition.address("_static/panes.js").href).then(() => { if (ask) edition.panes?.(); }, () => {
      edition.panes = () => panes(true);
      edition.say(edition.word("notLoaded"));
    });
  };
  edition.panes = () => panes(true);
  if (two) {
    two.hidden = false;
    two.addEventListener("click", () => {
      const menu = two.closest("details");
      if (menu) menu.open = false;
      edition.panes?.();
    });
  }
  if (edition.param?.("panes")) panes(false);

  const light = () => {
    if (!globalThis.CSS?.highlights || typeof Highlight === "undefined") return;
    CSS.highlights.delete("line");
    const target = edition.target(location.hash);
    const lines = target ? edition.all(".lf, l-b") : [];
    const at = target ? lines.indexOf(target) : -1;
    const block = lines[at]?.closest("p, h1, h2, h3, h4");
    if (!block?.lastChild) return;
    const range = new Range();
    range.setStartAfter(lines[at]);
    const next = lines[at + 1];
    if (next && block.contains(next)) range.setEndBefore(next);
    else range.setEndAfter(block.lastChild);
    CSS.highlights.set("line", new Highlight(range));
  };
  addEventListener("hashchange", light);
  document.addEventListener("edition:view", light);
  light();
})();
