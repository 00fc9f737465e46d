"""Text becomes content or the value of an attribute only escaped, in every module that writes pages."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from markupsafe import Markup

import tei_export
from tei_export.shared.elements import attributes, element, empty, esc, join

PACKAGE = Path(tei_export.__file__).parent
#: What writes pages; the SVG of the figures, too.
WRITERS = sorted(
    path
    for folder in ("outputs/html", "outputs/epub", "shared")
    for path in (PACKAGE / folder).rglob("*.py")
)
#: What makes markup of text: the class, and the shorter way to it in ``shared/elements.py``.
MAKING = ("Markup", "_made")
#: Functions that make markup of text which is not a constant, and why that is safe.
MAKERS = {
    "elements.esc": "escapes",
    "elements.join": "of escaped pieces",
    "elements.attributes": "of escaped values",
    "elements.element": "of escaped pieces",
    "elements.empty": "of escaped values",
    "elements.start": "of escaped values",
    "style.render": "citeproc-py gets escaped text",
    "apparatus_lists.links_to_page": "puts an escaped address into links",
    "apparatus_page._words": "escapes, but for quotation marks",
    "description.page_title": "takes the tags out of Sphinx's title",
    "chart_division._leading": "puts names of pages, which are ours, into links",
    "commentary_page._content": "of what the writer of pages has escaped",
    "formulas.mathml": "of what lxml has escaped, its elements and attributes checked",
    "editors_pages._text": "takes a tag off",
    "xhtml.tagged": "of escaped text",
}
#: All letters that XML allows and that a parser returns unchanged.
TEXTS = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cn"), include_characters="\t\n<>&\"'")
)


@given(TEXTS, TEXTS)
def test_text_comes_back_as_it_was(content: str, value: str) -> None:
    written = element("p", content, element("b", content), title=value)
    read = etree.fromstring(written)
    assert (read.text or "", read[0].text or "") == (content, content)
    # a parser makes spaces of tabs and line ends in the value of an attribute
    assert read.get("title", "") == value.replace("\t", " ").replace("\n", " ")


def test_markup_is_not_escaped_again() -> None:
    once = esc("A & B")
    assert esc(once) is once
    assert element("p", once, join(["<", Markup("<br>")], "; ")) == "<p>A &amp; B&lt;; <br></p>"


def test_names_and_absent_values_of_attributes() -> None:
    given = {"class_": "a", "data_l": 0, "hidden": True, "id": None, "lang": "", "title": False}
    assert attributes(given) == ' class="a" data-l="0" hidden'
    assert empty("hr", **given) == '<hr class="a" data-l="0" hidden/>'


def _calls(tree: ast.AST) -> list[ast.Call]:
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in MAKING
        and not all(isinstance(argument, ast.Constant) for argument in node.args)
    ]


@pytest.mark.parametrize("path", WRITERS, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_module_writes_tags_around_text_of_its_own_accord(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    if path.stem != "elements":
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                constant = "".join(str(v.value) for v in node.values if isinstance(v, ast.Constant))
                assert not _has_tag(constant), f"line {node.lineno}: use tei_export.shared.elements"
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]
    makers = {f"{path.stem}.{f.name}" for f in functions if _calls(f)}
    assert makers <= MAKERS.keys()
    assert len(_calls(tree)) <= sum(len(_calls(f)) for f in functions)


def test_every_exception_is_needed() -> None:
    found = {
        f"{path.stem}.{f.name}"
        for path in WRITERS
        for f in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(f, ast.FunctionDef) and _calls(f)
    }
    assert found == MAKERS.keys()


def _has_tag(text: str) -> bool:
    return re.search("<[A-Za-z]", text) is not None
