// Apparatus entries and notes open where they are referred to: beside the words, or as a
// sheet at the foot of a narrow window. Everything shown is copied from the page's lists.
(() => {
  "use strict";
  const { all, fill, word } = edition;
  const root = document.documentElement;
  const sheet = /** @type {HTMLTemplateElement | null} */ (document.getElementById("pop-sheet"));
  if (!sheet || !HTMLElement.prototype.showPopover || !document.querySelector(".part")) return;
  document.body.append(sheet.content.cloneNode(true));
  const pop = /** @type {HTMLElement} */ (document.getElementById("pop"));
  const head = /** @type {HTMLElement} */ (pop.querySelector("h2"));
  const body = /** @type {HTMLElement} */ (pop.querySelector(".pop-body"));
  const narrow = matchMedia("(width < 46em)");
  /** @type {HTMLElement | null} */
  let opener = null;

  /**
   * @param {string} tag
   * @param {(Node | string)[]} content
   */
  const make = (tag, content) => {
    const node = document.createElement(tag);
    node.append(...content);
    return node;
  };
  /** @param {Element} node */
  const copy = (node) => {
    const clone = /** @type {Element} */ (node.cloneNode(true));
    for (const inner of [clone, ...all("[id], [style]", clone)]) {
      inner.removeAttribute("id");
      inner.removeAttribute("style");
    }
    return clone;
  };
  /**
   * @param {string} words
   * @param {string} hash
   */
  const list = (words, hash) => {
    const link = make("a", [words]);
    link.setAttribute("href", hash);
    return link;
  };
  /** @param {string} words */
  const capital = (words) => words.charAt(0).toUpperCase() + words.slice(1);

  /** A word or reading of an entry, with its language. @param {string} tag @param {Element} node */
  const taken = (tag, node) => make(tag, [...copy(node).childNodes]);
  /** @param {Element} entry */
  const facts = (entry) => {
    const lemma = entry.querySelector(":scope > b");
    const [kind] = all("small:not(.of) > i:not([class])", entry);
    const section = /** @type {HTMLElement | null} */ (entry.closest("section"));
    const said = (/** @type {string} */ name) => entry.querySelector(`:scope > small:not(.of) > .${name}`)?.textContent;
    const agreeing = edition.agreeing?.(entry) ?? null;
    const beside = lemma?.querySelector("em")?.nextSibling && fill(word("nothing"), { where: lemma.textContent ?? "" });
    /** @type {[string, Node | string | null | undefined, string?][]} */
    const rows = [[word("edition"), beside ?? (lemma && copy(lemma))]];
    if (agreeing) rows[0][0] = agreeing.length ? edition.sigla?.(agreeing) ?? "" : word("edition");
    for (const reading of all(":scope > span", entry)) {
      const siglum = reading.nextElementSibling?.textContent ?? "";
      const of = reading.nextElementSibling?.nextElementSibling;
      const cell = document.createDocumentFragment();
      cell.append(taken("i", reading), ...(of?.matches(".of") ? [" ", copy(of)] : []));
      const name = agreeing ? siglum : siglum === "T" ? word("typescript") : capital(section?.dataset.witness ?? "");
      rows.push([name, cell, agreeing ? edition.named?.(siglum) : ""]);
    }
    rows.push(
      [word("kind"), kind?.textContent],
      [word("certainty"), said("cert") ?? section?.dataset.cert],
      [word("who"), said("who") ?? section?.dataset.who],
      [word("why"), said("why")],
    );
    return make("dl", rows.flatMap(([name, value, title]) => {
      if (!value) return [];
      const head = make("dt", [name]);
      if (title) head.title = title;
      return [head, make("dd", [value])];
    }));
  };

  // A single reading in the place of the edition's; the address says so (`swap=app-0006-1.o`).
  const swaps = new Map((edition.param?.("swap") ?? "").split("_").filter(Boolean).map((one) => /** @type {[string, string]} */ (one.split("."))));
  /** The mark that holds a reading: of what is misread as a whole, the whole. @param {string} id @param {string} layer */
  const holder = (id, layer) => {
    const mark = document.getElementById(id);
    const outer = mark?.parentElement?.closest(".ap");
    return layer === "o" && outer && !mark?.querySelector(".o, .to") ? outer : mark;
  };
  /** @param {string} id @param {string} layer empty: as edited; a witness, by its id: as it reads */
  const swap = (id, layer) => {
    for (const one of ["t", "o"]) holder(id, one)?.classList.remove(`as-${one}`);
    edition.swapReading?.(id, /^[A-Z]/.test(layer) ? layer : "");
    if (/^[to]$/.test(layer)) holder(id, layer)?.classList.add(`as-${layer}`);
    if (layer) swaps.set(id, layer);
    else swaps.delete(id);
  };
  for (const [id, layer] of swaps) if (/^([to]|[A-Z][\w-]*)$/.test(layer) && document.getElementById(id)?.matches(".ap")) swap(id, layer);
  /** What can stand in the text at an entry: layer or witness, and what the button says. @param {Element} entry @returns {[string, string][]} */
  const readings = (entry) => {
    const id = entry.id.replace(/^entry-/, "");
    const several = edition.readings?.(entry);
    if (several) return several.map(([witness, name]) => [witness, name]);
    const sigla = all(":scope > i:not(.agree)", entry).flatMap((node) => node.textContent?.split(" ") ?? []);
    const received = sigla.filter((one) => one !== "T").join(" ");
    /** @type {[string, string][]} */
    const layers = [];
    if (document.getElementById("view-typed") && sigla.includes("T")) layers.push(["t", "T"]);
    if (received) layers.push(["o", received]);
    return layers.filter(([layer]) => holder(id, layer));
  };
  /** The choice of a reading for the text. @param {Element} entry */
  const chooser = (entry) => {
    const id = entry.id.replace(/^entry-/, "");
    const found = readings(entry);
    if (!found.length || root.dataset.witness) return [];
    const buttons = [["", word("edition")], ...found].map(([layer, name]) => {
      const button = make("button", [name]);
      button.setAttribute("type", "button");
      button.dataset.swap = layer;
      button.setAttribute("aria-pressed", String((swaps.get(id) ?? "") === layer));
      button.addEventListener("click", () => {
        swap(id, layer);
        edition.param?.("swap", [...swaps].map((one) => one.join(".")).join("_") || null);
        for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
      });
      return button;
    });
    const row = make("p", [`${word("inText")}: `, ...buttons]);
    row.className = "swap";
    return [row];
  };

  const place = () => {
    if (!opener) return;
    const mark = opener.getClientRects()[0] ?? opener.getBoundingClientRect();
    const box = pop.getBoundingClientRect();
    if (narrow.matches) { // the words stay in sight above the sheet
      if (mark.bottom > box.top - 12) scrollBy({ top: mark.bottom - box.top + 40, behavior: "instant" });
      return;
    }
    const below = mark.bottom + 8 + box.height < innerHeight || mark.top < box.height + 60;
    const left = Math.max(8, Math.min(mark.left - 12, root.clientWidth - box.width - 8));
    pop.style.left = `${left + scrollX}px`;
    pop.style.top = `${(below ? mark.bottom + 8 : mark.top - box.height - 8) + scrollY}px`;
  };
  /**
   * @param {HTMLElement} link
   * @param {string} title
   * @param {Node[]} content
   */
  const open = (link, title, content) => {
    opener = link;
    link.focus({ preventScroll: true });
    head.textContent = title;
    body.replaceChildren(...content);
    pop.classList.toggle("entry", link.matches(".ap"));
    pop.showPopover();
    place();
    pop.focus({ preventScroll: true });
  };
  /** @param {HTMLAnchorElement} link */
  const openEntry = (link) => {
    const entry = edition.target(link.hash);
    const [page, line] = entry?.querySelector("a")?.textContent?.split(".") ?? [];
    if (!entry || !page) return;
    const name = line ? "at" : entry.closest(".paged") ? "page" : "line";
    open(link, fill(word(name), { page, line: line ?? page }), [facts(entry), ...chooser(entry), list(word("inApparatus"), `#${entry.id}`)]);
  };
  /** @param {HTMLAnchorElement} link */
  const openNote = (link) => {
    const note = edition.target(link.hash);
    if (note) open(link, fill(word("note"), { number: link.textContent ?? "" }), [...copy(note).childNodes, list(word("inNotes"), link.hash)]);
  };

  // A mark that holds links is no link itself: its key follows it.
  /** @param {Element} node */
  const keyOf = (node) => {
    const mark = !node.closest("a") && node.closest("span.ap");
    return mark && document.querySelector(`a.key[href$="#entry-${CSS.escape(mark.id)}"]`);
  };
  /** @param {MouseEvent} event */
  const follow = (event) => {
    if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (!(event.target instanceof Element)) return;
    const link = /** @type {HTMLAnchorElement | null} */ (event.target.closest(".part a[role=doc-noteref]") ?? keyOf(event.target));
    const target = link && edition.target(link.hash);
    if (!link || !target) return;
    const beside = getComputedStyle(target).position === "absolute";
    if (link.classList.contains("ap")) openEntry(link);
    else if (!beside) openNote(link);
    else return;
    event.preventDefault();
  };

  // From entry to entry, by keys and by the two buttons of the popover.
  const marks = () => /** @type {HTMLAnchorElement[]} */ (all(`.part a.ap${root.dataset.witness ? ".vr" : ""}[href*='#entry-']`)).filter((mark) => mark.getClientRects().length && !edition.unmarked?.(mark));
  edition.step = (way) => {
    const found = marks();
    const shown = pop.matches(":popover-open");
    const here = shown ? opener : document.activeElement;
    let at = found.findIndex((mark) => mark === here);
    if (at < 0) { // from the top of the window
      const below = found.findIndex((mark) => mark.getBoundingClientRect().top > 100);
      at = way > 0 ? (below < 0 ? found.length : below) - 1 : below < 0 ? found.length : below;
    }
    const next = found[at + way];
    if (!next) {
      edition.say(word(way > 0 ? "last" : "first"));
      return;
    }
    if (shown) pop.hidePopover();
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: narrow.matches ? "start" : "center", behavior: "instant" });
    if (shown) openEntry(next);
  };

  document.addEventListener("click", follow);
  pop.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    const button = /** @type {HTMLElement | null} */ (event.target.closest("button[data-step]"));
    if (button) {
      edition.step?.(Number(button.dataset.step));
      if (button.offsetParent) button.focus({ preventScroll: true });
    } else if (event.target.closest("a, .pop-bar button")) pop.hidePopover();
  });
  pop.addEventListener("toggle", (event) => {
    const lost = document.activeElement === null || document.activeElement === document.body;
    if (/** @type {ToggleEvent} */ (event).newState === "closed" && lost) opener?.focus({ preventScroll: true });
  });
})();
