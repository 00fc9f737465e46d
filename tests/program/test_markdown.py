"""The parser of parts finds what MyST's own parser finds."""

from __future__ import annotations

import pytest
from docutils.utils import new_document
from hypothesis import given
from hypothesis import strategies as st
from markdown_it.renderer import RendererHTML
from myst_parser.mdit_to_docutils.sphinx_ import SphinxRenderer
from myst_parser.parsers.mdit import create_md_parser

from tei_export.source.markdown import _SETTINGS, inline_tokens, part_parser
from tei_export.source.parser import PartRenderer

#: Beginnings of lines, and what may follow them.
BEGINNINGS = (
    "", "", "", "> ", ">", "    ", "- ", "12. ", "+ ", "* ", "# ", "(a)=", "[^1]: ", "% ", ": ", "~ ", "<b>", "```", "| ",
    "{sic}`", "«", "\t", "\xa0", "é",
)  # fmt: skip
WORDS = ("word", "a - b: c", "*so* _it_ **is**", "`x`", "{sic}`a <b>`", "[^1]", "[a](b)", "a | b", "--- | ---", "---", "===", "-",
    "&amp; <i>", "\\*", "a@b.c ~~d~~ $e$ {f} 100% ^g^", "![](h)", "~~~", "***", "")  # fmt: skip
LINES = st.lists(
    st.tuples(st.sampled_from(BEGINNINGS), st.sampled_from(WORDS)).map("".join), max_size=9
)


def tokens(source: str, *, plain: bool) -> list[object]:
    parser = (
        create_md_parser(_SETTINGS, RendererHTML).disable("wordcount")
        if plain
        else part_parser(source, RendererHTML)
    )
    return [token.as_dict() for token in parser.parse(source)]


@given(LINES)
def test_any_source(lines: list[str]) -> None:
    source = "\n".join(lines)
    assert tokens(source, plain=False) == tokens(source, plain=True)


@pytest.mark.parametrize(
    "source",
    [
        "Heading\n===\n\nwords",
        "> words\n> ---\n",
        "words\n- item\n  more\nlazy\n",
        "a | b\n--- | ---\nc | d\n",
        "words\na | b\n--- | ---\nc | d\n",
        "> quoted\nlazy {sic}`a <b>`\n> more\n\nend",
        "term\n: definition\nmore",
        "[^1]: note\nlazy\n\n    second\n",
    ],
)
def test_blocks_that_divide_paragraphs(source: str) -> None:
    assert tokens(source, plain=False) == tokens(source, plain=True)


@given(st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join))
def test_the_text_of_a_role(text: str) -> None:
    parser = part_parser("", RendererHTML)
    plain = parser.parseInline(text)[0].children or []
    found = inline_tokens(parser, text, {})
    assert [token.as_dict() for token in found] == [token.as_dict() for token in plain]


def test_the_renderer_begins_as_mysts_own() -> None:
    options = {"document": new_document(""), "myst_config": _SETTINGS}
    begun = []
    for kind in (SphinxRenderer, PartRenderer):
        renderer = kind(create_md_parser(_SETTINGS, RendererHTML))
        renderer.setup_render(options, {})
        begun.append(
            {name: value for name, value in vars(renderer).items() if name not in ("md", "rules")}
        )
    assert begun[0] == begun[1]
