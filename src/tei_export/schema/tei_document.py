"""A parsed TEI document with tables of its ids, pointers and languages, as the rules read it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from tei_export.schema.finding import TEI

if TYPE_CHECKING:
    from lxml import etree

T = f"{{{TEI}}}"
XML = "{http://www.w3.org/XML/1998/namespace}"
ID = XML + "id"
LANG = XML + "lang"


class TeiDocument:
    """A document with tables of what is in it, made in one walk."""

    def __init__(self, root: etree._Element) -> None:
        self.root = root
        self.ids: dict[str, etree._Element] = {}
        #: (element, name of the attribute, value) of every attribute that may have a pointer to an id.
        self.pointers: list[tuple[etree._Element, str, str]] = []
        #: (element, tag) of every element that states its language.
        self.tagged: list[tuple[etree._Element, str]] = []
        self._elements: dict[str, list[etree._Element]] = defaultdict(list)
        for element in root.iter(f"{T}*"):
            self._elements[str(element.tag)].append(element)
            said: Any = element.items()
            for name, value in said:
                if name == ID:
                    self.ids[value] = element
                elif name == LANG:
                    self.tagged.append((element, value))
                elif "#" in value:
                    self.pointers.append((element, name, value))

    def all(self, name: str) -> list[etree._Element]:
        """Return the elements with a local name, in their order."""
        return self._elements.get(T + name, [])
