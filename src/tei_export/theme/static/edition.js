// What the pages do with scripts; without them everything can be reached by links.
// 1 the choices of the bar stand in the address; 2 apparatus entries and notes open
// where they are referred to; 3 the line of the address is lit; 4 menus close.
(() => {
  "use strict";
  const root = document.documentElement;
  const all = (selector, node = document) => [...node.querySelectorAll(selector)];
  const choices = all(".tools input").filter((input) => input.name !== "colours");
  const colours = all(".tools input[name=colours]");

  // 1. Choices. Only what differs from the page as it comes is written.
  const isSet = (input) => input.checked && !input.defaultChecked;
  const value = (params, input) => {
    const given = params.get(input.name);
    if (input.type === "checkbox") return given === null ? input.defaultChecked : given === "1";
    const known = choices.some((other) => other.name === input.name && other.value === given);
    return known ? given === input.value : input.defaultChecked;
  };
  const write = (params) => {
    for (const input of choices) {
      if (input.type === "radio") {
        if (input.checked) params.delete(input.name);
        if (isSet(input)) params.set(input.name, input.value);
      } else if (input.checked === input.defaultChecked) params.delete(input.name);
      else params.set(input.name, input.checked ? "1" : "0");
    }
  };
  const read = () => {
    const params = new URLSearchParams(location.search);
    for (const input of choices) input.checked = value(params, input);
  };

  // The line at the top of the window stays there when the text changes its shape.
  const lines = all(".lf, .lb");
  let held = null;
  const hold = () => {
    const edge = 120;
    const line = lines.find((node) => node.getBoundingClientRect().top > edge);
    held = line && scrollY > 200 ? { line, top: line.getBoundingClientRect().top } : null;
  };
  const release = () => {
    if (held) scrollBy({ top: held.line.getBoundingClientRect().top - held.top, behavior: "instant" });
  };
  for (const input of choices) {
    const box = input.closest("label");
    for (const type of ["pointerdown", "keydown"]) box.addEventListener(type, hold);
    input.addEventListener("change", () => {
      release();
      const url = new URL(location.href);
      write(url.searchParams);
      try { history.replaceState(null, "", url); } catch { /* a browser that forbids it on file:// */ }
      light();
    });
  }
  // Pages without a text pass on what the text they came from was shown like.
  const carry = (event) => {
    const link = event.target.closest?.("a[href]");
    if (!link || link.origin !== location.origin || link.pathname === location.pathname) return;
    if (link.protocol !== location.protocol || link.hasAttribute("download")) return;
    const url = new URL(link.href);
    if (choices.length) write(url.searchParams);
    else for (const [name, given] of new URLSearchParams(location.search)) if (!["q", "parts", "texts", "readings"].includes(name) && !url.searchParams.has(name)) url.searchParams.set(name, given);
    link.href = url.href;
  };
  for (const type of ["click", "auxclick", "contextmenu"]) document.addEventListener(type, carry, true);

  const store = (chosen) => {
    try {
      if (chosen === undefined) return localStorage.getItem("colours");
      if (chosen === "auto") localStorage.removeItem("colours");
      else localStorage.setItem("colours", chosen);
    } catch { /* no storage */ }
    return null;
  };
  for (const input of colours) {
    input.checked = input.value === (store() || "auto");
    input.addEventListener("change", () => {
      store(input.value);
      if (input.value === "auto") delete root.dataset.colours;
      else root.dataset.colours = input.value;
    });
  }

  // 2. Popovers.
  const make = (tag, content, props = {}) => {
    const node = Object.assign(document.createElement(tag), props);
    node.append(...[content].flat().filter(Boolean));
    return node;
  };
  const copy = (node) => {
    const clone = node.cloneNode(true);
    for (const inner of [clone, ...all("[id]", clone)]) inner.removeAttribute("id");
    clone.removeAttribute("style");
    for (const inner of all("[style]", clone)) inner.removeAttribute("style");
    return clone;
  };
  const pop = make("div", [], { id: "pop", popover: "auto", role: "dialog", tabIndex: -1 });
  pop.setAttribute("aria-labelledby", "pop-head");
  const close = make("button", "×", { type: "button", ariaLabel: "Close" });
  close.addEventListener("click", () => pop.hidePopover());
  let opener = null;

  const capital = (words) => words[0].toUpperCase() + words.slice(1);
  const entryBody = (entry) => {
    const [lemma, reading, siglum] = all(":scope > b, :scope > span, :scope > i", entry);
    const [kind, certainty, who, why] = all("small > i", entry);
    const witness = entry.closest("section").dataset.witness;
    const source = make("i", [...copy(reading).childNodes]);
    const rows = [
      ["This edition", copy(lemma)],
      [siglum.textContent === "T" ? "The typescript" : capital(witness), source],
      ["What it is", kind.textContent],
      ["How certain", certainty.textContent],
      ["Who judged", who.textContent],
      ["Why", why?.textContent],
    ];
    const list = make("dl", rows.filter(([, node]) => node).flatMap(([name, node]) => [make("dt", name), make("dd", node)]));
    return [list, make("a", "In the list of the apparatus", { href: `#${entry.id}` })];
  };
  const place = () => {
    const mark = opener.getClientRects()[0] ?? opener.getBoundingClientRect();
    const box = pop.getBoundingClientRect();
    const below = mark.bottom + 8 + box.height < innerHeight || mark.top < box.height + 60;
    const left = Math.max(8, Math.min(mark.left - 12, root.clientWidth - box.width - 8));
    pop.style.left = `${left + scrollX}px`;
    pop.style.top = `${(below ? mark.bottom + 8 : mark.top - box.height - 8) + scrollY}px`;
  };
  const open = (link, title, body) => {
    opener = link;
    link.focus({ preventScroll: true });
    pop.replaceChildren(make("div", [make("h2", title, { id: "pop-head" }), close]), ...body);
    pop.showPopover();
    place();
    pop.focus({ preventScroll: true });
  };
  const beside = (note) => getComputedStyle(note).position === "absolute";
  // A mark that holds links is no link itself: its key follows it.
  const keyOf = (node) => {
    const mark = !node.closest("a") && node.closest("span.ap");
    return mark && document.querySelector(`a.key[href="#entry-${mark.id}"]`);
  };
  const follow = (event) => {
    if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest(".part a[role=doc-noteref]") ?? keyOf(event.target);
    const target = link && document.getElementById(link.hash.slice(1));
    if (!target) return;
    if (link.classList.contains("ap")) {
      event.preventDefault();
      const [page, line] = target.querySelector(".loc").textContent.split(".");
      const paged = target.closest(".paged");
      open(link, line ? `Page ${page}, line ${line}` : `${paged ? "Page" : "Line"} ${page}`, entryBody(target));
    } else if (!beside(target)) {
      event.preventDefault();
      const note = copy(target);
      open(link, `Note ${link.textContent}`, [...note.childNodes, make("a", "In the list of notes", { href: link.hash })]);
    }
  };
  if (HTMLElement.prototype.showPopover && document.querySelector(".part")) {
    document.body.append(pop);
    document.addEventListener("click", follow);
    pop.addEventListener("click", (event) => { if (event.target.closest("a")) pop.hidePopover(); });
    pop.addEventListener("toggle", (event) => {
      if (event.newState === "closed" && [document.body, null].includes(document.activeElement)) opener?.focus({ preventScroll: true });
    });
  }

  // 3. The line (#p17.12) of the address.
  const light = () => {
    if (!globalThis.CSS?.highlights || typeof Highlight === "undefined") return;
    CSS.highlights.delete("line");
    const at = lines.findIndex((node) => node.id === decodeURIComponent(location.hash.slice(1)));
    if (at < 0) return;
    const range = new Range();
    const block = lines[at].closest("p, h1, h2, h3, h4");
    range.setStartAfter(lines[at]);
    const next = lines[at + 1];
    if (next && block.contains(next)) range.setEndBefore(next);
    else range.setEndAfter(block.lastChild);
    CSS.highlights.set("line", new Highlight(range));
  };
  addEventListener("hashchange", light);

  // 4. Menus.
  const menus = all("details.menu");
  document.addEventListener("click", (event) => {
    for (const menu of menus) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && menus.find((candidate) => candidate.open);
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  read();
  addEventListener("pageshow", read);
  light();
  if (location.hash && location.search) document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
})();
