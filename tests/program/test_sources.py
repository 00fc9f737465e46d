"""Nothing in a source is executed, no other file is read, and no source hangs or breaks the tools."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from lxml import html

from tei_export.model.readings import RoleTextError, parse_layer, parse_state
from tei_export.model.sentences import bounds, ends
from tei_export.source.notes import irregular_numbers
from vocabulary_pages import PICTURE

if TYPE_CHECKING:
    from pathlib import Path

    from mini import Mini

SECRET = "root:x:0:0:a secret"


def page(mini: Mini, text: str, name: str = "about") -> None:
    """Give the edition a page."""
    mini.write(f"{name}.md", text)
    mini.replace("index.md", "t/two\n", f"t/two\n{name}\n")


@pytest.fixture
def code(mini: Mini) -> str:
    """A template that would leave a file behind if it were executed."""
    return f"{{{{ cycler.__init__.__globals__.os.open('{mini.root / 'RUN'}', 64) }}}}"


def test_a_text_of_the_record_is_text_in_a_page(mini: Mini, code: str) -> None:
    subtitle = f"A <script>alert(1)</script> *b* {code}"
    mini.replace("edition.yaml", "A mini edition of two chapters", f'"{subtitle}"')
    page(mini, "# About\n\n{{ title }}: {{subtitle}}, {{ version }}.\n\n{{ subtitle }}\n")
    result = mini.build("html")
    assert result.code == 0, result.output
    assert not (mini.root / "RUN").exists()
    text = result.file("html/about.html")
    assert "<script>alert" not in text
    shown = subtitle.replace("<", "&lt;").replace(">", "&gt;")
    text = text.replace("&#39;", "'").replace("&#x27;", "'")
    assert text.count(f"<p>A small edition: {shown}, 1.2.3.</p>") == 1
    assert text.count(f"<p>{shown}</p>") == 1


@pytest.mark.parametrize("name", ["about", "t/two", "index"])
def test_no_template_runs(mini: Mini, code: str, name: str) -> None:
    for text in (f"\n\n{code}\n", f"\n\nWords {code} words.\n", f"\n\n```{{note}}\n{code}\n```\n"):
        mini.write(f"{name}.md", (mini.read(f"{name}.md") if name != "about" else "# About") + text)
        assert mini.check().code == 1
    mini.write(
        f"{name}.md",
        f'---\nmyst:\n  substitutions:\n    a: "{code}"\nb: "{code}"\n---\n# A\n\n{{{{ a }}}}\n',
    )
    assert mini.check().code == 1
    assert not (mini.root / "RUN").exists()


def test_braces_in_a_text_are_its_words(mini: Mini) -> None:
    mini.replace("t/one.md", "The last paragraph", "The {{ title }} last paragraph")
    mini.witness(
        mini.read("witness/w.txt").replace("The last paragraph", "The {{ title }} last paragraph")
    )
    result = mini.build("tei")
    assert result.code == 0, result.output
    assert "The {{ title }} last paragraph" in result.file("tei/t.xml")


OUTSIDE = [
    "```{include} NAME\n```",
    "```{include} NAME\n:literal:\n```",
    "```{literalinclude} NAME\n```",
    "```{raw} html\n:file: NAME\n```",
    "```{csv-table}\n:file: NAME\n```",
    "```{eval-rst}\n.. include:: NAME\n.. raw:: html\n   :file: NAME\n.. literalinclude:: NAME\n```",
    "```{figure} NAME\nwords\n```",
    "```{image} NAME\n```",
    "![words](NAME)",
    "[words](NAME)",
    "{download}`words <NAME>`",
    "> - ```{include} NAME\n>   ```",
]


@pytest.mark.parametrize("name", ["../../secret.txt", "/../../secret.txt", "link.txt"])
@pytest.mark.parametrize("text", OUTSIDE)
def test_no_file_outside_is_read_by_a_page(mini: Mini, text: str, name: str) -> None:
    secret = mini.root.parent / "secret.txt"
    secret.write_text(SECRET, encoding="utf-8")
    mini.path("link.txt").symlink_to(secret)
    page(mini, f"# About\n\n{text.replace('NAME', name)}\n")
    result = mini.build("html")
    assert result.code == 1, result.output
    assert re.search(r"^about\.md:[34](:\d+)?: ", result.output, re.MULTILINE), result.output
    assert SECRET not in result.output
    assert not (mini.out / "html").exists()
    read = [p for p in mini.out.rglob("*") if p.is_file() and SECRET.encode() in p.read_bytes()]
    assert read == []


@pytest.mark.parametrize("text", [text for text in OUTSIDE if "{" in text])
def test_no_file_outside_is_read_by_a_part(mini: Mini, text: str) -> None:
    (mini.root.parent / "secret.txt").write_text(SECRET, encoding="utf-8")
    mini.write(
        "t/two.md",
        mini.read("t/two.md") + "\n" + text.replace("NAME", "../../../secret.txt") + "\n",
    )
    result = mini.check()
    assert result.code == 1
    assert re.search(r"^t/two\.md:10(:\d+)?: \[", result.output, re.MULTILINE), result.output
    assert SECRET not in result.output


@pytest.mark.parametrize("name", ["about.md", "t/two.md"])
def test_a_source_is_no_link_to_a_file_outside(mini: Mini, name: str) -> None:
    page(mini, "# About\n")
    path, elsewhere = mini.path(name), mini.root.parent / "elsewhere.md"
    elsewhere.write_text(f"# {SECRET}\n", encoding="utf-8")
    path.unlink()
    path.symlink_to(elsewhere)
    result = mini.check()
    assert result.code == 1
    assert result.problems == [f"{name}:0: [file-outside]"]
    assert SECRET not in result.output


def test_a_link_inside_the_folder_is_read(mini: Mini) -> None:
    mini.write("other/about.txt", "# About\n")
    page(mini, "")
    mini.path("about.md").unlink()
    mini.path("about.md").symlink_to(mini.path("other/about.txt"))
    result = mini.check()
    assert result.code == 0, result.output


def test_a_page_may_hold_what_is_harmless(mini: Mini) -> None:
    mini.write("picture.png", (b"\x89PNG\r\n\x1a\n" + bytes(16)))
    page(
        mini,
        "---\nepub: true\n---\n# About\n\n![A picture](picture.png) `{person}Stalin` and {person}`Stalin`,\n"
        "{ru}`слово`, [a link](https://example.org/), {doc}`index`, \\{{ braces.\n\n"
        "```{note}\nWords of {{ title }}.\n```\n\n    {{ code }} {nosuchrole}`x`\n\n| a | b |\n| - | - |\n| 1 | 2 |\n",
    )
    result = mini.check()
    assert result.code == 0, result.output


def test_a_figure_on_a_page_is_the_one_of_sphinx(mini: Mini) -> None:
    """With its options, and roles in its caption: what a figure of a text must have is no rule of pages."""
    mini.write("map.png", PICTURE.read_bytes())
    page(mini, "# About\n\n```{figure} map.png\n:width: 50%\n\nThe home of {person}`Stalin`\n```\n")
    result = mini.build("html")
    assert result.code == 0, result.output
    (figure,) = html.fromstring(result.file("html/about.html")).iter("figure")
    assert [image.get("style") for image in figure.iter("img")] == ["width: 50%;"]
    assert [link.text_content() for link in figure.iterfind(".//figcaption//a[@class]")] == [
        "Stalin"
    ]


def nested(depth: int) -> str:
    """A person in a person in a person …"""
    text = "Stalin"
    for ticks in range(1, depth + 1):
        text = f"{{person}}{'`' * ticks}{text} <stalin>{' ' if ticks > 1 else ''}{'`' * ticks}"
    return text


HOSTILE = {
    "letters": "x" * 100_000,
    "open roles": "{person}`" * 12_000,
    "open roles in lines": "{person}`\n" * 1_000,
    "open lists": "[" * 100_000,
    "open lists in lines": ("[" * 100 + "\n") * 1_000,
    "quotations": ">" * 5_000 + " word",
    "quotations with spaces": "> " * 900 + "word",
    "items": "- " * 900 + "word",
    "indents": "\n".join(" " * 2 * n + "- a" for n in range(300)),
    "names in names": nested(25),
    "names in names, deep": nested(100),
    "emphasis": "*_" * 900,
    "readings": "{ocr}`" + "<> (" * 450 + "`",
    "ticks": "{ocr}``" + "`a <b> ``` " * 150 + "``",
    "ticks apart": "{sic}`" + " ".join("`" * n for n in range(1, 55)) + "`",
    "spaces": "{supplied}`a" + " " * 1_900 + "??? (`",
    "stops": "." * 1_900 + "\n" + "x." * 900,
    "notes": "[^" * 900 + "]:" * 90,
    "tags": "<a " * 600 + "\n" + "<!--" * 400,
    "entities": "&#1;&#0;&shy;&#8203;",
    "pin": "{o}`" + "9" * 1_900 + "`",
    "pins": "{o}`¹⁸` {o}`১৮` {o}`-1`",
}


@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.parametrize("name", ["about", "t/two"])
def test_a_hostile_source_is_a_problem_with_its_line(mini: Mini, name: str, kind: str) -> None:
    """Or it is accepted, in a page: but it returns, and is no internal error."""
    page(mini, "# About\n")
    mini.write(f"{name}.md", f"{mini.read(f'{name}.md')}\n{HOSTILE[kind]}\n")
    result = mini.check()
    assert "internal error" not in result.output, result.output[-500:]
    assert "Extension error" not in result.output
    assert "Traceback" not in result.output
    if name == "about" and not result.problems:
        assert result.code in {0, 1}
        return
    assert result.code == 1
    assert any(problem.startswith(f"{name}.md:") for problem in result.problems), result.output[
        -500:
    ]
    assert [
        p for p in result.problems if p.startswith(f"{name}.md:0:")
    ] == [] or "markup-deep" in result.output


@pytest.mark.parametrize(
    "text",
    [
        "x" * 10**6,
        "." * 10**6,
        "x." * 500_000,
        '."' * 500_000,
        ". (" + "(" * 10**6,
        "x1" * 500_000 + ". A",
    ],
)
def test_sentences_are_found_in_one_pass(text: str) -> None:
    """Each of these takes hours where a part is read again for every letter."""
    assert bounds(text, 3, 5)[1] >= 5
    assert all(0 < end <= len(text) for end in ends(text))


@pytest.mark.parametrize(
    "text",
    [
        "<> (" * 50_000,
        "`a` <" * 20_000,
        "``a` <" * 20_000,
        "<" * 10**5,
        "a ?" * 2_000,
        "<" + "> a" * 50_000,
    ],
)
def test_readings_are_found_in_one_pass(text: str) -> None:
    for parse in (parse_layer, parse_state):
        try:
            found = parse(text)
        except RoleTextError as error:
            assert error.code.startswith("role-")
        else:
            assert found.reading in text


def test_a_layer_ends_with_the_last_source_that_can_be_read() -> None:
    found = parse_layer("a `<x>` b <c> d> ?? #auto (why <e>)")
    assert (found.reading, found.source, found.cert, found.resp, found.why) == (
        "a `<x>` b",
        "c> d",
        "low",
        "auto",
        "why <e>",
    )


def test_problems_of_a_page_do_not_hide_those_of_a_text(mini: Mini, tmp_path: Path) -> None:
    page(mini, "# About\n\n{city}`Moscow`\n")
    mini.replace("t/two.md", "Another page", "Another plage")
    assert mini.check().problems == ["about.md:3: [role-unknown]", "t/two.md:5: [witness-differs]"]


def test_irregular_note_numbers_are_told_and_built(mini: Mini) -> None:
    assert "again" not in mini.check().output
    mini.replace(
        "t/one.md", "(the sense asks for it)`.[^2]", "(the sense asks for it)`.{ocr}`[^4] <2>`"
    )
    mini.replace("t/one.md", "[^2]: {ocr}`2 <O>`", "[^4]: {ocr}`4 <O>`")
    told = mini.check()
    assert (told.code, told.problems) == (0, []), told.output
    assert "t/one.md:18: note 4 after 1" in told.output
    tei = mini.build("tei").file("tei/t.xml")
    assert re.search(r'<note type="authorial" place="bottom" n="4" xml:id="fn-01-004"', tei)


def test_a_note_is_told_by_what_is_irregular() -> None:
    told = [
        remark for _at, remark in irregular_numbers(["1", "2", "*", "4", "1", "1", "a", "3", "2"])
    ]
    assert told == ["4 after 2", "1 again", "3 after 1", "2 after 3"]
    assert list(irregular_numbers(["1", "2", "1", "2", "3", "*"])) == []
