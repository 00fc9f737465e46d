"""A long text is several books: where they are divided, what is in them, and who finds them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from lxml import html

from mini import Mini
from pdf import Pdf
from tei_export.model.edition import Part
from tei_export.shared.volumes import volumes
from tei_export.source.facts import Facts

if TYPE_CHECKING:
    from collections.abc import Sequence


@pytest.mark.parametrize(
    ("sizes", "most", "wanted"),
    [
        ([5, 5, 5], 15, [[5, 5, 5]]),
        ([5, 5, 5], 14, [[5, 5], [5]]),
        ([9, 1, 1, 9], 10, [[9, 1], [1, 9]]),
        ([4, 4, 4, 4], 15, [[4, 4], [4, 4]]),  # as equal as can be, not full ones first
        ([1, 99, 1], 10, [[1], [99], [1]]),  # no part is divided
        ([3, 3], 0, [[3, 3]]),
        ([0], 1, [[0]]),
        ([0, 0, 7, 0], 1, [[0, 0, 7, 0]]),
    ],
)
def test_volumes_are_few_and_equal(
    sizes: Sequence[int], most: int, wanted: list[list[int]]
) -> None:
    parts = [
        (Part(f"d{n}", f"d{n}", "chapter", "body", str(n), str(n)), Facts(words=size))
        for n, size in enumerate(sizes)
    ]
    found = volumes(parts, most)
    assert [[facts.words for _part, facts in volume.parts] for volume in found] == wanted
    assert [(v.number, v.count) for v in found] == [(n + 1, len(found)) for n in range(len(found))]
    assert found[-1].file("t", "pdf") == (f"t.{len(found)}.pdf" if len(found) > 1 else "t.pdf")


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Mini:
    """The small edition in two volumes, after a run that made one book of it."""
    mini = Mini(tmp_path_factory.mktemp("volumes") / "mini")
    assert mini.build("pdf").code == 0
    mini.write("../conf.py", mini.read("../conf.py") + "pdf_volume_words = 40\n")
    result = mini.run("build", "tei", "pdf", "html")
    assert result.code == 0, result.output
    return mini


@pytest.fixture(scope="module")
def books(two: Mini) -> list[Pdf]:
    folder = two.out / "pdf"
    assert sorted(p.name for p in folder.glob("*.pdf")) == ["t.1.pdf", "t.2.pdf"]
    return [Pdf((folder / f"t.{n}.pdf").read_bytes()) for n in (1, 2)]


def test_each_volume_has_its_parts_apparatus_and_index(two: Mini, books: list[Pdf]) -> None:
    first, second = (book.tags.text() for book in books)
    assert "isolation" in first
    assert "isolation" not in second
    assert "меньшевизм" not in first.partition("Apparatus")[0]
    assert "Volume 1 of 2" in first
    assert "Volume 2 of 2" in second
    for number, book in enumerate(books, 1):
        assert f"Volume {number} of 2" in str(book.file.docinfo["/Title"])
        assert book.root.AF[0].EF.F.read_bytes() == (two.out / "tei/t.xml").read_bytes()


def test_passages_are_found_in_their_volume(two: Mini) -> None:
    for place, name in (("1.5", "t.1.pdf"), ("3.1", "t.2.pdf")):
        result = two.run("resolve", place, "--in", "sources", "--in", "pdf")
        assert result.code == 0, result.output
        assert f"pdf/{name}#nameddest=p{place}" in result.output


def test_every_volume_can_be_downloaded(two: Mini) -> None:
    page = html.fromstring((two.out / "html/downloads.html").read_bytes())
    found = {a.get("href"): a.text_content() for a in page.iter("a")}
    assert {h: t for h, t in found.items() if (h or "").endswith(".pdf")} == {
        "files/pdf/t.1.pdf": "PDF, volume 1",
        "files/pdf/t.2.pdf": "PDF, volume 2",
    }


def test_the_size_of_a_volume_is_a_number(mini: Mini) -> None:
    mini.write("../conf.py", mini.read("../conf.py") + "pdf_volume_words = -1\n")
    result = mini.run("check")
    assert result.problems == ["conf.py:8: [conf-value]"]
