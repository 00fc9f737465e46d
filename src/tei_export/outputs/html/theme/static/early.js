// Before anything is drawn: the colours and the size of type chosen on an earlier page.
(() => {
  "use strict";
  try {
    for (const name of ["colours", "size"]) {
      const chosen = localStorage.getItem(name);
      if (chosen) document.documentElement.dataset[name] = chosen;
    }
  } catch { /* no storage: as the device */ }
})();
