"""Build lxml trees. Only this module, and ``witness_text``, which rewrites a finished tree, touch ``.text`` and ``.tail``."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

TEI = "http://www.tei-c.org/ns/1.0"
XML = "http://www.w3.org/XML/1998/namespace"


def finder(path: str) -> Callable[[etree._Element], Any]:
    """Return a function that finds an XPath (prefix ``t``: TEI) from an element.

    libxml2 does the search, several times as fast as a loop in Python.
    """
    return etree.XPath(path, namespaces={"t": TEI}, smart_strings=False)


#: The ``xml:id``, ``xml:lang`` and ``calendar`` within an element.
ids_in = finder("descendant-or-self::*/@xml:id")
languages_in = finder("descendant-or-self::*/@xml:lang")
calendars_in = finder("descendant-or-self::t:date/@calendar")


@cache
def name(local: str) -> str:
    """Return the qualified name: ``p`` → ``{http://www.tei-c.org/ns/1.0}p``."""
    return f"{{{TEI}}}{local}"


#: The folder of the pictures, beside the TEI files.
PICTURES = "pictures"


def picture_address(path: str) -> str:
    """Return the address of a picture in a TEI file; ``path``: below the sources."""
    return f"{PICTURES}/{quote(path)}"


def _attributes(attrs: Mapping[str, object]) -> dict[str, str]:
    """Map ``xml_id`` to ``xml:id``; drop empty values; keep the order (stable diffs)."""
    return {
        _attribute_name(key): str(value) for key, value in attrs.items() if value not in ("", None)
    }


@cache
def _attribute_name(key: str) -> str:
    return f"{{{XML}}}{key[4:]}" if key.startswith("xml_") else key.rstrip("_")


def local_name(tag: str) -> str:
    """Return the name without its namespace: ``{http://www.tei-c.org/ns/1.0}p`` → ``p``."""
    return tag.rpartition("}")[2]


def append_text(parent: etree._Element, text: str) -> None:
    """Append ``text`` after the content of ``parent``."""
    if not text:
        return
    if len(parent):
        last = parent[-1]
        last.tail = (last.tail or "") + text
    else:
        parent.text = (parent.text or "") + text


def element(local: str, text: str = "", /, **attrs: object) -> etree._Element:
    """Return a TEI element; ``xml_id=`` sets ``xml:id``, ``from_=`` sets ``from``."""
    created = etree.Element(name(local), _attributes(attrs), nsmap={None: TEI})  # type: ignore[dict-item]
    append_text(created, text)
    return created


def copy_without_content(source: etree._Element) -> etree._Element:
    """Return a copy of an element with its attributes, without content."""
    attributes = {str(key): str(value) for key, value in source.attrib.items()}
    return etree.Element(source.tag, attributes, nsmap={None: TEI})  # type: ignore[dict-item]


def sub(parent: etree._Element, local: str, text: str = "", /, **attrs: object) -> etree._Element:
    """Append a new element to ``parent`` and return it; arguments as for :func:`element`."""
    created = etree.SubElement(parent, name(local), _attributes(attrs))
    append_text(created, text)
    return created


#: Elements in which white space is content.
_MIXED = {name(n) for n in ("title", "edition", "p", "witness", "bibl", "change")}


def indent(parent: etree._Element, level: int = 0) -> None:
    """Indent the descendants of ``parent`` wherever an element contains only elements."""
    if parent.tag in _MIXED or not len(parent) or (parent.text or "").strip():
        return
    parent.text = "\n" + "  " * (level + 1)
    for child in parent:
        indent(child, level + 1)
        child.tail = parent.text
    parent[-1].tail = "\n" + "  " * level
