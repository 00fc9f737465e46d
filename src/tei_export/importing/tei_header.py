"""Read fields of the record from the header of a TEI file (TEI Guidelines, HD).

From this program's own TEI it recovers the fields that ``tei/header.py`` writes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tei_export.importing.origin import Origin, set_language
from tei_export.importing.safe_xml import children, descendants, local_name, words
from tei_export.model.record_fields import ORIGINS

if TYPE_CHECKING:
    from collections.abc import Collection

    from lxml import etree

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_ID = "{http://www.w3.org/XML/1998/namespace}id"
_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_UNKNOWN = {"Author unknown", "unknown", "not recorded"}
_BY_ENGINE = "optical character recognition"


def of_header(
    root: etree._Element, file: str, *, own: bool, languages: Collection[str], language: str
) -> Origin:
    """Return what the record can say of the text.

    :param file: the name of the file
    :param own: whether this program wrote the file
    :param languages: the tags that the record declares
    :param language: the language of the edition, which a text need not repeat
    """
    found = Origin()
    found.fields["witness_description"] = f"Imported from {file}."
    authors = [
        said
        for holder in descendants(root, "titleStmt")[:1]
        for author in children(holder, "author")
        if (said := _plain(author)) not in _UNKNOWN
    ]
    if authors:
        found.fields["author"] = "; ".join(authors)
    sources = descendants(root, "sourceDesc")[:1]
    for source in sources:
        _medium(found.fields, source)
        _dates(found, root if own else source, own=own)
        if own:
            _own(found.fields, root, source)
    set_language(found, _language(root), languages, language)
    return found


def _plain(element: etree._Element | None) -> str:
    return "" if element is None else " ".join(words(element).split())


def _language(root: etree._Element) -> list[str]:
    """Return the language of the text; without one, the only one that the header declares."""
    texts = [e for e in descendants(root, "text") if e.get(_LANG)]
    if texts:
        return [texts[0].get(_LANG) or ""]
    declared = [e.get("ident") or "" for e in descendants(root, "language")]
    return declared if len(declared) == 1 else []


def _medium(fields: dict[str, Any], source: etree._Element) -> None:
    """Note whether the source was written by hand or set in type, if the file describes exactly one."""
    hand = bool(descendants(source, "handDesc", "handNote"))
    typed = bool(descendants(source, "typeDesc", "typeNote"))
    if hand is not typed:
        fields["medium"] = "manuscript" if hand else "print"


def _dates(found: Origin, holder: etree._Element, *, own: bool) -> None:
    """Note the date of the source, if the file has exactly one."""
    holders = descendants(holder, "creation") if own else [holder]
    dates = [date for one in holders for date in descendants(one, "date")]
    read = []
    for date in dates:
        start = date.get("when") or date.get("notBefore") or date.get("from") or ""
        end = date.get("when") or date.get("notAfter") or date.get("to") or ""
        said = {name: day for name, day in (("from", start), ("to", end)) if _DATE.fullmatch(day)}
        if said:
            read.append({**said, "text": _plain(date)} if _plain(date) else said)
    if len(read) == 1:
        found.fields["date"] = read[0]
    elif read:
        found.said.append(f"the header has {len(read)} dates of the source: none is taken")


def _own(fields: dict[str, Any], root: etree._Element, source: etree._Element) -> None:
    """Read what the exporter wrote."""
    for witness in descendants(source, "witness"):
        bibl = next(iter(children(witness, "bibl")), None)
        said = " ".join((witness.text or "").split())
        if witness.get(_ID) == "T":
            _original(fields, said, bibl)
        elif bibl is not None and bibl.get("type") in {*ORIGINS, "file"}:
            fields["witness_description"] = said or fields["witness_description"]
            fields["siglum"] = witness.get("n") or witness.get(_ID) or "O"
            if bibl.get("type") in ORIGINS:
                fields["origin"] = bibl.get("type")
            break
    for statement in descendants(root, "respStmt"):
        resp, name = (
            _plain(next(iter(children(statement, part)), None)) for part in ("resp", "name")
        )
        if resp.startswith(_BY_ENGINE) and fields.get("origin") == "ocr":
            fields |= {"engine": name} if name not in _UNKNOWN else {}
            date = resp.removeprefix(_BY_ENGINE).lstrip(", ")
            fields |= {"engine_date": date} if date else {}


def _original(fields: dict[str, Any], said: str, bibl: etree._Element | None) -> None:
    if said:
        fields["description"] = said
    for element in bibl if bibl is not None else ():
        text = _plain(element)
        if local_name(element) == "title" and element.get("level") == "m":
            fields["medium"] = "print"
        elif local_name(element) == "note" and element.get("type") == "kind":
            fields["kind"] = text
        elif local_name(element) == "extent":
            fields["extent"] = text
