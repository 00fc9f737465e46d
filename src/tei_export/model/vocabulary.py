"""The vocabulary of the sources: one row per role, the only list of all roles.

A row defines the role, its node's ``kind``, what each layer reads, its TEI, HTML and EPUB elements,
its Typst function, whether it enters the apparatus, the markup reference and the parametrised
tests. ``docs/markup.md`` explains the roles to editors. An edition adds rows of its own in conf.py
(``edition_roles``, see :data:`ROLE_TABLE`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from tei_export.model.role_values import Value, ValueType
from tei_export.model.row_table import RowTable

if TYPE_CHECKING:
    from collections.abc import Iterator


class Family(Enum):
    """The kind of a role's text, which determines the tail it may have."""

    LAYER = "layer"
    """``reading <source> ? #resp (why)``: two readings of one place."""
    VARIANTS = "variants"
    """``lemma <sigla: reading> <sigla: reading> ? #resp (why)``: readings of several witnesses."""
    STATE = "state"
    """``text ? #resp (why)``: text that the witness does not (clearly) have."""
    MENTION = "mention"
    """``text <key>``: a reference to a register entry."""
    PHRASE = "phrase"
    """``text <values>``: a stretch of text of a certain kind. The tail belongs to rows with values."""
    MILESTONE = "milestone"
    """``value``: a point in the text, without text of its own."""


class Reads(Enum):
    """What one layer of the text reads at a role."""

    CONTENT = "content"
    """The words of the role."""
    SOURCE = "source"
    """The text in angle brackets after them."""
    BOTH = "both"
    """The text in angle brackets, then the words: what was there first, and what replaced it."""
    SIGN = "sign"
    """The sign of a loss, ``[…]``."""
    NOTHING = "nothing"


#: The layers: edited text, restored original, witness.
LAYERS = ("E", "T", "O")
_READS_ALL = (Reads.CONTENT, Reads.CONTENT, Reads.CONTENT)


@dataclass(frozen=True, slots=True)
class Role:
    """One role.

    ``tei`` is the local name of the TEI element (for mentions: of a *name*; a
    description becomes ``rs``), ``tei_attrs`` its fixed attributes. ``html`` is
    the HTML element, whose class is ``css`` or the role's name. ``typst`` is a function
    of ``outputs/pdf/edition.typ``; none means that the text stands as it is.
    """

    name: str
    family: Family
    tei: str
    gloss: str
    html: str = "span"
    typst: str = ""
    register: str = ""
    id_prefix: str = ""
    tei_attrs: dict[str, str] = field(default_factory=dict)
    lang: str = ""
    reads: tuple[Reads, Reads, Reads] = _READS_ALL
    """what E, T and O read (:data:`LAYERS`)"""
    apparatus: bool = False
    """whether it makes an apparatus entry"""
    css: str = ""
    """class of the HTML and EPUB element, if it is not the role's name"""
    labels: tuple[str, str] = ("", "")
    """singular and plural label; :mod:`tei_export.i18n.terms` has those of built-in roles"""
    tei_parts: tuple[str, str] = ("", "")
    """of a layer: the TEI elements inside ``tei`` for the reading and the source"""
    tei_module: str = "core"
    """the TEI P5 module of ``tei`` and ``tei_parts``, if the schema lacks them"""
    sign: str = ""
    """of a milestone: the sign that every output shows"""
    conjecture: bool = False
    """whether its readings must state their certainty: ``?``, ``??`` or ``!``"""
    values: tuple[Value, ...] = ()
    """the values beside its words; of a layer, the element ``part`` has them"""
    part: str = ""
    """of a layer with values: the element of ``tei_parts`` that has them as attributes"""
    markdown: str = ""
    """Markdown's own mark for a phrase: ``*`` or ``**``"""
    aside: bool = False
    """of a phrase: forme work, which belongs to the page and not to the text; a line of nothing
    else has no number, and words and sentences continue across it"""
    of_text: bool = False
    """whether it depends on the place of its words in the text, so that readings of single
    witnesses cannot contain it"""
    notation: str = ""
    """of a phrase: the notation of its words, which are taken letter by letter; ``TeX`` is a formula"""
    signs: tuple[str, str] = ("", "")
    """the signs around its words where a reading is shown in one line (Leiden conventions)"""

    def read_by(self, layer: str) -> Reads:
        """Return what ``layer`` (E, T, O) reads."""
        return self.reads[LAYERS.index(layer)]

    @property
    def misreading(self) -> bool:
        """Whether only the witness differs: the role does not judge the author's text."""
        return self.reads == (Reads.CONTENT, Reads.CONTENT, Reads.SOURCE)

    @property
    def in_readings(self) -> bool:
        """Whether readings of single witnesses may contain it."""
        apart = self.of_text or self.aside or self.misreading
        return not apart and self.family not in (Family.VARIANTS, Family.MILESTONE)

    @property
    def signs_around(self) -> tuple[str, str]:
        """The :attr:`signs`, by default those of a deletion if the edited text omits the words."""
        struck = self.family is Family.PHRASE and self.read_by("E") is Reads.NOTHING
        return ("⟦", "⟧") if struck and self.signs == ("", "") else self.signs

    @property
    def revised(self) -> bool:
        """Whether the source itself revised these words: it has something that the edited text omits."""
        edited, typed, _witness = self.reads
        return typed is not edited


_CONTENT, _SOURCE, _SIGN, _NOTHING, _BOTH = (
    Reads.CONTENT,
    Reads.SOURCE,
    Reads.SIGN,
    Reads.NOTHING,
    Reads.BOTH,
)
_LAYER, _STATE, _MENTION, _PHRASE, _MILESTONE = (
    Family.LAYER,
    Family.STATE,
    Family.MENTION,
    Family.PHRASE,
    Family.MILESTONE,
)

_HAND = Value("hand", ValueType.HAND)
#: The values of ``att.placement`` (TEI ST#STGAatt) that an addition may have.
_ADDED = Value(
    "place",
    ValueType.WORD,
    {
        "above": "above the line",
        "below": "below the line",
        "inline": "in the line",
        "margin": "in the margin",
        "top": "at the head of the page",
        "bottom": "at the foot of the page",
    },
)
_DELETED = Value(
    "rend",
    ValueType.WORD,
    {
        "struck": "struck out",
        "erased": "erased",
        "overwritten": "written over",
    },
)
#: What damaged a place (``att.damaged``, TEI PH#PHDA), and why words are too many.
_AGENT = Value(
    "agent",
    ValueType.WORD,
    {
        "water": "damaged by water",
        "fire": "damaged by fire",
        "mould": "damaged by mould",
        "tear": "torn",
        "hole": "a hole",
        "stain": "stained",
        "fold": "in a fold",
        "binding": "in the binding",
        "rubbing": "rubbed",
        "ink": "damaged by the ink",
    },
)
_SURPLUS = Value(
    "reason",
    ValueType.WORD,
    {
        "repeated": "repeated by mistake",
        "interpolated": "added by another",
        "begun": "a false start",
    },
)
#: The calendar that the words of a date belong to; its value is of the Gregorian one.
CALENDARS = {
    "julian": "Julian calendar",
    "republican": "French Republican calendar",
    "hebrew": "Hebrew calendar",
    "islamic": "Islamic calendar",
}
_CALENDAR = Value("calendar", ValueType.WORD, CALENDARS)

ROLES: tuple[Role, ...] = (
    Role(
        "ocr", _LAYER, "app", "machine misreading, noise or loss (O → T)",
        reads=(_CONTENT, _CONTENT, _SOURCE), apparatus=True, tei_parts=("lem", "rdg"),
    ),
    Role(
        "app", Family.VARIANTS, "app", "readings of several witnesses",
        apparatus=True, tei_parts=("lem", "rdg"),
    ),
    Role(
        "sic", _LAYER, "choice", "slip of the source, corrected (T → E)",
        reads=(_CONTENT, _SOURCE, _SOURCE), apparatus=True, tei_parts=("corr", "sic"),
    ),
    Role(
        "supplied", _STATE, "supplied", "words lost in the witness, supplied",
        typst="supplied", reads=(_CONTENT, _CONTENT, _NOTHING), apparatus=True, conjecture=True, signs=("⟨", "⟩"),
    ),
    Role("unclear", _STATE, "unclear", "doubtful reading of what the witness shows", apparatus=True, signs=("", "(?)")),
    Role("gap", _STATE, "gap", "loss that cannot be filled", typst="gap", reads=(_SIGN, _SIGN, _NOTHING), apparatus=True),
    Role("person", _MENTION, "persName", "person", register="persons", id_prefix="pers-"),
    Role("place", _MENTION, "placeName", "place", register="places", id_prefix="place-"),
    Role("org", _MENTION, "orgName", "organisation", register="organisations", id_prefix="org-"),
    Role(
        "event", _MENTION, "name", "event",
        register="events", id_prefix="event-", tei_attrs={"type": "event"},
    ),
    Role("work", _MENTION, "title", "work", html="cite", typst="work", register="works", id_prefix="bib-"),
    Role(
        "cited", _PHRASE, "citedRange", "page cited from the work named before",
        tei_attrs={"unit": "page"}, of_text=True,
    ),
    Role(
        "authorsic", _PHRASE, "seg", "the author's own [sic]",
        # Reader views take an element whose class contains "author" for the byline.
        css="own-sic", tei_attrs={"type": "authorSic", "resp": "#author"},
    ),
    Role(
        "insertion", _PHRASE, "seg", "the author's insertion in a quotation",
        tei_attrs={"type": "authorInsertion", "resp": "#author"},
    ),
    Role("ru", _PHRASE, "foreign", "Russian, new orthography", html="i", typst="russian", lang="ru"),
    Role(
        "ruold", _PHRASE, "foreign", "Russian, orthography before 1918",
        html="i", typst="russian", lang="ru-petr1708",
    ),
    # Typography of the source (CO#COHQHE; DTABf: Textauszeichnung).
    *(
        Role(name, _PHRASE, "hi", gloss, html=html, typst=typst, tei_attrs={"rend": rend}, markdown=sign)
        for name, rend, gloss, html, typst, sign in (
            ("i", "italic", "italics", "i", "emph", "*"),
            ("b", "bold", "bold letters", "b", "strong", "**"),
            ("sc", "smallcaps", "small capitals", "span", "smallcaps", ""),
            ("u", "underline", "underlined", "u", "underline", ""),
            ("uu", "double-underline", "underlined twice", "u", "double-underline", ""),
            ("overline", "overline", "with a line above", "span", "overline", ""),
            ("antiqua", "antiqua", "roman letters in a text of black letter", "span", "", ""),
            ("large", "large", "larger letters", "span", "larger", ""),
            ("small", "small", "smaller letters", "small", "smaller", ""),
            ("red", "red", "red letters", "span", "rubric", ""),
            ("spaced", "spaced", "spaced letters", "span", "spaced", ""),
            ("sup", "superscript", "raised letters", "sup", "super", ""),
            ("sub", "subscript", "lowered letters", "sub", "sub", ""),
        )
    ),
    # What its author, or another hand, changed in the source (PH#PHAD, PH#PHSUBST).
    Role(
        "del", _PHRASE, "del", "deleted in the source", html="del", typst="strike",
        reads=(_NOTHING, _CONTENT, _CONTENT), apparatus=True, values=(_DELETED, _HAND),
    ),
    Role("add", _PHRASE, "add", "added in the source", html="ins", values=(_ADDED, _HAND), signs=("\\", "/")),
    Role(
        "subst", _LAYER, "subst", "replaced in the source: the new words, then the old ones",
        reads=(_CONTENT, _BOTH, _BOTH), apparatus=True, tei_parts=("add", "del"), values=(_ADDED, _HAND), part="add",
        signs=("\\", "/"),
    ),
    # What the edition writes in another form (CO#COEDREG, CO#CONAAB).
    Role(
        "abbr", _LAYER, "choice", "abbreviation of the source, expanded",
        reads=(_CONTENT, _SOURCE, _SOURCE), apparatus=True, tei_parts=("expan", "abbr"),
    ),
    Role(
        "orig", _LAYER, "choice", "spelling of the source, regularised",
        reads=(_CONTENT, _SOURCE, _SOURCE), apparatus=True, tei_parts=("reg", "orig"),
    ),
    # What the words mean (CO#CONADA, CO#CONANU, CO#COHQHF).
    Role(
        "date", _PHRASE, "date", "date, with its value",
        values=(Value("when", ValueType.DATE, needed=True, html="datetime", element="time"), _CALENDAR),
    ),
    Role(
        "num", _PHRASE, "num", "number, with its value",
        values=(Value("value", ValueType.NUMBER, needed=True, html="value", element="data"),),
    ),
    Role(
        "foreign", _PHRASE, "foreign", "words in another language", html="i", typst="russian",
        values=(Value("xml:lang", ValueType.LANGUAGE, needed=True, html="lang"),),
    ),
    # A formula in the notation of TeX (FT#FTFOR).
    Role(
        "math", _PHRASE, "formula", "a formula, in the notation of TeX", html="math", typst="formula",
        tei_attrs={"notation": "TeX"}, notation="TeX", of_text=True, tei_module="figures",
    ),
    # Where the words lead (CO#COXR).
    Role("ref", _PHRASE, "ref", "a reference to a page, line, note or part of the text, or to an address", values=(Value("target", ValueType.TARGET, needed=True),), of_text=True),
    Role(
        "par", _PHRASE, "seg", "the number of a paragraph, at its beginning",
        tei_attrs={"type": "number"}, values=(Value("n", ValueType.SIGN),), of_text=True,
    ),
    # Forme work (PH#PHSK; DTABf: Seitenränder).
    Role(
        "pagenum", _PHRASE, "fw", "the page number as printed",
        tei_attrs={"type": "pageNum", "place": "top"}, reads=(_NOTHING, _CONTENT, _CONTENT), aside=True, css="forme",
    ),
    Role(
        "header", _PHRASE, "fw", "running head",
        tei_attrs={"type": "header", "place": "top"}, reads=(_NOTHING, _CONTENT, _CONTENT), aside=True, css="forme",
    ),
    Role(
        "footer", _PHRASE, "fw", "foot of the page",
        tei_attrs={"type": "footer", "place": "bottom"}, reads=(_NOTHING, _CONTENT, _CONTENT), aside=True, css="forme",
    ),
    Role(
        "catch", _PHRASE, "fw", "catch-word",
        tei_attrs={"type": "catch", "place": "bottom"}, reads=(_NOTHING, _CONTENT, _CONTENT), aside=True, css="forme",
    ),
    Role(
        "sig", _PHRASE, "fw", "signature mark",
        tei_attrs={"type": "sig", "place": "bottom"}, reads=(_NOTHING, _CONTENT, _CONTENT), aside=True, css="forme",
    ),
    Role(
        "initial", _PHRASE, "hi", "drop capital",
        typst="initial", tei_attrs={"rend": "initial"}, of_text=True,
    ),
    # Plays (DR#DRCAST, DR#DRSP).
    Role(
        "role", _PHRASE, "role", "a role of a play, in its cast list", typst="smallcaps",
        values=(Value("role", ValueType.ROLE),), tei_module="drama", of_text=True,
    ),
    Role("roledesc", _PHRASE, "roleDesc", "what a role of a play is, in its cast list", tei_module="drama", of_text=True),
    Role("actor", _PHRASE, "actor", "who plays a role, in the cast list", html="i", typst="emph", tei_module="drama", of_text=True),
    Role(
        "speaker", _PHRASE, "speaker", "who speaks, at the beginning of a speech", html="b", typst="speaker",
        values=(Value("who", ValueType.ROLES),), of_text=True,
    ),
    Role("stage", _PHRASE, "stage", "stage direction", html="i", typst="emph", of_text=True),
    Role("number", _PHRASE, "head", "number of a chapter, first line of its heading", of_text=True),
    # What happened to the source (PH#PHDA, PH#PHSP, PH#PHDH), and what it has too much (TC, PH#PHSU).
    Role("damage", _PHRASE, "damage", "legible words in a damaged place", values=(_AGENT,)),
    Role(
        "surplus", _PHRASE, "surplus", "words that the source has too many, as the editors judge",
        reads=(_NOTHING, _CONTENT, _CONTENT), apparatus=True, values=(_SURPLUS,), signs=("{", "}"),
    ),
    Role("space", _MILESTONE, "space", "a space left empty in the source", sign="[ ]", values=(Value("unit", ValueType.EXTENT),)),
    Role("hand", _MILESTONE, "handShift", "another hand begins to write", values=(Value("new", ValueType.HAND),)),
    Role("cb", _MILESTONE, "cb", "a column begins", values=(Value("n", ValueType.SIGN),)),
    Role(
        "milestone", _MILESTONE, "milestone", "a place in another system of reference",
        values=(Value("unit", ValueType.NAME), Value("n", ValueType.SIGN)),
    ),
    Role("pb", _MILESTONE, "pb", "a page of the original begins"),
    Role("o", _MILESTONE, "lb", "a line of the witness begins"),
    Role("lb", _MILESTONE, "milestone", "a line of another witness begins"),
    Role("begin", _MILESTONE, "anchor", "a passage begins that some witnesses read otherwise as a whole"),
    Role("end", _MILESTONE, "app", "such a passage ends; its readings"),
    Role("transposed", _MILESTONE, "app", "a passage ends that some witnesses have elsewhere"),
    Role("here", _MILESTONE, "app", "where those witnesses have it"),
    Role("lacuna", _MILESTONE, "app", "witnesses break off"),
    Role("resumes", _MILESTONE, "app", "witnesses go on"),
)  # fmt: skip

#: The milestones that are about witnesses by their sigla.
OF_WITNESSES = ("begin", "end", "transposed", "here", "lacuna", "resumes", "lb")
#: The role of a misreading by OCR: only the witness differs.
MISREADING = next(row.name for row in ROLES if row.misreading)
#: The role of words that the editors conjecture.
CONJECTURE = next(row.name for row in ROLES if row.conjecture)
#: The role of a formula.
FORMULA = next(row.name for row in ROLES if row.notation)
#: The role of a printed page number.
PAGE_NUMBER = next(row.name for row in ROLES if row.tei_attrs.get("type") == "pageNum")
MENTIONS: tuple[Role, ...] = tuple(row for row in ROLES if row.family is Family.MENTION)
BY_REGISTER: dict[str, Role] = {row.register: row for row in MENTIONS}

_NAME = re.compile(r"[a-z][a-z0-9]*")
_ELEMENT = re.compile(r"[A-Za-z][A-Za-z0-9]*")
_FUNCTION = re.compile(r"[a-z][a-z0-9.-]*|")


#: The former name, which the conf.py of an edition may use.
Row = Role


def _faults(row: Role) -> Iterator[str]:
    if not _NAME.fullmatch(row.name):
        yield "a role's name is small letters and digits"
    if row.family is Family.MENTION:
        yield "a mention needs a register: the program has five"
    if row.family is Family.VARIANTS:
        yield "readings of several witnesses have a role already: {app}"
    names = (row.tei, row.html, *(row.tei_parts if row.family is Family.LAYER else ()))
    if not all(_ELEMENT.fullmatch(name) for name in names):
        yield "tei and html, and of a layer both tei_parts, are names of elements"
    if not _FUNCTION.fullmatch(row.typst):
        yield "typst is the name of a Typst function"
    if row.apparatus and (row.family in (Family.MENTION, Family.MILESTONE) or not all(row.labels)):
        yield "an entry of the apparatus is a phrase, layer or state, and has labels for one and for many"
    yield from _value_faults(row)
    if len(row.reads) != len(LAYERS) or not all(isinstance(reads, Reads) for reads in row.reads):
        yield "reads says what E, T and O read"
    if row.aside and (row.family is not Family.PHRASE or row.reads[0] is not Reads.NOTHING):
        yield "forme work is a phrase, and E does not read it"
    if not {Reads.SOURCE, Reads.BOTH}.isdisjoint(row.reads) and row.family is not Family.LAYER:
        yield "only a layer has a source reading"


def _value_faults(row: Role) -> Iterator[str]:
    if row.values and row.family not in (Family.PHRASE, Family.LAYER):
        yield "only a phrase and a layer have values"
    if row.values and row.family is Family.LAYER and row.part not in row.tei_parts:
        yield "part is the one of tei_parts that has the values"
    if row.notation and (
        row.notation != "TeX" or row.family is not Family.PHRASE or row.values or row.apparatus
    ):
        yield "notation is TeX, of a phrase without values that is no entry of the apparatus"
    if not all(isinstance(value, Value) for value in row.values):
        yield "values are Values"


#: The rows of this run; :attr:`~tei_export.model.row_table.RowTable.extend` adds those of an edition.
ROLE_TABLE = RowTable(Role, "role", ROLES, _faults)
#: Every row of this run by role name: :data:`ROLES` and the edition's own.
BY_NAME: dict[str, Role] = ROLE_TABLE.by_name
