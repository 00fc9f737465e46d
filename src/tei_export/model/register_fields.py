"""The fields of the registers, one table for each; all lists and checks use them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tei_export.model.fields import (
    LANGUAGE,
    NAMED,
    RANGE,
    SPAN,
    ChoiceField,
    Field,
    FieldProblem,
    GroupField,
    ListField,
    MappingField,
    NumberField,
    TextField,
    is_address,
)
from tei_export.model.relation_kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator

KEY = r"[a-z][a-z0-9-]*"
WORK_TYPES = {
    "book": "a book",
    "chapter": "part of a book",
    "article": "an article",
    "dissertation": "an unpublished thesis",
    "document": "a document",
    "speech": "a speech",
}


@dataclass(frozen=True, slots=True)
class Authority:
    """An authority file that entries may cite. ``address``: the pattern of its addresses."""

    name: str
    pattern: re.Pattern[str]
    address: str


AUTHORITIES = {
    "wikidata": Authority("Wikidata", re.compile(r"Q[0-9]+"), "https://www.wikidata.org/wiki/{}"),
    "viaf": Authority("VIAF", re.compile(r"[0-9]+"), "https://viaf.org/viaf/{}"),
    "gnd": Authority("GND", re.compile(r"[0-9X-]+"), "https://d-nb.info/gnd/{}"),
    "lcnaf": Authority(
        "LCNAF", re.compile(r"n[a-z]?[0-9]+"), "https://id.loc.gov/authorities/names/{}"
    ),
    "geonames": Authority("GeoNames", re.compile(r"[0-9]+"), "https://www.geonames.org/{}"),
}


@dataclass(frozen=True, slots=True)
class CoordinatesField:
    """Latitude and longitude in degrees."""

    words: str = "[latitude, longitude] in degrees: -90 to 90, -180 to 180"

    def check(self, path: str, value: Any) -> Iterator[FieldProblem]:
        bounds = (NumberField(-90, 90, whole=False), NumberField(-180, 180, whole=False))
        fits = isinstance(value, list) and len(value) == 2
        if not fits or any(
            next(of.check("", v), None) for of, v in zip(bounds, value, strict=True)
        ):
            yield FieldProblem(path, f"must be a list of two numbers, {self.words}")

    def schema(self) -> dict[str, Any]:
        bounds = (NumberField(-90, 90, whole=False), NumberField(-180, 180, whole=False))
        return {
            "type": "array",
            "prefixItems": [b.schema() for b in bounds],
            "minItems": 2,
            "maxItems": 2,
        }


def _evidence(text: str) -> bool:
    """Check evidence: any words are valid, but an address must have a scheme that readers can follow."""
    return not re.match(r"[a-z][a-z0-9+.-]*:\S*$", text, re.IGNORECASE) or is_address(text)


_KEY = TextField("a key: small letters, digits and hyphens", KEY, blank=False)
_NAME = Field("name", NAMED, "The usual name.", True, "Darwin, Charles")
_FORMS = Field(
    "forms",
    ListField(NAMED),
    "The forms in the texts; the name itself need not be repeated.",
    False,
    "[Darwin]",
)
_COMMON = (
    Field("also", ListField(NAMED), "Other names, not in the texts.", False, "[C. R. Darwin]"),
    Field("names", MappingField(NAMED, "texts", LANGUAGE.pattern, LANGUAGE.words), "Names in other languages.", False, "{ru: Дарвин}"),
    Field("gloss", TextField(), "One sentence for readers.", False, "Naturalist."),
    Field(
        "ids",
        GroupField(
            tuple(
                Field(name, TextField(f"an identifier of {known.name}", known.pattern.pattern, blank=False), f"In {known.name}.")
                for name, known in AUTHORITIES.items()
            )
        ),
        "Identifiers in authority files.", False, "{wikidata: Q1035}",
    ),
    Field(
        "evidence", ListField(TextField("words, or an address like https://…", test=_evidence, blank=False, code="address-form")),
        "The source that links each identifier to the name.", False, "[https://example.org/list]",
    ),
    Field("note", TextField(), "Doubts and other remarks.", False, "The year of birth is not certain."),
    Field("unmentioned", NAMED, "Why the entry exists although no text mentions it.", False, "a namesake"),
)  # fmt: skip
_KIND = Field("type", TextField(), "What kind it is, in words.", False, "city")

TABLES: dict[str, GroupField] = {
    "persons": GroupField(
        (_NAME, _FORMS, Field("dates", SPAN, "Years of life.", False, "1809–1882"), *_COMMON)
    ),
    "places": GroupField(
        (_NAME, _FORMS, _KIND, Field("coordinates", CoordinatesField(), "Where it is.", False, "[51.33, 0.05]"), *_COMMON)
    ),
    "organisations": GroupField(
        (_NAME, _FORMS, _KIND, Field("dates", SPAN, "Years of existence.", False, "1660–"), *_COMMON)
    ),
    "events": GroupField(
        (
            _NAME, _FORMS, _KIND,
            Field("date", RANGE, "When it was.", False, '"1859-11-24"'),
            Field("date_in_text", TextField(), "The date in the words of the text.", False, "in the autumn"),
            Field("place", _KEY, "The key of its place.", False, "london"),
            Field("other_places", ListField(_KEY, "keys"), "Keys of further places.", False, "[kent]"),
            *_COMMON,
        )
    ),
    "works": GroupField(
        (
            Field("title", NAMED, "Its full title.", True, "On the Origin of Species"),
            _FORMS,
            Field("type", ChoiceField(WORK_TYPES), "What kind of work it is.", True, "book"),
            Field("author", TextField(), "Its author as the title is catalogued.", False, "Darwin, Charles"),
            Field("authors", ListField(_KEY, "keys"), "Keys of persons or organisations.", False, "[darwin-charles]"),
            Field("title_original", TextField(), "The title in the original language.", False, ""),
            Field("contained_in", _KEY, "The key of the work that contains this one.", False, "collected-works"),
            Field("editor", TextField(), "Its editor.", False, "Francis Darwin"),
            Field("translator", TextField(), "Its translator.", False, ""),
            Field("contributors", TextField(), "Others, with their roles.", False, "J. Huxley (introduction)"),
            Field("place", TextField(), "Where it was published; n.p. where the text states none.", False, "London"),
            Field("publisher", TextField(), "Who published it.", False, "John Murray"),
            Field("year", SPAN, "When.", False, '"1859"'),
            Field("edition", TextField(), "The edition.", False, "2nd ed."),
            Field("reprint", TextField(), "A reprint.", False, ""),
            Field("series", TextField(), "Its series.", False, ""),
            Field("extent", TextField(), "Its volumes.", False, "2 vols."),
            Field(
                "text", TextField("the name of a file, from the folder of the sources", blank=False),
                "A file of its text, or of the quoted part (UTF-8), for the comparison of quotations; also for the works that it contains.",
                False, "sources/origin.txt",
            ),
            *_COMMON,
        )
    ),
}  # fmt: skip


_END = TextField(
    "a key of a register; where two registers have it, the register before it: persons:darwin",
    rf"((?:{'|'.join(TABLES)}):)?{KEY}",
    blank=False,
)
RELATION = GroupField(
    (
        Field("active", _END, "The entry with which the relation begins.", True, "darwin-charles"),
        Field(
            "kind", ChoiceField({name: kind.means for name, kind in KINDS.items()}, "relation-kind"),
            "What it is to the other entry; read: active, kind, passive.", True, "member-of",
        ),
        Field("passive", _END, "The entry to which it leads.", True, "royal-society"),
        Field(
            "place", TextField("a place like 17.12, 17.12-14 or essay:5", blank=False, code="relation-place"),
            "Where a text states it: page and line, or the line of a text without pages; preceded by the id of the text and a colon, unless it is the first text.", True, '"17.12-14"',
        ),
        Field("words", NAMED, "The words of the edited text that state it, without line ends and note numbers.", True, "a member of the Royal Society"),
        Field("when", RANGE, "Its date according to the text.", False, '"1839"'),
        Field("work", _KEY, "The key of the work that establishes it: a life, a polemic.", False, "life-and-letters"),
        Field("quoted_from", _KEY, "The key of the work from which the words are quoted: its author states it.", False, "life-and-letters"),
    )
)  # fmt: skip
RELATIONS = GroupField((Field("relations", ListField(RELATION, "relations"), "The relations."),))


def register_type(name: str) -> MappingField:
    """Return the type of the whole file of the register ``name``."""
    return MappingField(TABLES[name], "entries", KEY, _KEY.words)
