// The search page: the query and its filters stand in the address, results come as one
// types. The texts are loaded when the first letter is typed (or asked for by the address).
(() => {
  "use strict";
  /** @type {HTMLFormElement} */
  const form = document.querySelector("main form[role=search]");
  const input = form.elements.namedItem("q");
  const status = document.getElementById("found");
  const list = document.getElementById("results");
  const filters = document.getElementById("filters");
  /** @type {Record<string, string>} */
  const says = JSON.parse(list.dataset.says);
  /** @type {string[]} */
  const files = JSON.parse(list.dataset.files);
  const boxes = [...filters.querySelectorAll("input")];
  /** Results that are written at first, and each time more are asked for. */
  const SOME = 100;
  const AROUND = 64;

  // The texts.
  /** @type {Promise<void> | null} */
  let loading = null;
  const script = (file) => new Promise((done, fail) => {
    const node = document.createElement("script");
    Object.assign(node, { src: file, onload: done, onerror: fail });
    document.head.append(node);
  });
  const load = () => {
    status.textContent = says.loading;
    return Promise.all(files.map(script)).then(() => {
      // in the order of the list, whichever came first
      const at = (file) => files.findIndex((name) => name.includes(`/${file.name}.js`));
      for (const file of self.editionSearch.sort((a, b) => at(a) - at(b))) self.editionIndex.add(file);
      self.editionSearch = [];
    });
  };

  // Filters. All that are checked is the same as none named in the address.
  const chosen = (name) => new Set(boxes.filter((box) => box.name === name && box.checked).map((box) => box.value));
  const group = { t: "text", n: "notes", b: "bibliography", e: "editorial", r: "editorial" };
  const facets = (hit) => ({
    parts: group[hit.unit.kind],
    texts: hit.unit.page.text,
    readings: hit.layer,
  });
  const passes = (hit, sets, except) => Object.entries(facets(hit)).every(([name, value]) => name === except || !value || !sets[name] || sets[name].has(value));
  const narrow = (hits) => {
    const sets = {};
    for (const box of boxes) sets[box.name] ??= chosen(box.name);
    for (const box of boxes) {
      const number = hits.filter((hit) => facets(hit)[box.name] === box.value && passes(hit, sets, box.name)).length;
      box.parentElement.querySelector(".n").textContent = input.value.trim() ? String(number) : "";
    }
    return hits.filter((hit) => passes(hit, sets, ""));
  };

  // Results.
  const make = (tag, props = {}, ...content) => {
    const node = Object.assign(document.createElement(tag), props);
    node.append(...content);
    return node;
  };
  const count = (number) => number === 1 ? says.one : says.many.replace("{n}", number.toLocaleString(document.documentElement.lang || "en"));
  const plain = (text) => text.replace(/¬/g, "").replace(/\s+/g, " ");
  const RUSSIAN = /([\u0400-\u04ff][\u0400-\u04ff\s.,;:()¬-]*[\u0400-\u04ff])/;
  const words = (text) => plain(text).split(RUSSIAN).filter(Boolean)
    .map((piece) => RUSSIAN.test(piece) ? make("span", { lang: "ru" }, piece) : piece);
  /** The words found, each with about a line around it. */
  const snippet = (text, found) => {
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
  const VIEW = { typed: "?view=typed", ocr: "?view=ocr" };
  const item = (hit) => {
    const { unit } = hit;
    const { page } = unit;
    const href = `${page.url}${VIEW[hit.layer] ?? ""}${hit.anchor ? `#${hit.anchor}` : ""}`;
    const label = unit.kind === "e" && unit.label ? says.editorial.replace("{}", unit.label) : unit.kind === "r" ? unit.label : hit.place;
    const link = make("a", { className: "loc", href }, label || page.title);
    if (unit.kind === "r") {
      // its other names, if it is found by them
      const from = unit.label.length + 2;
      const marks = hit.marks.filter(([start]) => start >= from).map(([start, end]) => [start - from, end - from]);
      const also = marks.length ? [" (", snippet(unit.text.slice(from), marks), ")"] : [];
      return make("li", {}, link, ...also, " ", make("span", { className: "context" }, unit.gloss));
    }
    const node = make("li", {}, link, " ");
    if (unit.kind === "n") node.append(make("span", { className: "innote" }, says.note.replace("{}", unit.label)), " ");
    node.append(snippet(unit.text, hit.marks));
    if (hit.layer !== "edited") {
      const flag = hit.layer === "ocr" && !page.paged ? says.received : says[hit.layer];
      node.append(" ", make("small", { className: "flag" }, flag.replace("{}", hit.reading)));
    }
    return node;
  };

  /** @type {any[]} */
  let shown = [];
  const titleOf = (hit) => hit.unit.kind === "r" ? says.register.replace("{}", hit.unit.page.title) : hit.unit.page.title;
  const write = (from, focus) => {
    list.querySelector("button")?.remove();
    let first = null;
    for (const hit of shown.slice(from, from + SOME)) {
      let section = list.lastElementChild;
      if (section?.dataset.url !== hit.unit.page.url) {
        const number = shown.filter((other) => other.unit.page === hit.unit.page).length;
        section = make("section", {},
          make("h2", {}, titleOf(hit), " ", make("span", { className: "n" }, String(number))), make("ol", { className: "hits" }));
        section.dataset.url = hit.unit.page.url;
        list.append(section);
      }
      const node = item(hit);
      first ??= node;
      section.lastElementChild.append(node);
    }
    const rest = shown.length - from - SOME;
    if (rest > 0) {
      const more = make("button", { type: "button" }, says.more.replace("{n}", String(Math.min(rest, SOME * 5))));
      more.addEventListener("click", () => { for (let at = from + SOME, n = 0; at < shown.length && n < 5; at += SOME, n += 1) write(at, n === 0); });
      list.append(more);
    }
    if (focus) first?.querySelector("a").focus();
  };

  const address = () => {
    const url = new URL(location.href);
    const set = (name, value) => value ? url.searchParams.set(name, value) : url.searchParams.delete(name);
    set("q", input.value.trim());
    for (const name of new Set(boxes.map((box) => box.name))) {
      const all = boxes.filter((box) => box.name === name);
      set(name, all.every((box) => box.checked) ? "" : all.filter((box) => box.checked).map((box) => box.value).join(".") || "none");
    }
    try { history.replaceState(null, "", url); } catch { /* a browser that forbids it on file:// */ }
  };
  const run = async () => {
    const query = input.value.trim();
    address();
    if (query) {
      try { await (loading ??= load()); } catch { status.textContent = says.failed; loading = null; return; }
    }
    if (query !== input.value.trim()) return; // typed on meanwhile
    const ready = query.replace(/[^\p{L}\p{N}]/gu, "").length > 1;
    shown = narrow(ready ? self.editionIndex.search(query) : []);
    list.replaceChildren();
    if (!ready) status.textContent = query ? says.short : "";
    else if (!shown.length) status.textContent = says.none.replace("{q}", query);
    else status.textContent = says.found.replace("{places}", count(shown.length)).replace("{q}", query);
    write(0, false);
  };

  let timer = 0;
  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(run, 150); });
  filters.addEventListener("change", run);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    run();
  });
  // Arrows go from the box through the results; they are links like all others.
  form.parentElement.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
    const links = [input, ...list.querySelectorAll("a")];
    const at = links.indexOf(document.activeElement);
    if (at < 0 || !links[at + step]) return;
    event.preventDefault();
    links[at + step].focus();
  });

  const params = new URLSearchParams(location.search);
  input.value = params.get("q") ?? "";
  for (const box of boxes) {
    const given = params.get(box.name);
    box.checked = given === null || given.split(".").includes(box.value);
  }
  filters.hidden = false;
  if (input.value) run();
  else input.focus();
})();
