"""The tables and the meaning of every column; README and files both use them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from tei_export.model.places import Place
from tei_export.model.readings import collapse_space
from tei_export.model.registers import AUTHORITIES
from tei_export.outputs.data.csv_cells import guarded_rows, table
from tei_export.shared.labels import doubts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from tei_export.model.apparatus import Emendation
    from tei_export.model.edition import Edition, Part, Text
    from tei_export.model.metadata import Metadata
    from tei_export.model.registers import RegisterEntry
    from tei_export.model.relations import Relation
    from tei_export.shared.quotations import Quotation
    from tei_export.shared.relations import StatedRelation
    from tei_export.source.facts import Citation, Facts, Mention

#: Separates the items of a list in one cell.
SEPARATOR = " | "

RowT = TypeVar("RowT")


@dataclass(frozen=True, slots=True)
class CsvColumn(Generic[RowT]):
    """A column: its name, its meaning, and the function that fills it."""

    name: str
    gloss: str
    cell: Callable[[RowT], str]


@dataclass(frozen=True, slots=True)
class CsvTable(Generic[RowT]):
    """The table of one file."""

    file: str
    gloss: str
    columns: tuple[CsvColumn[RowT], ...]

    def write(self, rows: Iterable[RowT]) -> str:
        """Return the CSV file of ``rows``."""
        return table([column.name for column in self.columns], self._cells(rows))

    def rows(self, rows: Iterable[RowT]) -> str:
        """Return ``rows`` alone, for a file that is written piece by piece."""
        return guarded_rows(self._cells(rows))

    def _cells(self, rows: Iterable[RowT]) -> Iterator[list[str]]:
        return ([column.cell(row) for column in self.columns] for row in rows)


# --- facts of the texts ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PlacedFact:
    """A fact of the domain and its place. ``it`` is a Mention, Citation or Emendation."""

    it: Any
    text: Text
    part: Part
    edition: Edition
    url: str

    @property
    def entry(self) -> RegisterEntry:
        """The register entry of a mention."""
        return self.edition.registers[self.it.register].entries[self.it.key]


def facts(
    edition: Edition,
    meta: Metadata,
    facts_by_document: Mapping[str, Facts],
    of: Callable[[Facts], Iterable[Mention | Citation | Emendation]],
) -> Iterator[PlacedFact]:
    """Yield the facts of one kind, in the order of texts, parts and pages.

    :param found: facts by source file
    :param of: selects the facts of that kind
    """
    for text in edition.texts.values():
        for part in text.parts:
            for it in of(facts_by_document[part.doc]):
                url = meta.permalink(f"{part.doc}.html", Place(it.page, it.line).anchor)
                yield PlacedFact(it, text, part, edition, url)


_WHERE: tuple[CsvColumn[PlacedFact], ...] = (
    CsvColumn(
        "text", "id of the text: the TEI file's name and its `TEI/@xml:id`", lambda f: f.text.id
    ),
    CsvColumn("part", "id of the part: `div/@xml:id` in the TEI", lambda f: f.part.id),
    CsvColumn("page", "page of the original; empty in a text without pages", lambda f: f.it.page),
    CsvColumn(
        "line",
        "line on that page (`lb/@n`); empty: the page's number",
        lambda f: str(f.it.line or ""),
    ),
    CsvColumn(
        "url",
        "address of the place; relative to the site until the edition is published",
        lambda f: f.url,
    ),
)
_NOTE: CsvColumn[PlacedFact] = CsvColumn(
    "note",
    "label of the author's note that contains it; empty in running text",
    lambda f: f.it.note,
)

MENTIONS: CsvTable[PlacedFact] = CsvTable(
    "mentions.csv",
    "every mention of a register entry in the texts, in reading order",
    (
        CsvColumn(
            "register", "persons, places, organisations, events or works", lambda f: f.it.register
        ),
        CsvColumn("key", "key of the entry in that register", lambda f: f.it.key),
        CsvColumn("xml_id", "id of the entry in the TEI", lambda f: f.entry.xml_id),
        CsvColumn("name", "the entry's preferred name or title", lambda f: f.entry.name),
        CsvColumn("words", "the words of the edited text", lambda f: f.it.text),
        CsvColumn(
            "named",
            "`yes`: a name (`persName` …); `no`: a description (`rs`)",
            lambda f: "yes" if f.it.named else "no",
        ),
        *_WHERE,
        _NOTE,
        CsvColumn("before", "words before it", lambda f: f.it.before),
        CsvColumn("after", "words after it", lambda f: f.it.after),
    ),
)
CITATIONS: CsvTable[PlacedFact] = CsvTable(
    "citations.csv",
    "every page cited from a work in the author's notes",
    (
        CsvColumn("key", "key of the work in the register of works", lambda f: f.it.work),
        CsvColumn(
            "xml_id",
            "id of the work in the TEI",
            lambda f: f.edition.registers["works"].entries[f.it.work].xml_id,
        ),
        CsvColumn(
            "title", "its title", lambda f: f.edition.registers["works"].entries[f.it.work].name
        ),
        CsvColumn("cited", "the pages cited, as the note has them", lambda f: f.it.cited),
        *_WHERE,
        _NOTE,
    ),
)
EMENDATIONS: CsvTable[PlacedFact] = CsvTable(
    "emendations.csv",
    "every departure of the edition from its witness, in reading order",
    (
        CsvColumn("xml_id", "id in the TEI", lambda f: f.it.xml_id),
        *_WHERE,
        CsvColumn(
            "kind",
            "`ocr`: an error of the OCR (O → T); `sic`: a slip of the source (T → E); `supplied`, "
            "`unclear`, `gap`: lost or doubtful in the witness; `del`, `subst`: deleted or replaced in the source; "
            "`abbr`, `orig`: expanded or regularised by the edition; `app`: readings of several witnesses, listed in "
            "`readings.csv`; `lacuna`: witnesses break off",
            lambda f: f.it.kind,
        ),
        CsvColumn(
            "class",
            "for `ocr` the kind of misreading (`app/@type`), otherwise the same as `kind`",
            lambda f: f.it.type,
        ),
        CsvColumn("lemma", "the reading of the edited text (E)", lambda f: f.it.lemma),
        CsvColumn(
            "reading", "the reading that the edition rejects or corrects", lambda f: f.it.source
        ),
        CsvColumn(
            "siglum",
            "source of that reading: the witness, or the original as restored from it (T)",
            lambda f: f.it.variant.siglum,
        ),
        CsvColumn(
            "other_readings",
            "readings between the two, each after its siglum: a slip of the original (T) that the witness (O) misread",
            lambda f: SEPARATOR.join(f"{r.siglum}: {r.text}" for r in f.it.readings[:-1]),
        ),
        CsvColumn(
            "particulars",
            "place and hand of a deletion or replacement in the source",
            lambda f: SEPARATOR.join(f"{name}: {value}" for name, value in f.it.said),
        ),
        CsvColumn(
            "within", "`xml_id` of the misreading that this entry is part of", lambda f: f.it.within
        ),
        CsvColumn(
            "folded",
            "`yes`: the pages hide the entry by default, because the record's table `glyphs` describes the difference",
            lambda f: "yes" if f.it.small else "",
        ),
        CsvColumn("certainty", "`high`, `medium` or `low`", lambda f: f.it.cert),
        CsvColumn(
            "resp", "`ed`: the editors; `auto`: a program, not reviewed", lambda f: f.it.resp
        ),
        CsvColumn(
            "reason_kind",
            "the kind of the reason, if the record declares kinds (`reason_kinds`)",
            lambda f: f.it.reason_kind if f.it.reason_kind in f.text.reason_kinds else "",
        ),
        CsvColumn(
            "why",
            "the editors' reason, if they gave one; its kind precedes the colon",
            lambda f: f.it.why,
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class PageState:
    """A page of a text with its row of the ledger."""

    text: Text
    part: Part
    page: str
    lines: int
    entries: int
    url: str

    def ledger_field(self, column: str) -> str:
        """Return a column of the ledger."""
        return (self.text.ledger.get(self.page, {}).get(column) or "").strip()


PAGES: CsvTable[PageState] = CsvTable(
    "pages.csv",
    "every page of the texts, with its row of the page ledger",
    (
        CsvColumn("text", "id of the text: the TEI file's name and its `TEI/@xml:id`", lambda p: p.text.id),
        CsvColumn("part", "id of the part in which the page begins", lambda p: p.part.id),
        CsvColumn("page", "page of the original", lambda p: p.page),
        CsvColumn("url", "address of the page; relative to the site until the edition is published", lambda p: p.url),
        CsvColumn("lost", "`yes`: the page is lost", lambda p: "yes" if p.text.witness.pages[p.page].lost else ""),
        CsvColumn("lines", "lines of the page", lambda p: str(p.lines)),
        CsvColumn("entries", "entries of the apparatus on the page", lambda p: str(p.entries)),
        CsvColumn("readings", "how often the page was read against the witness", lambda p: p.ledger_field("readings")),
        CsvColumn("last_read", "date of the last reading", lambda p: p.ledger_field("last_read")),
        CsvColumn("read_by", "who read it last, if the ledger gives a name", lambda p: p.ledger_field("read_by")),
        CsvColumn(
            "open_doubts", "what is still in doubt, in the editors' words",
            lambda p: SEPARATOR.join(said for _page, words in doubts(p.text, [p.page]) for said in words),
        ),
    ),
)  # fmt: skip

# --- relations -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RelationRow:
    """A relation and the address of the place that states it."""

    stated: StatedRelation
    url: str

    @property
    def it(self) -> Relation:
        """The relation."""
        return self.stated.relation


def _end(
    name: str, gloss: str, of: Callable[[Relation], RegisterEntry | None]
) -> tuple[CsvColumn[RelationRow], ...]:
    """Return the columns of an entry; empty cells without one."""

    def cell(get: Callable[[RegisterEntry], str]) -> Callable[[RelationRow], str]:
        return lambda row: get(entry) if (entry := of(row.it)) else ""

    return (
        CsvColumn(name, f"key of {gloss}", cell(lambda entry: entry.key)),
        CsvColumn(f"{name}_xml_id", "its id in the TEI", cell(lambda entry: entry.xml_id)),
        CsvColumn(f"{name}_name", "its preferred name or title", cell(lambda entry: entry.name)),
    )


RELATIONS: CsvTable[RelationRow] = CsvTable(
    "relations.csv",
    "every relation between register entries that the texts state",
    (
        CsvColumn("xml_id", "id in the TEI", lambda row: row.it.id),
        *_end("active", "the entry that the relation begins with", lambda it: it.active),
        CsvColumn("kind", "kind of relation, from the list in `docs/record.md`; read the row as active, kind, passive", lambda row: row.it.kind),
        *_end("passive", "the entry that the relation leads to", lambda it: it.passive),
        CsvColumn("when", "the date that the text gives for it; ISO 8601 or EDTF", lambda row: row.it.when),
        *_end("work", "the work that makes the relation, such as a biography or a polemic", lambda it: it.work),
        *_end("quoted_from", "the work that the words are quoted from; its author makes the claim", lambda it: it.quoted_from),
        CsvColumn("text", "id of the text that states it", lambda row: row.stated.passage.text.id),
        CsvColumn("part", "id of the part: `div/@xml:id` in the TEI", lambda row: row.stated.part.id),
        CsvColumn("place", "first and last line of the words, by page and line", lambda row: row.stated.place),
        CsvColumn("url", "address of the place; relative to the site until the edition is published", lambda row: row.url),
        CsvColumn("words", "the words of the edited text that state it", lambda row: collapse_space(row.it.words)),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class QuotationRow:
    """A block quotation, its work (None: not known) and the address of its first line."""

    it: Quotation
    work: RegisterEntry | None
    url: str


QUOTATIONS: CsvTable[QuotationRow] = CsvTable(
    "quotations.csv",
    "every quotation that a note cites, and how it agrees with the text of its source",
    (
        CsvColumn("xml_id", "id in the TEI of the quotation, or of the paragraph that contains it", lambda row: row.it.block),
        CsvColumn("text", "id of the text that quotes", lambda row: row.it.text),
        CsvColumn("kind", "`block`, or `inline`: between quotation marks in running text, right before the mark of its note", lambda row: "inline" if row.it.inline else "block"),
        CsvColumn("place", "its first and last line, by page and line", lambda row: row.it.place),
        CsvColumn("lang", "its language, if it differs from the text's", lambda row: row.it.lang),
        CsvColumn("work", "key of the work that its note cites; empty if the note names none", lambda row: row.work.key if row.work else ""),
        CsvColumn("note", "label of that note", lambda row: row.it.note),
        CsvColumn("cited", "the pages that the note cites", lambda row: row.it.cited),
        CsvColumn("match", "`exact`: word for word; `shortened`: word for word, except for omissions marked by dots; `altered`; `absent`: not found in the text of the source; `uncompared`: the edition has no text of the source", lambda row: row.it.comparison.match.value),
        CsvColumn("deviations", "alterations: words of the quotation, `<`, words of the source; either side may be empty", lambda row: SEPARATOR.join(f"{d.quotation} < {d.source}".strip() for d in row.it.comparison.deviations)),
        CsvColumn("url", "address of its first line; relative to the site until the edition is published", lambda row: row.url),
        CsvColumn("words", "its first words, in the edited text", lambda row: row.it.words),
    ),
)  # fmt: skip

# --- registers -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ListedEntry:
    """A register entry; ``mentions``: how often the texts mention it."""

    entry: RegisterEntry
    mentions: int
    url: str


def _field(name: str, gloss: str) -> CsvColumn[ListedEntry]:
    return CsvColumn(name, gloss, lambda row: _shown(row.entry.data.get(name)))


def _shown(value: Any) -> str:
    """Return a field of an entry as a cell."""
    if isinstance(value, list):
        return SEPARATOR.join(str(item) for item in value)
    if isinstance(value, dict):
        return SEPARATOR.join(f"{key}: {item}" for key, item in value.items())
    return str(value or "")


def _identifier(key: str) -> CsvColumn[ListedEntry]:
    authority = AUTHORITIES[key]
    gloss = f"identifier in {authority.name}: {authority.address.format('…')}"
    return CsvColumn(key, gloss, lambda row: row.entry.ids.get(key, ""))


_HEAD: tuple[CsvColumn[ListedEntry], ...] = (
    CsvColumn("xml_id", "id of the entry in the TEI", lambda row: row.entry.xml_id),
    CsvColumn("key", "its key in the register", lambda row: row.entry.key),
    CsvColumn("name", "preferred name; for a work, its title", lambda row: row.entry.name),
    _field("forms", "forms of the name in the texts"),
    _field("also", "other names, which do not occur in the texts"),
    _field("names", "names in other languages, each preceded by its language tag"),
)
_TAIL: tuple[CsvColumn[ListedEntry], ...] = (
    _field("gloss", "one sentence for readers"),
    *(_identifier(key) for key in AUTHORITIES),
    _field("evidence", "source that connects each identifier with the name"),
    _field("note", "doubts, inferred identifications, contradictions"),
    _field("unmentioned", "why the register keeps an entry that no text mentions"),
    CsvColumn("mentions", "how often the texts mention it", lambda row: str(row.mentions)),
    CsvColumn(
        "url",
        "address of the entry; relative to the site until the edition is published",
        lambda row: row.url,
    ),
)
_TYPE = _field("type", "kind of place, body, event or work")
_DATES = _field("dates", "life dates, or years of existence")
_OWN: dict[str, tuple[CsvColumn[ListedEntry], ...]] = {
    "persons": (_DATES,),
    "places": (_TYPE, _field("coordinates", "latitude and longitude, WGS 84, degrees")),
    "organisations": (_TYPE, _DATES),
    "events": (
        _TYPE,
        _field("date", "ISO 8601 or EDTF; `/` in an interval"),
        _field("date_in_text", "the date as the text gives it"),
        _field("place", "key of the place"),
        _field("other_places", "keys of further places"),
    ),
    "works": (
        _TYPE,
        _field("author", "author, as library catalogues give it"),
        _field("authors", "keys of persons or organisations"),
        _field("title_original", "title in the original language"),
        _field("contained_in", "key of the work that contains this one"),
        _field("editor", "editor"),
        _field("translator", "translator"),
        _field("contributors", "other contributors, with their roles"),
        _field("place", "place of publication; `n.p.`: none stated"),
        _field("publisher", "publisher; `n.p.`: none stated"),
        _field("year", "year, or date, of publication"),
        _field("edition", "edition"),
        _field("reprint", "reprint"),
        _field("series", "series"),
        _field("extent", "number of volumes, or the volume cited"),
    ),
}
REGISTERS: dict[str, CsvTable[ListedEntry]] = {
    name: CsvTable(f"{name}.csv", f"the register of {name}", (*_HEAD, *own, *_TAIL))
    for name, own in _OWN.items()
}
