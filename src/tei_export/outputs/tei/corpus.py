"""The whole edition as one document: a ``teiCorpus`` assembled by XInclude (CC#CCAS2).

Within a document every ``xml:id`` is unique, but each text has its own ``#ed``, ``#O`` or
``#o0001``. The corpus therefore includes copies in which every id ends in the id of the text
(``o0001-essay``). All texts share the register entries; these come only from ``registers.xml`` and
keep their ids.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

from tei_export.tei.elements import element
from tei_export.tei.tags import prologue

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet

_TAG = re.compile(rb"(<[^>]*>)")
_ID = re.compile(rb' xml:id="([^"]*)"')
#: An id, or pointers, without the quotation mark at the end.
_ADDRESSES = re.compile(rb'( xml:id="[^"]*|="#[^"]*)')
_GRAPHIC = re.compile(rb'(<graphic [^>]*?\burl=")')
_XI = "http://www.w3.org/2001/XInclude"


def member(data: bytes, schema: str) -> bytes:
    """Return the file of a text for the corpus.

    :param data: the file of the text
    :param schema: path of the schema's folder
    """
    start = data.index(b">", data.index(b"<TEI ")) + 1
    suffix = b"-" + _ID.findall(data[:start])[-1]
    before, entries, after = data[start:].partition(b"<standOff>")
    if entries:
        after = after.partition(b"</standOff>\n")[2]
    pieces = _TAG.split(before + after)  # words and tags in turn
    tags = b"\n".join(pieces[1::2])
    own = {*_ID.findall(data[:start]), *_ID.findall(tags)}
    said = _ADDRESSES.split(tags)  # what stays, and an id or pointers, in turn
    moved = {one: _moved(one, own, suffix) for one in {*said[1::2]}}
    said[1::2] = [moved[one] for one in said[1::2]]
    pieces[1::2] = _GRAPHIC.sub(rb"\1../", b"".join(said)).split(b"\n")
    root = data[data.index(b"<TEI ") : start]
    return b"".join([prologue(schema), root, *pieces])


def _moved(said: bytes, own: AbstractSet[bytes], suffix: bytes) -> bytes:
    """Return an attribute with the suffix at the id, or at the pointers into the text."""
    name, _, value = said.partition(b'"')
    if name.endswith(b"id="):
        return said + suffix
    moved = [pointer + suffix if pointer[1:] in own else pointer for pointer in value.split()]
    return b'%b"%b' % (name, b" ".join(moved))


def corpus(header: etree._Element, files: Iterable[str], language: str) -> etree._Element:
    """Return the ``teiCorpus``.

    :param header: its ``teiHeader``
    :param files: paths of the included texts, relative to the corpus
    :param language: tag of the edition's language
    """
    root = element("teiCorpus", xml_lang=language)
    root.append(header)
    for file in files:
        etree.SubElement(root, f"{{{_XI}}}include", {"href": file}, nsmap={"xi": _XI})
    for child in root:
        child.tail = "\n"
    root.text = "\n"
    return root
