"""The metadata of the edition: one record, read in one place.

The TEI header, the metadata of PDF and EPUB, the web pages, the citations and the deposit all use
:class:`Metadata`, so that they cannot contradict each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from tei_export.model.licences import LICENCES
from tei_export.model.problems import EditionError, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tei_export.model.edition import Edition, Text

#: The subjects of rights statements, in order (the text first: its statement is the most cautious).
RIGHTS = ("text", "encoding", "metadata")


@dataclass(frozen=True, slots=True)
class RightsStatement:
    """The rights statement for ``of`` (``text``, ``encoding`` or ``metadata``)."""

    of: str
    name: str
    uri: str
    statement: str

    @property
    def spdx(self) -> str:
        """The SPDX identifier; empty if the SPDX list does not contain the licence."""
        return LICENCES.get(self.uri, "")


@dataclass(frozen=True, slots=True)
class Editor:
    """One of the makers of the edition. ``person``: the record names a person, instead of all
    editors in words."""

    name: str
    role: str = "editor"
    orcid: str = ""
    person: bool = False

    @property
    def uri(self) -> str:
        """The address of the ORCID iD; empty without one."""
        return f"https://orcid.org/{self.orcid}" if self.orcid else ""


def editors(edition: Edition) -> tuple[Editor, ...]:
    """Return the editors, in the order of the record."""
    said = edition.record.get("editors")
    if not isinstance(said, list):
        return (Editor(str(said or "").strip()),)
    return tuple(
        Editor(
            str(one["name"]).strip(),
            str(one.get("role") or "editor"),
            str(one.get("orcid") or ""),
            person=True,
        )
        for one in said
    )


@dataclass(frozen=True, slots=True)
class Metadata:
    """The record's fields; missing texts are empty."""

    title: str
    subtitle: str
    short_title: str
    editors: tuple[Editor, ...]
    publisher: str
    version: str
    date: str
    """ISO 8601, the day of the version"""
    status: str
    language: str
    languages: Mapping[str, str]
    """language tag → description, for all languages that occur"""
    description: str
    caveat: str
    keyword_scheme: str
    keywords: tuple[str, ...]
    rights: tuple[RightsStatement, ...]
    identifier: str
    """the DOI (``10.…/…``), if the edition has one"""
    base_url: str
    """the address of the published edition, ending in ``/``; empty if it is not published"""
    version_url: str
    """the permanent address of this version, ending in ``/``; empty if the record has none"""
    repository_url: str
    report_to: str
    """address (``https:`` or ``mailto:``) to which readers report errors, if any"""
    oai_address: str
    """the address for harvesters (OAI-PMH), if any; then ``report_to`` is an e-mail address"""
    certified_by: str
    """the certifier of the EPUB's conformance to EPUB Accessibility, if any"""

    @property
    def creators(self) -> tuple[str, ...]:
        """The names of the editors."""
        return tuple(editor.name for editor in self.editors)

    @property
    def year(self) -> str:
        """The year of the version."""
        return self.date[:4]

    @property
    def full_title(self) -> str:
        """Title and subtitle."""
        return f"{self.title}. {self.subtitle}" if self.subtitle else self.title

    @property
    def doi_url(self) -> str:
        """The address of the DOI; empty if the edition has none."""
        return f"https://doi.org/{self.identifier}" if self.identifier else ""

    @property
    def rights_line(self) -> str:
        """All three statements in one line."""
        return "; ".join(f"{right.of}: {right.name} <{right.uri}>" for right in self.rights)

    def right(self, of: str) -> RightsStatement:
        """Return the rights statement for ``of``.

        :raises KeyError: there is none
        """
        return next((r for r in self.rights if r.of == of), None) or _missing(of)

    def caveat_of(self, text: Text | None) -> str:
        """Return the caveat about a text: its own, otherwise the edition's."""
        return _caveat(text, self.caveat)

    def description_of(self, text: Text) -> str:
        """Return the description of a text: its own, otherwise the edition's."""
        return " ".join(str(text.data.get("description") or self.description).split())

    def permalink(self, path: str, anchor: str = "") -> str:
        """Return the address of a page of the site (``thesis/chapter-01.html``).

        It is relative until the edition is published.
        """
        return f"{self.base_url}{path}" + (f"#{anchor}" if anchor else "")


def _missing(of: str) -> RightsStatement:
    raise KeyError(of)


def caveat(edition: Edition, text: Text) -> str:
    """Return the caveat about a text: its own, otherwise the edition's."""
    return _caveat(text, str(edition.record.get("caveat") or ""))


def _caveat(text: Text | None, default: str) -> str:
    own = text.data.get("caveat") if text else None
    return " ".join(str(default if own is None else own).split())


def metadata(edition: Edition) -> Metadata:
    """Return the metadata of ``edition``, from its record."""
    record = edition.record

    def text(name: str) -> str:
        return str(record.get(name) or "").strip()

    keywords = record.get("keywords") or {}
    base, stays = text("base_url"), text("version_url")
    return Metadata(
        title=text("title"),
        subtitle=text("subtitle"),
        short_title=text("short_title"),
        editors=editors(edition),
        publisher=text("publisher"),
        version=text("version"),
        date=text("date"),
        status=text("status"),
        language=text("language"),
        languages=dict(record.get("languages") or {}),
        description=text("description"),
        caveat=text("caveat"),
        keyword_scheme=str(keywords.get("scheme", "")),
        keywords=tuple(str(term) for term in keywords.get("terms", ())),
        rights=tuple(_right(edition, of) for of in RIGHTS),
        identifier=text("identifier"),
        base_url=base if not base or base.endswith("/") else f"{base}/",
        version_url=stays if not stays or stays.endswith("/") else f"{stays}/",
        repository_url=text("repository_url"),
        report_to=text("report_to"),
        oai_address=text("oai_address"),
        certified_by=text("certified_by"),
    )


def _right(edition: Edition, of: str) -> RightsStatement:
    statement = edition.field(f"rights.{of}")
    return RightsStatement(
        of,
        str(statement["name"]),
        str(statement["uri"]),
        " ".join(str(statement["statement"]).split()),
    )


def day_of(said: object, file: str, line: int) -> date:
    """Parse the day in ``line`` of the record ``file``.

    :raises EditionError: ``record-field``, it is not a day
    """
    try:
        return date.fromisoformat(str(said))
    except ValueError:
        raise EditionError(Problem("record-field", file, line, f"date: {said}")) from None
