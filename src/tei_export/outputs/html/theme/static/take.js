// Taking: the page of the address, or the one at the top of the window, comes first in the drawer. Its
// plain texts stand beside its TEI file, the licence of the chapter below them.
(() => {
  "use strict";
  const { all, fill, word } = edition;
  const drawer = /** @type {HTMLDetailsElement | null} */ (document.querySelector("details.take"));
  const single = drawer?.querySelector(".single");
  const chapter = drawer?.querySelector("section");
  if (!drawer || !single || !chapter) return;
  const files = /** @type {HTMLAnchorElement[]} */ (all("a[download]", /** @type {HTMLElement} */ (single)));
  const labels = all("li > a", chapter).map((link) => link.textContent ?? "");
  const turns = all(".part a.pb[id]");
  const here = document.createElement("section");
  drawer.querySelector("div")?.prepend(here);

  /** The last page that begins above a point of the window or of the text. */
  const page = () => {
    const target = edition.target(location.hash);
    const before = (/** @type {Element} */ turn) => target && !target.closest(".notes, .apparatus")
      ? turn === target || Boolean(turn.compareDocumentPosition(target) & Node.DOCUMENT_POSITION_FOLLOWING)
      : turn.getBoundingClientRect().top < 160;
    return turns.findLast(before) ?? turns[0];
  };
  const show = () => {
    const label = page()?.dataset.p ?? "";
    const file = files.find((link) => link.textContent === label);
    here.hidden = !file;
    if (!file) return;
    const head = document.createElement("h2");
    head.textContent = fill(word("page"), { page: label });
    const list = document.createElement("ul");
    [".xml", ".txt", ".typed.txt"].forEach((ending, i) => {
      const link = document.createElement("a");
      link.href = file.href.replace(/\.xml$/, ending);
      link.download = "";
      link.textContent = labels[i] ?? "";
      const item = document.createElement("li");
      item.append(link);
      list.append(item);
    });
    const may = chapter.querySelector(".may")?.cloneNode(true);
    here.replaceChildren(head, list, ...(may ? [may] : []));
  };
  drawer.addEventListener("toggle", () => { if (drawer.open) show(); });
})();
