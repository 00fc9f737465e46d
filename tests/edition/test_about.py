"""What the edition says of itself is true: every promise of its own pages has a proof.

A promise is some words of a page and what proves them: a query over the edition, or tests by name.
Numbers on these pages are counted at the build, or belong to a promise.
"""

from __future__ import annotations

import ast
import csv
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from mini import ROOT, TESTS
from tei_export.shared.apparatus import Apparatus, of_edition, of_parts
from tei_export.source.directives.count import _value as value
from tei_export.source.facts import domain_of
from tei_export.source.nodes import mark, reading

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from tei_export.model.apparatus import Emendation


def entries(app: Sphinx, text: str = "") -> list[Emendation]:
    domain = domain_of(app.env)
    found = [f for t, _part, f in domain.parts() if not text or t.id == text]
    return list(of_parts(found).entries)


def words_of(app: Sphinx) -> str:
    parts = domain_of(app.env).edition.texts["thesis"].parts
    return " ".join(reading(app.env.get_doctree(part.doc), "T") for part in parts)


def ledger() -> list[dict[str, str]]:
    with (ROOT / "edition" / "ledger.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def cert_of(app: Sphinx, xml_id: str) -> tuple[str, bool]:
    (found,) = [e for e in entries(app, "thesis") if e.xml_id == xml_id]
    return found.cert, bool(found.why)


def only_the_title_of_the_essay(app: Sphinx) -> bool:
    tree = app.env.get_doctree("essay/essay")
    title = next(n for n in tree.findall() if n.tagname == "title")
    inside = {m.get("xml_id") for m in title.findall(mark)}
    return {e.xml_id for e in entries(app, "essay")} <= inside and bool(entries(app, "essay"))


def latest_work(app: Sphinx) -> str:
    domain = domain_of(app.env)
    works = domain.edition.registers["works"].entries
    cited = {m.key for m in domain.mentions() if m.register == "works"}
    return max(year for key in cited for year in re.findall(r"\b1\d{3}\b", works[key].text("year")))


def left_alone(app: Sphinx, word: str) -> bool:
    return word in words_of(app) and not any(
        word in e.source for e in entries(app) if e.kind == "sic"
    )


def lines_of_the_source() -> bool:
    page = (ROOT / "edition/about/editing.md").read_text(encoding="utf-8")
    quoted = re.findall(r"^    (.+)$", page, re.M)
    source = (ROOT / "edition/thesis/preface.md").read_text(encoding="utf-8").split("\n")
    at = source.index(quoted[0])
    return len(quoted) == 2 and source[at : at + 2] == quoted


def examples_are_written_so(_app: Sphinx) -> bool:
    page = (ROOT / "edition/about/editing.md").read_text(encoding="utf-8")
    source = "".join(
        p.read_text(encoding="utf-8") for p in sorted((ROOT / "edition/thesis").glob("*.md"))
    )
    shown = re.findall(r"^\| `` (\{(?:ocr|sic)\}`[^`]+`) ``", page, re.M)
    # reasons may be shortened on the page
    return bool(shown) and all(re.split(r" \(", one)[0].rstrip("`") in source for one in shown)


def decisions() -> Counter[str]:
    """How the findings of the third reading were decided, counted in the tables of its page."""
    page = (ROOT / "edition/readings/third-reading.md").read_text(encoding="utf-8")
    return Counter(
        re.findall(r"^\|[^|]*\d[^|]*\|(?:[^|]|\\\|)+\| (accepted|refused|open)\b", page, re.M)
    )


#: page, words, proof: a query over the edition, or names of tests
PROMISES: tuple[tuple[str, str, Any], ...] = (
    ("about/text", "nothing in it is emended but its title", only_the_title_of_the_essay),
    ("about/text", "The latest book cited is of 1974", lambda app: latest_work(app) == "1974"),
    ("about/text", "reads as 1930 and that can only be 1980", lambda app: any(e.lemma == "1980" and e.source == "1930" for e in entries(app))),
    ("about/text", "about 1974 to 1979", lambda app: app.edition.texts["thesis"].data["date"]["text"] == "ca. 1974–1979"),
    ("about/text", "It brought 82 findings; the editors accepted 42, refused 31, and left 9 open", lambda _app: decisions() == {"accepted": 42, "refused": 31, "open": 9}),
    ("about/text", "Where O has `fi*otsky`, the typescript had *Trotsky*", lambda app: any((e.lemma, e.source) == ("Trotsky", "fi*otsky") for e in entries(app))),
    ("about/text", "Where the typescript had *adament*, the edited text (**E**) reads *adamant*", lambda app: any((e.lemma, e.source, e.variant.siglum) == ("adamant", "adament", "T") for e in entries(app))),
    ("about/text", "(*Thermidorean*, *Kuo Min Tang*) are left alone", lambda app: left_alone(app, "Thermidorean") and left_alone(app, "Kuo Min Tang")),
    ("about/text", "supplied only where the sense requires them, and never called certain", lambda app: {e.cert for e in entries(app) if e.kind == "supplied"} <= {"medium", "low"}),
    ("about/text", "a gap is marked with its extent", lambda app: all(e.extent[0] > 0 and e.extent[1] for e in entries(app) if e.kind == "gap")),
    ("about/text", "The view *Differences* shows every one of them", ("test_page.py::test_differences_show_every_difference", "test_page.py::test_what_is_folded_away_can_be_asked_for")),
    ("about/text", "([CNE 1.0](http://rightsstatements.org/vocab/CNE/1.0/))", lambda app: app.edition.field("rights.text.uri").endswith("/CNE/1.0/")),
    ("about/text", "[CC BY 4.0](https://creativecommons.org/licenses/by/4.0/)", lambda app: app.edition.field("rights.encoding.uri").endswith("/by/4.0/")),
    ("about/text", "the same in every form of the edition", ("test_resolve.py",)),
    ("about/reading", "Numbers in upright type are in the OCR", ("test_html.py",)),
    ("about/reading", "the open doubts", ("test_doubts.py::test_a_chapter_says_how_many_are_open", "test_doubts.py::test_the_pages_tell_every_doubt")),
    ("about/reading", "This view shows every difference, even the smallest", ("test_page.py::test_differences_show_every_difference",)),
    ("about/reading", "are entries like the others, but hidden", ("test_apparatus.py::test_what_is_folded_away_is_what_the_table_describes",)),
    ("about/reading", "The page *Apparatus* lists all entries", ("test_apparatus.py::test_the_pages_have_the_same_entries",)),
    ("about/reading", "The essay has no pages; its numbers are those of its lines", lambda app: not app.edition.texts["essay"].witness.pages),
    ("about/reading", "*fi\\*otsky* leads to *Trotsky*", ("test_search.py",)),
    ("about/reading", "to walk through the apparatus entry by entry", ("test_keys.py::test_keys_walk_through_the_whole_apparatus",)),
    ("about/reading", "the text comes with its pages, notes and apparatus", ("test_page.py::test_paper_has_pages_notes_and_apparatus_but_no_bar",)),
    ("about/editing", "Two lines of page viii, as the editors see them", lambda _app: lines_of_the_source()),
    ("about/editing", "what its source has between angle brackets", examples_are_written_so),
    ("about/editing", "it stops and names page, line, file and both readings", ("test_rules.py",)),
    ("index", "hides nothing of the restoration", ("test_apparatus.py::test_the_pages_have_the_same_entries", "test_doubts.py::test_the_pages_tell_every_doubt")),
    ("index", "the machine's text can be regenerated, line by line", ("test_damage.py", "test_witness.py")),
    ("index", "Every page was restored twice", lambda app: all(int(r["readings"]) >= 2 for r in ledger() if not app.edition.texts["thesis"].witness.pages[r["page"]].lost)),
    ("index", "## Six emendations, explained", lambda app: (ROOT / "edition/index.md").read_text(encoding="utf-8").count("```{emendation}") == 6),
    ("index", "such a reading is *certain*", lambda app: cert_of(app, "app-0029-1")[0] == "high"),
    ("index", "Such a reading is *probable*, and says why", lambda app: cert_of(app, "app-0342-1") == ("medium", True)),
    ("index", "printed as one: *doubtful*, with the reason", lambda app: cert_of(app, "app-0517-1") == ("low", True)),
    ("index", "The head of each chapter gives the state of its pages", ("test_html.py", "test_doubts.py::test_a_chapter_says_how_many_are_open")),
)  # fmt: skip


def page_of(name: str) -> str:
    return " ".join((ROOT / "edition" / f"{name}.md").read_text(encoding="utf-8").split())


@pytest.mark.parametrize(
    ("page", "words", "proof"), PROMISES, ids=[f"{p[0]}: {p[1][:40]}" for p in PROMISES]
)
def test_a_promise_is_kept(edition_app: Sphinx, page: str, words: str, proof: Any) -> None:
    assert words in page_of(page), (
        "the page no longer says so: take the promise out, or put its new words in"
    )
    if callable(proof):
        assert proof(edition_app)
        return
    for name in proof:
        file, _colons, function = name.partition("::")
        suites = [ast.parse(path.read_text(encoding="utf-8")) for path in TESTS.glob(f"*/{file}")]
        tests = {
            node.name for tree in suites for node in tree.body if isinstance(node, ast.FunctionDef)
        }
        assert tests and (not function or function in tests), f"no test {name}"


@pytest.mark.parametrize("page", ["about/text", "index"])
def test_every_number_is_counted_or_promised(page: str) -> None:
    text = (ROOT / "edition" / f"{page}.md").read_text(encoding="utf-8")
    for name, words, _proof in PROMISES:
        if name == page:
            text = re.sub(r"\s+".join(map(re.escape, words.split())), " ", text)
    for part in (
        r"```.*?```",
        r"\{\w+\}`[^`]*`",
        r"\{\{.*?\}\}",
        r"^---.*?^---",
        r"p\. 17, l\. 12",
    ):
        text = re.sub(part, " ", text, flags=re.S | re.M)
    known = ("1920s", "1970s", "1926–1928")  # of the time, not of the edition
    for word in known:
        text = text.replace(word, " ")
    assert re.findall(r"\S*\d\S*", text) == []


def test_the_numbers_are_those_of_the_edition(edition_app: Sphinx) -> None:
    domain = domain_of(edition_app.env)
    text = domain.edition.texts["thesis"]
    with (ROOT / "edition" / text.data["witness"]).open("rb") as file:
        assert value(domain, "lines", "") == f"{sum(1 for _line in file):,}"
    assert value(domain, "pages", "thesis") == "vii–xi, 1–136 and 140–158"
    assert value(domain, "lost", "") == "137–139"
    assert value(domain, "entries", "") == f"{len(entries(edition_app, 'thesis')):,}"
    assert value(domain, "supplied", "essay") == "1"
    classes = Apparatus(of_edition(domain).entries).by_class()
    assert value(domain, "sic", "") == str(classes["sic"])
    assert value(domain, "angels", "") == ""
    assert value(domain, "lines", "nowhere") == ""
