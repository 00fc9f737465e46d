"""The fields of the registers, one table for each; all lists and checks use them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
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


def _common(
    name: str, form: str, gloss: str, ids: str = "", also: str = "", names: str = "", note: str = ""
) -> tuple[Field, Field, tuple[Field, ...]]:
    """Return the fields that every register has: name, forms, and the others; with examples."""
    return (
        Field("name", NAMED, "The usual name.", True, name),
        Field("forms", ListField(NAMED), "The forms of the name in the texts. You need not repeat the name itself.", False, form),
        (
            Field("also", ListField(NAMED), "Other names, which the texts do not use.", False, also),
            Field("names", MappingField(NAMED, "texts", LANGUAGE.pattern, LANGUAGE.words), "The names in other languages.", False, names),
            Field("gloss", TextField(), "One sentence for readers.", False, gloss),
            Field(
                "ids",
                GroupField(
                    tuple(
                        Field(name, TextField(f"an identifier of {known.name}", known.pattern.pattern, blank=False), f"The identifier in {known.name}.")
                        for name, known in AUTHORITIES.items()
                    )
                ),
                "The identifiers in authority files.", False, ids,
            ),
            Field(
                "evidence", ListField(TextField("words, or an address like https://…", test=_evidence, blank=False, code="address-form")),
                "The sources that link the identifiers to the name.", False, "[https://example.org/list]",
            ),
            Field("note", TextField(), "Doubts and other remarks.", False, note),
            Field("unmentioned", NAMED, "Why the entry exists although no text mentions it.", False, "a namesake"),
        ),
    )  # fmt: skip


def _kind(of: str, example: str) -> Field:
    return Field("type", TextField(), f"The kind of {of}, in words.", False, example)


_PERSON = _common(
    "Darwin, Charles", "[Darwin]", "Naturalist.", "{wikidata: Q1035}", "[C. R. Darwin]", "{ru: Дарвин}",
    "The year of birth is not certain.",
)  # fmt: skip
_PLACE = _common("Downe", "[Down]", "Village in Kent.")
_ORGANISATION = _common(
    "Royal Society", "[the Society]", "Academy of sciences.", "{wikidata: Q123885}"
)
_EVENT = _common(
    "Publication of On the Origin of Species",
    "[the publication of the Origin]",
    "The book appeared in London.",
)
_WORK = _common("", "[the Origin]", "On natural selection.", "{wikidata: Q20124}")

TABLES: dict[str, GroupField] = {
    "persons": GroupField(
        (*_PERSON[:2], Field("dates", SPAN, "The years of life.", False, "1809–1882"), *_PERSON[2])
    ),
    "places": GroupField(
        (
            *_PLACE[:2], _kind("place", "village"),
            Field("coordinates", CoordinatesField(), "The latitude and longitude.", False, "[51.33, 0.05]"), *_PLACE[2],
        )
    ),
    "organisations": GroupField(
        (*_ORGANISATION[:2], _kind("organisation", "academy"), Field("dates", SPAN, "The years of existence.", False, "1660–"), *_ORGANISATION[2])
    ),
    "events": GroupField(
        (
            *_EVENT[:2], _kind("event", "publication"),
            Field("date", RANGE, "The date of the event.", False, '"1859-11-24"'),
            Field("date_in_text", TextField(), "The date in the words of the text.", False, "in the autumn"),
            Field("place", _KEY, "The register key of the place.", False, "london"),
            Field("other_places", ListField(_KEY, "keys"), "The register keys of further places.", False, "[kent]"),
            *_EVENT[2],
        )
    ),
    "works": GroupField(
        (
            Field("title", NAMED, "The full title.", True, "On the Origin of Species"),
            replace(_WORK[1], purpose="The forms of the title in the texts. You need not repeat the title itself."),
            Field("type", ChoiceField(WORK_TYPES), "The kind of work.", True, "book"),
            Field("author", TextField(), "The author, in the form of a catalogue.", False, "Darwin, Charles"),
            Field("authors", ListField(_KEY, "keys"), "The register keys of the authors: persons or organisations.", False, "[darwin-charles]"),
            Field("title_original", TextField(), "The title in the original language.", False, ""),
            Field("contained_in", _KEY, "The register key of the work that contains this one.", False, "collected-works"),
            Field("editor", TextField(), "The editor.", False, "Francis Darwin"),
            Field("translator", TextField(), "The translator.", False, ""),
            Field("contributors", TextField(), "Other contributors, with their roles.", False, "J. Huxley (introduction)"),
            Field("place", TextField(), "The place of publication; `n.p.` if the text states none.", False, "London"),
            Field("publisher", TextField(), "The publisher.", False, "John Murray"),
            Field("year", SPAN, "The year of publication.", False, '"1859"'),
            Field("edition", TextField(), "The edition.", False, "2nd ed."),
            Field("reprint", TextField(), "A reprint.", False, ""),
            Field("series", TextField(), "The series.", False, ""),
            Field("extent", TextField(), "The volumes.", False, "2 vols."),
            Field(
                "text", TextField("the name of a file, from the folder of the sources", blank=False),
                "A file (UTF-8) with the text of the work, or with the quoted part, for the comparison of quotations. It also serves for works that this one contains.",
                False, "sources/origin.txt",
            ),
            *_WORK[2],
        )
    ),
}  # fmt: skip


_END = TextField(
    "a register key; if two registers have it, with the register before it: persons:darwin",
    rf"((?:{'|'.join(TABLES)}):)?{KEY}",
    blank=False,
)
RELATION = GroupField(
    (
        Field("active", _END, "The entry that the relation starts from.", True, "darwin-charles"),
        Field(
            "kind", ChoiceField({name: kind.means for name, kind in KINDS.items()}, "relation-kind"),
            "The kind of relation. Read it in the order active, kind, passive.", True, "member-of",
        ),
        Field("passive", _END, "The entry that the relation leads to.", True, "royal-society"),
        Field(
            "place", TextField("a place like 17.12, 17.12-14 or essay:5", blank=False, code="relation-place"),
            "The passage that states the relation: page and line, or the line of a text without pages. Unless it is the first text, the id of the text and a colon precede it.", True, '"17.12-14"',
        ),
        Field("words", NAMED, "The words of the edited text that state the relation, without line breaks and note numbers.", True, "a member of the Royal Society"),
        Field("when", RANGE, "The date of the relation, according to the text.", False, '"1839"'),
        Field("work", _KEY, "The register key of the work that makes the relation, such as a biography or a polemic.", False, "life-and-letters"),
        Field("quoted_from", _KEY, "The register key of the work from which the text quotes the words; its author makes the claim.", False, "life-and-letters"),
    )
)  # fmt: skip
RELATIONS = GroupField(
    (Field("relations", ListField(RELATION, "relations"), "The relations between entries."),)
)


def register_type(name: str) -> MappingField:
    """Return the type of the whole file of the register ``name``."""
    return MappingField(TABLES[name], "entries", KEY, _KEY.words)
