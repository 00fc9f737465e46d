// Reads citations with Citation.js, and prints them as it has understood them.
//
//     node citations.mjs NODE_MODULES FILE...
//
// On standard output: JSON, for every file a list of CSL items.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const [folder, ...files] = process.argv.slice(2);
const require = createRequire(join(folder, "x.js"));
const { Cite } = require("@citation-js/core");
for (const name of ["bibtex", "ris", "csl"]) {
  require(`@citation-js/plugin-${name}`);
}
const found = {};
for (const file of files) {
  found[file] = new Cite(readFileSync(file, "utf8")).format("data", { format: "object" });
}
process.stdout.write(JSON.stringify(found));
