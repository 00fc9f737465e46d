"""The TEI of this program comes back: every page of the vocabulary, exported, imported, exported again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml

from mini import Mini
from tei_export.model.blocks import BY_BLOCK
from vocabulary_pages import PAGES, Page

if TYPE_CHECKING:
    from pathlib import Path

#: What import does not read as it was, with the reason.
LOST = {
    name: reason
    for reason, names in {
        "readings of other witnesses are read as text": (
            "app", "begin", "end", "transposed", "here", "lacuna", "resumes", "lb",
        ),
        "emphasis over a line end becomes one role a line": ("i",),
        "blocks that are marked become paragraphs": (*BY_BLOCK, "table", "figure", "drama", "speech"),
    }.items()
    for name in names
}  # fmt: skip


def texts(folder: Path) -> Mini:
    """All pages of the vocabulary whose TEI comes back, as one edition."""
    mini = Mini(folder)
    record = yaml.safe_load(mini.read("edition.yaml"))
    record["texts"] = {}
    record["languages"]["fr"] = "French"
    names = [name for name in PAGES if name not in LOST]
    for name in names:
        page = Page.read(name)
        record["texts"][name] = page.record()
        for file, text in page.files().items():
            mini.write(file, text)
    mini.write("edition.yaml", yaml.safe_dump(record, allow_unicode=True))
    mini.write(
        "index.md", "# All\n\n```{toctree}\n" + "".join(f"{name}/one\n" for name in names) + "```\n"
    )
    for leftover in ("t/one.md", "t/two.md"):
        mini.path(leftover).unlink()
    return mini


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Mini, Mini]:
    """The edition, and that made of its TEI."""
    first = texts(tmp_path_factory.mktemp("own") / "first")
    built = first.build("tei")
    assert built.code == 0, built.output
    again = texts(tmp_path_factory.mktemp("own") / "again")
    for name in PAGES:
        for file in Page.read(name).files() if name not in LOST else ():
            again.path(file).unlink()
    for name in PAGES:
        if name not in LOST:
            done = again.run("import", str(first.out / "tei" / f"{name}.xml"), "--text", name)
            assert done.code == 0, done.output
    built = again.build("tei")
    assert built.code == 0, built.output
    return first, again


@pytest.mark.parametrize("name", [name for name in PAGES if name not in LOST])
def test_it_comes_back(both: tuple[Mini, Mini], name: str) -> None:
    first, second = ((m.out / "tei" / f"{name}.xml").read_text(encoding="utf-8") for m in both)
    assert second[second.index("<text ") :] == first[first.index("<text ") :]


def test_a_new_text_gets_the_look_alikes_of_the_header(mini: Mini) -> None:
    assert mini.build("tei").code == 0
    done = mini.run("import", str(mini.out / "tei" / "t.xml"), "--text", "copy")
    assert done.code == 0, done.output
    record = yaml.safe_load(mini.read("edition.yaml"))["texts"]
    assert record["copy"]["glyphs"] == record["t"]["glyphs"] != {}
    built = mini.build("tei")
    assert built.code == 0, built.output
    copy = (mini.out / "tei" / "copy.xml").read_text(encoding="utf-8")
    assert 'type="glyph"' in copy
