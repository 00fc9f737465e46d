// Shows pages as Firefox's Reader View does, with Mozilla's Readability.
//
//     node reader.mjs NODE_MODULES FILE...
//
// On standard output: JSON, for every file {title, byline, text}, or null where it finds no article.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, ...files] = process.argv.slice(2);
const require = createRequire(join(folder, "x.js"));
const { JSDOM } = require("jsdom");
const { Readability } = require("@mozilla/readability");

const found = {};
for (const file of files) {
  const { window } = new JSDOM(readFileSync(file, "utf8"), { url: pathToFileURL(file).href });
  const article = new Readability(window.document).parse();
  found[file] = article && { title: article.title, byline: article.byline, text: article.textContent };
}
process.stdout.write(JSON.stringify(found));
