"""Render items in the citation styles of the CSL project, with citeproc-py.

Chicago means the bibliography form of the notes-and-bibliography system, which historians use, in
its 16th edition: the later styles use parts of CSL 1.0.2 that citeproc-py does not support (it
renders volumes wrongly). Titles keep their recorded capitals. This module adds what citeproc-py
lacks: it escapes text, moves full stops and commas inside quotation marks, keeps given names in
full where the style requires it, and does not repeat the name or title that takes the author's
place.
"""

from __future__ import annotations

import io
import re
from functools import cache, cached_property
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from citeproc import (
    Citation,
    CitationItem,
    CitationStylesBibliography,
    CitationStylesStyle,
    formatter,
)
from citeproc.model import CitationStylesElement, Parent, Text
from citeproc.source.json import CiteProcJSON
from lxml import etree
from markupsafe import Markup

from tei_export.schema import safe_xml

if TYPE_CHECKING:
    from tei_export.shared.citations.items import Item, Name

# citeproc-py searches the style for the same macros, terms and variables with every item. No style changes after it
# has been loaded, so one search is enough: citations take less than half the time.
CitationStylesElement.xpath_search = cache(CitationStylesElement.xpath_search)
for _kind in (Parent, Text):
    _kind.calls_variable = cache(_kind.calls_variable)

#: name → file of the style, in ``styles/``
STYLES = {
    "chicago": "chicago-notes-bibliography-16th-edition",
    "mla": "modern-language-association",
    "apa": "apa",
}
#: How each style labels editors in the author's place.
_EDITOR = {"chicago": ("ed.", "eds."), "mla": ("editor", "editors"), "apa": ("(Ed.)", "(Eds.)")}
#: Characters that citeproc-py would read as markup, and our own marks: no author, title's end,
#: line.
_HIDDEN = str.maketrans({"&": "\ue000", "<": "\ue001", ">": "\ue002"})
_SHOWN = str.maketrans({"\ue000": "&amp;", "\ue001": "&lt;", "\ue002": "&gt;"})
_NOBODY, _END, _LINE = "\ue00f", "\ue010", "\ue011"
#: Corrections to the output: for all styles, and for APA.
_CURES = (
    (re.compile(_END), ""),
    (re.compile(rf"{_NOBODY}\.? ?"), ""),
    (re.compile(rf"(?:p\. )?{_LINE}"), "line "),
    (re.compile("”([.,])"), r"\1”"),
    (re.compile(r"(?<!\.)\.\.(?!\.)"), "."),
    (re.compile(r"([.?!])</i>\."), r"\1</i>"),
    (re.compile(r"\b(by|In) The "), r"\1 the "),
)
_APA = (
    (re.compile(rf"{_NOBODY}\.? (\(.*?\)\.) (.*?{_END}(?:</i>)?(?: \(.*?\))?\.)"), r"\2 \1"),
    (re.compile(r", \((Eds?\.)\)\.?"), r" (\1)."),
    (re.compile(r" \(Publication\)"), ""),
    (re.compile(r", ed\. &amp; trans\."), ", Ed. &amp; Trans."),
    (
        re.compile(r"(?<=, )(ed|eds|trans)(?=\.[;)])|(?<=\()(eds?)(?=\.\))"),
        lambda m: m[0].capitalize(),
    ),
)


class _OnlyItem(CitationItem):  # type: ignore[misc]
    """The item of a list of one: a style asks for its data hundreds of times, and the library looks it up each time."""

    @cached_property
    def reference(self) -> Any:
        return super().reference


def render(item: Item, style: str) -> Markup:
    """Render the item in ``style`` (``chicago``, ``mla``, ``apa``) as HTML.

    :raises KeyError: unknown style
    """
    given = _prepared(item, style)
    bibliography = CitationStylesBibliography(
        _style(STYLES[style]), CiteProcJSON([given]), formatter.html
    )
    bibliography.register(Citation([_OnlyItem(given["id"])]))
    html = "".join(str(piece) for piece in bibliography.bibliography()[0])
    for pattern, good in (*(_APA if style == "apa" else ()), *_CURES):
        html = pattern.sub(good, html)
    return Markup(html.translate(_SHOWN))


@cache
def _style(name: str) -> Any:
    """Load a style; in MLA, keep full given names, as its ``initialize="false"`` requires."""
    data = files("tei_export.shared.citations").joinpath(f"styles/{name}.csl").read_bytes()
    tree = safe_xml.fromstring(data)
    if name == STYLES["mla"]:
        for element in tree.iter("{*}style", "{*}name"):
            element.attrib.pop("initialize-with", "")
    return CitationStylesStyle(io.BytesIO(etree.tostring(tree)), validate=False)


def _prepared(item: Item, style: str) -> Item:
    """Return a copy of ``item`` adapted to the limits of citeproc-py."""
    prepared: Item = _escaped({k: v for k, v in item.items() if k not in {"note", "status"}})
    prepared |= {
        "id": "item",
        "title": prepared["title"] + _END,
        "language": "zxx",
    }  # keep capitals
    if prepared["type"] == "document":  # newer than the CSL version of citeproc-py
        prepared["type"] = "book"
    if "version" in prepared:  # an edition of the text, not a reprint of it
        prepared.pop("original-date", None)
    if style != "chicago" and not prepared.get("volume", "1").isdigit():
        prepared["volume"] = f"vols. {prepared['volume']}"
    if "section" in prepared:
        prepared["page"] = _LINE + prepared.pop("section")
    if not prepared.get("author"):
        prepared |= _first(prepared, style)
    if style != "chicago" and [prepared.get("publisher")] == [
        n.get("literal") for n in prepared["author"]
    ]:
        prepared.pop("publisher", None)
    return prepared


def _escaped(value: Any) -> Any:
    """Return a copy of ``value`` with every text escaped and without our own marks."""
    if isinstance(value, str):
        return re.sub("[\ue000-\ue0ff]", "", value).translate(_HIDDEN)
    if isinstance(value, dict):
        return {key: _escaped(inner) for key, inner in value.items()}
    return [_escaped(inner) for inner in value] if isinstance(value, list) else value


def _first(item: Item, style: str) -> Item:
    """Return what takes the author's place: the editors of a book, otherwise the title."""
    editors: list[Name] = [dict(name) for name in item.get("editor", ())]
    if item["type"] == "chapter" or not editors:
        return {"author": [{"literal": _NOBODY}]}
    del item["editor"]
    if "literal" not in editors[-1]:
        last = editors[-1]
        label = _EDITOR[style][len(editors) > 1]
        last["suffix"] = ", ".join(filter(None, [last.get("suffix"), label]))
    return {"author": editors}
