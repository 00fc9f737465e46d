"""The one parser of XML: no entity is resolved, no DTD loaded, nothing fetched.

Only :mod:`tei_export.proof.regenerate`, which shares no code with the rest, has a parser of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from pathlib import Path


def parser(
    *, comments: bool = True, instructions: bool = True, huge: bool = False
) -> etree.XMLParser:
    """Return a parser for unchecked XML.

    :param comments: keep comments
    :param instructions: keep processing instructions
    :param huge: lift lxml's limits on depth and text size, for files of this program
    """
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=not comments,
        remove_pis=not instructions,
        huge_tree=huge,
    )


def parse(path: Path | str, *, comments: bool = True) -> etree._ElementTree:
    """Read an XML file.

    :raises lxml.etree.XMLSyntaxError: it is not well-formed
    :raises OSError: it cannot be read
    """
    return etree.parse(str(path), parser(comments=comments))


def fromstring(data: bytes | str, *, huge: bool = False) -> etree._Element:
    """Return the root of a document.

    :raises lxml.etree.XMLSyntaxError: it is not well-formed
    """
    return etree.fromstring(data, parser(huge=huge))
