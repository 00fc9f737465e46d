"""Documents of the book as XHTML: the frame, the links between them, language tags.

Every document is parsed again before it is packed: XHTML that is not well-formed stops the build.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote

from markupsafe import Markup

from tei_export.model.languages import direction
from tei_export.model.vocabulary import BY_NAME
from tei_export.schema import safe_xml
from tei_export.shared.elements import NEWLINE, Attributes, element, empty, esc, join, on_line
from tei_export.shared.labels import foreign, text_direction, turned
from tei_export.shared.labels import language as speech

if TYPE_CHECKING:
    from collections.abc import Iterable

OPS = "http://www.idpf.org/2007/ops"
XHTML = "http://www.w3.org/1999/xhtml"
_DECLARATION = Markup('<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html>\n')
STYLE = "style.css"
#: epub:type → the equivalent DPUB-ARIA role (EPUB 3 Structural Semantics).
ARIA_ROLES = {
    "backlink": "doc-backlink",
    "bibliography": "doc-bibliography",
    "chapter": "doc-chapter",
    "colophon": "doc-colophon",
    "footnote": "doc-footnote",
    "index": "doc-index",
    "noteref": "doc-noteref",
    "page-list": "doc-pagelist",
    "pagebreak": "doc-pagebreak",
    "part": "doc-part",
    "preface": "doc-preface",
    "toc": "doc-toc",
}
_CYRILLIC = re.compile("[\u0400-\u052f]+(?:[^\\w<>&]*[\u0400-\u052f]+)*")


@dataclass(frozen=True, slots=True)
class XhtmlDocument:
    """A document of the book. ``path`` is in the package; ``body`` is finished XHTML.

    ``kind`` is the ``epub:type`` of its section; ``matter`` that of the whole document.
    """

    path: str
    title: str
    body: Markup
    kind: str = ""
    matter: str = "bodymatter"
    label: str = ""
    """id of the heading that names the section; empty: ``title`` names it"""
    id: str = ""
    name: str = ""
    """class of the section"""
    spoken: bool = False
    """the document is in the interface language; cover and text pages are in the edition's"""
    lang: str = ""
    """the language of the document, if it is not that of the edition"""

    def render(self, lang: str) -> bytes:
        """Return the file, for an edition in ``lang``.

        :raises lxml.etree.XMLSyntaxError: the body is not well-formed, which is a bug
        """
        lang = ui_lang_attrs(lang) or lang if self.spoken else self.lang or lang
        named = {"aria-labelledby": self.label} if self.label else {"aria-label": self.title}
        given = {**semantic(self.kind), "id": self.id, "class": self.name, **named}
        head = join((
            on_line(element("title", self.title)),
            on_line(empty("meta", name="viewport", content="width=device-width, initial-scale=1")),
            on_line(empty("link", rel="stylesheet", type="text/css", href=link(self.path, STYLE))),
        ))  # fmt: skip
        section = on_line(NEWLINE, element("section", NEWLINE, self.body, **given))
        namespaces = {"xmlns": XHTML, "xmlns:epub": OPS, **language(lang)}
        body = element(
            "body", NEWLINE, element("main", section), NEWLINE, **{"epub:type": self.matter}
        )
        text = _DECLARATION + on_line(
            element(
                "html",
                NEWLINE,
                element("head", NEWLINE, head),
                NEWLINE,
                body,
                NEWLINE,
                **namespaces,
            )
        )
        data = text.encode()
        safe_xml.fromstring(data)
        return data


def link(origin: str, target: str, fragment: str = "") -> str:
    """Return the address of ``target`` (a path in the package) in ``origin``."""
    path = "" if origin == target and fragment else _path(origin, target)
    return path + (f"#{quote(fragment, safe='.')}" if fragment else "")


@lru_cache(maxsize=4096)
def _path(origin: str, target: str) -> str:
    return quote(posixpath.relpath(target, posixpath.dirname(origin) or "."), safe="/")


def semantic(kind: str) -> Attributes:
    """Return the attributes for ``kind``: ``epub:type`` and the equivalent role."""
    return {"epub:type": kind, "role": ARIA_ROLES.get(kind)} if kind else {}


def language(tag: str, outer: str = "ltr") -> Attributes:
    """Return both language attributes (``xml:lang`` for XML, ``lang`` for HTML), and the direction
    if it differs from ``outer``."""
    return {"lang": tag, "xml:lang": tag, **turned(tag, outer)}


def ui_lang_attrs(lang: str) -> str:
    """Return the interface language if it differs from ``lang``, the edition's."""
    return speech() if foreign(lang) else ""


def text_lang_attrs(lang: str) -> Attributes:
    """Return the attributes of text in ``lang`` within interface text; empty if they agree."""
    return language(lang, text_direction()) if foreign(lang) else {}


def interface_lang_attrs(lang: str) -> Attributes:
    """Return the attributes of interface text within text in ``lang``; empty if they agree."""
    return language(speech(), direction(lang)) if foreign(lang) else {}


def tagged(text: str, lang: str = "") -> Markup:
    """Escape ``text``; tag Cyrillic in it as ``lang``, or Russian if ``lang`` is empty."""
    tag = language(lang or BY_NAME["ru"].lang)
    return Markup(_CYRILLIC.sub(lambda m: element("span", m[0], **tag), esc(text)))


def paragraphs(texts: Iterable[str]) -> Markup:
    """Return a paragraph for each non-empty text."""
    return join(on_line(element("p", tagged(text))) for text in texts if text)
