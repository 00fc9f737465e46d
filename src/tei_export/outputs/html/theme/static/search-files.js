// Which files of the index a query needs. A small site has few, and a query needs all; a large one says in pieces
// which words are in which file (tei_export/outputs/html/search_words.py), and the query loads those of its words.
(() => {
  "use strict";
  const { asRussian, keys, parse } = editionWords;
  /** What stands before Russian in Latin letters. */
  const RUSSIAN = "~";
  /** The last of all letters. */
  const LAST = "\uffff";

  /** A small index. @param {number} number of its files @returns {SearchFiles} */
  const every = (number) => async () => Array.from({ length: number }, (_, i) => i);

  /** A large index. @param {number} number of its files @param {[first: string, file: string][]} pieces in the order of their words
   * @param {(file: string) => Promise<string>} load the lines of a piece @returns {SearchFiles} */
  const some = (number, pieces, load) => {
    /** Words of the pieces that were asked for, and the files of each as it is written. @type {Map<string, Promise<Map<string, string>>>} */
    const known = new Map();
    /** Words from one to another. @param {string} from @param {string} to */
    const between = async (from, to) => {
      const asked = pieces.filter(([first], i) => first <= to && (pieces[i + 1]?.[0] ?? LAST) > from);
      const maps = await Promise.all(asked.map(([, file]) => {
        const found = known.get(file) ?? load(file).then((lines) => new Map(lines.split("\n").map((line) => /** @type {[string, string]} */ (line.split(" ")))));
        known.set(file, found);
        found.catch(() => known.delete(file)); // asked for again
        return found;
      }));
      return new Map(maps.flatMap((map) => [...map]));
    };
    /** The words that may be found by one of a term. @param {string} word @param {Term} term @param {boolean} exact @param {string} mark */
    const near = (word, term, exact, mark) => {
      const lead = mark + (term.far ? "" : term.like ? term.lead : word);
      return between(lead, exact && !term.like && !term.far ? lead : lead + LAST);
    };
    /** The files that have one word. @param {string} word @param {Term} term @param {boolean} exact @param {string} back */
    const holding = async (word, term, exact, back = "") => {
      const plain = asRussian(word, term);
      const forms = [[word, ""], ...plain ? [[plain, RUSSIAN]] : [], ...plain && back ? [[back, ""]] : []];
      const found = new Set();
      for (const [form, mark] of forms) {
        const map = await near(form, term, exact, mark);
        for (const key of keys(map, mark + form, term, exact)) {
          for (const run of (map.get(key) ?? "").split(",")) {
            const [from, to = from] = run.split("-").map(Number);
            for (let at = from; at <= to; at += 1) found.add(at);
          }
        }
      }
      return found;
    };
    /** The files that have all words of a term. @param {Term} term */
    const ofTerm = async (term) => {
      const columns = await Promise.all(term.words.map((word, i) => holding(word, term, term.exact || i < term.words.length - 1, term.back[i])));
      const whole = term.whole ? await holding(term.whole, term, term.exact) : [];
      return new Set([...columns.reduce((some, more) => new Set([...some].filter((file) => more.has(file)))), ...whole]);
    };
    return async (query) => {
      let found = new Set(Array(number).keys());
      const { groups } = parse(query);
      if (!groups.length) return [];
      for (const terms of groups) {
        const files = new Set((await Promise.all(terms.map(ofTerm))).flatMap((one) => [...one]));
        found = new Set([...found].filter((file) => files.has(file)));
      }
      return [...found];
    };
  };

  globalThis.editionFiles = { every, some };
})();
