// Sphinx's search shows found pages by their HTML: leave out what is not the edited text.
/* global Search, DOCUMENTATION_OPTIONS */
"use strict";
if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
Search.htmlToText = (html) => {
  const main = new DOMParser().parseFromString(html, "text/html").querySelector("main");
  if (!main) return "";
  for (const node of main.querySelectorAll("[hidden], .apparatus, .head .facts, sup")) node.remove();
  return main.textContent.replace(/\s+/g, " ");
};
