// The line (#p17.12) of the address is lit. A number in the margin says what its page break says.
(() => {
  "use strict";
  for (const number of /** @type {HTMLAnchorElement[]} */ (edition.all("a.at"))) number.title = edition.target(number.hash)?.title ?? "";
  const lines = edition.all(".lf, .lb");
  const light = () => {
    if (!globalThis.CSS?.highlights || typeof Highlight === "undefined") return;
    CSS.highlights.delete("line");
    const target = edition.target(location.hash);
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
