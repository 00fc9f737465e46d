// Any witness as the text that is read. Its blocks that differ from the edited text are a script of their own, loaded when they are
// asked for (tei_export/outputs/html/witness_texts.py says what it holds), which also works from `file://`.
(() => {
  "use strict";
  const { all, say } = edition;
  const root = document.documentElement;
  const select = /** @type {HTMLSelectElement | null} */ (document.getElementById("ui-witness"));
  const part = /** @type {HTMLElement | null} */ (document.querySelector(".part"));
  const param = edition.param;
  if (!select || !part || !param) return;

  /** @type {Map<string, WitnessText>} */
  const texts = new Map();
  /** @type {Map<string, Promise<WitnessText>>} */
  const asked = new Map();
  edition.gotText = (data) => { texts.set(data.witness, data); };
  edition.witnessText = (name) => {
    const known = asked.get(name);
    if (known) return known;
    const coming = /** @type {Promise<WitnessText>} */ (new Promise((give, fail) => {
      const script = Object.assign(document.createElement("script"), { src: `${select.dataset.files}/${name}.js` });
      script.addEventListener("load", () => {
        const data = texts.get(name);
        if (data) give(data);
        else fail();
      });
      script.addEventListener("error", () => { asked.delete(name); fail(); });
      document.head.append(script);
    }));
    asked.set(name, coming);
    return coming;
  };

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
