"""Make CSL-JSON items from the edition's record and from register entries."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Protocol

from tei_export.shared.labels import _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tei_export.model.edition import Part, Text
    from tei_export.model.metadata import Metadata
    from tei_export.model.places import Place
    from tei_export.model.registers import RegisterEntry, Registers

Item = dict[str, Any]


class CitedWitness(Protocol):
    """A witness as cited."""

    @property
    def id(self) -> str:
        """Its id in addresses."""

    @property
    def label(self) -> str:
        """Its siglum and name."""


Name = dict[str, str]

_TYPES = {
    "article": "article",
    "book": "book",
    "chapter": "chapter",
    "dissertation": "thesis",
    "speech": "speech",
}
#: What the registers write if the source states no place or publisher.
_NONE = {"n.p.", "n.d."}
_DAY = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?)?")
_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th) ed\.")
_VOLUMES = re.compile(r"(\d+) vols?\.")
_VOLUME = re.compile(r"vols?\. (.+)")
_SUFFIX = re.compile(r"(?:Jr|Sr)\.|I{1,3}|IV")


def edition_item(
    meta: Metadata,
    text: Text | None = None,
    part: Part | None = None,
    place: Place | None = None,
    witness: CitedWitness | None = None,
) -> Item:
    """Return the item of the edition, of one of its texts, of a part, or of a place.

    :param witness: the witness that is cited; its name stands in ``note``, its id in the address

    A text of unknown author gets no author: the editors made the edition, not the text. Only a
    published edition gets a ``URL``: a relative address is useless in a citation.
    """
    item: Item = {"id": "edition", "type": "book", "title": meta.full_title}
    url = meta.permalink("")
    if text is not None:
        item = _inside(meta, text, part)
        asked = f"?witness={witness.id}" if witness else ""
        path = f"{(part or text.parts[0]).doc}.html{asked}"
        url = meta.permalink(path, place.anchor if place else "")
    if place is not None:
        item["id"] += f"-{place.anchor.replace('.', '-')}"
        item["page" if place.page else "section"] = str(place)
    note = meta.caveat_of(text)
    if witness is not None:
        item["id"] += f"-{witness.id}"
        note = f"{_('Text of {}').format(witness.label)}. {note}".strip()
    item |= {
        "editor": [{"literal": name} for name in meta.creators],
        "issued": _date(meta.date),
        "publisher": meta.publisher,
        "version": meta.version,
        "language": meta.language,
        "note": note,
    }
    if meta.status != "published":
        item["status"] = meta.status
    if meta.base_url:
        item["URL"] = url
    if meta.identifier and (text is None or not meta.base_url):  # a DOI does not name a line
        item["DOI"] = meta.identifier
    return item


def _inside(meta: Metadata, text: Text, part: Part | None) -> Item:
    """Return the fields specific to a text, or to a part of it."""
    item: Item = {"id": part.id if part else text.id, "type": "chapter"}
    if part:
        item |= {
            "title": part.title,
            "container-title": text.title,
            "collection-title": meta.full_title,
        }
    else:
        item |= {"title": text.title, "container-title": meta.full_title}
    author = str(text.data.get("author") or "")
    if author:
        item["author"] = _names(author, {})
    dates = text.data.get("date")
    ends = [str(dates.get(end, "")) for end in ("from", "to")] if isinstance(dates, dict) else []
    years = [[int(end)] for end in ends if re.fullmatch(r"[0-9]{4}", end)]
    if years:
        item["original-date"] = {"date-parts": years, "circa": True}
    return item


def work_item(entry: RegisterEntry, registers: Registers) -> Item:
    """Return the item of a register entry's work; ``note`` holds what CSL has no field for."""
    data = entry.data
    item: Item = {
        "id": entry.xml_id,
        "type": _TYPES.get(entry.text("type"), "document"),
        "title": entry.name,
        **_responsible(entry, registers),
        **_published(entry),
        **_volumes(entry.text("extent")),
    }
    if entry.text("title_original"):
        item["original-title"] = entry.text("title_original")
    if entry.text("type") == "dissertation":
        item["genre"] = "dissertation"
    elif item["type"] == "document" and item.get("publisher"):
        item["type"] = "book"
    host = registers["works"].entries.get(entry.text("contained_in"))
    if host is not None:
        item = _contained(item, host, registers)
    note = [
        *([f"With {data['contributors']}"] if data.get("contributors") else ()),
        *([f"Reprint {data['reprint']}"] if data.get("reprint") else ()),
    ]
    if note:
        item["note"] = ". ".join(note)
    return item


def _contained(item: Item, host: RegisterEntry, registers: Registers) -> Item:
    """Turn ``item`` into a part of the work ``host``, which has its own date and publisher."""
    host_item = work_item(host, registers)
    item = {**item, "type": "chapter", "container-title": host_item["title"]}
    if "author" in host_item:
        item["container-author"] = host_item["author"]
    if "editor" in host_item:
        item["editor"] = host_item["editor"]
    issued = item.pop("issued", None)
    publisher = item.pop("publisher", None)
    for name in (
        "issued",
        "publisher",
        "publisher-place",
        "edition",
        "volume",
        "number-of-volumes",
    ):
        if name in host_item:
            item[name] = host_item[name]
    if issued and issued != item.setdefault("issued", issued):
        item["original-date"] = issued
    if publisher and publisher != item.setdefault("publisher", publisher):
        item["original-publisher"] = publisher
    return item


def _responsible(entry: RegisterEntry, registers: Registers) -> Item:
    """Return the authors, editors and translators of a work."""
    roles: Item = {}
    author = " ".join(entry.text("author").split())
    persons = registers["persons"].entries
    if author:
        role = "editor" if author.endswith(", ed.") else "author"
        known = {key: "" for key in entry.data.get("authors") or () if key in persons}
        roles[role] = list(_names(author.removesuffix(", ed."), known))
    for role in ("editor", "translator"):
        value = re.sub(r"\s*\([^)]*\)", "", entry.text(role))
        if value:
            roles.setdefault(role, [_natural(name) for name in re.split(r",? and |, ", value)])
    return roles


def _names(text: str, persons: Item) -> list[Name]:
    """Parse names as library catalogues write them.

    Examples: ``Moore, Barrington, Jr.``; ``Soviet Union. Molotov, V. M.; Mikoyan, A.; and others``.

    :param persons: known names of persons, with their parts
    """
    names: list[Name] = []
    for piece in filter(None, (piece.strip() for piece in text.split(";"))):
        body, _, person = piece.partition(",")[0].rpartition(". ")
        if piece == "and others":
            names.append({"literal": "others"})
        elif "," not in piece:
            names.append({"family": piece} if persons and "." not in piece else {"literal": piece})
        elif body:  # a corporate body, then the person who speaks for it
            names += [{"literal": body}, _inverted(person + piece[len(piece.partition(",")[0]) :])]
        else:
            names.append(_inverted(piece))
    return names


def _inverted(text: str) -> Name:
    """Parse ``Family, Given`` or ``Family, Given, Jr.``."""
    family, _, given = (piece.strip() for piece in text.partition(","))
    first, _, last = (piece.strip() for piece in given.rpartition(","))
    if first and _SUFFIX.fullmatch(last):
        return {"family": family, "given": first, "suffix": last}
    return {"family": family, "given": given}


def _natural(text: str) -> Name:
    """Parse a name in natural order: ``C. L. R. James``."""
    given, _, family = text.strip().rpartition(" ")
    return {"family": family, "given": given} if given else {"literal": family}


def _published(entry: RegisterEntry) -> Item:
    dates: Item = {}
    for field, name in (
        ("publisher", "publisher"),
        ("place", "publisher-place"),
        ("series", "collection-title"),
    ):
        if entry.text(field) and entry.text(field) not in _NONE:
            dates[name] = entry.text(field)
    edition = entry.text("edition")
    if edition:
        number = _ORDINAL.fullmatch(edition)
        dates["edition"] = number[1] if number else edition
    if entry.text("year"):
        dates["issued"] = _date(entry.text("year"))
    return dates


def _volumes(extent: str) -> Item:
    """Parse ``13 vols.`` (number of volumes) or ``vols. 1 and 2`` (volumes of a larger work)."""
    count, which = _VOLUMES.fullmatch(extent), _VOLUME.fullmatch(extent)
    if count:
        return {"number-of-volumes": count[1]}
    return {"volume": which[1]} if which else {}


def _date(text: str) -> Item:
    """Parse ``1952–1955``, ``1926-07`` or ``1928-05-16``; keep any other text as a literal date."""
    ends = [_DAY.fullmatch(end.strip()) for end in re.split("[–/]", text)]
    if len(ends) > 2 or not all(ends):
        return {"literal": text}
    return {"date-parts": [list(_numbers(end)) for end in ends if end]}


def _numbers(match: re.Match[str]) -> Iterator[int]:
    yield from (int(number) for number in match.groups() if number)
