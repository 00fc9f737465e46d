// Any witness as the text that is read. Its blocks that differ from the edited text are a script of their own, loaded when they are
// asked for (tei_export/outputs/html/witness_texts.py says what it holds), which also works from `file://`.
(() => {
  "use strict";
  const { all, say, word } = edition;
  const root = document.documentElement;
  const select = /** @type {HTMLSelectElement | null} */ (document.getElementById("ui-witness"));
  const part = /** @type {HTMLElement | null} */ (document.querySelector(".part"));
  const param = edition.param;
  if (!select || !part || !param) return;

  /** @type {Map<string, WitnessText>} */
  const texts = new Map();
  edition.gotText = (data) => { texts.set(data.witness, data); };
  edition.witnessText = async (name) => {
    await edition.script(`${select.dataset.files}/${name}.js`);
    const data = texts.get(name);
    if (!data) throw new Error(name);
    return data;
  };

  // What the list of the apparatus says of the witnesses. An entry that is no variant has the class `one`.
  const options = [...select.options].filter((option) => option.value);
  /** Siglum → id and name: of those that can be read, then of those that are only cited. @type {Map<string, [string, string]>} */
  const known = new Map(options.map((option) => [option.text, [option.value, option.dataset.name ?? ""]]));
  for (const [siglum, id, name] of JSON.parse(select.dataset.cited ?? "[]")) known.set(siglum, [id, name]);
  const sigla = [...known.keys()].sort((a, b) => b.length - a.length);
  /** @type {[string, string[]][]} */
  const groups = JSON.parse(select.dataset.groups ?? "[]");
  /** The sigla of a reading, which may contain spaces. @param {string} text */
  const split = (text) => {
    const found = [];
    for (let rest = text.trim(); rest;) {
      const siglum = sigla.find((one) => rest === one || rest.startsWith(`${one} `)) ?? rest.split(" ")[0];
      found.push(siglum);
      rest = rest.slice(siglum.length).trim();
    }
    return found;
  };
  /** @type {WeakMap<Element, string[]>} */
  const readBy = new WeakMap();
  /** Who reads what an `i` of the list names. @param {Element} node */
  const readers = (node) => {
    const list = readBy.get(node) ?? split(node.textContent ?? "");
    readBy.set(node, list);
    return list;
  };
  /** @param {Element} entry */
  const isVariant = (entry) => !entry.matches(".one");
  /** @param {Element} entry */
  const named = (entry) => /** @type {HTMLElement[]} */ (all(":scope > i:not(.agree)", entry));
  edition.agreeing = (entry) => {
    if (!isVariant(entry)) return null;
    const others = new Set([...named(entry).flatMap(readers), ...split(/** @type {HTMLElement} */ (entry).dataset.lost ?? "")]);
    return options.map((option) => option.text).filter((one) => !others.has(one));
  };
  const grouped = /** @type {HTMLInputElement | null} */ (document.getElementById("groups-1"));
  edition.sigla = (list) => {
    let left = list;
    const shown = [];
    for (const [siglum, members] of grouped?.checked ? groups : []) {
      if (!members.every((one) => left.includes(one))) continue;
      shown.push(siglum);
      left = left.filter((one) => !members.includes(one));
    }
    return [...left, ...shown].join(" ");
  };
  edition.named = (text) => split(text).map((one) => known.get(one)?.[1] ?? one).join(", ");
  edition.readings = (entry) => {
    if (!isVariant(entry)) return null;
    const id = entry.id.replace(/^entry-/, "");
    if (document.getElementById(id)?.matches(".transposed, .lacuna")) return []; // no words to put there
    return named(entry).flatMap((node) => {
      const first = known.get(readers(node)[0]);
      return first ? [/** @type {[string, string]} */ ([first[0], edition.sigla?.(readers(node)) ?? ""])] : [];
    });
  };
  /** The reading of a witness at an entry, with its marks: empty for an omission. @param {string} id @param {string} witness */
  const readingOf = (id, witness) => {
    const siglum = sigla.find((one) => known.get(one)?.[0] === witness) ?? "";
    const node = named(document.getElementById(`entry-${id}`) ?? select).find((one) => readers(one).includes(siglum));
    const span = node?.previousElementSibling;
    if (!span) return null;
    const words = document.createElement("span");
    if (!span.querySelector(":scope > em:only-child")) words.append(...[...span.childNodes].map((one) => one.cloneNode(true)));
    return words;
  };
  /** What takes a reading out of the text again. @type {Map<string, () => void>} */
  const undo = new Map();
  /** Everything between two places of the text, but for where its lines begin. @param {Element} from @param {Element} to */
  const between = (from, to) => {
    /** @type {HTMLElement[]} */
    const found = [];
    const range = document.createRange();
    range.setStartAfter(from);
    range.setEndBefore(to);
    const walker = document.createTreeWalker(range.commonAncestorContainer, NodeFilter.SHOW_TEXT);
    /** @type {Text[]} */
    const words = [];
    while (walker.nextNode()) if (range.intersectsNode(walker.currentNode)) words.push(/** @type {Text} */ (walker.currentNode));
    for (const text of words) {
      const span = document.createElement("span");
      text.before(span);
      span.append(text);
      found.push(span);
    }
    return found;
  };
  edition.swapReading = (id, witness) => {
    undo.get(id)?.();
    undo.delete(id);
    const mark = witness && document.getElementById(id);
    const words = mark ? readingOf(id, witness) : null;
    if (!mark || words === null) return;
    const start = document.getElementById(`${id}-from`);
    const shown = words;
    if (!start) {
      const [nodes, bare] = [[...mark.childNodes], mark.classList.contains("bare")];
      mark.replaceChildren(shown);
      mark.classList.add("as-w");
      mark.classList.toggle("bare", !words.textContent?.trim());
      undo.set(id, () => {
        mark.replaceChildren(...nodes);
        mark.classList.remove("as-w");
        mark.classList.toggle("bare", bare);
      });
      return;
    }
    const hidden = between(start, mark);
    for (const span of hidden) span.hidden = true;
    shown.className = "ap as-w";
    mark.before(shown);
    undo.set(id, () => {
      shown.remove();
      for (const span of hidden) span.replaceWith(...span.childNodes);
    });
  };

  // A positive apparatus names who agrees, too; groups of witnesses are named by their siglum.
  const positive = /** @type {HTMLInputElement | null} */ (document.getElementById("positive-1"));
  const list = () => {
    for (const entry of all("#apparatus li")) {
      if (!isVariant(entry)) continue;
      const agree = edition.agreeing?.(entry) ?? [];
      for (const node of named(entry)) node.textContent = edition.sigla?.(readers(node)) ?? "";
      const before = entry.querySelector(":scope > .agree");
      if (!positive?.checked) before?.remove();
      else if (before) before.textContent = `${edition.sigla?.(agree) || word("editors")}; `;
      else {
        const node = Object.assign(document.createElement("i"), { className: "agree", textContent: `${edition.sigla?.(agree) || word("editors")}; ` });
        entry.querySelector(":scope > span")?.before(node);
      }
    }
  };
  for (const input of [positive, grouped]) input?.addEventListener("change", list);
  if ((positive && positive.checked !== positive.defaultChecked) || grouped?.checked) list();
  const spellings = /** @type {HTMLInputElement | null} */ (document.getElementById("spellings-1"));
  edition.unmarked = (mark) => Boolean(spellings && !spellings.checked && mark.matches(".spelling, .orthographic, .punctuation, .division"));

  /** What a block of the edited text holds, while a witness stands in its place. @type {Map<Element, ChildNode[]>} */
  const kept = new Map();
  const note = Object.assign(document.createElement("p"), { className: "reading" });
  const restore = () => {
    for (const [block, nodes] of kept) {
      block.replaceChildren(...nodes);
      block.classList.remove("gone", "absent");
    }
    kept.clear();
    note.remove();
    delete root.dataset.witness;
  };
  /** The block of a line. @param {string} line */
  const blockOf = (line) => document.getElementById(line)?.closest("p, h1, h2, h3, h4, h5, h6, tr");
  /** @param {WitnessText} text */
  const show = (text) => {
    const found = Object.entries(text.blocks).map(([line, html]) => /** @type {const} */ ([blockOf(line), html]));
    for (const [block, html] of found) {
      if (!block) continue;
      kept.set(block, [...block.childNodes]);
      if (!html) block.classList.add(/^H/.test(block.tagName) ? "absent" : "gone");
      else {
        const number = block.querySelector(":scope > .verse-n");
        block.innerHTML = html;
        if (number) block.append(number);
      }
    }
    note.textContent = text.said;
    (part.querySelector(".head") ?? part).append(note);
    root.dataset.witness = text.witness;
  };
  const views = /** @type {HTMLInputElement[]} */ (all(".views input"));
  /** @param {string} name @param {boolean} keep whether the line at the top of the window stays there */
  const read = async (name, keep) => {
    const text = name ? await edition.witnessText?.(name).catch(() => null) : null;
    if (select.value !== name) return; // another was chosen meanwhile
    if (name && !text) {
      say(select.dataset.failed ?? "");
      select.value = "";
      return;
    }
    if (keep) edition.hold?.();
    restore();
    if (text) show(text);
    if (keep) edition.release?.();
    else if (location.hash) edition.target(location.hash)?.scrollIntoView();
    document.dispatchEvent(new CustomEvent("edition:view"));
    if (keep) say(text?.said ?? "");
  };
  const chosen = () => {
    const name = select.value;
    param("witness", name || null);
    select.title = select.selectedOptions[0]?.dataset.name ?? "";
    for (const view of views) view.checked = name ? false : view.defaultChecked;
    return name;
  };
  select.addEventListener("change", () => {
    param("view", null);
    read(chosen(), true);
  });
  for (const view of views) {
    view.addEventListener("change", () => {
      if (!select.value) return;
      select.value = "";
      param("witness", null);
      edition.hold?.();
      restore();
      edition.release?.();
    });
  }
  edition.nextWitness = () => {
    select.selectedIndex = (select.selectedIndex + 1) % select.options.length;
    select.dispatchEvent(new Event("change"));
  };
  /** The witness of the address. */
  const begin = () => {
    const wanted = param("witness") ?? "";
    if (![...select.options].some((option) => option.value && option.value === wanted)) return;
    select.value = wanted;
    chosen();
    read(wanted, false);
  };
  begin();
  addEventListener("pageshow", (event) => {
    if (event.persisted) begin();
    else if (select.value) for (const view of views) view.checked = false; // state.js has read the address again
  });
})();
