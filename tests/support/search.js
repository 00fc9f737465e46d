// The scripts of the search without a browser. In: files, pieces and queries of an index, and texts. Out: the words of the
// texts; for each query what is found with all files, what with those that it asks for, and their numbers.
const fs = require("fs"), path = require("path"), vm = require("vm");
const given = JSON.parse(fs.readFileSync(0, "utf-8"));
const engine = () => {
  const page = vm.createContext({});
  for (const name of ["search-words", "search-files", "search-index"]) {
    vm.runInContext(fs.readFileSync(path.join(process.argv[2], `${name}.js`), "utf-8"), page);
  }
  return page;
};
const told = (hit) => [hit.unit.page.url, hit.place, hit.anchor, hit.layer, hit.reading, hit.marks, hit.unit.text];
(async () => {
  const all = engine();
  given.files.forEach((file, number) => all.editionIndex.add(file, number));
  const texts = given.texts.map((text) => all.editionWords.tokens(text).map((token) => [token.key, token.whole]));
  const latin = texts.flat().map(([key]) => all.editionWords.latin(key));
  const loaded = [];
  const asks = all.editionFiles.some(given.files.length, given.pieces.map(([first], i) => [first, String(i)]), async (i) => {
    loaded.push(i);
    return given.pieces[Number(i)][1];
  });
  const found = [];
  for (const query of given.queries) {
    const some = engine();
    const before = loaded.length;
    const files = await asks(query);
    for (const number of [...files].reverse()) some.editionIndex.add(given.files[number], number); // in any order
    found.push([all.editionIndex.search(query).map(told), some.editionIndex.search(query).map(told), files, loaded.length - before]);
  }
  console.log(JSON.stringify({ texts, latin, found }));
})();
