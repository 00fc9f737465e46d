"""Every problem the tools report: a code, what is wrong, what to write instead.

Editors read these messages. A problem has a place (file and line), never a traceback.
``tests/rules/<code>/`` contains a case for each code.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def letter_names(letters: Iterable[str]) -> str:
    """Return letters with their numbers and names: ``漢 (U+6F22 CJK UNIFIED IDEOGRAPH-6F22)``."""
    return ", ".join(f"{c} (U+{ord(c):04X} {unicodedata.name(c, 'without a name')})" for c in dict.fromkeys(letters))


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem in the sources.

    ``detail`` says what was found; ``file`` is relative to the edition's folder, ``line`` counts
    from 1 (0: the file as a whole).
    """

    code: str
    file: str
    line: int
    detail: str

    def __str__(self) -> str:
        title, cure = CODES[self.code]
        return f"{title}: {self.detail}\n    cure: {cure}" if self.detail else f"{title}\n    cure: {cure}"


class EditionError(Exception):
    """Raised when the edition cannot be built; carries the problems found."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("\n".join(f"{p.file}:{p.line}: [{p.code}] {p}" for p in problems))
        self.problems = problems


def causes(problems: Iterable[Problem]) -> list[Problem]:
    """Return ``problems`` without those that only follow from others.

    A wrong page break would produce a problem for every line, and an invalid role makes its line
    differ from the witness.
    """
    found = list(dict.fromkeys(problems))
    files = {p.file for p in found if p.code in _PAGES}
    places = {
        (p.file, p.line)
        for p in found
        if p.code == "page-unknown" or p.code.partition("-")[0] in _MARKUP
    }

    def follows(problem: Problem) -> bool:
        if problem.code == "page-missing":
            return bool(files)
        if problem.code in {"page-none", "witness-differs"} and (problem.file, problem.line) in places:
            return True
        if problem.code == "letter-foreign":
            return any(p.code == "role-language" and (p.file, p.line) == (problem.file, problem.line) for p in found)
        return problem.code.startswith("witness-") and problem.file in files

    return [p for p in found if not follows(p)]


_PAGES = {"page-unknown", "page-order", "page-double", "page-none"}
_MARKUP = {"role", "supplied", "gap", "hyphen", "markup"}

#: code → (what is wrong, what to write instead)
CODES: dict[str, tuple[str, str]] = {
    # the witness
    "witness-changed": (
        "the witness file is not the one recorded",
        "restore the file; the witness is never edited. If it was really replaced, record the new SHA-256 in edition.yaml",
    ),
    "witness-differs": (
        "the source and the witness differ without a role",
        "undo the change, or record it: {ocr}`what T reads <what O reads>`",
    ),
    "witness-left-out": (
        "a line of the witness is not in the source",
        "add the line where it belongs; if it is dirt, as {ocr}` <dirt>`",
    ),
    "witness-extra": (
        "a line of the source has no line in the witness",
        "remove it, or mark what O has not: {supplied}`words ?` or {ocr}`letters <>`",
    ),
    "witness-twice": (
        "a line of the witness is used twice",
        "keep one of the two; pieces of one line follow each other in its order",
    ),
    "witness-line": (
        "no such line in the witness",
        "give the number of a line of the witness file that is not blank",
    ),
    # pages
    "page-unknown": ("no such page in the page table", "correct the number, or the page table"),
    "page-order": ("pages out of order", "put the page breaks into the order of the page table"),
    "page-missing": ("a page is missing", "add {pb}`…` where the page begins"),
    "page-double": ("a page begins twice", "remove the second {pb}"),
    "page-place": (
        "a page break does not begin a line",
        "put {pb} at the start of a source line",
    ),
    "page-none": ("text before the first page break", "begin the file with {pb}`…`"),
    "page-table": (
        "the page table cannot be used",
        "correct the row named; every line of the witness that is not blank belongs to a row",
    ),
    "ledger": ("the page ledger cannot be used", "correct the row named; docs/record.md lists the columns"),
    "table-form": (
        "a table (CSV) cannot be read",
        "save it as CSV with commas, one row a line, as many cells in every row as in the head",
    ),
    # notes
    "note-undefined": ("a note reference without its note", "add [^…]: and the note's text"),
    "note-unreferenced": ("a note without its reference", "put [^…] where the note belongs, or remove it"),
    "note-twice": ("a note is given or referred to twice", "keep one; numbers restart in every chapter"),
    "note-label": (
        "a note has a label that cannot be used",
        "the author's notes are numbered 1, 2, 3 …; an editors' note is [^ed-1] or [^ed-name]: a to z, digits, hyphens",
    ),
    "note-order": ("notes out of order", "notes run 1, 2, 3 … in every chapter; correct the number"),
    # roles
    "role-source": (
        "a role without its source reading",
        "write {ocr}`what T reads <what O reads>` or {sic}`what E reads <what T reads>`",
    ),
    "role-same": ("both readings of a role are the same", "remove the role"),
    "role-empty": ("a role without text", "write the text, or remove the role"),
    "role-line": (
        "a role goes over a line's end",
        "close it on its line; names go on in the next line with …",
    ),
    "role-broken": (
        "a role's name without its words",
        "write {person}`Stalin`, the words between backticks; put a \\ before a { that is meant as text",
    ),
    "role-certainty": ("a certainty that is none", "write nothing (high), ? (medium) or ?? (low)"),
    "role-nested": (
        "a role where it cannot stand",
        "take the inner role out; one reading of the witness holds no other: write what O reads once, around both",
    ),
    "role-resp": ("nobody has this sign", "write #auto, or nothing for the editors"),
    "role-glyph": (
        "a curly mark inside a reading of T or E",
        "the typewriter has ' and \" only: write the straight one in the reading",
    ),
    "role-language": (
        "a passage has not the letters of its language",
        "write the passage in its own letters, or take the role of its language and spelling",
    ),
    "role-unknown": ("no such role", "see docs/markup.md for the roles there are"),
    "role-continued": (
        "a name's pieces do not fit",
        "end the first piece with … at the line's end and begin the next line with the second, …like so",
    ),
    "supplied-certain": ("supplied words are never certain", "add ? or ??"),
    "supplied-extent": ("an extent where words are supplied", "write the words; if nobody knows them: {gap}`2 words`"),
    "role-kind": (
        "a role that says what its words do not",
        "{authorsic} is the author's own [sic] and nothing else, {insertion} other words of the author",
    ),
    "cited-work": (
        "a page is cited of no work",
        "name the work before it in the same paragraph or note: {work}`My Life`, p. {cited}`5`",
    ),
    "quotation-alone": (
        "a quotation in another language with neither translation nor note",
        "the quotation after it is the author's translation: divide the two by a blank line; or put the note that cites it at its end",
    ),
    "language-undescribed": (
        "a language that the record does not describe",
        "add its tag to `languages` in edition.yaml, with a name for readers",
    ),
    "reason-page": (
        "a reason names a page that the page table has not",
        "correct the page; a page of another book is written without p.: Carr, page 999",
    ),
    "gap-extent": ("an extent that is none", "write a number and char, word, line or page: 2 words"),
    "hyphen-place": ("¬ inside a line", "¬ stands at the end of a line whose last word goes on"),
    "markup-foreign": (
        "markup that the edition does not know",
        "use the roles and blocks of docs/markup.md; put a \\ before a sign that is meant as text",
    ),
    "markup-deep": (
        "markup that nests too deep",
        "take it apart; put a \\ before a sign that is meant as text",
    ),
    "block-place": (
        "a block inside a block that cannot hold it",
        "quotations, items, entries and notes hold paragraphs only: write the inner block before or after",
    ),
    "block-empty": ("a block without text", "write its text, or remove it"),
    "heading-missing": ("a part without a heading", "begin with the heading: its lines, then a line of ==="),
    "heading-place": (
        "a part has one heading of the first level, and begins with it",
        "make it a section (## …), or put what stands before the heading below it",
    ),
    "letter-mixed": (
        "a word with letters of two scripts",
        "write it in the letters of its language; what the witness has stands between < and >",
    ),
    "letter-foreign": (
        "letters of another script than the passage's",
        "write its own letters; put words in another language into the role of that language: {ru}`слово`",
    ),
    "letter-invisible": (
        "a character that nobody sees",
        "remove it; where the witness has it, it stands in the witness's reading: {ocr}`word <…>`",
    ),
    "line-long": ("a line that is too long", "divide it: a line of a text is a line of its witness"),
    # the editors' own pages
    "editors-raw": (
        "a page holds what is not Markdown: HTML, code, another file",
        "write it in Markdown: nothing in a source is executed, and no other file is copied into it",
    ),
    "editors-markup": (
        "markup of a page that cannot be used",
        "correct it: docs/markup.md says what stands in pages; show markup itself between backticks",
    ),
    "editors-field": (
        "{{ }} names no text of the record",
        "write {{ title }} or another text of edition.yaml; show the braces themselves between backticks",
    ),
    # registers
    "register-key": ("no such entry in the register", "correct the key, or add the entry"),
    "register-name": (
        "no register entry has this name form",
        "name the entry: `words <key>`; or add the form to the entry",
    ),
    "register-ambiguous": ("the name form belongs to more than one entry", "name the entry: `words <key>`"),
    "register-other": (
        "the words are the name of another entry",
        "correct the key; if the name really is that of both, add it to the forms of the entry meant",
    ),
    "register-unmentioned": (
        "no text mentions a register entry",
        "remove the entry, link the mention that was meant, or say why it stays: unmentioned: reason",
    ),
    "register-field": ("a register entry cannot be used", "correct the field named; docs/record.md lists the fields"),
    "register-circle": (
        "works of the register contain each other",
        "remove contained_in from one of them",
    ),
    # files
    "yaml": ("a YAML file cannot be read", "correct the line named"),
    "yaml-value": (
        "a value in a YAML file is not what it looks like",
        "put it in quotes, or write a number in digits and a choice as true or false",
    ),
    "yaml-bounds": (
        "a YAML file is nested or repeats itself beyond measure",
        "write the values out, without aliases (*name) and with few levels",
    ),
    "record-field": (
        "a field of the edition's record is missing or wrong",
        "correct the field named; docs/record.md lists the fields",
    ),
    "role-row": (
        "a role that conf.py adds cannot be used",
        "correct the row in edition_roles: docs/markup.md says what a row holds",
    ),
    "count-unknown": (
        "a page asks for a number that nobody counts",
        "write `lines`, `pages`, `lost`, `entries`, `notes`, `mentions` or a class of the apparatus, and after it a text's id",
    ),
    "conf-value": ("a value of conf.py cannot be used", "correct the value; docs/record.md lists them"),
    "record-id": ("an id or a source file has two owners", "give each its own"),
    "field-unknown": (
        "no field or column has this name",
        "correct the name, or remove it; docs/record.md lists the fields",
    ),
    "address-form": (
        "this is no web address",
        "write a full address that begins with https:// or http:// (mailto: for report_to), without spaces",
    ),
    "emendation-unknown": (
        "a page quotes an apparatus entry that no text has",
        "give the id of an entry: it is in the address of its mark in the built page (#app-0857-1)",
    ),
    "changes-form": (
        "the list of changes cannot be read",
        "write ## VERSION (YYYY-MM-DD, status), the newest first, and under it items beginning with -",
    ),
    "changes-version": (
        "the list of changes and the record speak of different versions",
        "the first version of the list is that of edition.yaml: number, date and status",
    ),
    "file-encoding": ("not UTF-8", "save the file as UTF-8"),
    "file-control": ("a control character", "remove it"),
    "file-missing": ("a file is missing", "restore it, or correct the name in edition.yaml"),
    "file-kind": (
        "a file cannot be read as a text file",
        "name a regular file that you may read; not a folder, pipe or loop of links",
    ),
    "file-name": (
        "a file name that cannot be used",
        "rename the file: at most 200 bytes, in UTF-8",
    ),
    "file-outside": ("a path leaves the edition's folder", "name a file inside it"),
    # new
    "new-exists": ("the folder cannot be made", "name a folder that is not there yet"),
    "new-field": ("a value that an edition cannot have", "give another value to the option named"),
    # import
    "import-missing": ("a file to import cannot be opened", "correct the name of the file"),
    "import-format": (
        "a file of no format that can be imported",
        "give ALTO 2-4, PAGE 2013-2019, hOCR, plain text or TEI; files of one format in one run",
    ),
    "import-xml": ("a damaged file: the XML is not well-formed", "export the file again from the program it comes from"),
    "import-hostile": (
        "a file that may read or make others",
        "remove the document type with its entities, or the XInclude, and give the file whole",
    ),
    "import-size": ("a file that is too large or too deep", "divide it into files of some pages each"),
    "import-encoding": (
        "a file whose letters cannot be read",
        "save the file as UTF-8, or declare its encoding in the first line: <?xml version=\"1.0\" encoding=\"…\"?>",
    ),
    "import-letter": ("a character that no text can have", "correct the file: a letter was lost, or it is no text"),
    "import-empty": ("a file without text", "give files in which at least one line has text"),
    "import-clean": (
        "the corrected transcription is not of the same lines",
        "give a transcription with the same pages, line by line; or import the OCR text alone",
    ),
    "import-text": ("a name that no text can have", "choose another: --text my-text"),
    "import-record": ("the record cannot be added to", "correct edition.yaml at the place named"),
    "import-exists": (
        "a file of the edition is there already",
        "choose another id with --text; or, if the old file is not wanted, remove it yourself",
    ),
    "import-witness": (
        "a text has one witness, O",
        "give its file without --witness; readings of others go into editors' notes for now",
    ),
    # the deposit
    "metadata-missing": (
        "metadata that every archive asks for are missing",
        "fill in the field named in edition.yaml",
    ),
    "metadata-contradiction": (
        "the metadata contradict each other",
        "make the two places named agree",
    ),
    "licence-unknown": (
        "an address that stands for no known licence",
        "give the exact address of a Creative Commons licence (https://creativecommons.org/licenses/by/4.0/), of CC0 "
        "(https://creativecommons.org/publicdomain/zero/1.0/), of the Public Domain Mark "
        "(https://creativecommons.org/publicdomain/mark/1.0/) or of a statement of rightsstatements.org "
        "(http://rightsstatements.org/vocab/CNE/1.0/)",
    ),
    "deposit-name": (
        "a file name that archives refuse",
        "rename the file: small letters a to z, digits and hyphens, a dot before the ending",
    ),
    "deposit-exists": (
        "there is a deposit of this version already",
        "a deposit is never overwritten: give the edition a new version, name another folder with --out, or remove "
        "the old one yourself",
    ),
    # places
    "place-unknown": (
        "the edition has no such place",
        "give a page of the page table and a line of that page: 17, ix, 17.12, 17.12-14, essay:5",
    ),
    "place-differs": (
        "an output has other words at this place than the sources",
        "build the outputs again; if they still differ, this is a fault of the tools: report it",
    ),
    "output-missing": (
        "an output is not there, or cannot be read",
        "run the command named; or read other forms only: --in FORM",
    ),
    # outputs
    "tei-invalid": ("the TEI is not valid", "this is a fault of the tools or of the schema: report it"),
    "tei-witness": (
        "the witness cannot be regenerated from the TEI",
        "this is a fault of the tools: report it",
    ),
    "typeface-letter": (
        "the typeface of the books (PDF, EPUB) has no such letter",
        "correct the letter; if the text really has it, the edition needs another typeface",
    ),
    "language-unknown": (
        "the interface does not speak this language",
        "give `language` in conf.py (or --language) one of those named, or add a catalogue: CONTRIBUTING.md says how",
    ),
    "pdf-form": ("no such form of the book", "correct pdf_forms or pdf_form_options, see docs/pdf.md"),
    "pdf-warning": ("the typesetter is not content", "see the message"),
}
