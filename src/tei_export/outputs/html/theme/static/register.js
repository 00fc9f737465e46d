// The list of a large register, where an address leads to an entry, or to its mentions in a part, that a smaller list has:
// the entry has a page of its own. `#person-stalin-in-ch-01` → `persons/stalin.html#in-ch-01`.
(() => {
  "use strict";
  const { own = "", id = "" } = document.currentScript?.dataset ?? {};
  const go = () => {
    const name = decodeURIComponent(location.hash.slice(1));
    if (!name.startsWith(id) || document.getElementById(name)) return;
    const [, entry, part] = /^(.+?)(?:-in-(.+))?$/.exec(name.slice(id.length)) ?? [];
    if (entry && /^[\w.-]+$/.test(entry)) location.replace(`${own}${entry}.html${part ? `#in-${part}` : ""}`);
  };
  addEventListener("hashchange", go);
  go();
})();
