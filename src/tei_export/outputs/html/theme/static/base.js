// What the other scripts share; loaded before them. Words that they show stand in the
// page (`<template id="ui-words">`) or in sheets.js, in the language of the edition.
(() => {
  "use strict";
  const words = document.getElementById("ui-words");
  /** Scripts that were asked for. @type {Map<string, Promise<unknown>>} */
  const scripts = new Map();

  /** @type {Edition} */
  const shared = {
    all: (selector, node = document) => [.../** @type {NodeListOf<HTMLElement>} */ (node.querySelectorAll(selector))],
    word: (name) => words?.dataset[name] ?? shared.sheets?.words[name] ?? "",
    fill: (pattern, values) => {
      const named = new Map(Object.entries(values));
      let next = 0;
      return pattern.replace(/\{(\w*)\}/g, (_, name) => String(named.get(name || String(next++)) ?? ""));
    },
    target: (hash) => {
      try {
        return document.getElementById(decodeURIComponent(hash.slice(1)));
      } catch { // not an encoded address
        return null;
      }
    },
    address: (file) => new URL(file, new URL(document.documentElement.dataset.content_root ?? "./", document.baseURI)),
    script: (src) => {
      const asked = scripts.get(src) ?? new Promise((done, fail) => {
        // loaded side by side, and run one after the other
        document.head.append(Object.assign(document.createElement("script"), { src, async: false, onload: done, onerror: fail }));
      });
      scripts.set(src, asked);
      asked.catch(() => scripts.delete(src)); // asked for again
      return asked;
    },
    say: (message) => {
      const status = document.getElementById("ui-status");
      if (status) status.textContent = message;
    },
    give: (name, text) => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([`\ufeff${text}`], { type: "text/csv;charset=utf-8" }));
      link.download = name;
      document.body.append(link);
      link.click();
      link.remove();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    },
    table: (rows) => {
      // no cell is a formula for a spreadsheet
      const cell = (/** @type {string} */ value) => `"${value.replace(/^(?=[=+@\t\r-])/, "'").replace(/"/g, '""')}"`;
      return `${rows.map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
    },
    kept: (name, chosen) => {
      try {
        if (chosen === undefined) return localStorage.getItem(name);
        if (chosen === null) localStorage.removeItem(name);
        else localStorage.setItem(name, chosen);
      } catch { /* no storage */ }
      return null;
    },
  };
  globalThis.edition = shared;
})();
