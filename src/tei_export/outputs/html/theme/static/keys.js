// Keys. The help sheet (theme/keys.html) is their list: what stands in its `kbd` does what its
// row's `data-do` names. One switch in the sheet turns all of them off (WCAG 2.1.4); none
// acts where one types, or together with Control, Alt or Meta.
(() => {
  "use strict";
  const { all, kept } = edition;
  if (!edition.sheets || !HTMLDialogElement.prototype.showModal) return;
  document.body.insertAdjacentHTML("beforeend", edition.sheets.keys);
  const sheet = /** @type {HTMLDialogElement} */ (document.getElementById("ui-keys"));
  const onoff = /** @type {HTMLInputElement} */ (sheet.querySelector("input[type=checkbox]"));

  for (const row of all("[data-if]", sheet)) {
    if (!document.querySelector(row.dataset.if ?? "")) row.remove();
    else if (row.dataset.do === "view") {
      const named = document.getElementById(`view-${row.dataset.value}`)?.closest("label")?.textContent;
      /** @type {HTMLElement} */ (row.querySelector("dd")).textContent = named ?? "";
    }
  }

  /** @param {string} rel */
  const turn = (rel) => /** @type {HTMLElement | null} */ (document.querySelector(`.turn a[rel=${rel}]`))?.click();
  /** @param {number} way */
  const page = (way) => {
    const edge = 110;
    const breaks = /** @type {HTMLElement[]} */ (all("a.pb[id], a.ln"));
    const top = (/** @type {HTMLElement} */ node) => node.getBoundingClientRect().top;
    const at = breaks.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const next = at >= 0 && Math.abs(top(breaks[at]) - edge) < innerHeight
      ? breaks[at + way]
      : way > 0 ? breaks.find((node) => top(node) > edge + 4) : breaks.findLast((node) => top(node) < edge - 4);
    next?.focus({ preventScroll: true });
    next?.scrollIntoView({ block: "start", behavior: "instant" });
  };
  const search = () => {
    const box = /** @type {HTMLElement | null} */ (document.querySelector("main [role=search] input, main input[type=search]"));
    if (box) box.focus();
    else /** @type {HTMLElement | null} */ (document.querySelector(".bar .find"))?.click();
  };
  const help = () => sheet.showModal();
  /** @type {Record<string, (value: string) => void>} */
  const acts = {
    turn,
    page: (way) => page(Number(way)),
    entry: (way) => edition.step?.(Number(way)),
    goto: () => edition.openGoto?.(),
    search,
    view: (value) => edition.choose?.("view", value),
    lines: () => edition.choose?.("lines", "1"),
    marks: () => edition.choose?.("marks", "1"),
    names: () => edition.choose?.("names", "1"),
    panes: () => edition.panes?.(),
    witness: () => edition.nextWitness?.(),
    help,
  };
  /** @type {Map<string, HTMLElement>} */
  const keys = new Map();
  for (const row of /** @type {HTMLElement[]} */ (all("[data-do]", sheet))) keys.set(row.querySelector("kbd")?.textContent ?? "", row);

  onoff.checked = kept("keys") !== "off";
  onoff.addEventListener("change", () => kept("keys", onoff.checked ? null : "off"));
  sheet.addEventListener("click", (event) => { // beside the sheet, or its button
    if (event.target === sheet || (event.target instanceof Element && event.target.closest("button"))) sheet.close();
  });
  for (const button of /** @type {HTMLElement[]} */ (all("button.keys"))) {
    button.hidden = false;
    button.addEventListener("click", help);
  }

  /** @param {EventTarget | null} target */
  const typing = (target) => {
    if (!(target instanceof Element)) return false;
    const choice = target.matches("input[type=radio], input[type=checkbox]");
    return !choice && Boolean(target.closest("input, textarea, select, [contenteditable]:not([contenteditable=false])"));
  };
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    if (!onoff.checked || sheet.open || document.querySelector("dialog[open]") || typing(event.target)) return;
    const row = keys.get(event.key);
    const act = row && acts[row.dataset.do ?? ""];
    if (!row || !act) return;
    event.preventDefault();
    act(row.dataset.value ?? "");
  });
})();
