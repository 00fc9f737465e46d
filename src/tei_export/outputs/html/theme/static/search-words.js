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

  /** The terms of a query: phrases in quotation marks are exact, other words beginnings.
   * @param {string} query @returns {Term[]} */
  const terms = (query) => {
    /** @type {Term[]} */
    const found = [];
    for (const [, phrase, , word] of query.matchAll(/["“”„«]([^"“”„«»]*)(["“”„»]|$)|([^\s"“”„«»]+)/g)) {
      const exact = phrase !== undefined;
      const pieces = tokens(exact ? phrase : word);
      if (!pieces.length) continue;
      const whole = pieces.length > 1 && pieces[0].span === pieces.length ? pieces[0].whole : "";
      found.push({ words: pieces.map((piece) => piece.key), whole, exact });
    }
    const seen = new Set();
    return found.filter((term) => !seen.has(JSON.stringify(term)) && seen.add(JSON.stringify(term)));
  };

  globalThis.editionWords = { latin, tokens, terms, isCyrillic: (word) => CYRILLIC.test(word) };
})();
