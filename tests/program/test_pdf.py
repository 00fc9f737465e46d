"""The PDF: what it is, that it has the whole text, and what happens when it cannot be made."""

from __future__ import annotations

import html
import json
import re
import subprocess
from typing import TYPE_CHECKING

from forked import sphinx_build
from mini import Mini
from pdf import plain
from tei_export.model.readings import collapse_space
from typeset import built, first, paragraphs, set_text

if TYPE_CHECKING:
    from pathlib import Path


# --- Mini editions ---------------------------------------------------------------------------

HOSTILE = (
    r'#let x = 1; #x #"y" #[z] $a^2$ =heading \*bold\* \_it\_ \`raw\` \<lab> @ref ~ -- --- ... // no /\* no \*/ "q" '
    r"'s \\ \\u{41} [b] (c) #include(\"x\") %p & &amp; \{pb\} +plus /term: #panic()"
)


def _read_as(source: str) -> str:
    """What MyST makes of :data:`HOSTILE`: a backslash before a sign means the sign."""
    return html.unescape(re.sub(r"\\([^a-zA-Z0-9\s])", r"\1", source))


def test_hostile_text_comes_out_as_text(mini: Mini) -> None:
    expected = collapse_space(_read_as(HOSTILE))
    set_text(mini, HOSTILE, [expected])
    record = mini.read("edition.yaml")
    evil = 'A #panic("x") $ " \\\\ small `edition` // <a@b> */'
    record = record.replace("title: A small edition", f"title: {json.dumps(evil)}")
    mini.write("edition.yaml", record)
    found = built(mini)
    assert expected in paragraphs(found)
    assert json.loads(json.dumps(evil)) in html.unescape(found.tags.text())


def test_the_book_of_the_base_edition(mini: Mini) -> None:
    found = built(mini)
    said = paragraphs(found)
    assert "It is a quotation of [his] words, which end here." in said
    assert "Another page, with меньшевизм and a […] between two lines." in said
    everything = found.tags.text()
    assert "which end ⟨here⟩." in everything
    assert "lost O (probable; the sense asks for it)" in everything
    assert "1 word lost O" in everything
    assert "меньшевизм" in found.languages["ru"]
    assert [first(t, "Lbl") for t in found.tags.walk() if t.role == "Note"] == ["1", "2", "1"]


def test_editors_notes_are_a_series_of_their_own(mini: Mini) -> None:
    set_text(
        mini,
        "A word[^1] and another[^ed-1] and more.[^ed-2]\n\n[^1]: The author's\n    note.\n\n"
        "[^ed-1]: Ours, on\n    two lines.\n\n    And a second paragraph.\n\n[^ed-2]: The last.",
        ["A word1 and another and more.", "1The author's", "note."],
    )
    found = built(mini)
    labels = [first(t, "Lbl") for t in found.tags.walk() if t.role == "Note"]
    assert labels == ["1", "a", "b"]
    said = [plain(t.text(frozenset({"Lbl"}))) for t in found.tags.walk() if t.role == "Note"]
    assert said[0] == "The author's note."
    assert said[1].startswith("Editors: Ours, on two lines.")
    assert said[1].endswith("And a second paragraph.")
    assert said[2] == "Editors: The last."
    assert "A word and another and more." in paragraphs(found)


def test_a_note_longer_than_a_page_is_set_on(mini: Mini) -> None:
    lines = [f"line {n} of a very long note that does not end" for n in range(120)]
    set_text(
        mini,
        "A word.[^1]\n\n[^1]: " + "\n    ".join(lines),
        ["A word.1", f"1{lines[0]}", *lines[1:]],
    )
    found = built(mini)
    assert [plain(t.text(frozenset({"Lbl"}))) for t in found.tags.walk() if t.role == "Note"] == [
        " ".join(lines)
    ]


def test_a_missing_letter_is_an_error_with_its_place_and_the_old_file_stays(mini: Mini) -> None:
    old = mini.build("pdf").out / "pdf/t.pdf"
    before = old.read_bytes()
    set_text(mini, "First line\nand 漢 second.", ["First line", "and 漢 second."])
    result = mini.build("pdf")
    assert result.code == 1
    assert result.problems == ["t/one.md:6: [typeface-letter]"]
    assert "漢 (U+6F22 CJK UNIFIED IDEOGRAPH-6F22)" in result.output
    assert "Traceback" not in result.output
    assert old.read_bytes() == before
    assert [path.name for path in old.parent.iterdir() if path.suffix == ".pdf"] == ["t.pdf"]


def test_plain_sphinx_leaves_the_old_file_too(mini: Mini, tmp_path: Path) -> None:
    def run() -> subprocess.CompletedProcess[str]:
        settings = ["-q", "-b", "edition-pdf", "-c", mini.root]
        return sphinx_build(*settings, mini.root / "edition", tmp_path / "out")

    assert run().returncode == 0
    before = (tmp_path / "out/t.pdf").read_bytes()
    set_text(mini, "A 漢 line.", ["A 漢 line."])
    failed = run()
    assert failed.returncode != 0
    assert "t/one.md:5: [typeface-letter]" in failed.stderr
    assert (tmp_path / "out/t.pdf").read_bytes() == before
    assert [p.name for p in (tmp_path / "out").iterdir() if "pdf" in p.name] == ["t.pdf"]


def test_a_date_that_is_none_is_an_error(mini: Mini) -> None:
    mini.write("edition.yaml", mini.read("edition.yaml").replace('"2026-01-31"', '"January"'))
    result = mini.build("pdf")
    assert result.code == 1
    assert "[record-field]" in result.output
    assert "Traceback" not in result.output
