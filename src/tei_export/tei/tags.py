"""Serialise TEI, and read and change the tags of what was serialised.

Regular expressions do this several times as fast as a walk through the tree or an XPath, and suffice, because
libxml2 has serialised what this package wrote: there are no comments and no CDATA, ``<`` and ``>`` stand only
at the ends of tags, attributes are in double quotes and contain none.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING
from xml.sax.saxutils import unescape

from lxml import etree

from tei_export.schema import safe_xml
from tei_export.tei.elements import TEI, element

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_DECLARATION = f' xmlns="{TEI}"'.encode()
_MODELS = (
    ("edition.rng", "http://relaxng.org/ns/structure/1.0"),
    ("edition.sch", "http://purl.oclc.org/dsdl/schematron"),
)
_START = re.compile(rb"<[^/?!][^>]*>")
_NAME = re.compile(rb"<([^ />]+)")
_ATTRIBUTE = re.compile(r' ([^= ]+)="([^"]*)"')
_NUMBER = re.compile(rb'<seg\b[^>]* type="number"')
_QUOTE = {"&quot;": '"'}
_ID = re.compile(rb' xml:id="([^"]*)"')
_LANGUAGE = re.compile(rb' xml:lang="([^"]*)"')
_CALENDAR = re.compile(rb'<date\b[^>]*? calendar="([^"]*)"')
_POINTERS = re.compile(rb' (?:active|corresp|passive|ref|source|target|where)="([^"]*#[^"]*)"')


def prologue(schema: str) -> bytes:
    """Return the beginning of a TEI file, with instructions that name the schema in the folder ``schema``."""
    said = "".join(
        f'<?xml-model href="{schema}/{file}" type="application/xml" schematypens="{kind}"?>'
        for file, kind in _MODELS
    )
    return f"<?xml version='1.0' encoding='UTF-8'?>\n{said}".encode()


def xml_of(node: etree._Element, *, with_tail: bool = False) -> bytes:
    """Return a TEI element as it stands inside a file, which declares the namespace at its root.

    :param with_tail: with the text after it
    """
    xml = etree.tostring(node, encoding="UTF-8", with_tail=with_tail)
    return xml.replace(_DECLARATION, b"", 1)


def element_of(xml: bytes) -> etree._Element:
    """Return an element that was serialised, as by :func:`xml_of`."""
    return safe_xml.fromstring(b"<TEI%b>%b</TEI>" % (_DECLARATION, xml))[0]


def tei_file(xml_id: str, language: str, content: Iterable[bytes], schema: str) -> bytes:
    """Return the file of a ``TEI`` element with ``content``; ``schema``: path of the schema's folder."""
    root = etree.tostring(element("TEI", xml_id=xml_id, xml_lang=language), encoding="UTF-8")
    opened = root.removesuffix(b"/>") + b">"
    return b"\n".join([prologue(schema) + opened, *content, b"</TEI>", b""])


def changed(xml: bytes, tags: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """Return ``xml`` with other start tags.

    :param tags: a regular expression for the beginning of those to be changed, without ``<``
    """
    return re.sub(rb"<(?:" + tags + rb")[^>]*>", lambda tag: change(tag[0]), xml)


def tags_of(xml: str, *names: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the tags of elements that have one of ``names``, in order: ``note`` with its attributes, ``/note`` without."""
    wanted = rf"<(/?)({'|'.join(names)})\b((?: [^>]*[^>/])?)(/?)>"
    for end, name, said, empty in re.findall(wanted, xml):
        if not end:
            attributes = dict(_ATTRIBUTE.findall(said))
            if "&" in said:
                attributes = {key: unescape(value, _QUOTE) for key, value in attributes.items()}
            yield name, attributes
        if end or empty:
            yield f"/{name}", {}


class Tags:
    """The start tags of something serialised."""

    def __init__(self, xml: bytes) -> None:
        self._tags = b"".join(_START.findall(xml))

    def __add__(self, others: Tags) -> Tags:
        """Return the tags of both."""
        both = Tags(b"")
        both._tags = self._tags + others._tags
        return both

    def ids(self) -> set[str]:
        """Return every ``xml:id``."""
        return _decoded(_ID.findall(self._tags))

    def languages(self) -> set[str]:
        """Return every ``xml:lang``."""
        return _decoded(_LANGUAGE.findall(self._tags))

    def calendars(self) -> set[str]:
        """Return every ``date/@calendar``."""
        return _decoded(_CALENDAR.findall(self._tags))

    def targets(self) -> set[str]:
        """Return the ids to which a local pointer (``#id``) leads, except those of responsibility and witnesses."""
        values = _decoded(_POINTERS.findall(self._tags))
        return {pointer[1:] for value in values for pointer in value.split() if pointer[0] == "#"}

    def numbers_paragraphs(self) -> bool:
        """Return whether there is a number that the source gives to a paragraph."""
        return _NUMBER.search(self._tags) is not None

    @cached_property
    def counted(self) -> Counter[str]:
        """How often each element occurs, by its name."""
        counted = Counter(_NAME.findall(self._tags))
        return Counter({name.decode(): number for name, number in counted.items()})


def _decoded(values: Iterable[bytes]) -> set[str]:
    return {value.decode() for value in {*values}}
