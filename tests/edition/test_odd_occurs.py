"""The ODD documents every element, attribute and value that occurs, and nothing that does not.

What occurs: all TEI files of the edition, and of a mini edition that has what the thesis happens not to
have (a note that goes on overleaf, the other certainties, a DOI, the other states of an edition, of rights and of
a witness), of all roots of the tests, and of the page of each role and block.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from lxml import etree

from mini import ROOT, TESTS, Mini
from tei_export.model.vocabulary import BY_NAME
from tei_export.schema.odd_doc import read

if TYPE_CHECKING:
    from collections.abc import Iterator

TEI = "{http://www.tei-c.org/ns/1.0}"
XML = "{http://www.w3.org/XML/1998/namespace}"
Occurs = set[tuple[str, ...]]

SOURCE = """\
{pb}`3`{number}`CHAPTER II`
TWO {person}`STALIN`
===

```{byline}
By nobody
```

```{argument}
In which little is said.
```

```{epigraph}
> Know thyself.
```

Another page, with {ru}`меньшевизм` and a {gap}`1 word`
between two lines.[^1]

[^1]: No work is cited here,
    {pb}`4`but it goes on.

Words di⸗¬
vide and di‐¬
vide and di⹀¬
vide and di=¬
vide.

{pb}`4 ?`A {gap}`2 chars ? (cf. p. 1)`{unclear}`word` {unclear}`or ? (cf. p. 1)`, {sic}`three <tree> ??` and well-
{pb}`5 ??`known {sic}`four <for> ? (cf. p. 1)`.

```{verse}
A line,
{pb}`6`a second,
{pb}`7`a third.
```
"""
WITNESS = """\
CHAPTER II
TWO STALIN
By nobody
In which little is said.
Know thyself.
Another page, with меньшевизм and a
between two lines.1
Words di⸗
vide and di‐
vide and di⹀
vide and di=
vide.
1No work is cited here,
A word or, tree and well-
but it goes on.
known for.
A line,
a second,
a third.
"""


@pytest.fixture(scope="module")
def rare(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The TEI folders of an edition with what is rare, in every state that an edition may have."""
    folders = []
    restricted = "http://rightsstatements.org/vocab/InC/1.0/"
    for status, origin, rights in (
        ("candidate", "transcription", restricted),
        ("published", "", ""),
    ):
        mini = Mini(tmp_path_factory.mktemp(status) / "mini")
        lines = mini.read("witness/w.txt").split("\n")
        mini.witness("\n".join(lines[:21]) + "\n" + WITNESS)
        pages = mini.read("witness/pages.csv").splitlines()[:3]
        mini.write(
            "witness/pages.csv",
            "\n".join([*pages, "3,22,34,,", "4,35,36,,", "5,37,38,,", "6,39,39,,", "7,40,40,,"])
            + "\n",
        )
        mini.write("t/two.md", SOURCE)
        record = mini.read("edition.yaml").replace("status: draft", f"status: {status}")
        record = record.replace(
            "editors: The editors of this edition",
            "editors:\n  - {name: Ada Lovelace, role: editor, orcid: 0000-0002-1825-0097}",
        )
        record = record.replace('base_url: ""', 'base_url: "https://example.org/"')
        record = record.replace("    origin: ocr\n", f"    origin: {origin}\n" if origin else "")
        kind = "text" if status == "candidate" else "dedication"
        record = record.replace("id: ch-02, type: chapter, n: 2", f"id: ch-02, type: {kind}")
        record = record.replace(
            "http://rightsstatements.org/vocab/CNE/1.0/",
            rights or "https://creativecommons.org/publicdomain/mark/1.0/",
        )
        mini.write("edition.yaml", f"{record}\nidentifier: 10.5555/12345\n")
        for file in mini.root.rglob("changes.md"):
            file.write_text(
                file.read_text(encoding="utf-8").replace("draft", status), encoding="utf-8"
            )
        result = mini.build("tei")
        assert result.code == 0, result.output
        folders.append(mini.out / "tei")
    folders.append(_without_pages(Mini(tmp_path_factory.mktemp("pageless") / "mini")))
    for path in sorted((TESTS / "roots").iterdir()):
        root = Mini(tmp_path_factory.mktemp(path.name) / "mini", path)
        if path.name == "hands":
            _judge(root)
        elif path.name == "cyrillic":  # the editors describe a picture in their own language
            root.replace(
                "pamphlet/moment.md",
                "\n\n> {pb}`6`",
                "\n\n```{figure}\n:alt: A medal\n```\n\n> {pb}`6`",
            )
        elif path.name == "several":  # a witness that is known in part ends
            root.replace("fable/fox.md", "{here}`saying <C>`", "{here}`saying <C>`{lacuna}`Γ`")
            root.replace("fable/fox.md", "wall, and", "{app}`wall, <Γ: wall; #auto>` and")
            root.replace("fable/fox.md", "fine clusters", "{app}`fine <Γ: fi- ne>` clusters")
        result = root.build("tei")
        assert result.code == 0, result.output
        folders.append(root.out / "tei")
    return folders


def _judge(mini: Mini) -> None:
    """Add every role that a judgement may follow, in every degree, and every value of a closed list."""
    tails = {
        "del": "<@walker>", "add": "<@walker>", "num": "<1>", "date": "<1797>", "foreign": "<fr>",
        "abbr": "<x>", "orig": "<y>",
    }  # fmt: skip
    lines = [
        [f"{{{name}}}`{name} {tail}{sign}`" for name, tail in tails.items()]
        for sign in (" ?", " ??", " #auto")
    ]
    agents, reasons = (BY_NAME[role].values[0].words for role in ("damage", "surplus"))
    lines.append([f"{{damage}}`dim <{agent}>`" for agent in agents])
    lines.append(
        [
            f"{{surplus}}`too <{reason}>{sign}`"
            for reason in reasons
            for sign in (" ?", " ??", " #auto")
        ]
    )
    lines.append(
        ["empty", *(f"{{space}}`2 {unit}`" for unit in ("chars", "words", "lines", "pages"))]
    )
    lines.append(["sides[^left-1][^right-1]"])
    mini.write(
        "draft/walk.md",
        mini.read("draft/walk.md").replace(
            "\n[^ed-1]:",
            "\n"
            + "\n".join(map(" ".join, lines))
            + "\n\n[^left-1]: One.\n\n[^right-1]: Other.\n\n[^ed-1]:",
        ),
    )
    added = "del add num date foreign x y\n" * 3
    added += (
        " ".join(["dim"] * len(agents))
        + "\n"
        + " ".join(["too"] * 3 * len(reasons))
        + "\nempty\nsides\n"
    )
    rows = mini.read("witness/w.txt").splitlines(keepends=True)
    mini.witness("".join([*rows[:14], added, *rows[14:], "One.\nOther.\n"]))
    mini.replace("witness/pages.csv", "1v,8,18", f"1v,8,{20 + len(lines)}")


def _without_pages(mini: Mini) -> Path:
    """The TEI folder of a text that has no page table and a gap."""
    mini.replace("edition.yaml", "    pages: witness/pages.csv\n", "")
    mini.replace("edition.yaml", "complete: true", "complete: false")
    mini.replace(
        "edition.yaml", "id: ch-01, type: chapter", "id: ch-01, type: poem, divisions: [canto]"
    )
    mini.replace(
        "edition.yaml", "      - {doc: two, id: ch-02, type: chapter, n: 2, title: II. Two}\n", ""
    )
    mini.replace("index.md", "t/two\n", "")
    mini.path("t/two.md").unlink()
    mini.write("t/one.md", "HEAD\n===\n\n## CANTO I\n\nWords and {gap}`2 words`.\n")
    mini.witness("HEAD\nCANTO I\nWords and .\n")
    result = mini.build("tei")
    assert result.code == 0, result.output
    return mini.out / "tei"


def _occurring(folders: list[Path]) -> Iterator[tuple[str, ...]]:
    every = (p for folder in folders for p in sorted(folder.rglob("*.xml")))
    for path in (p for p in every if p.name != "cmif.xml"):  # CMIF has a schema of its own
        tree = etree.parse(str(path), etree.XMLParser(no_network=True, resolve_entities=False))
        tree.xinclude()  # the whole edition is one document of several files
        yield from _in(tree.getroot())
    for page in sorted((TESTS / "vocabulary").glob("*.md")):  # what each role and block becomes
        for sample in re.findall(
            r"~~~ tei\n(.*?)\n~~~", page.read_text(encoding="utf-8"), re.DOTALL
        ):
            yield from _in(etree.fromstring(f'<p xmlns="{TEI[1:-1]}">{sample}</p>'))


def _in(root: etree._Element) -> Iterator[tuple[str, ...]]:
    for node in root.iter(f"{TEI}*"):
        name = etree.QName(node).localname
        yield (name,)
        for key, value in node.attrib.items():
            attribute = str(key).replace(XML, "xml:")
            yield name, attribute
            yield name, attribute, str(value)


def test_the_odd_documents_what_occurs_and_nothing_else(tei_folder: Path, rare: list[Path]) -> None:
    found: Occurs = set(_occurring([tei_folder, *rare]))
    schema = read(ROOT / "schema" / "edition.odd")
    elements: Occurs = {(e.name,) for e in schema.elements}
    attributes: Occurs = {(e.name, a.name) for e in schema.elements for a in e.attributes}
    values: Occurs = {
        (e.name, a.name, v.name) for e in schema.elements for a in e.attributes for v in a.values
    }
    listed = {value[:2] for value in values}
    assert len(found) > 1000
    assert elements ^ {f for f in found if len(f) == 1} == set()
    assert attributes ^ {f for f in found if len(f) == 2} == set()
    assert sorted(values ^ {f for f in found if len(f) == 3 and f[:2] in listed}) == []
