// The search page: the query and its filters stand in the address, results come as one
// types. The texts are loaded when the first letter is typed (or asked for by the address).
(() => {
  "use strict";
  const { all, fill, script } = edition;
  const form = document.querySelector("main form[role=search]");
  const input = /** @type {HTMLInputElement | null} */ (document.getElementById("q"));
  const status = document.getElementById("found");
  const list = document.getElementById("results");
  const filters = document.getElementById("filters");
  if (!form || !input || !status || !list || !filters) return;
  /** @type {Record<string, string>} */
  const says = JSON.parse(list.dataset.says ?? "{}");
  /** @type {string[]} */
  const files = JSON.parse(list.dataset.files ?? "[]");
  /** Which words are in which file, if there are many. @type {[first: string, file: string][]} */
  const pieces = JSON.parse(list.dataset.pieces ?? "[]");
  /** Files that are loaded together: at first, and then. */
  const FIRST = 2, THEN = 12;
  /** The index and its words, one after the other, before the texts. @type {string[]} */
  const engine = JSON.parse(list.dataset.engine ?? "[]");
  const boxes = /** @type {HTMLInputElement[]} */ (all("input", filters));
  /** A witness in which the words stand. */
  const witness = /** @type {HTMLSelectElement | null} */ (document.getElementById("in"));
  /** Results that are written at first, and each time more are asked for. */
  const SOME = 100;
  const AROUND = 64;

  // The texts.
  /** @param {string} file */
  const lines = async (file) => {
    await script(file);
    return globalThis.editionPieces?.find((piece) => file.includes(`/${piece.name}.js`))?.words ?? "";
  };
  /** @type {SearchFiles | undefined} */
  let needed;
  /** Load what finds words, and then say which files a query needs. @param {string} query */
  const ask = async (query) => {
    const ready = Promise.all(engine.map(script));
    if (!pieces.length) files.forEach(script);
    await ready;
    needed ??= pieces.length ? editionFiles.some(files.length, pieces, lines) : editionFiles.every(files.length);
    return needed(query);
  };
  const here = new Set();
  /** Load files, and take them in. @param {number[]} numbers */
  const load = async (numbers) => {
    const new_ = numbers.filter((number) => !here.has(number));
    await Promise.all(new_.map((number) => script(files[number])));
    for (const file of globalThis.editionSearch ?? []) {
      const number = files.findIndex((name) => name.includes(`/${file.name}.js`));
      if (!here.has(number)) editionIndex.add(file, number);
      here.add(number);
    }
    globalThis.editionSearch = [];
  };

  // Filters. All that are checked is the same as none named in the address.
  const chosen = (/** @type {string} */ name) => new Set(boxes.filter((box) => box.name === name && box.checked).map((box) => box.value));
  /** @type {Record<string, string>} */
  const group = { t: "text", n: "notes", b: "bibliography", e: "editorial", r: "editorial" };
  /** @param {Hit} hit @returns {Record<string, string>} */
  const facets = (hit) => ({
    parts: group[hit.unit.kind],
    texts: hit.unit.page.text,
    readings: hit.layer,
  });
  /** @typedef {Record<string, Set<string>>} Sets */
  /** @param {Hit} hit @param {Sets} sets @param {string} except */
  const passes = (hit, sets, except) => Object.entries(facets(hit)).every(([name, value]) => name === except || !value || !sets[name] || sets[name].has(value));
  /** @param {Hit[]} hits */
  const narrow = (hits) => {
    /** @type {Sets} */
    const sets = {};
    for (const box of boxes) sets[box.name] ??= chosen(box.name);
    for (const box of boxes) {
      const number = hits.filter((hit) => facets(hit)[box.name] === box.value && passes(hit, sets, box.name)).length;
      const shown = box.parentElement?.querySelector(".n");
      if (shown) shown.textContent = input.value.trim() ? String(number) : "";
    }
    return hits.filter((hit) => passes(hit, sets, ""));
  };

  // Results.
  /** @param {string} tag @param {Record<string, string>} [props] @param {...(Node | string)} content */
  const make = (tag, props = {}, ...content) => {
    const node = Object.assign(document.createElement(tag), props);
    node.append(...content);
    return node;
  };
  /** @param {number} number */
  const count = (number) => number === 1 ? says.one : fill(says.many, { n: number.toLocaleString(document.documentElement.lang || "en") });
  /** @param {string} text */
  const plain = (text) => text.replace(/¬/g, "").replace(/\s+/g, " ");
  const RUSSIAN = /([\u0400-\u04ff][\u0400-\u04ff\s.,;:()¬-]*[\u0400-\u04ff])/;
  /** @param {string} text */
  const words = (text) => plain(text).split(RUSSIAN).filter(Boolean)
    .map((piece) => RUSSIAN.test(piece) ? make("span", { lang: "ru" }, piece) : piece);
  /** The words found, each with about a line around it. @param {string} text @param {Span[]} found */
  const snippet = (text, found) => {
    /** @type {{from: number, to: number, marks: Span[]}[]} */
    const stretches = [];
    for (const [start, end] of found) {
      let from = Math.max(0, start - AROUND), to = Math.min(text.length, end + AROUND);
      while (from > 0 && from < start && !/\s/.test(text[from - 1])) from += 1;
      while (to < text.length && to > end && !/\s/.test(text[to])) to -= 1;
      const last = stretches.at(-1);
      if (last && from <= last.to) Object.assign(last, { to: Math.max(to, last.to), marks: [...last.marks, [start, end]] });
      else stretches.push({ from, to, marks: [[start, end]] });
    }
    const node = make("span", { className: "context" });
    for (const { from, to, marks } of stretches) {
      if (from > 0) node.append("… ");
      let at = from;
      for (const [start, end] of marks) {
        if (start < at || start === end) continue;
        node.append(...words(text.slice(at, start)), make("mark", {}, ...words(text.slice(start, end))));
        at = end;
      }
      node.append(...words(text.slice(at, to)));
      if (to < text.length) node.append(" …");
    }
    return node;
  };
  /** @type {Record<string, string>} */
  const VIEW = { typed: "?view=typed", ocr: "?view=ocr" };
  /** Page and line, and the number of the line of verse or of the paragraph. @param {Hit} hit */
  const placeOf = (hit) => {
    if (hit.verse) return fill(says.verse, [hit.place, hit.verse]);
    return hit.unit.paragraph ? fill(says.paragraph, [hit.place, hit.unit.paragraph]) : hit.place;
  };
  /** @param {Hit} hit */
  const said = (hit) => hit.layer === "witness" ? [hit.witnesses.map((one) => one[1]).join(" "), hit.reading] : [hit.reading];
  /** @param {Hit} hit */
  const item = (hit) => {
    const { unit } = hit;
    const { page } = unit;
    const read = hit.witnesses.find((one) => one[1] === witness?.value) ?? (hit.layer === "witness" ? hit.witnesses.find((one) => one[2]) : null);
    const href = `${page.url}${read ? `?witness=${read[0]}` : VIEW[hit.layer] ?? ""}${hit.anchor ? `#${hit.anchor}` : ""}`;
    const label = unit.kind === "e" && unit.label ? fill(says.editorial, [unit.label]) : unit.kind === "r" ? unit.label : placeOf(hit);
    const link = make("a", { className: "loc", href }, label || page.title);
    if (unit.kind === "r") {
      // its other names, if it is found by them
      const from = unit.label.length + 2;
      const marks = hit.marks.filter(([start]) => start >= from)
        .map(([start, end]) => /** @type {Span} */ ([start - from, end - from]));
      const also = marks.length ? [" (", snippet(unit.text.slice(from), marks), ")"] : [];
      return make("li", {}, link, ...also, " ", make("span", { className: "context" }, unit.gloss));
    }
    const node = make("li", {}, link, " ");
    if (unit.kind === "n") node.append(make("span", { className: "innote" }, fill(says.note, [unit.label])), " ");
    node.append(snippet(unit.text, hit.marks));
    if (hit.layer !== "edited") {
      const flag = hit.layer === "ocr" && !page.paged ? says.received : says[hit.layer];
      node.append(" ", make("small", { className: "flag" }, fill(flag, said(hit))));
    }
    return node;
  };

  /** @type {Hit[]} */
  let shown = [];
  /** @param {Hit} hit */
  const titleOf = (hit) => hit.unit.kind === "r" ? fill(says.register, [hit.unit.page.title]) : hit.unit.page.title;
  /** The list of a page's hits, with the page as its head. @param {Hit} hit */
  const listOf = (hit) => {
    const number = shown.filter((other) => other.unit.page === hit.unit.page).length;
    const hits = make("ol", { className: "hits" });
    list.append(make("section", {}, make("h2", {}, titleOf(hit), " ", make("span", { className: "n" }, String(number))), hits));
    return hits;
  };
  /** Write more results from a number on. @param {number} from @param {number} to @param {boolean} focus */
  const write = (from, to, focus) => {
    list.querySelector("button")?.remove();
    let hits = list.lastElementChild?.lastElementChild;
    let page = shown[from - 1]?.unit.page;
    const nodes = shown.slice(from, to).map((hit) => {
      if (!hits || hit.unit.page !== page) hits = listOf(hit);
      ({ page } = hit.unit);
      const node = item(hit);
      hits.append(node);
      return node;
    });
    const rest = Math.min(shown.length - to, SOME * 5);
    if (rest > 0) {
      const more = make("button", { type: "button" }, fill(says.more, { n: rest }));
      more.addEventListener("click", () => write(to, to + SOME * 5, true));
      list.append(more);
    }
    if (focus) nodes[0]?.querySelector("a")?.focus();
  };

  // The hits as a table, each with its citation.
  const csv = make("button", { type: "button" }, says.csv);
  csv.hidden = true;
  status.after(csv);
  csv.addEventListener("click", () => {
    const whole = document.querySelector("section[data-style=chicago] p")?.textContent?.trim().replace(/\s+/g, " ") ?? "";
    const rows = [["place", "part", "kind", "reading", "before", "found", "after", "address", "citation"]];
    for (const hit of shown) {
      const { unit, marks } = hit;
      const [from, to] = [marks[0][0], Math.max(...marks.map((mark) => mark[1]))];
      const layer = hit.layer === "edited" ? "" : fill(says[hit.layer], said(hit));
      const address = `${unit.page.url}${hit.anchor ? `#${hit.anchor}` : ""}`;
      const at = [titleOf(hit), unit.kind === "n" ? fill(says.note, [unit.label]) : "", placeOf(hit)].filter(Boolean).join(", ");
      rows.push([
        hit.place || unit.label, titleOf(hit), groupName(unit.kind), layer, plain(unit.text.slice(Math.max(0, from - AROUND * 2), from)),
        plain(unit.text.slice(from, to)), plain(unit.text.slice(to, to + AROUND * 2)), address, `${at}. ${whole}`,
      ]);
    }
    edition.give(`${says.file}.csv`, edition.table(rows));
  });
  /** The name of a kind, as its filter has it. @param {string} kind */
  const groupName = (kind) => boxes.find((box) => box.name === "parts" && box.value === group[kind])?.parentElement?.firstChild?.nextSibling?.textContent?.trim() ?? kind;

  const address = () => {
    const url = new URL(location.href);
    const set = (/** @type {string} */ name, /** @type {string} */ value) => value ? url.searchParams.set(name, value) : url.searchParams.delete(name);
    set("q", input.value.trim());
    set("in", witness?.value ?? "");
    for (const name of new Set(boxes.map((box) => box.name))) {
      const all = boxes.filter((box) => box.name === name);
      set(name, all.every((box) => box.checked) ? "" : all.filter((box) => box.checked).map((box) => box.value).join(".") || "none");
    }
    try { history.replaceState(null, "", url); } catch { /* a browser that forbids it on file:// */ }
  };
  /** Show what is found, up to a file of the index; whether it is all: `done`. @param {string} query @param {number} last @param {boolean} done */
  const show = (query, last, done) => {
    const ready = isReady(query);
    const found = ready ? editionIndex.search(query).filter((hit) => hit.unit.file <= last) : [];
    shown = narrow(witness?.value ? found.filter((hit) => hit.has(witness.value)) : found);
    if (!done && !shown.length) return;
    const links = all("a", list);
    const at = links.findIndex((link) => link === document.activeElement);
    list.replaceChildren();
    if (!ready) status.textContent = query ? says.short : "";
    else if (!shown.length) status.textContent = fill(says.none, { q: query });
    else status.textContent = fill(done ? says.found : says["so far"], { places: count(shown.length), q: query });
    csv.hidden = !done || !shown.length;
    write(0, Math.max(SOME, at + 1), false);
    if (at >= 0) all("a", list)[at]?.focus();
  };
  /** @param {string} query */
  const isReady = (query) => query.replace(/[^\p{L}\p{N}]/gu, "").length > 1;
  const run = async () => {
    const query = input.value.trim();
    const isOld = () => query !== input.value.trim(); // typed on meanwhile
    address();
    csv.hidden = true;
    if (!query || !(isReady(query) || !pieces.length)) return show(query, 0, true);
    try {
      if (!here.size) status.textContent = says.loading;
      const asked = await ask(query);
      let early = false;
      for (let from = 0; from < asked.length; from += from ? THEN : FIRST) {
        if (isOld()) return;
        const to = pieces.length ? from + (from ? THEN : FIRST) : asked.length;
        await load(asked.slice(from, to));
        if (isOld()) return;
        if (to >= asked.length) break;
        if (!early) show(query, asked[to - 1], false);
        early = shown.length > 0;
      }
    } catch { if (!isOld()) status.textContent = says.failed; return; }
    if (!isOld()) show(query, files.length, true);
  };

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(run, 150); });
  filters.addEventListener("change", run);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    run();
  });
  // Arrows go from the box through the results; they are links like all others.
  form.parentElement?.addEventListener("keydown", (event) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
    const links = [input, ...all("a", list)];
    const at = links.findIndex((link) => link === document.activeElement);
    if (at < 0 || !links[at + step]) return;
    event.preventDefault();
    links[at + step].focus();
  });

  const params = new URLSearchParams(location.search);
  input.value = params.get("q") ?? "";
  if (witness) witness.value = params.get("in") ?? "";
  for (const box of boxes) {
    const given = params.get(box.name);
    box.checked = given === null || given.split(".").includes(box.value);
  }
  filters.hidden = false;
  if (input.value) run();
  else input.focus();
})();
