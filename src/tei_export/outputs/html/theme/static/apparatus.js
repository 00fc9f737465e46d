// The page of the apparatus: its order, a box for words, the choices in the address, and what is shown as a
// table or on paper. Without scripts the filters by kind and certainty work, in the order of the pages.
(() => {
  "use strict";
  const { all, fill } = edition;
  const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form.filters"));
  const home = /** @type {HTMLElement | null} */ (document.querySelector(".entries"));
  if (!form || !home) return;
  /** @type {Record<string, string>} */
  const says = JSON.parse(form.dataset.says ?? "{}");
  /** @type {string[]} */
  const people = JSON.parse(form.dataset.who ?? "[]");
  const boxes = /** @type {HTMLInputElement[]} */ (all("input[type=checkbox]", form));
  const items = all(".readings > li", home);
  const parents = items.map((item) => item.parentElement);
  const sections = all(":scope > section", home);
  /** @type {Map<string, string>} */
  const names = new Map(boxes.map((box) => [box.id, box.nextSibling?.textContent?.trim() ?? ""]));
  const reasons = new Map(all(".reasons dt", home).map((term) => [term.querySelector("i")?.textContent ?? "", term.lastChild?.textContent?.trim() ?? ""]));
  const split = /** @type {const} */ (["k", "c"]);
  const idle = globalThis.requestIdleCallback ?? ((/** @type {() => void} */ task) => setTimeout(task, 50));
  const cancelIdle = globalThis.cancelIdleCallback ?? clearTimeout;

  /** What an entry says of itself. @param {HTMLElement} item */
  const facts = (item) => {
    const kind = item.className.match(/\bk-(\S+)/)?.[1] ?? "";
    const cert = item.className.match(/\bc-(\S+)/)?.[1] ?? "high";
    /** @type {[string, string][]} */
    const readings = [];
    let text = "";
    const lemma = item.querySelector("b");
    for (let node = lemma?.nextSibling; node; node = node.nextSibling) {
      const name = node.nodeName;
      if (name === "SMALL" || name === "U") break;
      if (name === "I") {
        readings.push([node.textContent ?? "", text.replace(/^[\];\s]+/, "").trim()]);
        text = "";
      } else text += node.textContent;
    }
    const small = item.querySelector("small");
    const letter = small?.querySelector("i")?.textContent ?? "";
    const rest = (letter ? small?.textContent?.slice(letter.length) : small?.textContent)?.trim() ?? "";
    return {
      links: /** @type {HTMLAnchorElement[]} */ (all("a", item)), kind, cert, readings, lemma: lemma?.textContent ?? "", word: lemma?.lastChild?.textContent ?? "",
      who: item.querySelector("u")?.textContent ?? form.dataset.editors ?? "",
      why: [reasons.get(letter) ?? "", rest].filter(Boolean).join(": "),
    };
  };
  // The letter of a reason in words, when the pointer comes to it.
  home.addEventListener("pointerover", (event) => {
    const letter = event.target instanceof Element && event.target.closest(".readings small > i:not([title])");
    if (letter) letter.setAttribute("title", reasons.get(letter.textContent ?? "") ?? "");
  });

  // The controls that need scripts.
  /** @param {string} tag @param {Record<string, unknown>} props @param {...(Node | string)} content @returns {any} */
  const make = (tag, props, ...content) => {
    const node = Object.assign(document.createElement(tag), props);
    node.append(...content);
    return node;
  };
  /** @type {HTMLSelectElement} */
  const order = make("select", { name: "order" });
  for (const name of ["page", "kind", "certainty", ...(people.length ? ["who"] : []), "lemma"]) order.append(make("option", { value: name }, says[name]));
  /** @type {HTMLInputElement} */
  const words = make("input", { type: "search", name: "words" });
  const status = make("output", {});
  const csv = make("button", { type: "button" }, says.csv);
  const paper = make("button", { type: "button" }, says.print);
  form.append(make("p", { className: "more" }, make("label", {}, says.order, " ", order), make("label", {}, says.words, " ", words), csv, paper, status));

  /** Whether an entry is shown, by the boxes as they are now. */
  const sieve = () => {
    const off = boxes.filter((box) => !box.checked).map((box) => box.id);
    const high = !off.includes("c-high");
    return (/** @type {HTMLElement} */ item) => !item.hidden && !off.some((name) => item.classList.contains(name))
      && (high || item.classList.contains("c-medium") || item.classList.contains("c-low"));
  };
  const shown = () => items.filter(sieve());

  /** @type {HTMLElement | null} */
  let sorted = null;
  /** Into groups in the order of the filters, or of the alphabet. */
  const sort = () => {
    sorted?.remove();
    sorted = null;
    for (const section of sections) section.hidden = order.value !== "page";
    if (order.value === "page") {
      items.forEach((item, i) => parents[i]?.append(item));
      return;
    }
    /** @type {Map<string, HTMLElement[]>} */
    const groups = new Map();
    /** @type {Record<string, (of: ReturnType<typeof facts>) => string>} */
    const keys = {
      kind: (of) => `k-${of.kind}`,
      certainty: (of) => `c-${of.cert}`,
      who: (of) => of.who,
      lemma: (of) => of.word.normalize("NFD").match(/[\p{L}\p{N}]/u)?.[0].toUpperCase() ?? "–",
    };
    if (order.value !== "lemma") for (const box of boxes) groups.set(box.id, []);
    const known = items.map((item) => ({ item, of: facts(item) }));
    const compare = new Intl.Collator(document.documentElement.lang || "en", { numeric: true }).compare;
    if (order.value === "lemma") known.sort((a, b) => compare(a.of.word.replace(/^\P{L}+/u, ""), b.of.word.replace(/^\P{L}+/u, "")));
    for (const { item, of } of known) {
      const key = keys[order.value](of);
      groups.set(key, [...groups.get(key) ?? [], item]);
    }
    const section = make("section", { className: "sorted" });
    const list = order.value === "lemma" ? [...groups].sort(([a], [b]) => compare(a, b)) : [...groups];
    for (const [key, group] of list) {
      if (!group.length) continue;
      section.append(make("h2", {}, names.get(key) ?? key), make("ul", { className: "readings" }, ...group));
    }
    home.append(section);
    sorted = section;
  };

  // How many are shown is counted when nothing else is to be done.
  let told = 0;
  const tell = () => {
    cancelIdle(told);
    told = idle(() => {
      const number = (/** @type {number} */ n) => n.toLocaleString(document.documentElement.lang || "en");
      const count = (/** @type {HTMLElement[]} */ list) => number(list.reduce((sum, item) => sum + item.getElementsByTagName("a").length, 0));
      status.textContent = fill(says.shown, { n: count(shown()), all: count(items) });
    });
  };
  const filter = () => {
    const asked = words.value.trim().toLowerCase();
    for (const item of items) item.hidden = Boolean(asked) && !item.textContent?.toLowerCase().includes(asked);
    const visible = sieve();
    // far.css knows how high a list is only while it is whole
    home.classList.toggle("asked", Boolean(asked) || boxes.some((box) => box.checked !== box.defaultChecked) || Boolean(sorted));
    if (!sorted) for (const section of sections) section.hidden = Boolean(asked) && !all(".readings > li", section).some(visible);
    // of lists without an entry that is shown, not even the space
    for (const list of all(".readings", home)) list.hidden = (Boolean(asked) || Boolean(sorted)) && !all("li", list).some(visible);
    for (const head of all(".sorted h2", home)) head.hidden = /** @type {HTMLElement} */ (head.nextElementSibling).hidden;
    tell();
  };

  // The address: `k` and `c` name what is checked, if it is not what the page begins with.
  const note = () => {
    const url = new URL(location.href);
    const set = (/** @type {string} */ name, /** @type {string} */ value) => value ? url.searchParams.set(name, value) : url.searchParams.delete(name);
    for (const name of split) {
      const group = boxes.filter((box) => box.id.startsWith(`${name}-`));
      const checked = group.filter((box) => box.checked).map((box) => box.id.slice(2)).join(".") || "none";
      set(name, group.every((box) => box.checked === box.defaultChecked) ? "" : checked);
    }
    set("order", order.value === "page" ? "" : order.value);
    set("words", words.value.trim());
    try { history.replaceState(history.state, "", url); } catch { /* a browser that forbids it on file:// */ }
  };
  const read = () => {
    const params = new URLSearchParams(location.search);
    for (const box of boxes) {
      const given = params.get(box.id[0]);
      box.checked = given === null ? box.defaultChecked : given.split(".").includes(box.id.slice(2));
    }
    const wanted = params.get("order") ?? "page";
    order.value = [...order.options].some((option) => option.value === wanted) ? wanted : "page";
    words.value = params.get("words") ?? "";
    if (order.value !== "page") sort();
    if (["k", "c", "words", "order"].some((name) => params.has(name)) || home.classList.contains("asked")) filter();
    else tell();
  };
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", (event) => {
    if (event.target === order) sort();
    filter();
    note();
  });
  words.addEventListener("input", () => { filter(); note(); });

  paper.addEventListener("click", () => print());
  csv.addEventListener("click", () => {
    const rows = [["place", "lemma", "readings", "kind", "certainty", "who", "reason", "address"]];
    for (const item of shown()) {
      const of = facts(item);
      for (const link of of.links) {
        rows.push([
          link.textContent ?? "", of.lemma, of.readings.map(([siglum, text]) => `${siglum}: ${text}`).join(" | "),
          names.get(`k-${of.kind}`) ?? of.kind, names.get(`c-${of.cert}`) ?? of.cert, of.who, of.why,
          link.getAttribute("href") ?? "",
        ]);
      }
    }
    edition.give(`${says.file}.csv`, edition.table(rows));
  });
  read();
  addEventListener("pageshow", (event) => { if (event.persisted) read(); });
})();
