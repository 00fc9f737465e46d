"""The TEI of this program comes back: every page of the vocabulary, exported, imported, exported again."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
import yaml

from mini import Mini, dumped
from vocabulary_pages import PAGES, Page, edition_of_all

if TYPE_CHECKING:
    pass

#: Roles whose readings of other witnesses are read as text: the witnesses themselves are not imported.
OTHERS = ("app", "begin", "end", "transposed", "here", "lacuna", "resumes", "lb")

#: Speeches and directions, of which a page of the vocabulary shows one each.
PLAY = Page(
    "play",
    {
        "source": [
            """{speaker}`FIRST.` Who is there?

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
````"""
        ],
        "witness": [
            """FIRST. Who is there?
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
Exit."""
        ],
        "pages": ["1,1,3,\n2,4,13,"],
    },
)
#: Lines and cells that are kept, over pages, with forme work, notes and pieces of lines; labels of any form.
KEPT = Page(
    "kept",
    {
        "source": [
            """{pb}`1r`*Head* one
===

```{verse}
A *verse line that ¬
goes* on, and
  a divi-¬
ded word
{catch}`next`
{pb}`A3v`{header}`RUNNING`
next {person}`Stalin` line
    with {sic}`a slip <a slop>`[^1]

The second
stanza|
```

> Before it
>
> ```{verse}
> A quoted line,
>   indented.[^2]
> ```

| Head | [x] |
|---|---:|
| one \\| two | 3 |
| {pb}`[4]`four |  |
|  | *six* |

```{stage}
He goes.
```

It is *a most
remarkable* cause.

[^1]: A note
    of two lines

    ```{verse}
    with a line
      of verse
    ```

[^2]: Cited.
"""
        ],
        "witness": [
            """Head one
A verse line that
goes on, and
a divi-
ded word
next
RUNNING
next Stalin line
with a slop1
The second
stanza|
Before it
A quoted line,
indented.2
Head [x]
one | two 3
1 A note
of two lines
with a line
of verse
2 Cited.
four
six
He goes.
It is a most
remarkable cause."""
        ],
        "pages": ["1r,1,6,\nA3v,7,21,\n[4],22,26,"],
    },
)
#: The pages whose TEI comes back.
READ = {
    "play": PLAY,
    "kept": KEPT,
    **{name: Page.read(name) for name in PAGES if name not in OTHERS},
}


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Mini, Mini]:
    """The edition, and that made of its TEI."""
    first = edition_of_all(tmp_path_factory.mktemp("own") / "first", READ)
    built = first.build("tei")
    assert built.code == 0, built.output
    again = edition_of_all(tmp_path_factory.mktemp("own") / "again", READ)
    record = yaml.safe_load(again.read("edition.yaml"))
    for name, page in READ.items():
        # Into an edition of its own: the larger the record is, the longer takes every import.
        own = edition_of_all(tmp_path_factory.mktemp("own") / name, {name: page})
        for file in page.files():
            own.path(file).unlink()
            again.path(file).unlink()
        done = own.run("import", str(first.out / "tei" / f"{name}.xml"), "--text", name)
        assert done.code == 0, done.output
        record["texts"][name] = yaml.safe_load(own.read("edition.yaml"))["texts"][name]
        for folder in (name, "witness"):
            shutil.copytree(own.path(folder), again.path(folder), dirs_exist_ok=True)
    again.write("edition.yaml", dumped(record))
    built = again.build("tei")
    assert built.code == 0, built.output
    return first, again


@pytest.mark.parametrize("name", READ)
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
