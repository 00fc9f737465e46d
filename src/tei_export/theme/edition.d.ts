// What the scripts in static/ share, for a checker of types (`tsc --checkJs`). Not published.

interface Places {
  /** Documents of the texts: page → its number of lines; the page "" of a text without pages. */
  parts: { text: string; uri: string; pages: Record<string, number> }[];
  /** Pages of the source that do not survive. */
  lost: string[];
  /** All pages that there are, in words. */
  ranges: string;
}

interface Edition {
  all(selector: string, node?: ParentNode): HTMLElement[];
  /** A word or pattern of `<template id="ui-words">`. */
  word(name: string): string;
  /** `{name}` in a pattern replaced. */
  fill(pattern: string, values: Record<string, string | number>): string;
  /** The element of a fragment (`#p17.12`). */
  target(hash: string): HTMLElement | null;
  /** Tell a screen reader. */
  say(message: string): void;
  /** Read, write or (null) remove what the browser keeps for the reader. */
  kept(name: string, chosen?: string | null): string | null;
  /** state.js: choose in the bar; put the choices on an address. */
  choose?(name: string, value: string): void;
  carry?(url: URL): URL;
  /** popover.js: to the next (1) or the one before (-1) of the apparatus. */
  step?(way: number): void;
  /** goto.js */
  openGoto?(): void;
  /** places.js, written at build */
  places?: Places;
}

declare var edition: Edition;
