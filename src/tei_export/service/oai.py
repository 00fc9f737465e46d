"""The six verbs of OAI-PMH 2.0, answered from the static repositories of the editions (``data/oai.xml``).

Source: http://www.openarchives.org/OAI/openarchivesprotocol.html, section 4. Errors of a request
are part of the answer (3.6), whose status is 200.
"""

from __future__ import annotations

import re
from collections import Counter
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from lxml import etree

from tei_export.outputs.data.oai import OAI, PREFIX, STATIC
from tei_export.outputs.dts.passages import serialized
from tei_export.schema import safe_xml
from tei_export.service.answers import LONGEST, Answer, RefusedError, missing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from tei_export.service.built_files import Library

_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_O, _S = f"{{{OAI}}}", f"{{{STATIC}}}"
#: The maximum number of records in a list; a token leads to the others.
TOGETHER = 100
_DAY = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", re.ASCII)
_TOKEN = re.compile(r"(?P<at>\d{1,9})\.(?P<first>[\d-]*)\.(?P<last>[\d-]*)", re.ASCII)
#: verb → required arguments, optional arguments
_ARGUMENTS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "Identify": (frozenset(), frozenset()),
    "ListMetadataFormats": (frozenset(), frozenset({"identifier"})),
    "ListSets": (frozenset(), frozenset({"resumptionToken"})),
    "ListIdentifiers": (frozenset({"metadataPrefix"}), frozenset({"from", "until", "set"})),
    "ListRecords": (frozenset({"metadataPrefix"}), frozenset({"from", "until", "set"})),
    "GetRecord": (frozenset({"identifier", "metadataPrefix"}), frozenset()),
}
_LISTS = ("ListIdentifiers", "ListRecords")


class _ProtocolError(Exception):
    """Raised for an invalid request, with the protocol's code."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(why)
        self.code = code
        self.why = why


@dataclass(frozen=True, slots=True)
class Repository:
    """The metadata of a library's editions for harvesters."""

    identify: etree._Element
    formats: etree._Element
    records: tuple[etree._Element, ...]

    @property
    def address(self) -> str:
        """The address for harvesters."""
        return self.identify.findtext(f"{_O}baseURL") or ""


def repository(library: Library) -> Repository | None:
    """Return the repository of all editions; None if none has a file for it. The description of a
    corpus is that of its first edition.
    """
    found = [root for path in _files(library) if (root := _read(path)) is not None]
    if not found:
        return None
    identify, formats = found[0].find(f"{_S}Identify"), found[0].find(f"{_S}ListMetadataFormats")
    if identify is None or formats is None:
        return None
    if library.corpus is not None:
        _say(identify, "repositoryName", str(library.corpus.get("title", "")))
        days = [root.findtext(f"{_S}Identify/{_O}earliestDatestamp") or "" for root in found]
        _say(identify, "earliestDatestamp", min(days))
    records = [record for root in found for record in root.iterfind(f"{_S}ListRecords/{_O}record")]
    return Repository(identify, formats, tuple(records))


def _files(library: Library) -> list[Path]:
    return [shelf.folder.parent / "data" / "oai.xml" for shelf in library.shelves.values()]


def _read(path: Path) -> etree._Element | None:
    return safe_xml.fromstring(path.read_bytes()) if path.is_file() else None


def _say(parent: etree._Element, name: str, words: str) -> None:
    element = parent.find(f"{_O}{name}")
    if element is not None and words:
        element.text = words


def answer(library: Library, query: str) -> Answer:
    """Return the answer to a query.

    :raises RefusedError: the edition has no repository, or the query is too long
    """
    if len(query) > LONGEST:
        raise RefusedError(
            HTTPStatus.REQUEST_URI_TOO_LONG, f"a query may have {LONGEST} characters"
        )
    found = repository(library)
    if found is None:
        raise missing("the edition has no repository for harvesters: set oai_address in its record")
    root = etree.Element(
        f"{_O}OAI-PMH",
        nsmap={None: OAI, "xsi": _XSI},  # type: ignore[dict-item]
        attrib={f"{{{_XSI}}}schemaLocation": f"{OAI} {OAI}OAI-PMH.xsd"},
    )
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    etree.SubElement(root, f"{_O}responseDate").text = now
    request = etree.SubElement(root, f"{_O}request")
    request.text = found.address
    given: dict[str, str] = {}
    try:
        given = _arguments(query)
        content = _VERBS[given["verb"]](found, given)
    except _ProtocolError as error:
        if error.code not in ("badVerb", "badArgument"):
            _echo(request, given)
        etree.SubElement(root, f"{_O}error", code=error.code).text = error.why
    else:
        _echo(request, given)
        root.append(content)
    etree.indent(root)
    return Answer(serialized(root), "text/xml; charset=utf-8")


def _echo(request: etree._Element, given: Mapping[str, str]) -> None:
    for name, value in given.items():
        request.set(name, value)


def _arguments(query: str) -> dict[str, str]:
    """Return verb and arguments.

    :raises _ProtocolError: ``badVerb``, ``badArgument`` (3.6)
    """
    try:
        pairs = parse_qsl(query, keep_blank_values=True, errors="strict", max_num_fields=20)
    except ValueError as error:
        raise _ProtocolError("badArgument", "the query cannot be read") from error
    count = Counter(name for name, _value in pairs)
    given = dict(pairs)
    if count["verb"] != 1 or given["verb"] not in _ARGUMENTS:
        raise _ProtocolError("badVerb", f"verb must be one of {', '.join(_ARGUMENTS)}")
    if any(number > 1 for number in count.values()):
        raise _ProtocolError("badArgument", "an argument is given twice")
    if any(not value.isprintable() for value in given.values()):
        raise _ProtocolError("badArgument", "an argument has letters that XML forbids")
    verb = given["verb"]
    needed, allowed = _ARGUMENTS[verb]
    names = given.keys() - {"verb"}
    if verb in _LISTS and names == {"resumptionToken"}:
        return given
    if lacking := sorted(needed - names):
        raise _ProtocolError("badArgument", f"{lacking[0]} is missing")
    if more := sorted(names - needed - allowed):
        raise _ProtocolError("badArgument", f"{verb} has no argument {more[0]}")
    return given


def _identify(found: Repository, _given: Mapping[str, str]) -> etree._Element:
    content = etree.Element(f"{_O}Identify")
    content.extend(deepcopy(child) for child in found.identify)
    return content


def _formats(found: Repository, given: Mapping[str, str]) -> etree._Element:
    if "identifier" in given:
        _record(found, given["identifier"])
    content = etree.Element(f"{_O}ListMetadataFormats")
    content.extend(deepcopy(child) for child in found.formats)
    return content


def _sets(_found: Repository, _given: Mapping[str, str]) -> etree._Element:
    raise _ProtocolError("noSetHierarchy", "there are no sets")


def _get(found: Repository, given: Mapping[str, str]) -> etree._Element:
    _format(given)
    content = etree.Element(f"{_O}GetRecord")
    content.append(deepcopy(_record(found, given["identifier"])))
    return content


def _listed(found: Repository, given: Mapping[str, str]) -> etree._Element:
    """Return a list of records, or of their headers; a token tells where the next list continues."""
    if "resumptionToken" in given:
        match = _TOKEN.fullmatch(given["resumptionToken"])
        if match is None:
            raise _ProtocolError("badResumptionToken", "this token is none of ours")
        at, first, last = int(match["at"]), match["first"], match["last"]
    else:
        _format(given)
        if "set" in given:
            raise _ProtocolError("noSetHierarchy", "there are no sets")
        at, first, last = 0, _day(given, "from"), _day(given, "until")
        if first and last and first > last:
            raise _ProtocolError("badArgument", "from is later than until")
    records = [r for r in found.records if (first or "0") <= _stamp(r) <= (last or "9")]
    if at >= max(1, len(records)):
        raise _ProtocolError("badResumptionToken", "the list has changed: begin again")
    if not records:
        raise _ProtocolError("noRecordsMatch", "no record is of these days")
    content = etree.Element(f"{_O}{given['verb']}")
    for record in records[at : at + TOGETHER]:
        header = record.find(f"{_O}header")
        if header is not None and given["verb"] == "ListIdentifiers":
            content.append(deepcopy(header))
        else:
            content.append(deepcopy(record))
    if len(records) > TOGETHER:
        after = at + TOGETHER
        token = etree.SubElement(
            content, f"{_O}resumptionToken", completeListSize=str(len(records)), cursor=str(at)
        )
        token.text = f"{after}.{first}.{last}" if after < len(records) else None
    return content


def _format(given: Mapping[str, str]) -> None:
    if given["metadataPrefix"] != PREFIX:
        raise _ProtocolError("cannotDisseminateFormat", f"the only format is {PREFIX}")


def _day(given: Mapping[str, str], name: str) -> str:
    value = given.get(name, "")
    if name in given and not _DAY.fullmatch(value):
        raise _ProtocolError("badArgument", f"{name} must be a day, YYYY-MM-DD")
    return value


def _stamp(record: etree._Element) -> str:
    return record.findtext(f"{_O}header/{_O}datestamp") or ""


def _record(found: Repository, identifier: str) -> etree._Element:
    for record in found.records:
        if record.findtext(f"{_O}header/{_O}identifier") == identifier:
            return record
    raise _ProtocolError("idDoesNotExist", "no record has this identifier")


_VERBS: dict[str, Callable[[Repository, Mapping[str, str]], etree._Element]] = {
    "Identify": _identify,
    "ListMetadataFormats": _formats,
    "ListSets": _sets,
    "ListIdentifiers": _listed,
    "ListRecords": _listed,
    "GetRecord": _get,
}
