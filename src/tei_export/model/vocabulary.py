"""The vocabulary of the sources: one row per role, and nothing else knows them all.

From a row come the role, its node's ``kind``, its TEI element, its HTML element,
its Typst function, the markup reference and the parametrised tests.
``docs/markup.md`` explains the roles to editors.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum


class Family(Enum):
    """What kind of thing a role's text is, and so which tail it may have."""

    LAYER = "layer"
    """``reading <source> ? #resp (why)``: two readings of one place."""
    STATE = "state"
    """``text ? #resp (why)``: text that the witness does not (clearly) have."""
    MENTION = "mention"
    """``text <key>``: a reference to a register entry."""
    PHRASE = "phrase"
    """``text``: a stretch of text of a certain kind."""
    MILESTONE = "milestone"
    """``value``: a point in the text, without text of its own."""


@dataclass(frozen=True, slots=True)
class Row:
    """One role.

    ``tei`` is the local name of the TEI element (for mentions: of a *name*; a
    description becomes ``rs``), ``tei_attrs`` its fixed attributes. ``html`` is
    the HTML element; its class is always the role's name. ``typst`` is a function
    of ``typst/edition.typ``; none means that the text stands as it is.
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


_L, _S, _M, _P, _X = (
    Family.LAYER,
    Family.STATE,
    Family.MENTION,
    Family.PHRASE,
    Family.MILESTONE,
)

ROWS: tuple[Row, ...] = (
    Row("ocr", _L, "app", "machine misreading, noise or loss (O → T)"),
    Row("sic", _L, "choice", "slip of the author or typist, corrected (T → E)"),
    Row("supplied", _S, "supplied", "words lost in the witness, conjectured", typst="supplied"),
    Row("unclear", _S, "unclear", "doubtful reading of what the witness shows"),
    Row("gap", _S, "gap", "loss that cannot be filled", typst="gap"),
    Row("person", _M, "persName", "person", register="persons", id_prefix="pers-"),
    Row("place", _M, "placeName", "place", register="places", id_prefix="place-"),
    Row("org", _M, "orgName", "organisation", register="organisations", id_prefix="org-"),
    Row(
        "event", _M, "name", "event",
        register="events", id_prefix="event-", tei_attrs={"type": "event"},
    ),
    Row("work", _M, "title", "work", html="cite", typst="work", register="works", id_prefix="bib-"),
    Row(
        "cited", _P, "citedRange", "page cited from the work named before",
        tei_attrs={"unit": "page"},
    ),
    Row(
        "authorsic", _P, "seg", "the author's own [sic]",
        tei_attrs={"type": "authorSic", "resp": "#author"},
    ),
    Row(
        "insertion", _P, "seg", "the author's insertion in a quotation",
        tei_attrs={"type": "authorInsertion", "resp": "#author"},
    ),
    Row("ru", _P, "foreign", "Russian, new orthography", html="i", typst="russian", lang="ru"),
    Row(
        "ruold", _P, "foreign", "Russian, orthography before 1918",
        html="i", typst="russian", lang="ru-petr1708",
    ),
    Row("number", _P, "head", "number of a chapter, first line of its heading"),
    Row("pb", _X, "pb", "a page of the typescript begins"),
    Row("o", _X, "lb", "a line of the witness begins"),
)  # fmt: skip

BY_NAME: dict[str, Row] = {row.name: row for row in ROWS}
#: Roles that make an entry of the apparatus.
APPARATUS = frozenset(row.name for row in ROWS if row.family in (Family.LAYER, Family.STATE))
MENTIONS: tuple[Row, ...] = tuple(row for row in ROWS if row.family is Family.MENTION)
BY_REGISTER: dict[str, Row] = {row.register: row for row in MENTIONS}
