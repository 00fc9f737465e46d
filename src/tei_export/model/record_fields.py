"""The fields of the record ``edition.yaml``, of ``conf.py`` and of the tables beside the record.

The checks, the commented template, ``docs/record.md`` and the JSON Schema all use this table.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from tei_export.model.faithfulness import FOLD_RULES, PROOFS
from tei_export.model.fields import (
    ADDRESS,
    CONTACT,
    DATE,
    DAY,
    ID,
    LANGUAGE,
    NAMED,
    RANGE,
    ChoiceField,
    Field,
    FlagField,
    GroupField,
    LabelField,
    ListField,
    MappingField,
    NumberField,
    TextField,
    unknown,
)
from tei_export.model.licences import LICENCES, WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tei_export.model.fields import FieldProblem

#: The values of the edition's status.
STATUS = {
    "draft": "proofreading is not complete",
    "candidate": "ready for release, under final checks",
    "published": "released",
}
#: The position of a part, in the order of the text.
PLACES = {"front": "front matter", "body": "the body of the text", "back": "back matter"}
PART_TYPES = {
    "preface": "the author's preface; requires `place: front`",
    "chapter": "a numbered chapter; requires `n`",
    "essay": "an essay that is the whole text",
    "bibliography": "the author's bibliography",
    "letter": "a letter",
    "enclosure": "an enclosure of the preceding letter",
    "poem": "a poem; its lines are numbered",
    "play": "a play; its lines are numbered",
    "act": "an act of a play",
    "scene": "a scene of a play",
    "dedication": "the author's dedication, with `place: front`",
    "text": "any other part",
}


@dataclass(frozen=True, slots=True)
class Division:
    """A kind of division that the headings of one level begin. ``counts``: it is numbered, and so
    are its lines."""

    gloss: str
    counts: bool = True


#: The divisions that headings below that of a part may begin.
DIVISIONS = {
    "section": Division("a section, without a number", counts=False),
    "act": Division("an act of a play"),
    "scene": Division("a scene of a play"),
    "canto": Division("a canto or book of a long poem"),
    "poem": Division("a poem of a cycle"),
    "letter": Division("a letter"),
    "chapter": Division("a chapter"),
}
#: Parts and divisions that are verse: their lines are counted.
VERSE = frozenset({"poem", "play", "act", "scene", "canto"})
#: The kind of source of a text.
MEDIA = {
    "typescript": "typed on a typewriter",
    "print": "printed",
    "manuscript": "written by hand",
    "digital": "born digital, never on paper",
}
#: How the witness file was made.
ORIGINS = {
    "ocr": "optical character recognition of page images",
    "transcription": "a transcription of the source, letter by letter",
    "digital": "the file is the source itself",
}
#: The practices of the TEI header (``editorialDecl``) that a record may extend.
PRACTICES = {
    "correction": "how the editors correct errors",
    "normalization": "what the editors normalise",
    "hyphenation": "how the edition treats words divided at line ends",
    "quotation": "how the edition treats quotations and quotation marks",
    "punctuation": "how the edition treats punctuation",
    "interpretation": "what the editors mark by its meaning, such as names",
    "segmentation": "how the editors divide the text",
}
#: Names of files and folders in the outputs that the texts must not use.
TAKEN = ("cmif", "corpus", "edition", "registers", "schema")
VERSION = r"\d+\.\d+\.\d+(-[0-9A-Za-z]+(\.[0-9A-Za-z]+)*)?"
#: T and E denote the restored and the edited text.
_SIGLUM = TextField(
    "a siglum: a capital letter and up to seven letters or digits, except T (the restored text) and E (the edited text)",
    r"(?![TE]$)[A-Z][A-Za-z0-9]{0,7}",
    blank=False,
)
#: The form of a siglum among several; the id in TEI is derived from it. Separators of sigla and
#: readings are excluded.
SIGLUM = TextField(
    "a siglum: 1 to 24 letters, digits, superscripts, subscripts, full stops or spaces, beginning with a letter or digit, "
    "except T (the restored text) and E (the edited text)",
    r"(?![TE]$)[^\s!-/:-@\[-`{-~](?:(?:[^\s!-&(),/:-@\[-`{-~]| ){0,22}[^\s!-&(),/:-@\[-`{-~])?",
    blank=False,
)
_PATH = TextField(
    "a path inside the folder of the record, with / between folders",
    r"[^\\\x00-\x1f]{1,4000}",
    blank=False,
)
_FOLDER = TextField(
    "the name of a folder beside the record, with / between folders",
    r"[^\s./\\][^\s./\\]*(/[^\s./\\]+)*",
    blank=False,
)
_DOC = TextField("the name of a source file without .md", r"[^\s./\\][^\s\\.]*", blank=False)


def _licence(uri: str) -> bool:
    return uri in LICENCES


_RIGHT = GroupField(
    (
        Field("name", NAMED, "The name of the licence or rights statement.", True, "CC BY 4.0"),
        Field(
            "uri", TextField(WORDS, test=_licence, blank=False, code="licence-unknown", among=tuple(LICENCES)), "The address of the licence or rights statement.", True,
            "https://creativecommons.org/licenses/by/4.0/",
        ),
        Field("statement", NAMED, "What it means for this edition, in one sentence.", True, "Markup by the editors."),
    )
)  # fmt: skip


def _in_order(value: Mapping[str, Any]) -> str:
    """Check that two years are in order and at most 999 years apart."""
    first, last = value["from"], value["to"]
    return (
        ""
        if first <= last <= first + 999
        else f"goes from {first} to {last}: years in order, at most 999 apart"
    )


def _dates_in_order(value: Mapping[str, Any]) -> str:
    first, last = str(value.get("from") or ""), str(value.get("to") or "")
    return (
        f"goes from {first} to {last}: write the earlier first"
        if first and last and first > last + "-99"
        else ""
    )


@dataclass(frozen=True, slots=True)
class OneOrMoreField:
    """A name, or a list of names."""

    words: str = "a name, or a list of names"

    def check(self, path: str, value: Any) -> Iterator[FieldProblem]:
        yield from (ListField(NAMED, "names", 1) if isinstance(value, list) else NAMED).check(
            path, value
        )

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [NAMED.schema(), ListField(NAMED, "names", 1).schema()]}


def _action_test(value: Mapping[str, Any]) -> str:
    said = any(item is not None for item in value.values())
    return "" if said else "is empty: write who, where or when"


#: The sending or the receipt of a letter (TEI Guidelines, HD#HD44CD).
ACTION = GroupField(
    (
        Field("by", OneOrMoreField(), "The register keys of the senders or addressees: persons or organisations.", example="darwin-charles"),
        Field("place", NAMED, "The register key of the place.", example="down"),
        Field("date", RANGE, "The date. A range means that the exact day is unknown.", example='"1844-01-11"'),
        Field("date_text", NAMED, "The date in words, if they say more.", example="early in January"),
    ),
    _action_test,
)  # fmt: skip


def _part_test(value: Mapping[str, Any]) -> str:
    if value["type"] == "chapter" and value.get("n") in (None, ""):
        return "is a chapter without a number: add n"
    if value["type"] == "preface" and value.get("place") != "front":
        return "is a preface without its place: add place: front"
    if value.get("received") and not value.get("sent"):
        return "was received, but the record does not say that it was sent: add sent"
    return ""


PART = GroupField(
    (
        Field("doc", _DOC, "The source file in the text's folder, without `.md`.", True, "chapter-01"),
        Field(
            "id", ID, "The id of the part in the TEI and in addresses, unique among all parts and texts. Never change it "
            "after publication.", True, "ch-01",
        ),
        Field("type", ChoiceField(PART_TYPES), "The kind of part.", True, "chapter"),
        Field("title", NAMED, "The title that readers see.", True, "I. Introduction"),
        Field("n", LabelField(r"\S+", "a number or a text without spaces"), "The number of the part; chapters require one.", False, "1"),
        Field("place", ChoiceField(PLACES), "The place of the part in the text.", default="body", example="front"),
        Field(
            "first_line", NumberField(1, 9_999_999), "For texts without a page table: the first line of the part in the witness. Every part after the first requires it.", False, "120",
        ),
        Field(
            "divisions", ListField(ChoiceField({name: d.gloss for name, d in DIVISIONS.items()}), "kinds of divisions"),
            "The kinds of divisions that lower headings begin, outermost first.", default="sections", example="[act, scene]",
        ),
        Field("sent", ACTION, "For letters: sender, place and date."),
        Field("received", ACTION, "For letters: addressee, place and date of receipt."),
    ),
    _part_test,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PrefaceField:
    """The page that serves as the preface of the book: its name, or a mapping."""

    words: str = "the name of a page, or a mapping of page, without"

    def _type(self, value: Any) -> Any:
        page = Field("page", NAMED, "", True)
        return (
            GroupField((page, Field("without", ListField(NAMED), "")))
            if isinstance(value, dict)
            else NAMED
        )

    def check(self, path: str, value: Any) -> Iterator[FieldProblem]:
        yield from self._type(value).check(path, value)

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [self._type("").schema(), self._type({}).schema()]}


#: What a maker of the edition did.
ROLES = {
    "editor": "edited the text",
    "transcriber": "transcribed the source",
    "proofreader": "read the text against its source",
    "encoder": "marked up the text",
    "annotator": "wrote notes or registers",
    "translator": "translated",
}


def is_orcid(text: str) -> bool:
    """Return whether ``text`` is an ORCID iD with a correct check digit (ISO/IEC 7064, MOD 11-2)."""
    if not re.fullmatch(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]", text, re.ASCII):
        return False
    total = 0
    for digit in text.replace("-", "")[:-1]:
        total = (total + int(digit)) * 2
    return "0123456789X"[(12 - total % 11) % 11] == text[-1]


EDITOR = GroupField(
    (
        Field("name", NAMED, "The name as citations give it.", True, "Ada Lovelace"),
        Field("role", ChoiceField(ROLES), "The role of this person.", default="editor", example="editor"),
        Field(
            "orcid", TextField("an ORCID iD like 0000-0002-1825-0097, with a correct check digit",
                          r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]", is_orcid), "The ORCID iD.", False, "0000-0002-1825-0097",
        ),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class EditorsField:
    """The editors: a text, or a list of persons."""

    words: str = "a text, or a list of name, role, orcid"

    def _type(self, value: Any) -> Any:
        return ListField(EDITOR, "editors", least=1) if isinstance(value, list) else TextField()

    def check(self, path: str, value: Any) -> Iterator[FieldProblem]:
        yield from self._type(value).check(path, value)

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [self._type("").schema(), self._type([]).schema()]}


def _one(text: str) -> bool:
    return len(text) == 1


#: How much of the source a hand wrote (``handNote/@scope``).
SCOPES = {"sole": "all of the source", "major": "most of the source", "minor": "part of the source"}

_HAND = GroupField(
    (
        Field("name", NAMED, "The writer, as readers see it.", True, "the author"),
        Field(
            "description",
            TextField(),
            "The ink or pencil and the script of the hand.",
            False,
            "in brown ink",
        ),
        Field(
            "scope", ChoiceField(SCOPES), "How much of the source the hand wrote.", False, "minor"
        ),
    )
)


SHA256 = TextField(
    "the SHA-256 checksum of the witness: 64 hexadecimal digits in lower case",
    r"[0-9a-f]{64}",
    blank=False,
)


def _witness_test(value: Mapping[str, Any]) -> str:
    """Check the fields of a witness against each other."""
    if value.get("group"):
        others = [name for name in value if name not in ("group", "name", "description")]
        return f"is a group, which has no {others[0]} of its own" if others else ""
    if value.get("lost") and value.get("file"):
        return "is lost, but has a file"
    if (value.get("proof") == "significant") != bool(value.get("fold")):
        return "needs fold with proof: significant, and only with it"
    if value.get("engine") and value.get("medium") != "ocr":
        return "names an engine, but its medium is not ocr"
    return ""


WITNESS = GroupField(
    (
        Field("name", NAMED, "The name that readers see.", False, "First edition, 1859"),
        Field("description", NAMED, "A description of the witness for readers.", False, '"London: John Murray, 1859."'),
        Field("date", NAMED, "When the witness was made or published, in words.", False, '"about 1400"'),
        Field("file", _PATH, "The file with the text of the witness. It is never edited. Without a file, the readings are cited but not proved.", False, "witness/1859.txt"),
        Field("sha256", SHA256, "The checksum of the file.", default="the one in `SHA256SUMS` beside the file, which `tei-export seal` writes"),
        Field("proof", ChoiceField(PROOFS), "How exactly the apparatus must reproduce the file. The base must always match letter by letter.", default="letters", example="words"),
        Field("fold", ListField(ChoiceField(FOLD_RULES), "rules", least=1), "With `proof: significant`: the differences that the proof ignores.", False, "[u/v, ſ/s]"),
        Field("pages", _PATH, "The page table of the base.", False, "witness/1859-pages.csv"),
        Field("of", SIGLUM, "The witness whose text this file has, such as the original of an OCR text.", False, "A"),
        Field(
            "medium", ChoiceField({**MEDIA, **{name: said for name, said in ORIGINS.items() if name not in MEDIA}}),
            "The medium of the witness, or how its file was made.", False, "ocr",
        ),
        Field("engine", NAMED, "The OCR program and its version.", False, "Tesseract 5.3"),
        Field("engine_date", NAMED, "The date of the OCR, in words.", False, "March 2024"),
        Field("group", ListField(SIGLUM, "sigla", least=2), "The witnesses for which this siglum stands.", False, "[B, C]"),
        Field("fragmentary", FlagField(), "Whether only fragments survive. If such a witness has no file, an entry that does not name it implies nothing about it.", default="false", example="true"),
        Field("lost", FlagField(), "Whether the witness is lost and known only from others.", default="false", example="true"),
    ),
    _witness_test,
)  # fmt: skip

#: The short form for a text with one witness; ``base`` and ``witnesses`` replace it.
_SHORT = ("siglum", "witness", "sha256")
_OF_WITNESS = ("witness_description", "origin", "engine", "engine_date", "pages")


def _witnesses_test(value: Mapping[str, Any]) -> str:
    """Check the witnesses of a text against each other."""
    items = value.get("witnesses")
    if not items:
        return "has a base, but no witnesses" if value.get("base") else ""
    both = [name for name in (*_SHORT, *_OF_WITNESS) if value.get(name) is not None]
    if both:
        return f"has witnesses: move {both[0]} to the witness that it belongs to"
    base = value.get("base")
    if (
        base not in items
        or items[base].get("group")
        or items[base].get("of")
        or items[base].get("lost")
    ):
        return f"needs base: one of {', '.join(name for name, item in items.items() if not item.get('group') and not item.get('of'))}"
    for name, item in items.items():
        for other in (*(item.get("group") or ()), *([item["of"]] if item.get("of") else ())):
            if other not in items or other == name or items[other].get("group"):
                return f"has {name}, which names {other}: name witnesses of this text, but no group"
        if (
            item.get("of")
            and item.get("file")
            and (items[item["of"]].get("file") or item["of"] != base)
        ):
            return f"has {name}, a text of {item['of']}: only the base may have the file of its text in its stead"
    files = [item["file"] for item in items.values() if item.get("file")]
    if len(files) != len(set(files)):
        return "has two witnesses with the same file"
    if not any(
        items[name].get("file") for name in items if name == base or items[name].get("of") == base
    ):
        return f"needs a file of {base}, its base"
    return ""


def _text_test(value: Mapping[str, Any]) -> str:
    if wrong := _witnesses_test(value):
        return wrong
    ranks = [list(PLACES).index(part.get("place") or "body") for part in value["parts"]]
    if ranks != sorted(ranks):
        return "has parts out of order: front, then body, then back"
    if value.get("engine") and value.get("origin") != "ocr":
        return "names an engine, but its origin is not ocr"
    tables = [
        value.get("pages"),
        *(w.get("pages") for w in (value.get("witnesses") or {}).values()),
    ]
    return _first_lines([part.get("first_line") for part in value["parts"]], paged=any(tables))


def _first_lines(begins: Sequence[int | None], *, paged: bool) -> str:
    """Check where the parts begin in the witness: either the page table or each part states it."""
    if paged:
        return "has a page table: take first_line out of its parts" if any(begins) else ""
    if None in begins[1:]:
        return (
            "has several parts and no page table: give every part after the first first_line, the line of the witness "
            "with which it begins, or give the text pages"
        )
    known = [first or 1 for first in begins]
    if known != sorted(set(known)) or known[0] != 1:
        return "has parts out of order: the first begins with line 1, each other has a later first_line"
    return ""


TEXT = GroupField(
    (
        Field("folder", _FOLDER, "The folder of the source files.", True, "book"),
        Field("title", NAMED, "The title of the text.", True, "On the Origin of Species"),
        Field(
            "title_status", ChoiceField({"supplied": "the editors supplied the title"}),
            "Write `supplied` if the title is the editors'.", False, "supplied",
        ),
        Field("author", TextField(), "The author; empty if unknown.", False, "Darwin, Charles"),
        Field("kind", TextField(), "The kind of text, in words.", False, "treatise"),
        Field(
            "genre", GroupField(
                (
                    Field("scheme", replace(ADDRESS, blank=False), "The address of the scheme.", True, '"http://vocab.getty.edu/aat/"'),
                    Field("code", NAMED, "The code in the scheme.", True, '"300028028"'),
                    Field("name", NAMED, "The name of the code in the scheme.", True, "theses"),
                )
            ),
            "The kind of text, as a code of a published scheme.",
        ),
        Field(
            "date", GroupField(
                (
                    Field("from", DATE, "The earliest possible date.", False, '"1859"'),
                    Field("to", DATE, "The latest possible date.", False, '"1859"'),
                    Field("text", TextField(), "The date in words.", False, "about 1859"),
                ),
                _dates_in_order,
            ),
            "The date of the source.",
        ),
        Field("language", LANGUAGE, "The language of the text.", example="la", default="the language of the edition"),
        Field("medium", ChoiceField(MEDIA), "The medium of the source.", default="the outputs do not state it", example="print"),
        Field("extent", TextField(), "The extent of the source, in words.", False, "xi, 158 pages"),
        Field("description", TextField(), "A description of the source for readers.", False, "First edition, London 1859."),
        Field("caveat", TextField(), "The limits of the edition's claims about this text.", example="Restored from a scan.", default="the caveat of the edition"),
        Field(
            "siglum", _SIGLUM, "The siglum of the witness, against which the edition is proved. A text with one witness "
            "has `siglum`, `witness` and `sha256`; a text with several has `base` and `witnesses`.", True, "O", unless="witnesses",
        ),
        Field("witness", _PATH, "The file of the witness. It is never edited.", True, "witness/book.txt", unless="witnesses"),
        Field(
            "sha256", SHA256,
            "The checksum of the witness file.", True, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", unless="witnesses",
        ),
        Field("base", SIGLUM, "The witness whose lines and pages the source follows.", False, "A", unless="siglum"),
        Field(
            "witnesses", MappingField(WITNESS, "witnesses", SIGLUM.pattern, SIGLUM.words, least=1),
            "The witnesses by siglum, in order; see [Several witnesses](witnesses.md).", False,
            "{A: {name: First edition, file: witness/1859.txt}}", unless="siglum",
        ),
        Field(
            "apparatus", ChoiceField({"negative": "entries name only the witnesses that differ from the lemma", "positive": "entries also name the witnesses that agree with the lemma"}),
            "For texts with several witnesses: whether the apparatus on the pages is negative or positive at first. Readers can switch.",
            default="negative", example="positive",
        ),
        Field(
            "divided_words", ChoiceField({
                "keep": "keep the two pieces as two words",
                "join": "join them if another witness has the whole word; the text then has the whole word, and an entry records the division",
            }),
            "How `tei-export collate` treats a word that a file divides within a line: `con- tinues`.", default="keep", example="join",
        ),
        Field(
            "spelling", MappingField(NAMED, "texts"), "Equivalent spellings, as parts of words. A variant that they explain completely is orthographic.", False, "{shew: show}",
        ),
        Field("witness_description", TextField(), "A description of the witness for readers.", False, "OCR text of a scan."),
        Field("origin", ChoiceField(ORIGINS), "How the witness file was made.", default="the outputs do not state it", example="ocr"),
        Field("engine", NAMED, "The OCR program and its version.", False, "Tesseract 5.3"),
        Field("engine_date", NAMED, "The date of the OCR, in words.", False, "March 2024"),
        Field(
            "practices",
            GroupField(
                tuple(
                    Field(name, NAMED, f"{said[0].upper()}{said[1:]}.", False, "As printed." if name == "quotation" else "")
                    for name, said in PRACTICES.items()
                )
            ),
            "Editorial practices for the TEI header, in addition to those that the program states for every edition.",
        ),
        Field(
            "reason_kinds",
            MappingField(NAMED, "texts", r"[^\s:()][^:()]*", "words without a colon and without brackets"),
            "The kinds of reasons and their meanings. If a text declares them, every uncertain reading requires a reason that begins with a kind: the kind alone, or the kind, a colon and details.", False, "{digits by shape: a figure read from the machine's sign}",
        ),
        Field(
            "hands", MappingField(_HAND, "hands", r"[a-z][a-z0-9-]*", "a key: small letters, digits and hyphens"),
            "The hands of the source, by the key that roles use: `` {del}`word <@anna>` ``.", False,
            '{anna: {name: Anna, description: "in pencil", scope: minor}}',
        ),
        Field("pages", _PATH, "The page table. Without it, the text has no pages.", False, "witness/book-pages.csv"),
        Field("ledger", _PATH, "The page ledger, which says how often each page was read against the witness.", False, "ledger.csv"),
        Field("preface", PrefaceField(), "The page of the site that becomes the preface of the book; `without` names the sections that the book omits, by their ids.", False, "about/text"),
        Field(
            "glyphs", MappingField(NAMED, "texts", key_words="one letter of the witness", key_test=_one),
            "Characters of the witness, and what the source has in their place. They do not count as misreadings.", False,
            '{"’": "\'"}',
        ),
        Field("complete", FlagField(), "Whether the sources contain the whole text.", default="false", example="true"),
        Field("parts", ListField(PART, "parts", least=1), "The parts in order.", True),
    ),
    _text_test,
)  # fmt: skip


_FONT = GroupField(
    (
        Field("family", NAMED, "The family name, as in the font file.", True, "Amiri"),
        Field(
            "file", _PATH, "The font file (`.ttf` or `.otf`). Each face of a family is an item of its own.",
            default="the installed faces of the family", example="fonts/Amiri-Regular.ttf",
        ),
        Field("licence", NAMED, "The licence that permits you to embed and publish the font.", True, "SIL Open Font License 1.1"),
    )
)  # fmt: skip


def _text_id(text: str) -> bool:
    return text not in TAKEN


def _harvested(value: Mapping[str, Any]) -> str:
    """Check that a record for harvesters has what OAI-PMH requires of a repository (2.0, 4.2 *Identify*)."""
    if not value.get("oai_address") or (
        value.get("base_url") and str(value.get("report_to") or "").startswith("mailto:")
    ):
        return ""
    return "oai_address needs base_url, and report_to with an address that begins with mailto:"


RECORD = GroupField(
    (
        Field("title", NAMED, "The title of the edition.", True, "Letters of a Botanist"),
        Field("subtitle", TextField(), "The subtitle; may be empty.", True, "A digital edition"),
        Field("short_title", NAMED, "A short title for narrow spaces.", True, "Letters"),
        Field("version", TextField("a version like 1.0.0", VERSION, blank=False), "The version of the edition.", True, "1.0.0"),
        Field("date", DAY, "The date of the version.", True, '"2000-12-31"'),
        Field("status", ChoiceField(STATUS), "The state of the edition.", True, "draft"),
        Field("language", LANGUAGE, "The language of the edition.", True, "en"),
        Field(
            "editors", EditorsField(), "The editors: a text, or a list of persons, each with `name`, `role` (one of "
            f"{', '.join(ROLES)}) and `orcid`.", True, "The editors of this edition",
        ),
        Field("publisher", TextField(), "The publisher.", True, "The editors of this edition"),
        Field("description", TextField(), "A description of the edition, in a few sentences.", True, "The letters of …"),
        Field("caveat", TextField(), "The limits of the edition's claims; may be empty.", True, '""'),
        Field("base_url", ADDRESS, "The address where the edition is published; permalinks begin with it.", False, "https://example.org/"),
        Field(
            "version_url", ADDRESS, "The permanent address of this version; permalinks to the version begin with it.",
            False, "https://example.org/v1/",
        ),
        Field("repository_url", ADDRESS, "The address of the sources.", False, "https://example.org/sources"),
        Field(
            "identifier", TextField("a DOI like 10.1234/abc", r"10\.\d{4,9}/[^\s<>\"]+"), "The DOI of this version.", False,
            "10.5555/12345",
        ),
        Field("report_to", CONTACT, "The address to which readers report errors.", False, "mailto:editors@example.org"),
        Field(
            "oai_address", ADDRESS, "The address where harvesters read the metadata (OAI-PMH): a gateway for static repositories, or the service `dts-serve`. Requires `base_url`, and an e-mail address in `report_to`.",
            False, "https://example.org/oai",
        ),
        Field("certified_by", TextField(), "Who certified the accessibility of the EPUB.", False, "Nobody yet"),
        Field(
            "keywords", GroupField(
                (
                    Field("scheme", NAMED, "The name of the vocabulary.", True, "Library of Congress Subject Headings"),
                    Field("terms", ListField(NAMED), "The terms.", True, "[Botany]"),
                )
            ),
            "The subjects, as terms of a controlled vocabulary.",
        ),
        Field(
            "timeline", GroupField(
                (Field("from", NumberField(0, 9998), "The first year.", True, "1850"), Field("to", NumberField(0, 9998), "The last year.", True, "1860")),
                _in_order,
            ),
            "The years that the timeline of events covers.",
        ),
        Field(
            "rights", GroupField(
                tuple(
                    Field(of, _RIGHT, said, True)
                    for of, said in (
                        ("text", "The rights in the text itself."),
                        ("encoding", "The rights in what the editors added: markup, apparatus, notes, registers."),
                        ("metadata", "The rights in the metadata."),
                    )
                )
            ),
            "The rights in the edition, in three parts.", True,
        ),
        Field(
            "languages", MappingField(NAMED, "texts", LANGUAGE.pattern, LANGUAGE.words, least=1),
            "Every language of the edition, by tag, with its name for readers.", True, "{en: English}",
        ),
        Field(
            "word_lists", MappingField(OneOrMoreField(), "names", LANGUAGE.pattern, LANGUAGE.words),
            "The Hunspell dictionaries in which `tei-export words` looks up words, by language: the name of a system "
            "dictionary or of an npm package, or a file of the edition.", example="{en: dictionary-en}",
        ),
        Field(
            "fonts", ListField(_FONT, "fonts"), "Fonts for letters that the bundled typeface (Libertinus Serif: Latin, "
            "Cyrillic, Greek, Hebrew) lacks. PDF, EPUB and web pages embed them.", False,
        ),
        Field(
            "texts", MappingField(TEXT, "texts", ID.pattern, f"{ID.words}; none of {', '.join(TAKEN)}", _text_id, least=1),
            "The texts of the edition, by id.", True,
        ),
    ),
    _harvested,
)  # fmt: skip

PAGE_COLUMNS = (
    Field("page", NAMED, "The page label as printed: `12`, `ix`, `12r`, `[4]`. The order of the rows is the order of the pages.", True, "12"),
    Field("first_line", TextField(), "The first line of the page in the witness; empty for a lost page.", True, "120"),
    Field("last_line", TextField(), "The last line of the page in the witness; empty for a lost page.", True, "155"),
    Field("number_seen_at_line", TextField(), "The witness line with the page number; empty if the number is inferred.", True, "120"),
    Field("note", TextField(), "A remark for other editors.", False, ""),
)  # fmt: skip
LEDGER_COLUMNS = (
    Field("page", NAMED, "The page label, as in the page table.", True, "12"),
    Field("readings", TextField(), "How often the page was read against the witness.", True, "2"),
    Field("last_read", TextField(), "The date of the last reading.", True, "2000-12-31"),
    Field("read_by", TextField(), "The last reader; may be empty.", False, "A. Reader"),
    Field("open_doubts", TextField(), "The open doubts in words, separated by `;`; empty if there are none.", True, "the year"),
)  # fmt: skip
CHANGES = (
    Field("version", TextField("a version like 1.0.0", VERSION), "The version, in the heading `## VERSION (DATE, STATUS)`.", True, "1.0.0"),
    Field("date", DAY, "The date of the version.", True, "2000-12-31"),
    Field("status", ChoiceField(STATUS), "The state of the edition at that version.", True, "draft"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class AnyField:
    """A value that another module checks."""

    words: str = "any value"

    def check(self, path: str, value: Any) -> Iterator[FieldProblem]:
        yield from ()

    def schema(self) -> dict[str, Any]:
        return {}


#: Values of conf.py that Sphinx does not define.
CONF = (
    Field("language", LANGUAGE, "The language of the interface: one for which the program has a catalogue.", default="en"),
    Field("edition_project", FlagField(), "Whether the Sphinx project is the edition and nothing else; see `docs/sphinx.md`.", default="False; the command `tei-export` uses True"),
    Field("edition_record", NAMED, "The file name of the record.", default="edition.yaml"),
    Field("edition_roles", ListField(AnyField(), "roles"), "The edition's own roles; see `docs/markup.md`.", default="[]"),
    Field("edition_blocks", ListField(AnyField(), "blocks"), "The edition's own blocks; see `docs/markup.md`.", default="[]"),
    Field("edition_schema", NAMED, "The folder of the edition's own schema.", default="the schema of the program"),
    Field("pdf_forms", ListField(NAMED, "names"), "The forms of the book.", default='["book"]'),
    Field("pdf_form_options", MappingField(MappingField(AnyField()), "options by form"), "Changes to the forms of the book; see `docs/pdf.md`.", default="{}"),
    Field("pdf_volume_words", NumberField(0, 10**9), "The maximum number of words in a volume. A longer text becomes several books; 0 means always one.", default="150000"),
    Field("epub_volume_words", NumberField(0, 10**9), "The maximum number of words in a volume of the EPUB. A longer edition becomes several e-books; 0 means always one.", default="200000"),
    Field("office_volume_words", NumberField(0, 10**9), "The maximum number of words in a file for word processors. A longer text becomes several files; 0 means always one.", default="150000"),
)  # fmt: skip
#: Set by the command line.
_INTERNAL = {"edition_builder", "edition_command", "edition_files", "edition_files_made"}

#: Ids that the TEI files use for other things than parts.
_RESERVED = re.compile(
    r"ed(-\d+)?|mach|auto|author|keywords|editorial-notes|rights-.*|o\d+(-.*)?"
    r"|(pg|app|fn|nr|pers|place|org|event|bib|rel|desc)-.*|.*-[sbl]\d{2,}(-tr)?"
)


def collisions(texts: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield duplicate part ids and source files as (path, what is wrong)."""
    docs: dict[str, str] = {}
    for key, text in texts.items():
        ids = {other: f"text {other}" for other in texts}  # a text is a file of its own
        for number, part in enumerate(text["parts"]):
            path = f"texts.{key}.parts.{number}"
            name, doc = part["id"], f"{text['folder']}/{part['doc']}"
            if name in ids:
                yield f"{path}.id", f"{name} is already the id of {ids[name]}"
            elif _RESERVED.fullmatch(name):
                yield (
                    f"{path}.id",
                    f"the program gives the id {name} itself: choose another, such as ch-01",
                )
            if doc in docs:
                yield f"{path}.doc", f"{doc}.md is already {docs[doc]}"
            ids.setdefault(name, f"part {number + 1} of {key}")
            docs.setdefault(doc, f"part {number + 1} of {key}")


def conf_problems(values: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield faults in our settings in conf.py, and in similar names, as (code, name, fault)."""
    known = {field.name: field for field in CONF}
    for name, value in values.items():
        if name in known:
            for complaint in known[name].type.check(
                name, list(value) if isinstance(value, tuple) else value
            ):
                yield complaint.code or "conf-value", name, f"{complaint.path} {complaint.detail}"
        elif re.match(r"edition_|pdf_", name) and name not in _INTERNAL:
            yield "field-unknown", name, f"{name}: {unknown(name, name, known).detail}"
