// “Go to page”: 17, ix, 17.12, p. 17, l. 12. Which file holds a page says places.js, written when the edition is
// built, and loaded when the reader turns to the form; without scripts the form leads to the list of pages.
(() => {
  "use strict";
  const { fill } = edition;
  const form = /** @type {HTMLFormElement | null} */ (document.getElementById("ui-goto"));
  const box = /** @type {HTMLInputElement | null} */ (form?.querySelector("input[name=page]") ?? null);
  const message = form?.querySelector("output");
  if (!form || !box || !message) return;
  const menu = /** @type {HTMLDetailsElement | null} */ (form.closest("details"));
  const here = document.body.dataset.text ?? "";
  const words = /** @type {Record<string, string>} */ ({ ...form.dataset });

  // A number of a page, then the number of a line; a word (p., page) may stand before them.
  const PLACE = /^(?<page>[ivxlcdm]+|\d+)(?:\s*[.,:\s]\s*(?:\p{L}+\.?\s*)?(?<line>\d+))?$/iu;
  const WORD = /^\p{L}+\.?\s*(?=[ivxlcdm\d])/iu;

  /** @typedef {{uri: string} | {problem: string}} Found */
  /** The pages of the edition. @returns {Promise<Places>} */
  const table = async () => {
    await edition.script(edition.address("_static/places.js").href);
    if (!edition.places) throw new Error("places.js");
    return edition.places;
  };
  /** @param {Places} places @param {string} page @param {number} line @returns {Found} */
  const find = ({ parts, lost, ranges }, page, line) => {
    const holding = parts.filter((part) => Object.hasOwn(part.pages, page));
    const part = holding.find((one) => one.text === here) ?? holding[0];
    if (lost.includes(page)) return { problem: fill(words.lost, { page }) };
    if (!part) return { problem: fill(words.missing, { page, pages: ranges }) };
    const count = part.pages[page];
    if (line > count) return { problem: fill(words.short, { page, line, count }) };
    const safe = page.replace(/[^A-Za-z0-9]/gu, (c) => `-x${c.codePointAt(0)?.toString(16)}-`); // as Place.anchor has it
    return { uri: `${part.uri}#p${safe}${line ? `.${line}` : ""}` };
  };
  /** What a reader typed, as an address or a message. @param {Places} places @param {string} typed @returns {Found} */
  const resolve = (places, typed) => {
    const given = typed.normalize("NFKC").trim();
    const number = /^(?:\p{L}+\.?\s*)?(\d+)$/iu.exec(given);
    // the parts of a text without pages count their lines on
    const line = Number(number?.[1] ?? 0);
    const plain = places.parts.find((part) => part.text === here && line > 0 && line <= part.pages[""]);
    if (plain) return { uri: `${plain.uri}#l${line}` };
    const place = PLACE.exec(given) ?? PLACE.exec(given.replace(WORD, ""));
    if (!place?.groups) return { problem: words.unread };
    const page = place.groups.page.toLowerCase().replace(/^0+(?=\d)/, "");
    return find(places, page, Number(place.groups.line ?? 0));
  };
  /** @param {string} uri */
  const go = (uri) => {
    const url = edition.address(uri);
    if (url.pathname === location.pathname) {
      location.hash = url.hash;
      edition.target(url.hash)?.focus({ preventScroll: true });
    } else location.assign(edition.carry?.(url) ?? url);
  };

  /** Only the last question is answered, and none that the reader gave up. */
  let question = 0;
  let late = 0;
  const giveUp = () => {
    question += 1;
    clearTimeout(late);
    if (message.textContent === words.waiting) message.textContent = "";
  };
  /** Go to what was typed, or say why not. @param {string} typed @param {() => void} refused */
  const ask = async (typed, refused) => {
    giveUp();
    const mine = question;
    late = setTimeout(() => { message.textContent = words.waiting; }, 400);
    const found = await table().then((places) => resolve(places, typed), () => ({ problem: words.failed }));
    if (mine !== question) return;
    giveUp();
    const wrong = "problem" in found;
    message.textContent = wrong ? found.problem : "";
    box.setAttribute("aria-invalid", String(wrong));
    if (wrong) {
      refused();
      return;
    }
    if (menu) menu.open = false;
    go(found.uri);
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask(box.value, () => box.select());
  });
  form.addEventListener("focusin", () => { table().catch(() => {}); }); // said when the reader asks
  box.addEventListener("input", giveUp);
  menu?.addEventListener("toggle", () => { if (!menu.open) giveUp(); });
  edition.openGoto = () => {
    if (menu) menu.open = true;
    box.focus();
    box.select();
  };
  // The list of pages, come to by the form without scripts or by a link: go on from there.
  const asked = document.getElementById("page-list") && new URLSearchParams(location.search).get("page");
  if (asked) {
    box.value = asked;
    ask(asked, edition.openGoto);
  }
})();
