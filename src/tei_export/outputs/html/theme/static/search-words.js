// Words as the search compares them: the same function for the texts and for the query.
// Folded are case, diacritics, е and ё, the letters of the old Russian orthography and its
// final ъ; apostrophes are nothing. Hyphened words are also found whole.
(() => {
  "use strict";

  /** Letters of one kind, and what they are compared as. @type {Record<string, string>} */
  const LETTERS = {
    ѣ: "е", і: "и", ѳ: "ф", ѵ: "и", ѡ: "о", ѕ: "з", ѫ: "у", ѧ: "я", ѯ: "кс", ѱ: "пс",
    ß: "ss", æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", ı: "i",
  };
  /** Russian in Latin letters, by the simple form that ALA-LC and BGN share. @type {Record<string, string>} */
  const LATIN = {
    а: "a", б: "b", в: "v", г: "g", д: "d", е: "e", ж: "zh", з: "z", и: "i", й: "i", к: "k", л: "l",
    м: "m", н: "n", о: "o", п: "p", р: "r", с: "s", т: "t", у: "u", ф: "f", х: "kh", ц: "ts", ч: "ch",
    ш: "sh", щ: "shch", ъ: "", ы: "i", ь: "", э: "e", ю: "iu", я: "ia",
  };
  const CYRILLIC = /[\u0400-\u04ff]/;

  /** @param {string} word @returns {string} */
  const fold = (word) => {
    const plain = word.toLowerCase().normalize("NFKD")
      .replace(/и\u0306/g, "й")
      .replace(/[\p{M}¬'’ʼʹʺ"]/gu, "")
      .replace(/[ѣіѳѵѡѕѫѧѯѱßæœøłđðþı]/g, (letter) => LETTERS[letter]);
    return plain.replace(/(?<=[\u0430-\u044f])ъ$/, "");
  };

  /** What Russian in either alphabet is compared as: `партия`, `partiya`, `partiia` → `partia`.
   * @param {string} folded @returns {string} */
  const latin = (folded) => folded
    .replace(/[\u0400-\u04ff]/g, (letter) => LATIN[letter] ?? letter)
    .replace(/^ye/, "e").replace(/([aeiouy])ye/g, "$1e").replace(/yo/g, "e")
    .replace(/[yj]/g, "i").replace(/x/g, "ks").replace(/i+/g, "i").replace(/ie/g, "e");

  const WORD = /[\p{L}\p{N}\p{M}¬]+(?:['’ʼʹʺ][\p{L}\p{N}\p{M}¬]+)*/gu;
  const HYPHEN = /^[-‐‑]¬*$/;

  /** The words of a text. `whole`: a hyphened word in one, at its first piece of `span`.
   * @param {string} text @returns {Token[]} */
  const tokens = (text) => {
    /** @type {Token[]} */
    const found = [];
    for (const match of text.matchAll(WORD)) {
      const key = fold(match[0]);
      const lead = match[0].length - match[0].replace(/^¬+/, "").length;
      if (key) found.push({ start: match.index + lead, end: match.index + match[0].length, key, whole: "", span: 1 });
    }
    for (let i = 0; i < found.length;) {
      let last = i;
      while (last + 1 < found.length && HYPHEN.test(text.slice(found[last].end, found[last + 1].start))) last += 1;
      if (last > i) {
        found[i].whole = found.slice(i, last + 1).map((token) => token.key).join("");
        found[i].span = last + 1 - i;
      }
      i = last + 1;
    }
    return found;
  };

  /** Russian written by ISO 9 (1995, and R 9 of 1968), letter by letter back; the longest first. `c` is ц, `ja` and `â` are я.
   * @type {[RegExp, string][]} */
  const BACK = [
    [/šč|ŝ/g, "щ"], [/ja|â/g, "я"], [/ju|û/g, "ю"], [/jo|ë/g, "е"], [/ch/g, "х"], [/ž/g, "ж"], [/č/g, "ч"], [/š/g, "ш"], [/[èė]/g, "э"],
    [/[ʹ'’]/g, "ь"], [/[ʺ"]/g, "ъ"], [/[hx]/g, "х"], [/c/g, "ц"], [/j/g, "й"], [/y/g, "ы"],
    ...[..."aа bб vв gг dд eе zз iи kк lл mм nн oо pп rр sс tт uу fф".split(" ")].map((pair) => /** @type {[RegExp, string]} */ ([new RegExp(pair[0], "g"), pair[1]])),
  ];
  /** A word in Latin letters as Russian by ISO 9; empty, if it is none. @param {string} raw */
  const cyrillic = (raw) => {
    let word = raw.toLowerCase().normalize("NFC");
    if (CYRILLIC.test(word) || /\d/.test(word)) return "";
    for (const [from, to] of BACK) word = word.replace(from, to);
    return /^[\u0430-\u044f]+$/.test(word) ? fold(word) : "";
  };

  /** A word with `*` (any letters) or, between letters, `?` (one): what it may be, and how it begins. @param {string} word @returns {[RegExp, string] | null} */
  const pattern = (word) => {
    if (!/\*|[\p{L}\p{N}]\?(?=[\p{L}\p{N}*?])/u.test(word) || !/[\p{L}\p{N}]/u.test(word)) return null;
    const pieces = word.split(/([*?])/).map((piece) => piece === "*" ? ".*" : piece === "?" ? "." : fold(piece.replace(/[^\p{L}\p{N}\p{M}]/gu, "")));
    return [new RegExp(`^${pieces.join("")}$`, "u"), pieces[0]];
  };

  /** One word or phrase of a query. @param {string} written @param {boolean} exact @returns {Term[]} what it may be */
  const read = (written, exact) => {
    const fuzzy = exact ? null : /^(.*\p{L})~(\d?)$/u.exec(written);
    const text = fuzzy ? fuzzy[1] : written;
    const pieces = tokens(text);
    /** @type {Term[]} */
    const found = [];
    const like = exact ? null : pattern(text);
    if (like) found.push({ words: [text], whole: "", exact: true, like: like[0], lead: like[1], far: 0, back: [""] });
    if (!pieces.length || (like && pieces.length < 2)) return found;
    const whole = pieces.length > 1 && pieces[0].span === pieces.length ? pieces[0].whole : "";
    const words = pieces.map((piece) => piece.key);
    const far = fuzzy && words.length === 1 ? Math.min(Number(fuzzy[2] || (words[0].length > 7 ? 2 : 1)), 3) : 0;
    found.push({ words, whole, exact: exact || far > 0, like: null, lead: "", far, back: pieces.map((piece) => cyrillic(text.slice(piece.start, piece.end))) });
    return found;
  };

  /** What joins the terms of a query, in capitals. @type {Record<string, string>} */
  const JOINS = { AND: "and", UND: "and", OR: "or", ODER: "or", NOT: "not", NICHT: "not", NEAR: "near", NAHE: "near" };

  /** A query: phrases in quotation marks are exact, other words beginnings; OR joins alternatives and binds closer
   * than AND, which is understood; NOT excludes; NEAR/5 asks for five words' distance at most.
   * @param {string} query @returns {Query} */
  const parse = (query) => {
    /** @type {Query} */
    const found = { groups: [], not: [], near: [] };
    const parts = [...query.matchAll(/(-?)["“”„«]([^"“”„«»]*)(["“”„»]|$)|([^\s"“”„«»]+)/g)];
    let join = "and", within = 0;
    const seen = new Set();
    parts.forEach(([, minus, phrase, , word], at) => {
      const named = word && /^(\p{Lu}+)(?:\/(\d+))?$/u.exec(word);
      const asked = named ? JOINS[named[1]] : "";
      if (asked && at < parts.length - 1 && (asked === "not" || found.groups.length)) {
        [join, within] = [asked, Number(named && named[2]) || 10];
        return;
      }
      const exact = phrase !== undefined;
      const less = minus === "-" || (!exact && /^-\p{L}/u.test(word));
      const terms = read(exact ? phrase : less ? word.slice(1) : word, exact);
      if (!terms.length) return;
      const key = JSON.stringify([terms.map((term) => [term.words, term.exact, term.far]), less || join]);
      if (less || join === "not") found.not.push(...terms);
      else if (join === "or" && found.groups.length) found.groups[found.groups.length - 1].push(...terms);
      else if (join === "near" || !seen.has(key)) {
        if (join === "near") found.near.push([found.groups.length - 1, found.groups.length, within]);
        found.groups.push(terms);
      }
      seen.add(key);
      join = "and";
    });
    return found;
  };

  /** Whether two words differ in `far` letters at most (Damerau and Levenshtein: two exchanged are one).
   * @param {string} one @param {string} other @param {number} far */
  const alike = (one, other, far) => {
    if (Math.abs(one.length - other.length) > far) return false;
    let before = /** @type {number[]} */ ([]), row = Array.from({ length: other.length + 1 }, (_, i) => i);
    for (let i = 1; i <= one.length; i += 1) {
      const next = [i];
      for (let j = 1; j <= other.length; j += 1) {
        const same = one[i - 1] === other[j - 1] ? 0 : 1;
        next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + same);
        if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) next[j] = Math.min(next[j], before[j - 2] + 1);
      }
      if (Math.min(...next) > far) return false;
      [before, row] = [row, next];
    }
    return row[other.length] <= far;
  };

  /** Keys of `map` that a word of a term finds. @param {Map<string, unknown>} map @param {string} word @param {Term} term @param {boolean} exact */
  const keys = function* (map, word, term, exact) {
    if (term.like || term.far) {
      for (const key of map.keys()) if (term.like ? term.like.test(key) : alike(word, key, term.far)) yield key;
      return;
    }
    if (exact) {
      if (map.has(word)) yield word;
      return;
    }
    for (const key of map.keys()) if (key.startsWith(word)) yield key;
  };

  /** @param {string} word */
  const isCyrillic = (word) => CYRILLIC.test(word);
  /** A word of a term as it may stand for Russian in Latin letters, or nothing. @param {string} word @param {Term} term */
  const asRussian = (word, term) => word.length > 2 && !isCyrillic(word) && !term.like ? latin(word) : "";
  globalThis.editionWords = { asRussian, latin, tokens, parse, keys, isCyrillic };
})();
