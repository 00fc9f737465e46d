"""Formulas: what is read as TeX, what is refused, and that the outputs take whatever is read."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import fromstring

import pytest
import typst

import web
from mini import Mini
from tei_export.model.formulas import ELEMENTS, FormulaError, read_formula
from tei_export.shared.formulas import mathml, typst_math
from tei_export.shared.typst_literals import string

if TYPE_CHECKING:
    from pathlib import Path

#: Formulas that every output shows.
TAKEN = (
    r"x^2+y_1=\frac{a}{b}", r"\sqrt[3]{x}", r"\sqrt 2", r"\int_0^1 f(x)\,dx", r"\sum_{i=1}^{n} i", r"\text{if } x", r"f'(x)",
    r"\begin{pmatrix}a&b\\c&d\end{pmatrix}", r"\begin{cases}1&x\\2&y\end{cases}", r"\begin{align*}a&=b\\c&=d\end{align*}",
    r"\left( \frac{1}{2} \right]", r"\overline{ab}", r"\hat{x}", r"\vec{v}", r"\dot{x}", r"\ddot{x}", r"\tilde{x}", r"\bar{x}",
    r"\binom{n}{k}", r"x\mbox{ for }y", r"\mathbf{v}", r"\mathrm{sin}\,\alpha", r"\lim_{x\to 0} x", r"\underbrace{a+b}_{c}",
    r"\overbrace{a+b}^{c}", r"\overset{a}{b}", r"\underset{a}{b}", r"C_{12}H_{22}O_{11}", r"25^{\circ}", r"\pounds 3", r"\{x\}",
    r"\mathbb{R}", "½", "α", r"\tag{3}", "^2", r"\operatorname{foo} x", r"a\phantom{x}b", "#", "$x$", "&", "~", r"\ ", r"\quad",
    r"3\tfrac12", "12.5", 'a"b', r"a\%", r"\neq", r"\#", r"a;b,c:d/e", r"|x| \| `y` @ \_", r"\underline{x}", r"\prod\limits_a^b",
)  # fmt: skip
#: formula → what is said of it
REFUSED = {
    r"\foo{x}": "\\foo is not known", "{x": "a { is not closed", "x}": "a } has no { before it",
    r"\left( x": "extra left or missing right", "x^": "missing super script", r"\frac": "no available tokens",
    r"\href{javascript:alert(1)}{x}": "cannot show href", r"\class{a}{b}": "cannot show class",
    r"\style{color:red}{x}": "cannot show style", r"\color{red}{x}": "cannot show mathcolor", r"\boxed{x}": "cannot show <menclose>",
    r"\begin{align}a&=b\end{align}": "write align*", "a % b": "begins a comment", "{" * 900 + "x" + "}" * 900: "too deeply",
}  # fmt: skip


@pytest.mark.parametrize("tex", REFUSED)
def test_what_the_outputs_cannot_show_is_refused(tex: str) -> None:
    with pytest.raises(FormulaError) as error:
        read_formula(tex)
    assert REFUSED[tex] in str(error.value)


def test_pages_get_mathml_and_nothing_else() -> None:
    for tex in TAKEN:
        root = fromstring(mathml(tex, display=True))
        assert root.get("alttext") == tex
        names = {
            node.tag.removeprefix("{http://www.w3.org/1998/Math/MathML}") for node in root.iter()
        }
        assert names <= ELEMENTS, tex
        assert not {"href", "style", "id"} & {name for node in root.iter() for name in node.attrib}


def test_the_book_takes_every_formula() -> None:
    """In one file: that Typst reads it says that no sign of a formula is taken for Typst's own."""
    shown = [f"${typst_math(tex)}$ #raw({string(tex)})\n" for tex in TAKEN]
    source = "#set page(height: auto)\n" + "\n".join(shown)
    pages = typst.compile(source.encode(), format="svg")
    assert pages.count(b"<use") > 500


def test_the_signs_of_a_formula_stand_where_they_belong() -> None:
    assert typst_math(r"\frac{a_1}{2}") == 'frac(attach(a, b: "1"), "2")'
    assert typst_math(r"\text{if }x \$") == '"if\N{NO-BREAK SPACE}"x \\$'
    assert typst_math(r"\left( x \right)") == r"lr(\( x \))"
    assert (
        typst_math(r"\begin{pmatrix}a&b\\c&d\end{pmatrix}")
        == r"lr(\( mat(delim: #none, a, b; c, d) \))"
    )


def test_pages_of_the_editors_have_formulas_too(tmp_path: Path) -> None:
    mini = Mini(tmp_path / "mini")
    block = "```{math}\na + b\n```\n"
    mini.write("about.md", f"# About\n\nA formula, {{math}}`a^2`.\n\n{block}")
    mini.replace("index.md", "t/two\n", "t/two\nabout\n")
    result = mini.build("html")
    assert result.code == 0, result.output
    page = web.parse(mini.out / "html/about.html")
    assert page.xpath("//main//p/math/@alttext") == ["a^2", "a + b"]
    assert not page.xpath("//script[contains(@src, '://')]")


def test_the_limits_of_a_sum_that_stands_alone_are_under_and_over_it() -> None:
    tex = r"\sum_{i=1}^{n} a_i"
    assert "<munderover>" in mathml(tex, display=True)
    assert "<msubsup>" in mathml(tex)
