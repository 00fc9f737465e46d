"""The index of an e-book: a register that is too large for one document is divided by letters."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

from lxml import etree
from markupsafe import Markup

from tei_export.outputs.epub import index

if TYPE_CHECKING:
    import pytest

    from mini import Mini

XHTML = {"h": "http://www.w3.org/1999/xhtml"}


def test_entries_are_divided_between_letters_where_that_is_possible(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(index, "LARGE", 10)
    items = [
        (letter, Markup(letter * size))
        for letter, size in (("a", 4), ("a", 4), ("b", 3), ("c", 6), ("c", 6), ("c", 3), ("d", 30))
    ]
    pieces = index.divided(items)
    assert [entry for piece in pieces for entry in piece] == items
    assert [[str(entry) for _letter, entry in piece] for piece in pieces] == [
        ["aaaa", "aaaa"],
        ["bbb"],
        ["cccccc"],
        ["cccccc", "ccc"],
        ["d" * 30],
    ]
    assert index.divided([]) == []


def test_a_divided_register_is_whole_and_in_the_contents(
    mini: Mini, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "LARGE", 300)
    assert mini.build("epub").code == 0
    with zipfile.ZipFile(mini.out / "epub/edition.epub") as book:
        files = {name: book.read(name) for name in book.namelist() if "/index/persons" in name}
        contents = etree.fromstring(book.read(next(n for n in book.namelist() if "nav" in n)))
    trees = [etree.fromstring(files[name]) for name in sorted(files, key=lambda n: (len(n), n))]
    assert len(trees) > 1
    titles = [tree.findtext(".//h:h1", namespaces=XHTML) for tree in trees]
    ids = [str(li.get("id")) for tree in trees for li in tree.iterfind(".//h:li", XHTML)]
    assert sorted(ids) == ["pers-deutscher", "pers-stalin", "pers-trotsky"]
    links = {str(a.get("href")): "".join(a.itertext()) for a in contents.iterfind(".//h:a", XHTML)}
    listed = [links[href] for href in links if "index/persons" in href]
    assert listed == titles
    assert titles[0] != titles[1]
