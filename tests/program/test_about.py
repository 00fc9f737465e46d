"""What the edition says of itself is true: every promise of its own pages has a proof.

A promise is some words of a page and what proves them: a query over the edition, or tests by name.
Numbers on these pages are counted at the build, or belong to a promise.
"""

from __future__ import annotations

from mini import Mini


def test_numbers_are_in_the_pages_and_the_book(mini: Mini) -> None:
    mini.write(
        "about.md",
        "---\nepub: true\n---\n# About\n\nIt has {count}`sic` slip, pages {count}`pages`.\n",
    )
    mini.replace("index.md", "t/two\n", "t/two\nabout\n")
    mini.replace("edition.yaml", "    complete: true\n", "    complete: true\n    preface: about\n")
    result = mini.build("all")
    assert result.code == 0, result.output
    assert "It has 1 slip, pages 1–3." in result.file("html/about.html")
    from pdf import Pdf

    assert "It has 1 slip, pages 1–3." in " ".join(
        Pdf((mini.out / "pdf/t.pdf").read_bytes()).tags.text().split()
    )


def test_a_page_read_once_says_so(mini: Mini) -> None:
    mini.write(
        "ledger.csv",
        "page,readings,last_read,open_doubts\n1,2,2026-01-01,\n2,1,2026-01-01,\n3,2,2026-01-01,\n",
    )
    mini.replace(
        "edition.yaml",
        "    pages: witness/pages.csv\n",
        "    pages: witness/pages.csv\n    ledger: ledger.csv\n",
    )
    result = mini.build("html")
    assert result.code == 0, result.output
    pages = result.file("html/pages.html")
    assert pages.count("read once") == 1
    assert "p. 2 read once" in result.file("html/t/one.html") + result.file("html/t/two.html")
