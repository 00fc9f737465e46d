"""The index of the search: the same in every build; of a large site in pieces, with which as much is found."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any
from unicodedata import category

import pytest
from playwright.sync_api import expect

from mini import ROOT
from tei_export.outputs.html import search, search_words
from tools import require

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

    from mini import Mini

STATIC = ROOT / "src/tei_export/outputs/html/theme/static"


@pytest.mark.browser
def test_a_large_site_has_its_index_in_pieces(
    mini: Mini, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def files() -> dict[str, bytes]:
        folder = mini.out / "html/searchdata"
        return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*.js")}

    monkeypatch.setattr(search, "WHOLE", 0)
    monkeypatch.setattr(search, "SOME", 400)
    monkeypatch.setattr(search_words, "PIECE", 600)
    assert mini.build("html").code == 0
    first = files()
    assert mini.run("build", "html", "--fresh").code == 0
    assert files() == first, "the index of two builds is the same"
    assert any("isola¬tion" in c.decode() for c in first.values())
    assert {"text-t.0001.js", "text-t.0002.js", "words/0001.js", "words/0002.js"} <= set(first)

    page = browser.new_page()
    loaded: list[str] = []
    page.on("request", lambda r: loaded.append(r.url) if "searchdata" in r.url else None)
    page.goto(f"{(mini.out / 'html/search.html').as_uri()}?q=isolation")
    expect(page.locator("#found")).to_have_text("1 place for isolation")
    assert page.locator("#results .loc").all_text_contents() == ["1.3"]
    assert len(loaded) < len(first) / 2
    page.locator("#q").fill("the")
    expect(page.locator("#found")).to_contain_text("places for the")
    assert len(set(loaded)) == len(loaded), "nothing is loaded twice"
    page.locator("#q").fill("zzzz")
    expect(page.locator("#found")).to_have_text("Nothing found for zzzz.")
    page.close()


def test_files_of_a_larger_index_are_removed(tmp_path: Path) -> None:
    def held(number: int) -> tuple[str, dict[str, Any]]:
        units = [["t", "", "1.1", "a word", []]] * number
        page = {"url": "a.html", "title": "A", "units": units}
        return "text-t", {"id": "t", "paged": True, "pages": [page]}

    files, pieces = search._write(tmp_path, [held(40_000)])
    assert len(files) > 5
    assert [first for first, _file in pieces] == ["a"]
    files, pieces = search._write(tmp_path, [held(1)])
    assert len(files) == 1
    assert not pieces
    assert [p.name for p in tmp_path.rglob("*.js")] == ["text-t.js"]


#: Words of every kind: divided, hyphened, with marks and apostrophes, Russian of both spellings, beyond the first plane.
TEXTS = [
    "The inter-\nnational isola¬tion of the far-\u2010reaching and step-by-step self-¬\nmade man's l'œuvre",
    "Élan Straße ÆON łódź İstanbul ẞ naïve co\u0301te e\u0301tude  \u0301 x\u0301-y Ὀδυσσεύς ΣΟΦΟΣ 1917-1918 ½ Ⅳ a_b",
    "Партія большевиковъ, ея Ѣ и їже; партия ёж Троцкий Зиновьев щука съезд объект каменщик по-русски",
    " ".join(
        f"x{c}y"
        for c in map(chr, [*range(0x21, 0x530), *range(0x1E00, 0x2100)])
        if category(c) != "Cn"
    ),
    "¬begun 'quoted' “said” d''x a--b a- b -c 𐌰𐌱𐌲 𝔄𝔅 ﬁne ﬀ 日本語 हिन्दी ก็ don’t ʼtis",
]
QUERIES = [
    "isolation", "isol", "inter-national", "international", "internat", "stepbystep", "step-by-step", "selfmade", '"the far"', '"isolation of"',
    "elan", "strasse", "aeon", "lodz", "cote", "oeuvre", "loeuvre", "man's", "партия", "ПАРТІЯ", "большевиков", "partiia", "partiya", "trotskii",
    "Trockij", "partija", "щука", "shchuka", "ezh", "kamenshchik", "port*", "*ция", "*tion", "i?ola*", "isolatoin~", "trotski~2", "партоя~", "zinoviev", "modem",
    "modern", '"modern times"', "isolation NOT the", "far NEAR/3 step", "far NEAR/30 man", "isolation OR elan man", "-the партия", "word3", "word1*", "ab",
    "fine", "𐌰𐌱", "日本", "a b", "*", "?", '""', "NOT the", "~", "por-uski~", "porusski", "1917", "witness only",
]  # fmt: skip


@pytest.fixture(scope="module")
def index() -> tuple[list[dict[str, Any]], list[tuple[str, str]]]:
    """A small index, cut as a large one is."""
    readings: list[Any] = [
        "o",
        4,
        5,
        "modem times",
        "t",
        10,
        3,
        "Trotski¬\njs",
        "b c",
        0,
        3,
        "witness on-ly",
    ]
    pages = [
        {
            "url": f"{n}.html",
            "title": f"Page {n}",
            "units": [
                ["t", "", f"{n}.1", f"{text[:90]} word{n}", readings if n % 3 == 0 else []],
                ["n", "1", f"{n}.9", f"modern times {n} {text[:30]}", []],
            ],
        }
        for n, text in enumerate(TEXTS * 3, 1)
    ]
    entry = ["r", "Trotsky", "#person-trotsky", "Trotsky; Троцкий", "a gloss of the witness"]
    whole = [
        {
            "name": "registers",
            "id": "",
            "paged": False,
            "pages": [{"url": "r.html", "title": "R", "units": [entry]}],
        },
        {
            "name": "text-t",
            "id": "t",
            "paged": True,
            "witnesses": [["b", "B"], ["c", "C"]],
            "pages": pages,
        },
    ]
    files = [cut for data in whole for cut in search_words.cut(data, 400)]
    words = [search_words.words_of(u for p in f["pages"] for u in p["units"]) for f in files]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search_words, "PIECE", 200)
        return files, list(search_words.pieces(words))


@pytest.fixture(scope="module")
def told(index: tuple[list[dict[str, Any]], list[tuple[str, str]]]) -> dict[str, Any]:
    """What the scripts say of it."""
    given = {"files": index[0], "pieces": index[1], "texts": TEXTS, "queries": QUERIES}
    script = ROOT / "tests/support/search.js"
    result = subprocess.run(
        [require("node"), str(script), str(STATIC)],
        input=json.dumps(given),
        encoding="utf-8",
        capture_output=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_words_are_folded_as_the_script_folds_them(told: dict[str, Any]) -> None:
    mine = [[list(token) for token in search_words.tokens(text)] for text in TEXTS]
    assert mine == told["texts"]
    assert [search_words.latin(key) for text in mine for key, _whole in text] == told["latin"]


def test_with_some_files_as_much_is_found(
    told: dict[str, Any], index: tuple[list[dict[str, Any]], list[tuple[str, str]]]
) -> None:
    assert len(index[0]) > 6
    assert len(index[1]) > 4
    by_query = dict(zip(QUERIES, told["found"], strict=True))
    for query, (whole, some, files, _loaded) in by_query.items():
        assert some == whole, query
        assert files == sorted(set(files)), query
    assert sum(bool(whole) for whole, *_rest in by_query.values()) > 40
    assert len(by_query["word3"][2]) == 1
    assert by_query['"isolation of"'][2] != list(range(len(index[0])))


def test_pieces_are_loaded_when_they_are_needed(told: dict[str, Any]) -> None:
    loaded = dict(zip(QUERIES, (one[3] for one in told["found"]), strict=True))
    assert loaded["isolation"] <= 3, "also as Russian"
    assert loaded["isol"] <= 1, "they were there"


def test_files_are_cut_between_blocks(
    index: tuple[list[dict[str, Any]], list[tuple[str, str]]],
) -> None:
    units = [u for f in index[0] for p in f["pages"] for u in p["units"]]
    assert len(units) == 31
    for file in index[0]:
        assert file["pages"]
        assert len(json.dumps(file["pages"], ensure_ascii=False).encode()) < 1_400
    assert search_words.runs([0, 1, 2, 5, 7, 8]) == "0-2,5,7-8"
