"""The TEI of this program comes back: every page of the vocabulary, exported, imported, exported again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml
from lxml import etree

from mini import Mini
from vocabulary_pages import PAGES, Page

if TYPE_CHECKING:
    from pathlib import Path

#: What import does not read as it was, with the reason.
OTHERS = "readings of other witnesses are read as text"
LOST = {
    name: reason
    for reason, names in {
        OTHERS: (
            "app", "begin", "end", "transposed", "here", "lacuna", "resumes", "lb",
        ),
        "emphasis over a line end becomes one role a line": ("i",),
        "verse, addresses and tables become paragraphs": ("verse", "address", "table", "speaker", "speech"),
    }.items()
    for name in names
}  # fmt: skip

#: Speeches and directions, of which a page of the vocabulary shows one each.
PLAY = Page(
    "play",
    {
        "source": ["""{speaker}`FIRST.` Who is there?

{speaker}`SECOND.`
{pb}`2`A friend.

```{stage}
He
goes.
```

{speaker}`FIRST.`

{stage}`(alone)`

Gone, {stage}`(aside)` at last.

````{speech}
{speaker}`SECOND.` Good night.
````

Nobody says this.

````{speech}
{speaker}`FIRST.` Good.

{stage}`Exit.`
````"""],
        "witness": ["""FIRST. Who is there?
SECOND.
A friend.
He
goes.
FIRST.
(alone)
Gone, (aside) at last.
SECOND. Good night.
Nobody says this.
FIRST. Good.
Exit."""],
        "pages": ["1,1,3,\n2,4,13,"],
    },
)  # fmt: skip
#: The pages of which the words come back, and those whose TEI does.
READ = {
    "play": PLAY,
    **{name: Page.read(name) for name in PAGES if LOST.get(name) != OTHERS},
}
WHOLE = [name for name in READ if name not in LOST]


def texts(folder: Path) -> Mini:
    """All pages of the vocabulary whose words come back, as one edition."""
    mini = Mini(folder)
    record = yaml.safe_load(mini.read("edition.yaml"))
    record["texts"] = {}
    record["languages"]["fr"] = "French"
    for name, page in READ.items():
        record["texts"][name] = page.record()
        for file, text in page.files().items():
            mini.write(file, text)
    mini.write("edition.yaml", yaml.safe_dump(record, allow_unicode=True))
    mini.write(
        "index.md", "# All\n\n```{toctree}\n" + "".join(f"{name}/one\n" for name in READ) + "```\n"
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
    for page in READ.values():
        for file in page.files():
            again.path(file).unlink()
    for name in READ:
        done = again.run("import", str(first.out / "tei" / f"{name}.xml"), "--text", name)
        assert done.code == 0, done.output
    built = again.build("tei")
    assert built.code == 0, built.output
    return first, again


@pytest.mark.parametrize("name", WHOLE)
def test_it_comes_back(both: tuple[Mini, Mini], name: str) -> None:
    first, second = ((m.out / "tei" / f"{name}.xml").read_text(encoding="utf-8") for m in both)
    assert second[second.index("<text ") :] == first[first.index("<text ") :]


@pytest.mark.parametrize("name", [name for name in READ if name in LOST])
def test_no_word_is_lost_with_its_structure(both: tuple[Mini, Mini], name: str) -> None:
    first, second = (words(m.out / "tei" / f"{name}.xml") for m in both)
    assert second == first


def words(file: Path) -> str:
    """The text of an edition, without its white space."""
    (text,) = etree.parse(file).iter("{http://www.tei-c.org/ns/1.0}text")
    return "".join("".join(text.itertext()).split())


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
