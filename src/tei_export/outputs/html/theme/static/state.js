// The choices of the bar stand in the address, so that a link reproduces the view, and go
// along to the next page. Colours and size are the reader's own and stay in the browser.
(() => {
  "use strict";
  const { all, kept, say } = edition;
  const root = document.documentElement;
  /** Parameters that are not choices, and stay where they are. */
  const OTHER = ["q", "parts", "texts", "readings", "page", "swap", "in", "k", "c", "order", "words"];
  const OWN = ["colours", "size"];
  const inputs = /** @type {HTMLInputElement[]} */ (all(".bar .tools input[type=radio], .bar .tools input[type=checkbox]"));
  const choices = inputs.filter((input) => !OWN.includes(input.name));
  let params = new URLSearchParams(location.search);

  // Only what differs from the page as it comes is written. What this page does not know
  // (the view of another text) is left as it is.
  /** @param {HTMLInputElement} input */
  const given = (input) => {
    const value = params.get(input.name);
    if (input.type === "checkbox") return value === null ? input.defaultChecked : value === "1";
    const known = choices.some((other) => other.name === input.name && other.value === value);
    return known ? value === input.value : input.defaultChecked;
  };
  /** @param {HTMLInputElement} input */
  const note = (input) => {
    if (input.type === "checkbox" ? input.checked === input.defaultChecked : input.defaultChecked) params.delete(input.name);
    else params.set(input.name, input.type === "radio" ? input.value : input.checked ? "1" : "0");
    write();
  };
  const write = () => {
    const url = new URL(location.href);
    url.search = params.toString();
    try {
      history.replaceState(history.state, "", url);
    } catch { /* a browser that forbids it on file://; links still carry the choice */ }
  };
  edition.param = (name, value) => {
    if (value === null) params.delete(name);
    else if (value !== undefined) params.set(name, value);
    if (value !== undefined) write();
    return params.get(name);
  };
  const read = () => {
    params = new URLSearchParams(location.search);
    for (const input of choices) input.checked = given(input);
  };

  // The line at the top of the window stays there when the text changes its shape.
  /** @type {{line: Element, top: number} | null} */
  let held = null;
  const hold = () => {
    const line = all(".lf, l-b").find((node) => node.getBoundingClientRect().top > 120);
    held = line && scrollY > 200 ? { line, top: line.getBoundingClientRect().top } : null;
  };
  const release = () => {
    const line = held && (held.line.isConnected ? held.line : document.getElementById(held.line.id));
    if (held && line) scrollBy({ top: line.getBoundingClientRect().top - held.top, behavior: "instant" });
    held = null;
  };
  edition.hold = hold;
  edition.release = release;
  for (const input of choices) {
    const box = input.closest("label") ?? input;
    for (const type of ["pointerdown", "keydown"]) box.addEventListener(type, hold);
    input.addEventListener("change", () => {
      release();
      note(input);
      document.dispatchEvent(new CustomEvent("edition:view"));
    });
  }
  edition.choose = (name, value) => {
    const input = choices.find((one) => one.name === name && one.value === value);
    if (!input) return;
    hold();
    input.click();
    const label = input.closest("label")?.textContent?.trim() ?? "";
    say(`${label}: ${edition.word(input.checked ? "on" : "off")}`);
  };

  /** @param {URL} url */
  const carry = (url) => {
    for (const [name, value] of params) if (!OTHER.includes(name) && !url.searchParams.has(name)) url.searchParams.set(name, value);
    return url;
  };
  edition.carry = carry;
  /** @param {Event} event */
  const along = (event) => {
    const link = event.target instanceof Element && /** @type {HTMLAnchorElement | null} */ (event.target.closest("a[href]"));
    if (!link || link.origin !== location.origin || link.pathname === location.pathname) return;
    if (link.protocol !== location.protocol || link.hasAttribute("download")) return;
    link.href = carry(new URL(link.href)).href;
  };
  for (const type of ["click", "auxclick", "contextmenu"]) document.addEventListener(type, along, true);

  for (const input of inputs.filter((one) => OWN.includes(one.name))) {
    input.checked = input.value === (kept(input.name) ?? "auto");
    input.addEventListener("change", () => {
      const auto = input.value === "auto";
      kept(input.name, auto ? null : input.value);
      if (auto) delete root.dataset[input.name];
      else root.dataset[input.name] = input.value;
    });
  }

  read();
  addEventListener("pageshow", read);
  // The text may have changed its shape since the browser went to the place.
  if (location.hash && location.search) edition.target(location.hash)?.scrollIntoView();
})();
