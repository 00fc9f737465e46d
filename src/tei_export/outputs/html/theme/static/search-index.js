// The index, made in the reader's browser from the texts (tei_export/outputs/html/search_units.py says
// what the files hold), and what it answers. It knows nothing of the page.
(() => {
  "use strict";
  const { asRussian, tokens, parse, keys, latin, isCyrillic } = editionWords;
  /** Layers as bits: what is edited stands in all of them. */
  const E = 0x7fffffff, T = 2, O = 4;
  /** The bit of a witness of a text; from the 28th on they share one. @param {number} at */
  const bitOf = (at) => at < 0 ? 0 : 8 << Math.min(at, 27);
  /** Witnesses that do not have an edited word. @type {Map<number, number>} */
  const without = new Map();
  /** @param {number} pos */
  const edited = (pos) => E & ~(without.get(pos) ?? 0);
  /** Words of two units are never beside each other. */
  const GAP = 8;

  /** What T or O has in the place of `span` words from the word `at` on. */
  /** @typedef {{bit: number, at: number, span: number, words: string[], start: number, unit: Unit, text: string, whole: string}} Reading */
  /** @typedef {{bits: number, other: Reading | null}} At */
  /** First word, number of words, bits, reading of T or O. @typedef {[number, number, number, Reading | null]} Occurrence */

  /** @type {Unit[]} */
  const units = [];
  /** word → places of it. @type {Map<string, number[]>} */
  const postings = new Map();
  /** hyphened word → [place, pieces]. @type {Map<string, [number, number][]>} */
  const wholes = new Map();
  /** Russian in Latin letters → words. @type {Map<string, Set<string>>} */
  const russian = new Map();
  /** word of T or O → readings. @type {Map<string, {other: Reading, pos: number}[]>} */
  const others = new Map();
  /** @type {Reading[]} */
  const readings = [];
  let next = 0;

  /** @template K, V @param {Map<K, V[]>} map @param {K} key @param {V} value */
  const put = (map, key, value) => {
    const list = map.get(key);
    if (list) list.push(value);
    else map.set(key, [value]);
  };
  /** @param {string} key */
  const know = (key) => {
    if (!isCyrillic(key)) return;
    const plain = latin(key);
    const forms = russian.get(plain);
    if (forms) forms.add(key);
    else russian.set(plain, new Set([key]));
  };

  /** A page may go on in the next file. @type {Map<string, SearchPage>} */
  const pages = new Map();
  /** Take in one file of the index, in any order. @param {SearchFile} file @param {number} number its place among the files */
  const add = (file, number) => {
    for (const { url, title, units: written } of file.pages) {
      const page = pages.get(url) ?? { url, title, text: file.id, paged: file.paged, witnesses: file.witnesses ?? [] };
      pages.set(url, page);
      for (const unit of written) addUnit(page, number, unit);
    }
  };
  /** @param {SearchPage} page @param {number} file @param {WrittenUnit} written */
  const addUnit = (page, file, [kind, label, places, text, changed, verses = "", paragraph = ""]) => {
    const found = tokens(text);
    const gloss = typeof changed === "string" ? changed : "";
    const unit = { kind, label, places, verses, paragraph, text, page, file, gloss, first: next, tokens: found };
    units.push(unit);
    found.forEach((token, i) => {
      put(postings, token.key, next + i);
      know(token.key);
      if (token.whole) put(wholes, token.whole, [next + i, token.span]);
    });
    for (let i = 0; typeof changed !== "string" && i < changed.length; i += 4) {
      addReading(unit, /** @type {[string, number, number, string]} */ (changed.slice(i, i + 4)));
    }
    next += found.length + GAP;
  };
  /** @param {string} text */
  const ends = (text) => text.match(/[\n¬]/g)?.length ?? 0;
  /** A reading of T or O stands at the edited words in its place, line by line.
   * @param {Unit} unit @param {[string, number, number, string]} written */
  const addReading = (unit, [layer, start, length, text]) => {
    const found = tokens(text);
    const covered = [...unit.tokens.entries()].filter(([, token]) => token.start < start + length && token.end > start);
    let at = covered.length ? covered[0][0] : unit.tokens.findIndex((token) => token.start >= start);
    if (at < 0) at = unit.tokens.length; // after the last word
    const words = found.map((token) => token.key);
    const bit = layer === "t" ? T : layer === "o" ? O
      : layer.split(" ").reduce((bits, id) => bits | bitOf(unit.page.witnesses.findIndex((one) => one[0] === id)), 0);
    if (bit & ~7) for (const [i] of covered) without.set(unit.first + i, (without.get(unit.first + i) ?? 0) | bit);
    if (!words.length) return;
    const other = {
      bit, at: unit.first + at, span: covered.length, words, start, unit,
      text: text.replace(/¬/g, "").replace(/\s+/g, " "), whole: words.join(""),
    };
    readings.push(other);
    const lines = covered.map(([, token]) => ends(unit.text.slice(start, token.start)));
    const seen = new Map();
    for (const token of found) {
      const line = ends(text.slice(0, token.start));
      const first = lines.findIndex((number) => number >= line);
      const nth = seen.get(line) ?? 0;
      seen.set(line, nth + 1);
      const last = lines.findLastIndex((number) => number <= line);
      const pos = other.at + Math.max(0, Math.min((first < 0 ? last : first) + nth, last));
      put(others, token.key, { other, pos });
      know(token.key);
    }
    if (words.length > 1) put(others, other.whole, { other, pos: other.at });
  };

  /** Where one word stands. @param {string} word @param {Term} term @param {boolean} exact @param {string} back the word as Russian */
  const places = (word, term, exact, back = "") => {
    /** @type {Map<number, At>} */
    const found = new Map();
    /** @param {number} pos @param {number} bits @param {Reading | null} other */
    const hit = (pos, bits, other) => {
      const before = found.get(pos);
      if (!before) found.set(pos, { bits, other });
      else if (!(before.bits & bits)) before.bits |= bits;
    };
    const all = new Set([...keys(postings, word, term, exact), ...keys(others, word, term, exact)]);
    const plain = asRussian(word, term);
    if (plain) {
      for (const key of keys(russian, plain, term, exact)) for (const form of russian.get(key) ?? []) all.add(form);
      if (back) for (const map of [postings, others]) for (const key of keys(map, back, term, exact)) all.add(key);
    }
    for (const key of all) for (const pos of postings.get(key) ?? []) hit(pos, edited(pos), null);
    for (const key of all) for (const { other, pos } of others.get(key) ?? []) hit(pos, other.bit, other);
    return found;
  };

  /** Where a term stands. @param {Term} term */
  const occurrences = (term) => {
    const columns = term.words.map((word, i) => places(word, term, term.exact || i < term.words.length - 1, term.back[i]));
    /** @type {Map<number, Occurrence>} */
    const found = new Map();
    for (const [pos, first] of columns[0]) {
      let { bits, other } = first;
      for (let i = 1; bits && i < columns.length; i += 1) {
        const also = columns[i].get(pos + i);
        bits &= also ? also.bits : 0;
        other ??= also?.other ?? null;
      }
      if (bits) found.set(pos, [pos, columns.length, bits, bits & 1 ? null : other]);
    }
    const whole = term.whole || (term.words.length === 1 ? term.words[0] : "");
    for (const key of whole ? keys(wholes, whole, term, term.exact) : []) {
      for (const [pos, span] of wholes.get(key) ?? []) if (!found.has(pos)) found.set(pos, [pos, span, edited(pos), null]);
    }
    if (term.whole) for (const [pos, at] of places(term.whole, term, term.exact)) if (!found.has(pos)) found.set(pos, [pos, 1, at.bits, at.other]);
    if (columns.length > 1) {
      const phrase = ` ${term.words.join(" ")} `;
      for (const other of readings) {
        if (!found.has(other.at) && ` ${other.words.join(" ")} `.includes(phrase)) found.set(other.at, [other.at, other.span, other.bit, other]);
      }
    }
    return [...found.values()];
  };

  /** The unit that holds a place. @param {number} pos */
  const unitAt = (pos) => {
    let low = 0, high = units.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (units[middle].first <= pos) low = middle;
      else high = middle - 1;
    }
    return units[low];
  };

  /** The entry of a list `13.5;4:14.1` that a line of a unit belongs to, and how far behind it the line is. @param {string} list @param {number} number @returns {[string, number]} */
  const entryAt = (list, number) => {
    let begin = 0, first = "";
    for (const part of list.split(";")) {
      const [at, where] = part.includes(":") ? part.split(":") : ["0", part];
      if (Number(at) <= number) [begin, first] = [Number(at), where];
    }
    return [first, number - begin];
  };
  /** The number of the line of verse at a letter: `1.2.5`. @param {Unit} unit @param {number} letter */
  const verseAt = (unit, letter) => {
    const [first, behind] = entryAt(unit.verses, ends(unit.text.slice(0, letter)));
    return first.replace(/\d+$/, (number) => String(Number(number) + behind));
  };

  /** Line of a unit at a letter of its text, and its id: `13.5`, `p13.5`. @param {Unit} unit @param {number} letter */
  const lineAt = (unit, letter) => {
    if (unit.places.startsWith("#") || !unit.places) return ["", unit.places.slice(1)];
    const number = ends(unit.text.slice(0, letter));
    const [first, behind] = entryAt(unit.places, number);
    const [page, line] = first.split(".");
    const here = Number(line) + behind;
    const safe = page.replace(/[^A-Za-z0-9]/gu, (c) => `-x${c.codePointAt(0)?.toString(16)}-`);
    return page ? [`${page}.${here}`, `p${safe}.${here}`] : [`${here}`, `l${here}`];
  };

  /** One hit from occurrences that stand together. @param {Unit} unit @param {Occurrence[]} group @returns {Hit} */
  const hitOf = (unit, group) => {
    /** @type {Span[]} */
    const marks = [];
    let bits = E, any = 0, reading = "", letter = Infinity;
    for (const [pos, span, of, other] of group) {
      const first = unit.tokens[pos - unit.first], last = unit.tokens[pos - unit.first + Math.max(span, 1) - 1];
      bits &= of;
      any |= of;
      if (other) reading = other.text;
      if (other && !other.span) letter = Math.min(letter, other.start);
      else if (first && last) {
        marks.push([first.start, last.end]);
        letter = Math.min(letter, first.start);
      }
    }
    if (letter === Infinity) letter = unit.text.length;
    if (!marks.length) marks.push([letter, letter]);
    const [place, anchor] = lineAt(unit, letter);
    const told = bits || any;
    const layer = bits & 1 ? "edited" : told & ~7 ? "witness" : bits & T ? "typed" : "ocr";
    const witnesses = unit.page.witnesses.filter((_, i) => told & bitOf(i));
    return { unit, place, verse: verseAt(unit, letter), anchor, marks: marks.sort((a, b) => a[0] - b[0]), layer, reading, witnesses, has: (siglum) => Boolean(bits & bitOf(unit.page.witnesses.findIndex((one) => one[1] === siglum))) };
  };

  /** @typedef {{term: number, at: Occurrence}} Found */

  /** The smallest stretches of a unit that hold all terms; they do not overlap. @param {Found[]} found @param {number} number */
  const windows = function* (found, number) {
    found.sort((a, b) => a.at[0] - b.at[0]);
    /** @type {(Occurrence | null)[]} */
    const last = new Array(number).fill(null);
    for (const one of found) {
      last[one.term] = one.at;
      const whole = last.filter((at) => at !== null);
      if (whole.length === number) {
        yield [...new Set(whole)];
        last.fill(null);
      }
    }
  };

  /** Only what stands near enough to what it shall be near. @param {Found[]} found @param {Query["near"]} near */
  const close = (found, near) => {
    let kept = found;
    for (const [left, right, within] of near) {
      const gap = (/** @type {Occurrence} */ one, /** @type {Occurrence} */ other) =>
        one[0] < other[0] ? other[0] - one[0] - one[1] + 1 : one[0] - other[0] - other[1] + 1;
      const beside = (/** @type {Found} */ one, /** @type {number} */ other) =>
        kept.some((it) => it.term === other && it.at !== one.at && gap(one.at, it.at) <= within);
      kept = kept.filter((one) => one.term === left ? beside(one, right) : one.term === right ? beside(one, left) : true);
    }
    return kept;
  };

  /** @param {string} query @returns {Hit[]} in the order of the texts */
  const search = (query) => {
    const { groups: asked, not, near } = parse(query);
    if (!asked.length) return [];
    const hidden = new Set(not.flatMap((term) => occurrences(term).map((at) => unitAt(at[0]))));
    /** @type {Map<Unit, Found[]>} */
    const byUnit = new Map();
    asked.forEach((terms, i) => {
      const seen = new Set();
      for (const at of terms.flatMap(occurrences)) {
        if (seen.has(at[0])) continue;
        seen.add(at[0]);
        put(byUnit, unitAt(at[0]), { term: i, at });
      }
    });
    const hits = [];
    for (const unit of [...byUnit.keys()].sort((a, b) => a.file - b.file || a.first - b.first)) {
      const found = close(byUnit.get(unit) ?? [], near);
      if (hidden.has(unit) || new Set(found.map((one) => one.term)).size < asked.length) continue;
      const groups = [...windows(found, asked.length)];
      // what has no lines is one place
      if (/^#|^$/.test(unit.places)) hits.push(hitOf(unit, groups.flat()));
      else hits.push(...groups.map((group) => hitOf(unit, group)));
    }
    return hits;
  };

  globalThis.editionIndex = { add, search };
})();
