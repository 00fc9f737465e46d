// Russian in Latin letters, if a reader asks for it. The choice is put into the bar of pages that have Russian, before
// state.js looks there. The tables are those of the PDF (tei_export/model/transliteration.py).
(() => {
  "use strict";
  const sheets = edition.sheets;
  const menu = document.querySelector(".display-menu > div");
  const main = document.querySelector("main");
  const RUSSIAN = "[lang=ru], [lang^='ru-']:not([lang^=ru-Latn])";
  if (!sheets || !menu || !main?.querySelector(RUSSIAN)) return;
  const before = menu.querySelector(".colours");
  const holder = document.createElement("div");
  holder.innerHTML = sheets.latin;
  if (holder.firstElementChild) menu.insertBefore(holder.firstElementChild, before);

  edition.latin = (text, name) => {
    const scheme = sheets.schemes[name];
    if (!scheme) return text;
    const { letters, final } = scheme;
    const written = final ? text : text.replace(/ъ(?![\u0400-\u04ff])/giu, "");
    return written.replace(/[\u0400-\u04ff\u0300-\u036f]+/g, (word) => [...word].map((letter, at) => {
      const small = letter.toLowerCase();
      const latin = letters[small] ?? letter;
      if (letter === small || latin === letter) return latin;
      const beside = word[at + 1] ?? word[at - 1] ?? "";
      return beside !== beside.toLowerCase() ? latin.toUpperCase() : latin[0].toUpperCase() + latin.slice(1);
    }).join(""));
  };

  /** Texts and languages as they came. @type {Map<Text, string>} */
  const texts = new Map();
  /** @type {Map<HTMLElement, string>} */
  const holders = new Map();
  const show = () => {
    const chosen = /** @type {HTMLInputElement | null} */ (document.querySelector("input[name=latin]:checked"))?.value ?? "none";
    for (const [node, text] of texts) if (node.isConnected) node.data = text;
    for (const [node, lang] of holders) node.lang = lang;
    texts.clear();
    holders.clear();
    const scheme = sheets.schemes[chosen];
    if (!scheme) return;
    for (const node of /** @type {HTMLElement[]} */ (edition.all(RUSSIAN, main))) {
      if (node.closest("[lang^=ru-Latn]")) continue;
      const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
      for (let text = /** @type {Text | null} */ (walker.nextNode()); text; text = /** @type {Text | null} */ (walker.nextNode())) {
        // what a witness reads stays as it is
        if (text.parentElement?.closest(".o, .label") || !/[\u0400-\u04ff]/.test(text.data)) continue;
        texts.set(text, text.data);
        text.data = edition.latin?.(text.data, chosen) ?? text.data;
      }
      holders.set(node, node.lang);
    }
    for (const node of holders.keys()) node.lang = scheme.tag;
  };
  document.addEventListener("edition:view", show);
  // state.js sets what the address asks for
  addEventListener("DOMContentLoaded", show);
  addEventListener("pageshow", show);
})();
