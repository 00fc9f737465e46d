// A list that goes on on further pages: what an address leads to may stand on one of them.
(() => {
  "use strict";
  const { next } = document.currentScript.dataset;
  const go = () => {
    const name = decodeURIComponent(location.hash.slice(1));
    if (name && !document.getElementById(name)) location.replace(next + location.hash);
  };
  addEventListener("hashchange", go);
  go();
})();
