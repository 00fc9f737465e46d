"""The whole edition as one document: a ``teiCorpus`` assembled by XInclude (CC#CCAS2).

Within a document every ``xml:id`` is unique, but each text has its own ``#ed``, ``#O`` or
``#o0001``. The corpus therefore includes copies in which every id ends in the id of the text
(``o0001-essay``). All texts share the register entries; these come only from ``registers.xml`` and
keep their ids.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from lxml import etree

from tei_export.tei.elements import TEI, XML, element, finder, ids_in

if TYPE_CHECKING:
    from collections.abc import Iterable

_T = f"{{{TEI}}}"
_ID = f"{{{XML}}}id"
_named = finder("descendant::*[@xml:id]")
_pointing = finder("descendant-or-self::*[@*[starts-with(., '#')]]")
_XI = "http://www.w3.org/2001/XInclude"


def member(root: etree._Element) -> etree._Element:
    """Return a copy of a text's TEI element for the corpus."""
    suffix = root.get(_ID, "")
    tei = copy.deepcopy(root)
    stand_off = tei.find(_T + "standOff")
    if stand_off is not None:
        tei.remove(stand_off)
    for picture in tei.iter(_T + "graphic"):
        picture.set("url", f"../{picture.get('url')}")
    own = set(ids_in(tei))
    for node in _named(tei):
        node.set(_ID, f"{node.get(_ID)}-{suffix}")
    for node in _pointing(tei):
        for name, value in node.items():
            if value[:1] == "#":
                node.set(name, " ".join([_moved(v, own, suffix) for v in value.split()]))
    return tei


def _moved(pointer: str, own: set[str], suffix: str) -> str:
    return f"{pointer}-{suffix}" if pointer[1:] in own else pointer


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
