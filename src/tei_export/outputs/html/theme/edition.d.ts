// What the scripts in static/ share, for a checker of types (`tsc --checkJs`). Not published.

interface Places {
  /** Documents of the texts: page → its number of lines; the page "" of a text without pages. */
  parts: { text: string; uri: string; pages: Record<string, number> }[];
  /** Pages of the source that do not survive. */
  lost: string[];
  /** All pages that there are, in words. */
  ranges: string;
}

/** A file of witnesstexts/ (tei_export/outputs/html/witness_texts.py). */
interface WitnessText { doc: string; witness: string; siglum: string; said: string; blocks: Record<string, string> }

interface Edition {
  all(selector: string, node?: ParentNode): HTMLElement[];
  /** A word or pattern of `<template id="ui-words">` or of sheets.js. */
  word(name: string): string;
  /** `{name}` in a pattern replaced by the value of that name, `{}` by the next of a list. */
  fill(pattern: string, values: Record<string, string | number> | (string | number)[]): string;
  /** The element of a fragment (`#p17.12`). */
  target(hash: string): HTMLElement | null;
  /** The address of a file of the site, given from its root. */
  address(file: string): URL;
  /** Load a script once; again if that failed. */
  script(src: string): Promise<unknown>;
  /** Tell a screen reader. */
  say(message: string): void;
  /** Read, write or (null) remove what the browser keeps for the reader. */
  kept(name: string, chosen?: string | null): string | null;
  /** Rows as CSV (RFC 4180). */
  table(rows: string[][]): string;
  /** Give the reader a file of this name. */
  give(name: string, text: string): void;
  /** state.js: choose in the bar; put the choices on an address. */
  choose?(name: string, value: string): void;
  carry?(url: URL): URL;
  /** latin.js: Russian in Latin letters, by the scheme of this name. */
  latin?(text: string, scheme: string): string;
  /** popover.js: to the next (1) or the one before (-1) of the apparatus. */
  step?(way: number): void;
  /** goto.js */
  openGoto?(): void;
  /** sheets.js, written at build: HTML of the sheet of the keys, of the head of two texts; words */
  sheets?: {
    keys: string; panes: string; latin: string; words: Record<string, string>;
    schemes: Record<string, { tag: string; letters: Record<string, string>; final: boolean }>;
  };
  /** state.js: a parameter of the address that goes along; null removes it, undefined reads it. */
  param?(name: string, value?: string | null): string | null;
  /** panes.js: two texts side by side, or one again. */
  panes?(): void;
  /** state.js: before and after a change of shape: the line at the top of the window stays there. */
  hold?(): void;
  release?(): void;
  /** witness.js: the text of a witness, by its id; what its file calls; the next witness as the text that is read. */
  witnessText?(name: string): Promise<WitnessText>;
  gotText?(data: WitnessText): void;
  nextWitness?(): void;
  /** witness.js, of an entry in the list of the apparatus: who agrees with the lemma (null: it is no variant); the
   *  readings that can stand in the text, by the id of a witness, with their sigla. */
  agreeing?(entry: Element): string[] | null;
  readings?(entry: Element): [string, string][] | null;
  /** Sigla as they are shown; the names of witnesses; the reading of a witness in the text ("": as edited). */
  sigla?(list: string[]): string;
  named?(text: string): string;
  swapReading?(id: string, witness: string): void;
  /** Whether a mark is not to be seen, because readers hide its kind. */
  unmarked?(mark: Element): boolean;
  /** places.js, written at build; goto.js loads it */
  places?: Places;
}

declare var edition: Edition;

// --- The search (tei_export/outputs/html/search_units.py says what its files hold) ---

type Span = [start: number, end: number];
/** Layer, start, length, text; again and again. */
type FlatReadings = (string | number)[];
type WrittenUnit = [kind: string, label: string, places: string, text: string, readingsOrGloss: FlatReadings | string, verses?: string, paragraph?: string];

interface SearchPage {
  url: string;
  title: string;
  text: string;
  paged: boolean;
  /** Id and siglum of the witnesses of the text, and whether each can be read (1) or is only cited (0). */
  witnesses: [string, string, number][];
}
interface SearchFile {
  name: string;
  id: string;
  paged: boolean;
  witnesses?: [string, string, number][];
  pages: { url: string; title: string; units: WrittenUnit[] }[];
}
interface Token {
  start: number;
  end: number;
  /** The word as it is compared. */
  key: string;
  /** A hyphened word in one, at its first piece of `span`. */
  whole: string;
  span: number;
}
interface Term {
  words: string[];
  whole: string;
  exact: boolean;
  /** What a word with `*` or `?` may be. */
  like: RegExp | null;
  /** The letters that such a word begins with. */
  lead: string;
  /** So many letters may differ. */
  far: number;
  /** Each word as Russian, if it is written by ISO 9. */
  back: string[];
}
interface Query {
  /** All of them, each one of its alternatives. */
  groups: Term[][];
  not: Term[];
  /** Two groups, and how many words may be between their beginnings and ends. */
  near: [left: number, right: number, within: number][];
}
interface Unit {
  kind: string;
  label: string;
  places: string;
  /** Numbers of verse by line, as `places` has pages and lines. */
  verses: string;
  /** The number that the source gives the paragraph, or empty. */
  paragraph: string;
  text: string;
  page: SearchPage;
  /** The number of its file among the files of the index. */
  file: number;
  gloss: string;
  /** The number of its first word among all. */
  first: number;
  tokens: Token[];
}
interface Hit {
  unit: Unit;
  place: string;
  /** The number of the line of verse, or empty. */
  verse: string;
  anchor: string;
  marks: Span[];
  layer: string;
  reading: string;
  witnesses: [string, string, number][];
  /** Whether all of its words stand in the witness of this siglum. */
  has(siglum: string): boolean;
}

declare var editionWords: {
  tokens(text: string): Token[];
  parse(query: string): Query;
  keys(map: Map<string, unknown>, word: string, term: Term, exact: boolean): Iterable<string>;
  asRussian(word: string, term: Term): string;
  latin(folded: string): string;
  isCyrillic(word: string): boolean;
};
declare var editionIndex: { add(file: SearchFile, number: number): void; search(query: string): Hit[] };
/** The numbers of the files that may have what a query asks for, ascending. */
type SearchFiles = (query: string) => Promise<number[]>;
declare var editionFiles: {
  every(number: number): SearchFiles;
  some(number: number, pieces: [first: string, file: string][], load: (file: string) => Promise<string>): SearchFiles;
};
/** What the pieces of a large index push on when they are loaded. */
declare var editionPieces: { name: string; words: string }[];
/** What the files of texts push on when they are loaded. */
declare var editionSearch: SearchFile[];
