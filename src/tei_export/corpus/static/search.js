// The search of a corpus: a query loads the pieces of the index that its words need, then the units found.
(() => {
  "use strict";
  const form = document.querySelector("form[role=search]");
  const input = document.getElementById("q");
  const status = document.getElementById("found");
  const list = document.getElementById("results");
  const editions = JSON.parse(list.dataset.editions);
  const SOME = 50, TOGETHER = 100, AROUND = 70;

  // Files are scripts that call `corpus.index` or `corpus.units`; they work from file://, too.
  const arrived = new Map();
  globalThis.corpus = {
    index: (name, data) => arrived.set(`index/${name}`, data),
    units: (name, data) => arrived.set(`units/${name}`, data),
  };
  const loading = new Map();
  function load(name) {
    if (!loading.has(name)) {
      loading.set(name, new Promise((done) => {
        const node = document.createElement("script");
        node.onload = () => done(arrived.get(name));
        node.onerror = () => done(null); // no word begins so
        node.src = `${name}.js`;
        document.head.append(node);
      }));
    }
    return loading.get(name);
  }

  const fold = (text) => text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");
  const split = (text) => fold(text).match(/[\p{L}\p{N}]+/gu) ?? [];
  const piece = (word) => [...word].slice(0, 2).map((c) => c.codePointAt(0).toString(16).padStart(4, "0")).join("-");

  /** The words that begin so, each with its units, from a piece and from those that continue it. */
  async function beginning(word, name) {
    const data = (await load(`index/${name}`)) ?? {};
    if (!Array.isArray(data)) return Object.entries(data).filter(([other]) => other.startsWith(word));
    const next = [...word][name.split("-").length];
    const letters = next ? data.filter((letter) => letter && Number.parseInt(letter, 16) === next.codePointAt(0)) : data;
    return (await Promise.all(letters.map((letter) => beginning(word, `${name}-${letter}`)))).flat();
  }

  /** The units that have a word which begins so. */
  async function units(word) {
    const found = new Set();
    for (const [, runs] of await beginning(word, piece(word))) {
      for (const run of runs.split(",")) {
        const [from, to = from] = run.split("-").map(Number);
        for (let number = from; number <= to; number += 1) found.add(number);
      }
    }
    return found;
  }

  /** Page and line of the character `at` of a unit: `13.5;4:14.1` says where lines begin and break. */
  function place(places, text, at) {
    if (places.startsWith("#")) return { hash: places, said: "" };
    const line = (text.slice(0, at).match(/[\n¬]/g) ?? []).length;
    let best = null;
    for (const entry of places.split(";")) {
      const parts = entry.match(/^(?:(\d+):)?(.*)\.(\d+)$/u);
      if (parts && Number(parts[1] ?? 0) <= line) best = { page: parts[2], line: Number(parts[3]) + line - Number(parts[1] ?? 0) };
    }
    if (!best) return { hash: "", said: "" };
    if (!best.page) return { hash: `#l${best.line}`, said: `line ${best.line}` };
    const safe = /^[A-Za-z0-9]+$/.test(best.page);
    return { hash: safe ? `#p${best.page}.${best.line}` : "", said: `p. ${best.page}.${best.line}` };
  }

  function result(unit, wanted) {
    const [edition, url, title, , label, places, raw] = unit;
    const [name, home] = editions[edition];
    // where the first word stands: word by word, since folding may change lengths
    let at = 0, end = 0;
    for (const match of raw.matchAll(/[\p{L}\p{N}\p{M}¬]+/gu)) {
      const word = fold(match[0].replaceAll("¬", ""));
      if (wanted.some((one) => word.startsWith(one))) {
        [at, end] = [match.index, match.index + match[0].length];
        break;
      }
    }
    const here = place(places, raw, at);
    const clean = (text) => text.replaceAll("¬", "").replaceAll("\n", " ");
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = home + url + here.hash;
    link.textContent = [name, title, label && `note ${label}`, here.said].filter(Boolean).join(", ");
    const words = document.createElement("p");
    const mark = document.createElement("mark");
    mark.textContent = clean(raw.slice(at, end));
    // whole words around it
    let from = Math.max(0, at - AROUND), to = Math.min(raw.length, end + AROUND);
    while (from && !/\s/.test(raw[from - 1])) from -= 1;
    while (to < raw.length && !/\s/.test(raw[to])) to += 1;
    words.append(from ? "… " : "", clean(raw.slice(from, at)), mark, clean(raw.slice(end, to)), to < raw.length ? " …" : "");
    item.append(link, words);
    return item;
  }

  let asked = 0;
  async function search() {
    const mine = ++asked;
    const wanted = split(input.value);
    list.replaceChildren();
    status.textContent = "";
    if (!wanted.length) return;
    if (wanted.some((word) => [...word].length < 2)) {
      status.textContent = "Give at least two letters of each word.";
      return;
    }
    const sets = await Promise.all(wanted.map(units));
    const found = [...sets[0]].filter((number) => sets.every((set) => set.has(number))).sort((a, b) => a - b);
    if (mine !== asked) return; // the query has changed meanwhile
    const number = found.length === 1 ? "1 passage" : `${found.length} passages`;
    status.textContent = found.length > SOME ? `${number}; the first ${SOME} are shown.` : `${number}.`;
    for (const number of found.slice(0, SOME)) { // each as soon as it is there
      const held = await load(`units/${Math.floor(number / TOGETHER)}`);
      if (mine !== asked) return;
      if (held) list.append(result(held[number % TOGETHER], wanted));
    }
  }

  const query = new URLSearchParams(location.search).get("q");
  if (query) {
    input.value = query;
    search();
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    history.replaceState(null, "", `?${new URLSearchParams({ q: input.value })}`);
    search();
  });
})();
