"""Every problem that the program can report: a code, what is wrong, what to write instead.

Editors read these. A problem names its file, line and column, and never shows a traceback.
``tests/rules/<code>/`` holds one case for each.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def letter_names(letters: Iterable[str]) -> str:
    """Return letters with their numbers and names: ``漢 (U+6F22 CJK UNIFIED IDEOGRAPH-6F22)``."""
    return ", ".join(
        f"{c} (U+{ord(c):04X} {unicodedata.name(c, 'without a name')})"
        for c in dict.fromkeys(letters)
    )


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem in the sources.

    ``detail`` says what was found; ``file`` is relative to the edition's folder,
    ``line`` counts from 1 (0: the file as a whole), and so does ``column``, in
    characters (0: unknown).
    """

    code: str
    file: str
    line: int
    detail: str
    column: int = 0

    @property
    def place(self) -> str:
        """``file:line``, with ``:column`` where it is known."""
        return (
            f"{self.file}:{self.line}:{self.column}" if self.column else f"{self.file}:{self.line}"
        )

    @property
    def report(self) -> str:
        """The problem with its place and code, as it is printed."""
        return f"{self.place}: [{self.code}] {self}"

    def __str__(self) -> str:
        title, cure = CODES[self.code]
        return (
            f"{title}: {self.detail}\n    cure: {cure}"
            if self.detail
            else f"{title}\n    cure: {cure}"
        )


class EditionError(Exception):
    """Raised when the edition cannot be built; carries the problems found."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("\n".join(p.report for p in problems))
        self.problems = problems

    def __reduce__(self) -> tuple[type[EditionError], tuple[Problem, ...]]:
        """Pickle with the problems; the default would give the words of the error instead."""
        return type(self), self.problems


def root_causes(problems: Iterable[Problem]) -> list[Problem]:
    """Return ``problems`` without those that only follow from others.

    A wrong page break would produce a problem for every line, and an invalid role makes its line
    differ from the witness.
    """
    unique = list(dict.fromkeys(problems))
    files = {p.file for p in unique if p.code in _PAGES}
    places = {
        (p.file, p.line)
        for p in unique
        if p.code == "page-unknown" or p.code.partition("-")[0] in _MARKUP
    }

    def follows(problem: Problem) -> bool:
        if problem.code == "page-missing":
            return bool(files)
        if (
            problem.code in {"page-none", "witness-differs"}
            and (problem.file, problem.line) in places
        ):
            return True
        if problem.code == "letter-foreign":
            return any(
                p.code == "role-language" and (p.file, p.line) == (problem.file, problem.line)
                for p in unique
            )
        return problem.code.startswith("witness-") and problem.file in files

    return [p for p in unique if not follows(p)]


#: Problems that make no output wrong: warnings in a project of others, which may suppress them.
MILD = frozenset({"register-unmentioned", "reason-missing", "reason-kind"})

_PAGES = {"page-unknown", "page-order", "page-double", "page-none"}
_MARKUP = {"role", "supplied", "gap", "hyphen", "markup", "siglum", "variant"}

#: code → (what is wrong, what to write instead)
CODES: dict[str, tuple[str, str]] = {
    # the witness
    "witness-changed": (
        "the witness file has changed",
        "restore the file: the witness is never edited. If you replaced it on purpose, record the new SHA-256 in edition.yaml, or remove its line from SHA256SUMS and run `tei-export seal`",
    ),
    "witness-differs": (
        "the source differs from the witness, and no role records why",
        "undo the change, or record both readings: {ocr}`restored <witness>`",
    ),
    "witness-left-out": (
        "a line of the witness is missing from the source",
        "insert the line, or mark it as noise: {ocr}` <line>`",
    ),
    "witness-extra": (
        "the witness has no such line",
        "delete the line, or mark the words as restored: {supplied}`words ?` or {ocr}`letters <>`",
    ),
    "witness-twice": (
        "two source lines use the same line of the witness",
        "delete one of them; if both are pieces of one line, keep them in its order",
    ),
    "witness-line": (
        "the witness has no line with this number",
        "write the number of a line of the witness file that is not blank",
    ),
    # several witnesses
    "witness-unsealed": (
        "this witness file has no checksum",
        "run `tei-export seal`, which writes it into SHA256SUMS beside the file",
    ),
    "reading-differs": (
        "a witness differs from the source, and no role records it",
        "correct the source, or record the reading where it stands: {app}`lemma <SIGLUM: reading>`; nothing after the "
        "colon is an omission",
    ),
    "siglum-unknown": (
        "unknown siglum",
        "write a siglum of the record (witnesses of the text), or add the witness there",
    ),
    "siglum-twice": (
        "two readings at one place name the same witness",
        "name it in one reading only; a group names its members, too",
    ),
    "siglum-lines": (
        "the base cannot do this: its lines are the lines of the source",
        "record what it reads line by line, with {app} and {ocr}; what it has lost is {supplied} or {gap}",
    ),
    "siglum-copy": (
        "this siglum names a text of another witness",
        "write the siglum of that witness; where only its text errs, write {ocr}`reading <text>`",
    ),
    "variant-form": (
        "invalid list of readings",
        "write each reading between its own brackets, after its sigla and a colon: {app}`lemma <B C: reading> <D: >`; "
        "write \\ before < or > in a reading",
    ),
    "variant-markup": (
        "a reading contains a role that does not concern a single witness",
        "a reading may contain roles for changes and damage in the witness ({del}, {add}, {subst}, {unclear}, {gap}, {supplied}, {sic}, {abbr} …), typography, names and languages; give anything else as its reason: <B: y (corrected from x)>; write \\{ for a brace of the witness itself",
    ),
    "variant-base": (
        "a reading of the base contains words that its file lacks",
        "write only the letters of the file, and give losses as the reason: the base is proved line by line",
    ),
    "variant-same": (
        "a reading is the same as the lemma or as another reading",
        "remove it, or add its sigla to the other reading; a witness that is not named agrees with the lemma",
    ),
    "variant-lost": (
        "a reading names a witness that is lost here",
        "correct the siglum, or the place of {lacuna} and {resumes}; a lacuna ends with its part",
    ),
    "variant-open": (
        "a passage begins or ends without its counterpart",
        "write {begin}`NAME` before it and {end}`NAME <B: reading>` or {transposed}`NAME <B>` after it, in one part and "
        "each once; where witnesses have a transposed passage, write {here}`NAME <B>`",
    ),
    "variant-overlap": (
        "a witness has a reading of this passage and another one within it",
        "let one entry of the two name it: the reading of a passage holds for the whole of it",
    ),
    "variant-lacuna": (
        "a lacuna begins or ends twice",
        "write {lacuna}`B` where the text of B breaks off and {resumes}`B` where it resumes",
    ),
    # pages
    "page-unknown": ("unknown page", "correct the number, or add the page to the page table"),
    "page-order": ("page out of order", "arrange the page breaks in the order of the page table"),
    "page-missing": ("missing page", "add {pb}`NUMBER` where the page begins"),
    "page-double": ("this page begins twice", "remove the second {pb}"),
    "page-twice": (
        "the page has its number in forme work, and {pb} gives a reading of it, too",
        "keep {pb}`NUMBER` alone, and record the misreading in {pagenum}",
    ),
    "page-place": (
        "a page break inside a line",
        "move {pb} to the beginning of a source line",
    ),
    "page-none": ("text before the first page break", "begin the file with {pb}`NUMBER`"),
    "page-table": (
        "invalid page table",
        "correct the row; the rows must cover every line of the witness that is not blank",
    ),
    "ledger": ("invalid page ledger", "correct the row; docs/record.md describes the columns"),
    "ref-target": (
        "the reference leads nowhere",
        "write a page of this text (17), a line of it (17.12), a line of verse, stanza or numbered paragraph of a part (hamlet:1.2.56, tyger:st2, "
        "ch-01:par12), note: and the sign of a note of this part, part: and the id of a part, or an address that "
        "begins with https://",
    ),
    "figure-alt": (
        "the figure has no description",
        "describe it in a sentence for readers who cannot see it (:alt: A map of the town, or between the brackets of "
        "Markdown's image); a figure that only adorns the page has :ornament: instead",
    ),
    "figure-file": (
        "not every output can show this picture",
        "name a PNG or JPEG file (.png, .jpg, .jpeg) of at most 10,000 pixels a side",
    ),
    "table-form": (
        "invalid CSV",
        "save the table as CSV with commas: one row per line, with as many cells as the header",
    ),
    # notes
    "note-undefined": ("this note reference has no note", "add the note: [^LABEL]: its text"),
    "note-unreferenced": (
        "no reference points to this note",
        "write [^LABEL] where the note belongs, or remove the note",
    ),
    "note-twice": (
        "duplicate note or note reference",
        "keep one; numbers restart in every chapter",
    ),
    "note-label": (
        "invalid note label",
        "write an author's note as the source marks it: [^5], [^5a], [^a], [^*]; distinguish two notes with the same sign by a slash and a word: [^1/p12]; name an editors' note [^ed-1] or [^ed-name], with a to z, digits and hyphens",
    ),
    "note-order": (
        "note out of order",
        "number the editors' notes of a part 1, 2, 3 …; a note may refer to other notes, but not to itself",
    ),
    # roles
    "role-source": (
        "this role lacks its source reading",
        "add it between < and >: {ocr}`restored <witness>` or {sic}`edited <restored>`",
    ),
    "role-same": (
        "both readings of this role are the same",
        "correct one of them, or remove the role",
    ),
    "role-empty": ("empty role", "write the text between the backticks, or remove the role"),
    "role-formula": (
        "the outputs cannot show this formula",
        "write the formula as between dollar signs in TeX: {math}`x^2 + \\frac{a}{b}`",
    ),
    "role-line": (
        "this role is not closed on its line",
        "close it here; to continue a name on the next line, end it with …",
    ),
    "role-broken": (
        "a role without backticks",
        "put the words between backticks: {person}`Stalin`; write \\{ for a literal brace",
    ),
    "role-certainty": ("unknown certainty mark", "use nothing (high), ? (medium) or ?? (low)"),
    "role-nested": (
        "this role cannot stand here",
        "take the inner role out; to record what the witness reads, put one {ocr} around the whole",
    ),
    "role-resp": ("unknown initials", "use #auto, or leave them out for the editors"),
    "role-glyph": (
        "a curly quotation mark or apostrophe inside a reading",
        "write what the table `glyphs` of the record puts in its place: ' or \"",
    ),
    "role-language": (
        "the letters of this passage do not fit the language of its role",
        "correct the letters, or use the role of another language or spelling",
    ),
    "role-value": (
        "invalid value in the angle brackets of this role",
        "write one of the forms that docs/markup.md lists for the role: {date}`words <1917-11-07>`, {add}`word <above @anna>`",
    ),
    "role-hand": (
        "unknown hand",
        "declare the hand in the record (texts.ID.hands), or correct its key",
    ),
    "role-unknown": ("unknown role", "use one of the roles in docs/markup.md"),
    "role-continued": (
        "this name is continued, but its other part is missing",
        "end the first part with … at the end of its line, and begin the next line with the second: {person}`…Trotsky`",
    ),
    "supplied-certain": (
        "supplied words without a certainty mark",
        "add ? or ??, or ! if they are beyond doubt: {supplied}`don ! (the edge is torn)`",
    ),
    "supplied-extent": (
        "an extent in place of the supplied words",
        "write the words; if they cannot be restored, write {gap}`2 words`",
    ),
    "role-kind": (
        "this role does not fit its words",
        "use {authorsic} for the author's own [sic] and nothing else, {insertion} for the author's other insertions",
    ),
    "cited-work": (
        "no work precedes this cited page",
        "name the work before it, in the same paragraph or note: {work}`My Life`, p. {cited}`5`",
    ),
    "quotation-alone": (
        "a quotation in another language has neither a translation nor a note",
        "put the author's translation after it as a quotation of its own, separated by a blank line; or end it with its note",
    ),
    "language-undescribed": (
        "the record does not describe this language",
        "add its tag, with a name for readers, to `languages` in edition.yaml",
    ),
    "reason-page": (
        "a reason refers to a page that the page table lacks",
        "correct the page; write a page of another book without p.: Carr, page 999",
    ),
    "reason-missing": (
        "this reading is not certain and has no reason",
        "give the reason in parentheses after the certainty mark, beginning with a kind of reason_kinds in edition.yaml: "
        "`reading <source> ? (kind: details of the place)`",
    ),
    "reason-kind": (
        "this reason does not begin with a kind that the text declares",
        "begin with a kind of reason_kinds in edition.yaml, then a colon and details of the place; or declare the kind",
    ),
    "gap-extent": (
        "invalid extent",
        "write a number and a unit (char, word, line or page): 2 words",
    ),
    "hyphen-place": ("¬ inside a line", "move ¬ to the end of a line, where a word is divided"),
    "markup-foreign": (
        "unsupported markup",
        "use the roles and blocks of docs/markup.md; write \\ before a character to keep it as text",
    ),
    "markup-deep": (
        "markup nested too deeply",
        "split it up; write \\ before a character to keep it as text",
    ),
    "block-place": (
        "this block cannot stand inside another",
        "move it before or after: entries contain paragraphs, list items also lists and figures, quotations and notes also verse",
    ),
    "par-twice": (
        "two paragraphs of a part have the same number",
        "give one of them another number for its address: {par}`§ 12 <12a>`",
    ),
    "role-twice": (
        "two roles of the cast list share a key",
        "give one of them another key: {role}`Lord <lord-2>`",
    ),
    "speaker-unknown": (
        "the cast list has no such speaker, or more than one",
        "write the keys of the roles: {speaker}`ALL <hamlet horatio>`; or mark the role in the cast list: {role}`Hamlet`",
    ),
    "verse-open": (
        "a line of verse that does not continue",
        "write its rest below it, or remove the ` ¬` at its end",
    ),
    "block-empty": (
        "empty block",
        "write its text, or remove it; a milestone stands in a line of text",
    ),
    "heading-place": (
        "misplaced heading",
        "begin the file with its one heading of the first level; turn others into sections (## …)",
    ),
    "letter-mixed": (
        "letters of two scripts in one word",
        "retype the word in the letters of its language; only a reading of the witness, between < and >, may mix them",
    ),
    "letter-foreign": (
        "a word in letters of another script",
        "retype it in the letters of the passage, or mark its language: {ru}`слово`",
    ),
    "letter-invisible": (
        "invisible character",
        "delete it; if the witness has it, record that: {ocr}`word <…>`",
    ),
    "line-long": ("line too long", "split it: a source line is a line of the witness"),
    # the editors' own pages
    "editors-raw": (
        "HTML, code and included files are not allowed in pages",
        "write it in Markdown: nothing in a source is executed, and no other file is copied into it",
    ),
    "editors-markup": (
        "invalid markup in a page",
        "correct it: docs/markup.md describes the markup of pages; put markup between backticks to show it unchanged",
    ),
    "editors-field": (
        "the record has no such text",
        "write {{ title }} or another text of edition.yaml; put the braces between backticks to show them as they are",
    ),
    # words
    "word-unknown": (
        "nothing confirms this word",
        "correct the word; if it is right, add a row with the reason to words.csv (docs/words.md)",
    ),
    "word-rare": (
        "a restored word occurs nowhere else, and differs in one letter from a frequent word of the text",
        "read the place again; if the word is right, add a row with the reason to words.csv",
    ),
    "word-doubled": (
        "repeated word",
        "remove one, or record the slip: {sic}`the <the the>`; if both are meant, add a row to words.csv",
    ),
    "marks-unbalanced": (
        "a bracket or quotation mark has no partner in its paragraph",
        "add the mark, or record its loss: {ocr}`) <>` or {sic}`) <>`; if it is meant, add a row to words.csv",
    ),
    "page-beyond": (
        "a cited page lies beyond the extent of the work",
        "correct the page, the work or its extent in the register; if the text cites so, add a row to words.csv",
    ),
    "word-list": (
        "a word list is missing",
        "install the dictionary and the package that reads it, or name another in word_lists of edition.yaml: docs/words.md",
    ),
    "words-file": (
        "a row of the accepted words cannot be used",
        "correct or remove the row: docs/words.md",
    ),
    # registers
    "register-key": ("unknown register key", "correct the key, or add the entry to the register"),
    "register-name": (
        "no register entry has this name",
        "add the name to the forms of its entry, or write the key: {person}`words <key>`",
    ),
    "register-ambiguous": (
        "several register entries have this name",
        "write the key: {person}`words <key>`",
    ),
    "register-other": (
        "this name belongs to another register entry",
        "correct the key; if both share the name, add it to the forms of the entry you mean",
    ),
    "register-unmentioned": (
        "no text mentions this register entry",
        "link a mention to it, remove it, or say why it stays: unmentioned: REASON",
    ),
    "register-field": (
        "invalid register entry",
        "correct the field; docs/record.md describes the fields",
    ),
    "register-circle": (
        "these works contain each other",
        "remove contained_in from one of them",
    ),
    # relations
    "relation-key": (
        "a relation names an unknown or ambiguous entry",
        "correct the key, or add the entry; if several registers have the key, write the register before it: persons:KEY",
    ),
    "relation-kind": (
        "unknown kind of relation",
        "write one of the kinds listed; docs/record.md explains each",
    ),
    "relation-place": (
        "a relation names a place that the text does not have",
        "give a page of the page table and a line of that page: 17.12, 17.12-14, 28.27-29.1, essay:5",
    ),
    "relation-words": (
        "the words of a relation are not at its place",
        "copy them from the edited text, without line ends and note numbers; or correct the place",
    ),
    "relation-twice": ("duplicate relation", "keep one of the two"),
    # files
    "yaml": ("invalid YAML", "correct the line"),
    "yaml-value": (
        "ambiguous YAML value",
        "put a text between quotes; write a number in plain digits, a choice as true or false",
    ),
    "yaml-bounds": (
        "YAML nested or repeated too often",
        "write the values out, without aliases (*name) and with fewer levels",
    ),
    "record-field": (
        "invalid field in the record",
        "correct the field; docs/record.md describes the fields",
    ),
    "role-row": (
        "invalid role in conf.py",
        "correct the row of edition_roles; docs/markup.md describes the rows",
    ),
    "block-row": (
        "invalid block in conf.py",
        "correct the row of edition_blocks; docs/markup.md describes the rows",
    ),
    "count-unknown": (
        "unknown count",
        "write lines, pages, lost, entries, notes, mentions or a class of the apparatus, optionally followed by the id of a text",
    ),
    "conf-value": (
        "invalid value in conf.py",
        "correct the value; docs/record.md describes the settings",
    ),
    "record-id": ("this id or source file is used twice", "give each its own"),
    "field-unknown": (
        "unknown field or column",
        "correct the name, or remove it; docs/record.md describes the fields",
    ),
    "address-form": (
        "invalid web address",
        "write the full address, beginning with https:// or http:// (report_to may begin with mailto:), without spaces",
    ),
    "emendation-unknown": (
        "unknown apparatus entry",
        "write the id of an entry: the last part of its address in the built page (#app-0857-1)",
    ),
    "changes-form": (
        "invalid list of changes",
        "begin each version with ## VERSION (YYYY-MM-DD, status), the newest first, and list its changes as items: - …",
    ),
    "changes-version": (
        "the newest version in the list of changes is not the version of the record",
        "make version, date and status agree with edition.yaml",
    ),
    "file-encoding": ("the file is not UTF-8", "save it as UTF-8"),
    "file-control": ("control character", "delete it"),
    "file-missing": ("file not found", "restore the file, or correct its name"),
    "file-kind": (
        "this is not a readable text file",
        "name a regular file that you have permission to read: no folder, pipe or loop of links",
    ),
    "file-name": (
        "invalid file name",
        "rename the file: at most 200 bytes of UTF-8",
    ),
    "file-outside": ("this path leaves the edition's folder", "name a file inside the folder"),
    # new
    "new-exists": ("the folder cannot be made", "name a folder that does not exist yet"),
    "new-field": ("invalid value for an edition", "give this option another value"),
    # import
    "import-missing": ("a file to import cannot be opened", "correct the name of the file"),
    "import-format": (
        "this format cannot be imported",
        "give ALTO 2-4, PAGE 2013-2019, hOCR, plain text or TEI, files of one format in one run; without --text: BibTeX, CSL-JSON or RIS",
    ),
    "import-package": (
        "the format needs a package that is not installed",
        'install it: pip install "tei-export[bibliographies]"',
    ),
    "import-xml": (
        "the XML of this file is not well-formed",
        "export the file again from the program it comes from",
    ),
    "import-hostile": (
        "a file that could read or write other files",
        "remove the document type with its entities, or the XInclude, and give the complete file",
    ),
    "import-size": (
        "the file is too large or nested too deeply",
        "divide it into files of a few pages each",
    ),
    "import-encoding": (
        "the encoding of this file is unknown or wrong",
        'save the file as UTF-8, or declare its encoding in the first line: <?xml version="1.0" encoding="…"?>',
    ),
    "import-letter": (
        "invalid character",
        "correct the file: a character was lost, or the file is not text",
    ),
    "import-empty": ("this file has no text", "give files in which at least one line has text"),
    "import-clean": (
        "the corrected transcription is not of the same lines",
        "give a transcription with the same pages, line by line; or import the OCR text alone",
    ),
    "import-text": ("invalid id of a text", "choose another: --text my-text"),
    "import-record": ("the record cannot be added to", "correct edition.yaml at the place named"),
    "import-exists": (
        "a file of the edition already exists",
        "choose another id with --text; or, if you do not need the old file, remove it",
    ),
    "import-witness": (
        "invalid list of witnesses",
        "write --witness A=FILE --witness B=FILE with a siglum and a plain text each, the base first, and no other file",
    ),
    # the deposit
    "metadata-missing": (
        "archives require this field",
        "add it to edition.yaml",
    ),
    "metadata-contradiction": (
        "contradiction in the metadata",
        "make the two places agree",
    ),
    "licence-unknown": (
        "unknown licence",
        "write the exact address of a Creative Commons licence (https://creativecommons.org/licenses/by/4.0/), of CC0 "
        "(https://creativecommons.org/publicdomain/zero/1.0/), of the Public Domain Mark "
        "(https://creativecommons.org/publicdomain/mark/1.0/) or of a statement of rightsstatements.org "
        "(http://rightsstatements.org/vocab/CNE/1.0/)",
    ),
    "deposit-name": (
        "archives refuse this file name",
        "rename the file: lower-case letters a to z, digits and hyphens, with a dot before the ending",
    ),
    "deposit-exists": (
        "a deposit of this version already exists",
        "raise the version, choose another folder with --out, or delete the old deposit: deposits are never overwritten",
    ),
    # places
    "place-unknown": (
        "the edition has no such place",
        "write a page of the page table, and a line of that page: 17, ix, 17.12, 17.12-14, essay:5",
    ),
    "place-differs": (
        "an output differs from the sources at this place",
        "build the outputs again; if they still differ, report it: the program is at fault",
    ),
    "output-missing": (
        "an output is missing or unreadable",
        "run the command shown, or read other forms only: --in FORM",
    ),
    # outputs
    "tei-invalid": ("the TEI is invalid", "report this: the program or the schema is at fault"),
    "tei-witness": (
        "the witness cannot be regenerated from the TEI",
        "report this: the program is at fault",
    ),
    "typeface-letter": (
        "no typeface of PDF and EPUB has this letter",
        "correct the letter; if the text really has it, name a font that has it: `fonts` in edition.yaml (docs/record.md)",
    ),
    "font-file": (
        "a font of the record cannot be used",
        "name a .ttf or .otf file inside the edition's folder, and its family as the font itself has it",
    ),
    "language-unknown": (
        "the interface is not translated into this language",
        "choose one of the languages listed, in conf.py (`language`) or with --language; CONTRIBUTING.md shows how to add one",
    ),
    "pdf-form": (
        "unknown form of the book",
        "correct pdf_forms or pdf_form_options; docs/pdf.md describes them",
    ),
    "pdf-warning": ("Typst reported", "correct the place it names"),
}
