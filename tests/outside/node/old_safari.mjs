// Declarations of style sheets that old versions of Safari drop, by MDN's data on browsers.
//
//     node old_safari.mjs NODE_MODULES VERSION FILE...
//
// On standard output: JSON, a list of {file, line, property, value, needs}: `needs` is the
// version of Safari that understands the property, or the form of its value ("never" where none
// does). Left out is what has a form for the older ones: the property with `-webkit-` or a
// simpler value of the same property before it in the rule, and what stands in @supports.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const [folder, floor, ...files] = process.argv.slice(2);
const require = createRequire(join(folder, "x.js"));
const { parse, walk, generate } = require("css-tree");
const known = require("@mdn/browser-compat-data").css.properties;

/** The version that understands a feature without prefix; Infinity: none. */
function version(feature) {
  const entries = [feature.__compat.support.safari].flat();
  const plain = entries.filter((e) => !e.prefix && !e.alternative_name && !e.flags && e.version_added && !e.version_removed);
  const numbers = plain.map((e) => (e.version_added === "preview" ? Infinity : parseFloat(String(e.version_added).replace("≤", ""))));
  return Math.min(Infinity, ...numbers);
}

/** The newest version that a declaration asks for. */
function needed(property, value) {
  const feature = known[property];
  if (!feature) return 0;
  const words = [];
  walk(value, (node) => {
    if (node.type === "Identifier" || node.type === "Function") words.push(node.name);
    if (node.type === "String" && property === "content") words.push("string");
    if (node.type === "Operator" && node.value === "/" && property === "content") words.push("alt_text");
  });
  // A shorthand that once took one value: MDN's names for what it takes now.
  const parts = value.type === "Value" ? value.children.size : 1;
  const forms = parts > 1 ? Object.keys(feature).filter((name) => name.startsWith("includes_") || name.startsWith("shorthand")) : [];
  const names = [...words, ...forms].filter((name) => feature[name]?.__compat);
  return Math.max(version(feature), ...names.map((name) => version(feature[name])));
}

const found = [];
let guarded = 0; // how many @supports we are in
for (const file of files) {
  const tree = parse(readFileSync(file, "utf8"), { positions: true, parseCustomProperty: false });
  walk(tree, {
    leave(node) {
      if (node.type === "Atrule" && node.name === "supports") guarded -= 1;
    },
    enter(node) {
      if (node.type === "Atrule" && node.name === "supports") guarded += 1;
      if (node.type !== "Declaration" || guarded || node.property.startsWith("-") || this.atrule?.name === "font-face") return;
      const needs = needed(node.property, node.value);
      if (needs <= parseFloat(floor)) return;
      const others = this.block.children.toArray();
      const before = others.slice(0, others.indexOf(node));
      const simpler = before.some((d) => d.property === node.property && needed(d.property, d.value) <= parseFloat(floor));
      const prefixed = others.some((d) => d.property === `-webkit-${node.property}`);
      if (simpler || prefixed) return;
      found.push({ file, line: node.loc.start.line, property: node.property, value: generate(node.value), needs: needs === Infinity ? "never" : String(needs) });
    },
  });
}
process.stdout.write(JSON.stringify(found));
