// Shows TEI files with CETEIcean in a page of jsdom, and prints what became of them.
//
//     node ceteicean.mjs NODE_MODULES FILE...
//
// On standard output: JSON with, for every file, the number of elements of its text by name,
// and all ids, as they stand in the page.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, ...files] = process.argv.slice(2);
const require = createRequire(join(folder, "x.js"));
const { JSDOM } = require("jsdom");

const { window } = new JSDOM("<!DOCTYPE html><html><body></body></html>", { url: "http://localhost/" });
// CETEIcean is written for a browser: it looks for these when it is loaded.
for (const name of ["window", "document", "HTMLElement", "customElements", "DOMParser", "Node", "NodeFilter", "Document", "Element", "Event", "CustomEvent"]) {
  globalThis[name] = name === "window" ? window : window[name];
}
const { default: CETEI } = await import(pathToFileURL(require.resolve("CETEIcean")));

const found = {};
for (const file of files) {
  const page = window.document.createElement("main");
  window.document.body.replaceChildren(page);
  page.append(new CETEI({ documentObject: window.document }).makeHTML5(readFileSync(file, "utf8")));
  const text = page.querySelector("tei-text");
  // What it shows in another way (a note in parentheses) it keeps, hidden and without ids.
  for (const kept of text.querySelectorAll("[data-original]")) {
    kept.remove();
  }
  const counts = {};
  for (const element of text.querySelectorAll("[data-origname]")) {
    const name = element.getAttribute("data-origname");
    counts[name] = (counts[name] ?? 0) + 1;
  }
  found[file] = { counts, ids: Array.from(page.querySelectorAll("[id]"), (element) => element.id) };
}
process.stdout.write(JSON.stringify(found));
