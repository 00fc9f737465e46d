"""A parsed TEI document with a table of its ids, as the rules read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tei_export.schema.finding import TEI

if TYPE_CHECKING:
    from lxml import etree

T = f"{{{TEI}}}"
XML = "{http://www.w3.org/XML/1998/namespace}"
ID = XML + "id"


@dataclass(frozen=True, slots=True)
class TeiDocument:
    """A document with a table of its ids."""

    root: etree._Element
    ids: dict[str, etree._Element]
