// Citing: the words a reader marks, or the page or line of the address, stand in every citation; copying; the text
// that reports an error. All words shown come from the page (#cite-data).
(() => {
  "use strict";
  const { all, fill } = edition;
  const source = document.getElementById("cite-data");
  const drawer = /** @type {HTMLDetailsElement | null} */ (document.querySelector("details.cite"));
  if (!source || !drawer) return;
  /** @type {{sentinel: string, paged: boolean, page: string, permalink: string, versioned: string, version: string, caveat: string, reportTo: string,
   *   styles: Record<string, string>, formats: Record<string, string>, verseStyles: Record<string, string>, verseFormats: Record<string, string>, words: Record<string, string>, witnesses?: Record<string, Record<string, string>>,
   *   witnessFormats: Record<string, Record<string, string>>, witnessName: string, witnessId: string,
   *   status: {usual: string, others: Record<string, string>, doubts: Record<string, string>} | null}} */
  const data = JSON.parse(source.textContent ?? "{}");
  const { words } = data;
  const text = document.querySelector(".part");
  /** Beginnings of lines; in two texts side by side, copies of them. */
  const begins = () => text ? all(text.matches(".paned") ? ".panes [data-line]" : ".lf[id], l-b[id]", text) : [];

  /** The last line that begins before a point. @param {Node} node @param {number} offset */
  const lineAt = (node, offset) => {
    const point = document.createRange();
    point.setStart(node, offset);
    const lines = begins();
    let low = 0;
    let high = lines.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const line = document.createRange();
      line.selectNode(lines[middle]);
      if (line.compareBoundaryPoints(Range.END_TO_END, point) <= 0) low = middle + 1;
      else high = middle;
    }
    return lines[low - 1]?.dataset.line ?? lines[low - 1]?.id ?? "";
  };

  /** The counted line of verse around a point. @param {Node | null} node */
  const verseAt = (node) => {
    const line = /** @type {HTMLElement | null} */ ((node instanceof Element ? node : node?.parentElement)?.closest("[data-verse]") ?? null);
    return line ? { id: line.id, n: line.dataset.verse ?? "" } : null;
  };
  /** From one counted line to another: verse is cited by its numbers. @param {Node} first @param {Node} last */
  const versed = (first, last) => {
    const [from, to] = [verseAt(first), verseAt(last)];
    return from && to ? { verse: [from.n, to.n], anchor: from.id } : {};
  };

  /** The numbers that the source gives the paragraphs of two points. @param {Node} first @param {Node} last */
  const counted = (first, last) => {
    const [from, to] = [first, last].map((node) => {
      for (let at = node instanceof Element ? node : node.parentElement; at && at !== text; at = at.parentElement) {
        const number = /** @type {HTMLElement | null} */ (at.querySelector(":scope > .par[data-n]"));
        if (number) return number.dataset.n ?? "";
      }
      return "";
    });
    return from && to ? { paragraphs: [from, to] } : {};
  };

  /** Text positions without the blanks at both ends of what is marked. @param {Range} range */
  const trimmed = (range) => {
    const walker = document.createTreeWalker(range.commonAncestorContainer, NodeFilter.SHOW_TEXT);
    /** @type {[Node, number, Node, number] | null} */
    let ends = null;
    for (let node = walker.currentNode.nodeType === Node.TEXT_NODE ? walker.currentNode : walker.nextNode(); node; node = walker.nextNode()) {
      if (!range.intersectsNode(node)) continue;
      const value = node.nodeValue ?? "";
      const from = node === range.startContainer ? range.startOffset : 0;
      const to = node === range.endContainer ? range.endOffset : value.length;
      const part = value.slice(from, to);
      if (!part.trim() || !(node.parentElement?.checkVisibility?.() ?? true)) continue;
      const start = from + part.length - part.trimStart().length;
      const end = to - (part.length - part.trimEnd().length);
      ends = ends ? [ends[0], ends[1], node, end] : [node, start, node, end];
    }
    return ends;
  };

  /** @typedef {{from: string, to: string, quote: string, verse?: string[], paragraphs?: string[], anchor?: string}} Cited */
  /** What is marked: ids of its first and last line, and its words; nothing outside the text. @returns {Cited | null} */
  const marked = () => {
    const selection = getSelection();
    if (!text || !selection?.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    if (!text.contains(range.commonAncestorContainer)) return null;
    const ends = trimmed(range);
    if (!ends) return null;
    const from = lineAt(ends[0], ends[1]);
    const to = lineAt(ends[2], ends[3] - 1);
    return from && to ? { from, to, quote: selection.toString().replace(/\s+/g, " ").trim(), ...counted(ends[0], ends[2]), ...versed(ends[0], ends[2]) } : null;
  };

  /** The page or line of the address, or the line of what it names there. @returns {Cited | null} */
  const addressed = () => {
    const target = edition.target(location.hash);
    if (!text || !target || !text.contains(target) || target.closest(".apparatus") || target === text) return null;
    const first = target.matches("[data-verse]") ? target.querySelector(".lf[id], l-b[id]") : null;
    const at = first?.id || (/^[pl][^.]+(?:\.\d+)?$/.test(target.id) ? target.id : lineAt(target, 0));
    const anchor = target.matches(".par") ? { anchor: target.id } : {};
    return at ? { from: at, to: at, quote: "", ...anchor, ...counted(target, target), ...versed(target, target) } : null;
  };

  /** Page and line of an id; of a page's name, what stands for letters that an address would escape. @param {string} id */
  const parts = (id) => id.slice(1).split(".").map((one) => one.replace(/-x([0-9a-f]+)-/g, (_, code) => String.fromCodePoint(parseInt(code, 16))));
  /** `1.2.5–7`: the last number stands for itself in the same division. @param {string[]} verse @param {string} dash */
  const verses = ([first, last], dash) => {
    const inside = first.slice(0, first.lastIndexOf(".") + 1);
    const short = last.startsWith(inside) && !last.slice(inside.length).includes(".") ? last.slice(inside.length) : last;
    return first === last ? first : `${first}${dash}${short}`;
  };
  /** The number of its paragraph after a place: `17, l. 12 (§ 3)`. @param {string} said @param {Cited} place */
  const numbered = (said, { paragraphs }) => {
    if (!paragraphs) return said;
    const [first, last] = paragraphs;
    return first === last ? fill(words.paragraph, [said, first]) : fill(words.paragraphs, [said, first, last]);
  };
  /** `17, ll. 12–14` and `17.12-14`. @param {Cited} place @returns {[string, string]} */
  const shown = ({ from, to, verse }) => {
    if (verse) return [verses(verse, "–"), verses(verse, "-")];
    const [page, line] = parts(from);
    const [lastPage, lastLine] = parts(to);
    if (!line && data.paged) return [page, page];
    if (!data.paged) {
      return from === to ? [page, page] : [`${page}–${lastPage}`, `${page}-${lastPage}`];
    }
    if (from === to) return [fill(words.line, [page, line]), `${page}.${line}`];
    if (page === lastPage) return [fill(words.lines, [page, line, lastLine]), `${page}.${line}-${lastLine}`];
    return [fill(words.span, [page, line, lastPage, lastLine]), `${page}.${line}-${lastPage}.${lastLine}`];
  };

  const escaped = (/** @type {string} */ value) => value.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  const asCame = new Map(all("section[data-style] p, details.format pre", drawer).map((node) => [node, node.innerHTML]));
  const what = drawer.querySelector("[data-cite-what]");
  const wholeWords = what?.textContent ?? "";
  const report = /** @type {HTMLTextAreaElement | null} */ (drawer.querySelector("[data-report]"));
  const wholeReport = report?.value ?? "";
  /** @type {ReturnType<typeof marked>} */
  let held = null;
  /** The reader wants the chapter, although the address names this place. @type {string | null} */
  let without = null;
  const place = () => held ?? (without === location.hash ? null : addressed());

  /** @param {string} base @param {string} [anchor] */
  const address = (base, anchor = place()?.anchor ?? place()?.from ?? "") => {
    const url = new URL(base || location.href);
    url.search = asked();
    url.hash = anchor;
    return url.href;
  };
  /** The witness that is read, as the address has it. */
  const asked = () => {
    const { witness } = document.documentElement.dataset;
    return witness ? `?witness=${encodeURIComponent(witness)}` : "";
  };
  /** Its name, after a citation: what is quoted stands in it, and perhaps nowhere else. */
  const readIn = () => {
    const select = /** @type {HTMLSelectElement | null} */ (document.getElementById("ui-witness"));
    const name = asked() && select?.selectedOptions[0]?.dataset.name;
    return name ? fill(words.witness, [name]) : "";
  };
  /** The pattern of a file format for what is cited, of the witness that is read. @param {string} format @param {Cited | null} here */
  const patternOf = (format, here) => {
    const id = document.documentElement.dataset.witness ?? "";
    const names = data.witnesses?.[id];
    if (!names) return here?.verse ? data.verseFormats[format] : here ? data.formats[format] : "";
    const pattern = data.witnessFormats[format][here?.verse ? "verse" : here ? "placed" : "whole"];
    return pattern.replaceAll(data.witnessName, () => names[format]).replaceAll(data.witnessId, () => id);
  };
  /** A citation in a style, with the witness in its address. @param {string} markup */
  const addressedIn = (markup) => asked() && data.permalink ? markup.replaceAll(escaped(data.permalink), (url) => url + asked()) : markup;
  const toWhole = Object.assign(document.createElement("button"), { type: "button", textContent: words.toWhole, className: "copy", hidden: true });
  what?.after(toWhole);
  toWhole.addEventListener("click", () => {
    held = null;
    without = location.hash;
    show();
    drawer.querySelector("summary")?.focus();
  });

  /** A citation with its place. @param {string} pattern @param {string} anchor @param {string} place */
  const pinned = (pattern, anchor, place) =>
    pattern.replaceAll(new RegExp(`#[pl]${data.sentinel}`, "g"), () => `#${anchor}`).replaceAll(data.sentinel, () => place);
  /** The same of verse: “line 5”, “lines 5–7”, but “1.2.56”. @param {string} pattern @param {string} place */
  const ofVerse = (pattern, place) => pattern.replaceAll(`line ${data.sentinel}`, place.includes(".") ? data.sentinel : place.includes("–") ? `lines ${data.sentinel}` : `line ${data.sentinel}`);

  /** What is cited, in words. @param {NonNullable<ReturnType<typeof marked>>} here */
  const named = (here) => {
    const { from, quote, verse } = here;
    if (!quote && verse) return fill(words.verse, [verses(verse, "–")]);
    if (quote) return fill(words.selection, [quote.length > 90 ? `${quote.slice(0, 88)} …` : quote]);
    const [page, line] = parts(from);
    return numbered(fill(edition.word(!data.paged ? "line" : line ? "at" : "page"), { page, line: line ?? page }), here);
  };

  // How the page that is cited was read, and its open doubts in the words of the editors.
  const state = drawer.querySelector("[data-state]");
  const wholeState = [...state?.childNodes ?? []];
  /** @param {Cited | null} here */
  const tellState = (here) => {
    const page = here && data.paged && data.status ? parts(here.from)[0] : "";
    const { usual, others, doubts } = data.status ?? { usual: "", others: {}, doubts: {} };
    const said = page && (others[page] ?? usual);
    if (!said) return state?.replaceChildren(...wholeState);
    const own = Object.assign(document.createElement("span"), { textContent: doubts[page] ?? "", lang: text?.closest("[lang]")?.getAttribute("lang") ?? "" });
    const [before, after] = words.doubts.split("{}");
    state?.replaceChildren(said, ...(doubts[page] ? ["; ", before, own, after] : []));
  };

  const show = () => {
    const here = place();
    tellState(here);
    const [written, short] = here ? shown(here) : ["", ""];
    const said = here && [numbered(written, here), short];
    if (what) what.textContent = [here ? named(here) : wholeWords, readIn()].filter(Boolean).join(". ");
    toWhole.hidden = !here;
    for (const node of all("[data-address]", drawer)) {
      const base = node.dataset.address === "versioned" ? data.versioned : data.permalink;
      const anchor = here ? `#${here.anchor ?? here.from}` : "";
      const link = node.querySelector("a");
      if (link) link.textContent = link.href = address(base, here?.anchor ?? here?.from);
      else node.textContent = data.page + asked() + anchor;
    }
    for (const [node, markup] of asCame) {
      const box = /** @type {HTMLElement} */ (node.closest("[data-style], [data-format]"));
      const { style, format } = box.dataset;
      const pattern = format ? patternOf(format, here) : "";
      const anchor = here?.anchor ?? here?.from ?? "";
      if (pattern) node.textContent = said ? pinned(pattern, anchor, said[1]) : pattern;
      else if (!here || !said || !style) node.innerHTML = style ? addressedIn(markup) : markup;
      else node.innerHTML = addressedIn(pinned(here.verse ? ofVerse(data.verseStyles[style], said[0]) : data.styles[style], anchor, escaped(said[0])));
      if (style && readIn()) node.append(` ${readIn()}`);
    }
    drawer.dataset.place = said ? said[1] : "";
    if (report) report.value = here && said ? fill(words.report, [[`${document.title}, ${said[0]}, ${address(data.permalink)}`, readIn()].filter(Boolean).join(". "), data.version, here.quote]) : wholeReport;
    aim();
  };

  const aim = () => {
    const link = /** @type {HTMLAnchorElement | null} */ (drawer.querySelector("[data-report-to]"));
    if (!link || !report) return;
    const url = new URL(data.reportTo);
    const subject = fill(words.subject, [document.title, drawer.dataset.place ?? ""]);
    url.searchParams.set(url.protocol === "mailto:" ? "subject" : "title", subject);
    url.searchParams.set("body", report.value);
    link.href = url.protocol === "mailto:" ? url.href.replaceAll("+", "%20") : url.href;
  };

  // Opening a menu takes the mark away in some browsers: what was marked last counts.
  document.addEventListener("selectionchange", () => {
    const selection = getSelection();
    if (drawer.open || drawer.contains(selection?.anchorNode ?? null)) return;
    const found = marked();
    if (found || selection?.isCollapsed) held = found;
  });
  drawer.addEventListener("pointerdown", () => { held = marked() ?? held; }, true);
  drawer.addEventListener("toggle", () => {
    if (drawer.open) show();
    else {
      without = null;
      delete drawer.dataset.place;
    }
  });
  report?.addEventListener("input", aim);

  for (const box of all("section[data-style], details.format, details.report, [data-address=plain], [data-address=versioned]", drawer)) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: words.copy, className: "copy" });
    const label = (box.querySelector("h2, summary") ?? box.closest("section")?.querySelector("h2"))?.textContent ?? "";
    button.setAttribute("aria-label", `${words.copy}: ${label}`);
    button.addEventListener("click", async () => {
      const from = box.querySelector("p:not(.hint), pre, a");
      const value = box.classList.contains("report") ? report?.value ?? "" : from?.textContent ?? "";
      try { await navigator.clipboard.writeText(value.trim()); } catch { legacy(value.trim()); }
      button.textContent = words.copied;
      setTimeout(() => { button.textContent = words.copy; }, 1600);
    });
    if (box.tagName === "SECTION" || box.dataset.address) box.append(" ", button);
    else (box.querySelector("pre, textarea") ?? box).after(button);
  }
  /** Where pages from a disk may not use the clipboard. @param {string} value */
  const legacy = (value) => {
    const field = Object.assign(document.createElement("textarea"), { value, readOnly: true });
    drawer.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  };
})();
