// In every page that `tei-export serve` sends: shows the problems of the sources above the page, and
// loads the page again where the reader was when it has changed. Nothing of it is in a built site.
(() => {
  "use strict";
  const { page, version } = document.currentScript.dataset;
  const KEY = "tei-export serve";

  // --- The reader's place: the first element with an id that is in view, and how far down it is.

  function place() {
    const named = [...document.querySelectorAll("main [id]")];
    const seen = named.find((node) => node.getClientRects().length && node.getBoundingClientRect().top >= 0);
    return { page, y: scrollY, id: seen?.id, top: seen?.getBoundingClientRect().top };
  }

  function again() {
    sessionStorage.setItem(KEY, JSON.stringify(place()));
    history.scrollRestoration = "manual";
    location.reload();
  }

  function back() {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
    sessionStorage.removeItem(KEY);
    if (kept?.page !== page) return;
    const node = kept.id && document.getElementById(kept.id);
    if (node) scrollBy({ top: node.getBoundingClientRect().top - kept.top, behavior: "instant" });
    else scrollTo({ top: kept.y, behavior: "instant" });
    history.scrollRestoration = "auto";
  }

  // --- Problems, in a shadow tree: the styles of the page and these do not meet.

  const STYLE = `
    :host { position: fixed; inset: 0 0 auto; z-index: 2147483647; display: block; color-scheme: light dark;
      --ink: light-dark(#3b0d0d, #ffe3df); --paper: light-dark(#fff4f2, #2c1513); --edge: light-dark(#b3261e, #ff8a7d);
      --link: light-dark(#8c1d18, #ffb4ab); }
    :host([hidden]) { display: none; }
    section { box-sizing: border-box; max-height: 45vh; overflow: auto; padding: 12px 20px; color: var(--ink);
      background: var(--paper); border-block-end: 3px solid var(--edge); font: 15px/1.45 system-ui, sans-serif; text-align: start; }
    h2 { margin: 0; font-size: 15px; }
    ol { margin: 8px 0 0; padding: 0; list-style: none; display: grid; gap: 10px; }
    p { margin: 0; max-width: 90ch; overflow-wrap: anywhere; white-space: pre-wrap; }
    .place { font-family: ui-monospace, monospace; font-size: 13px; }
    a { color: var(--link); }
    button { font: inherit; font-size: 13px; margin-inline-start: 8px; min-height: 28px; padding: 0 10px; color: inherit;
      background: transparent; border: 1px solid var(--edge); border-radius: 4px; cursor: pointer; }
    :focus-visible { outline: 2px solid var(--edge); outline-offset: 2px; }
    @media print { :host { display: none; } }`;

  const host = document.createElement("tei-export-problems");
  host.hidden = true;
  host.lang = "en";
  host.dir = "ltr";
  const root = host.attachShadow({ mode: "open" });
  const style = document.createElement("style");
  style.textContent = STYLE;
  const box = element("section", { role: "region", "aria-label": "Problems in the sources", "aria-live": "polite", tabindex: "0" });
  root.append(style, box);
  document.body.append(host); // the link to the text stays the first of the page

  function element(name, attributes = {}, ...content) {
    const node = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    node.append(...content);
    return node;
  }

  function where(told) {
    const line = element("p", { class: "place" });
    if (!told.path) {
      line.append(told.place);
      return line;
    }
    const at = told.line ? `:${told.line}:${told.column || 1}` : "";
    const path = told.path.split("/").map(encodeURIComponent).join("/");
    line.append(element("a", { href: `vscode://file${path}${at}`, title: "Open in the editor (vscode://)" }, told.place));
    const copy = element("button", { type: "button", "aria-label": `Copy the path of ${told.place}` }, "Copy path");
    copy.addEventListener("click", async () => {
      await navigator.clipboard.writeText(`${told.path}${told.line ? `:${told.line}` : ""}`);
      copy.textContent = "Copied";
    });
    line.append(copy);
    return line;
  }

  function item(told) {
    const node = element("li");
    if (told.place) node.append(where(told));
    node.append(element("p", {}, element("strong", {}, told.title), told.detail ? `: ${told.detail}` : ""));
    if (told.cure) node.append(element("p", {}, `Cure: ${told.cure}`));
    return node;
  }

  function show(problems) {
    host.hidden = !problems.length;
    const number = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    const head = element("h2", {}, `${number} in the sources. Below is the last good page.`);
    box.replaceChildren(head, element("ol", {}, ...problems.map(item)));
    const height = problems.length ? `${host.offsetHeight}px` : ""; // the page moves down, and so do its anchors
    document.body.style.marginBlockStart = document.documentElement.style.scrollPaddingBlockStart = height;
  }

  // --- News. A browser opens six connections to one address at most: pages out of sight hold none.

  let stream = null;

  function listen() {
    stream?.close();
    stream = null;
    if (document.hidden) return;
    stream = new EventSource(`/.serve/events?${new URLSearchParams({ page, version })}`);
    stream.onmessage = (event) => {
      const { reload, problems } = JSON.parse(event.data);
      if (reload) {
        stream.close();
        again();
      } else show(problems);
    };
  }

  document.addEventListener("visibilitychange", listen);
  addEventListener("pagehide", () => stream?.close());
  addEventListener("pageshow", listen);
  if (document.readyState === "complete") back();
  else addEventListener("load", back);
})();
