"""A parsed TEI document with a table of its ids, as the rules read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lxml import etree

from tei_export.schema.finding import TEI

if TYPE_CHECKING:
    from collections.abc import Callable

T = f"{{{TEI}}}"
XML = "{http://www.w3.org/XML/1998/namespace}"
ID = XML + "id"


def finder(path: str) -> Callable[[etree._Element], Any]:
    """Return a function that finds an XPath (prefix ``t``: TEI); libxml2 is faster than a loop over all elements."""
    return etree.XPath(path, namespaces={"t": TEI}, smart_strings=False)


@dataclass(frozen=True, slots=True)
class TeiDocument:
    """A document with a table of its ids."""

    root: etree._Element
    ids: dict[str, etree._Element]
