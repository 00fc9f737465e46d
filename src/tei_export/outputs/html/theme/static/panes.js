// Any two texts of a page side by side, in step: a row for each block, a cell for each text. Which texts there are
// say the choices of the bar: `data-show` is what a text has of the layers, `data-hide` what it has not. So a
// view that is added to the bar is a text here, too. Copies have no ids; the page itself stays as it is, hidden.
(() => {
  "use strict";
  const { all } = edition;
  const part = /** @type {HTMLElement | null} */ (document.querySelector(".part"));
  const button = /** @type {HTMLElement | null} */ (document.querySelector("button.two"));
  if (!part || !edition.sheets || !edition.param) return;
  const param = edition.param;
  const views = /** @type {HTMLInputElement[]} */ (all(".views input[data-show]"));

  const holder = document.createElement("div");
  holder.innerHTML = edition.sheets.panes;
  const panes = /** @type {HTMLElement} */ (holder.firstElementChild);
  const [left, right] = /** @type {HTMLSelectElement[]} */ (all("select", panes));
  for (const option of /** @type {HTMLOptionElement[]} */ (all("option", left))) if (!part.querySelector(option.dataset.only ?? "")) option.remove();
  const special = [...left.options].map((option) => option.cloneNode(true));
  left.replaceChildren();
  for (const select of [left, right]) {
    for (const view of views) select.add(new Option(view.closest("label")?.textContent ?? view.value, view.value));
    for (const option of special) select.append(option.cloneNode(true));
  }
  const witnesses = /** @type {HTMLOptionElement[]} */ (all("#ui-witness option[data-name]"));
  for (const select of [left, right]) {
    for (const one of witnesses) select.add(Object.assign(new Option(one.text, `w-${one.value}`), { title: one.dataset.name ?? "" }));
  }
  if (left.options.length < 2) return;

  /** Texts of witnesses, once they are there. @type {Map<string, WitnessText>} */
  const texts = new Map();
  /** @param {() => void} then */
  const loaded = (then) => {
    const names = [left, right].map((select) => select.value.match(/^w-(.*)/)?.[1] ?? "").filter((name) => name && !texts.has(name));
    if (!names.length) {
      then();
      return;
    }
    Promise.all(names.map(async (name) => {
      const text = await edition.witnessText?.(name);
      if (text) texts.set(name, text);
    })).then(then, () => edition.say(document.getElementById("ui-witness")?.dataset.failed ?? ""));
  };
  /** The paragraphs of a copy as a witness has them. @param {HTMLElement} clone @param {WitnessText} text */
  const asWitness = (clone, text) => {
    for (const node of [clone, ...all("p, h1, h2, h3, h4, h5, h6, tr", clone)]) {
      if (!node.matches("p, h1, h2, h3, h4, h5, h6, tr")) continue;
      const line = node.querySelector(".lf[id], l-b[id]")?.id ?? "";
      const html = text.blocks[line];
      if (html) node.innerHTML = html;
      else if (html === "") node.hidden = true;
    }
    return !clone.hidden && [...clone.querySelectorAll("p, tr")].some((node) => !(/** @type {HTMLElement} */ (node).hidden)) || (!clone.hidden && !clone.querySelector("p, tr"));
  };
  /** Mark where two cells have other words at an entry of the apparatus. @param {HTMLElement[]} cells */
  const compare = (cells) => {
    const [ours, theirs] = cells.map((cell) => new Map(all("[data-app]", cell).map((node) => [node.dataset.app, node])));
    for (const [name, one] of ours) {
      const other = theirs.get(name);
      if (!other || one.textContent === other.textContent) continue;
      for (const node of [one, other]) node.classList.add("differs");
    }
  };

  /** The blocks of the text and of its notes, in order. */
  const blocks = () => {
    /** @type {HTMLElement[]} */
    const found = [];
    /** @param {Element} node */
    const walk = (node) => {
      for (const child of /** @type {HTMLElement[]} */ ([...node.children])) {
        if (child.matches(".apparatus, .panes, .facts, .witness, .also, .notes > h2, .notes.editorial")) continue;
        if (child.matches("header, section, ol, ul, .bibentry, .verse, .lg")) walk(child);
        else if (child.textContent?.trim()) found.push(child);
      }
    };
    walk(part);
    return found;
  };
  /** A quotation or its translation, beside a block that is either. @param {HTMLElement} block @param {string} only */
  const paired = (block, only) => {
    if (block.matches(only)) return block;
    for (const next of [block.nextElementSibling, block.previousElementSibling]) {
      if (block.matches("blockquote.original, blockquote.translation") && next?.matches(only)) return /** @type {HTMLElement} */ (next);
    }
    return null;
  };
  /** A block as a text has it. @param {HTMLElement} block @param {HTMLOptionElement} option */
  const copy = (block, option) => {
    const view = views.find((one) => one.value === option.value);
    const only = option.dataset.only;
    const source = only ? paired(block, only) : block;
    const text = texts.get(option.value.replace(/^w-/, ""));
    if (!source || (!view && !only && !text)) return null;
    const clone = /** @type {HTMLElement} */ (source.cloneNode(true));
    if (text && !asWitness(clone, text)) return null;
    for (const node of [clone, ...all("[id], [style]", clone)]) {
      if (node.matches(".lf, l-b")) node.dataset.line = node.id;
      if (node.matches(".ap[id]")) node.dataset.app = node.id;
      node.removeAttribute("id");
      node.removeAttribute("style");
    }
    const hide = view?.dataset.hide;
    const show = view?.dataset.show;
    if (hide) for (const node of all(`${hide}, .nr.ed`, clone)) node.remove();
    if (show) for (const node of all(show, clone)) node.hidden = false;
    for (const node of all("[hidden], .at, .nth", clone)) node.remove();
    if (clone.tagName !== "LI") return clone;
    const note = document.createElement("div"); // a note, without its list
    note.className = "note";
    note.append(...clone.childNodes);
    return note;
  };
  /** @type {Map<Element, HTMLElement>} */
  const rows = new Map();
  const fill = () => {
    for (const row of all(".row", panes)) row.remove();
    rows.clear();
    const chosen = [left, right].map((select) => select.selectedOptions[0]);
    const quotes = chosen.every((option) => option.dataset.only);
    const compared = chosen.some((option) => /^w-/.test(option.value));
    panes.classList.toggle("compared", compared);
    let notes = false;
    for (const block of blocks()) {
      if (quotes && !block.matches(chosen[0].dataset.only ?? "")) continue;
      const cells = chosen.map((option) => copy(block, option));
      if (cells.every((cell) => !cell)) continue;
      const row = document.createElement("div");
      row.className = "row";
      const inNotes = Boolean(block.closest(".notes"));
      if (inNotes && !notes) row.classList.add("first");
      notes = inNotes;
      cells.forEach((cell, i) => {
        const box = document.createElement("div");
        box.className = "cell";
        if (["typed", "ocr"].includes(chosen[i].value)) box.dataset.lines = chosen[i].value;
        else if (!chosen[i].dataset.only && !/^(edited$|w-)/.test(chosen[i].value)) box.dataset.lines = "typed";
        if (cell) box.append(cell);
        else if (/^w-/.test(chosen[i].value)) box.append(Object.assign(document.createElement("p"), { className: "nothing", textContent: edition.word("notThere") }));
        row.append(box);
      });
      if (compared) compare(/** @type {HTMLElement[]} */ ([...row.children]));
      panes.append(row);
      // both a quotation and its translation stand there
      for (const one of quotes ? chosen.map((option) => paired(block, option.dataset.only ?? "")) : [block]) if (one) rows.set(one, row);
    }
    mark();
  };
  /** The row of a place, and whether it has the place: not all blocks have one where both texts are quotations. The
   * nearest is then the last before it, or the first. @param {Element} place @returns {[HTMLElement | undefined, boolean]} */
  const rowOf = (place) => {
    const all = [...rows];
    const own = all.find(([block]) => block.contains(place))?.[1];
    const before = all.findLast(([block]) => block.compareDocumentPosition(place) & Node.DOCUMENT_POSITION_FOLLOWING)?.[1];
    return [own ?? before ?? all[0]?.[1], Boolean(own)];
  };
  /** The place of the address; of an editors' note, which no cell has, that of its sign. */
  const mark = () => {
    for (const row of rows.values()) row.classList.remove("lit");
    const named = edition.target(location.hash);
    const sign = /** @type {HTMLAnchorElement | null | undefined} */ (named?.closest(".notes.editorial > ol > li")?.querySelector(".label a"));
    const target = sign ? edition.target(sign.hash) : named;
    if (!target || target.closest(".apparatus") || !part.contains(target)) return;
    const [row, own] = rowOf(target);
    row?.classList.toggle("lit", own);
    row?.scrollIntoView({ block: "center", behavior: "instant" });
    if (row && !own) edition.say(edition.word("nearest"));
  };
  /** The block at the top of the window stays there. @param {() => void} change */
  const keeping = (change) => {
    const top = (/** @type {Element} */ node) => node.getBoundingClientRect();
    const shown = part.matches(".paned") ? [...rows].map(([block, row]) => ({ block, node: row })) : blocks().map((block) => ({ block, node: block }));
    const at = scrollY > 200 ? shown.find(({ node }) => top(node).bottom > 120 && top(node).height) : undefined;
    change();
    if (!at) return;
    const now = part.matches(".paned") ? rowOf(at.block)[0] : at.block;
    now?.scrollIntoView({ block: "start", behavior: "instant" });
    scrollBy({ top: -130, behavior: "instant" });
  };
  /** @param {boolean} on */
  const turn = (on) => keeping(() => {
    part.classList.toggle("paned", on);
    button?.setAttribute("aria-pressed", String(on));
    if (!on) panes.remove();
    else {
      const edited = /** @type {HTMLInputElement | null} */ (document.getElementById("view-edited"));
      if (edited && !edited.checked) edited.click();
      part.querySelector(".head")?.after(panes);
      fill();
    }
  });
  const note = () => param("panes", part.matches(".paned") ? `${left.value}.${right.value}` : null);
  edition.panes = () => loaded(() => {
    turn(!part.matches(".paned"));
    note();
    if (part.matches(".paned")) left.focus({ preventScroll: true });
  });
  for (const select of [left, right]) select.addEventListener("change", () => loaded(() => { keeping(fill); note(); }));
  panes.querySelector("button")?.addEventListener("click", () => { edition.panes?.(); });
  // One of the views of the bar, or a witness, is one text again.
  document.getElementById("ui-witness")?.addEventListener("change", () => {
    if (!part.matches(".paned")) return;
    turn(false);
    note();
  });
  for (const view of all(".views input")) {
    view.addEventListener("change", () => {
      if (!part.matches(".paned") || (/** @type {HTMLInputElement} */ (view).value === "edited")) return;
      turn(false);
      note();
    });
  }
  addEventListener("hashchange", () => { if (part.matches(".paned")) mark(); });

  const has = (/** @type {string} */ name) => [...left.options].some((option) => option.value === name);
  const [first, second] = (param("panes") ?? "").split(".");
  left.value = has(first) ? first : "typed";
  if (!left.value) left.selectedIndex = 0;
  right.value = has(second) ? second : "edited";
  if (left.value === right.value) left.value = "ocr";
  if (witnesses.length && !has(second)) [left.value, right.value] = ["edited", `w-${(witnesses[1] ?? witnesses[0]).value}`];
  if (has(first) && has(second)) loaded(() => turn(true));
})();
