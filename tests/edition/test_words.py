"""The words of the real edition, by the dictionaries that `make test` installs.

Apart from ``test_words.py``, which needs nothing but a tiny dictionary of its own.
"""

from __future__ import annotations

import csv
import random
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from mini import ROOT
from tei_export.words.accepted_words import load
from tei_export.words.guard import Guard
from tei_export.words.report import WordReport
from tei_export.words.word_lists import WordLists
from tools import require

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from tei_export.words.tokens import Word

_ASKED = re.compile(r"(?P<word>\S+) \((?P<language>\S+)\) at ")


@pytest.fixture(scope="module")
def lists(edition_app: Sphinx) -> WordLists:
    folder = require("node_modules")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TEI_EXPORT_NODE_MODULES", folder)
        found = WordLists(edition_app.edition, ROOT)  # type: ignore[attr-defined]
        for language in ("en", "ru", "ru-petr1708"):
            assert found[language]
        return found


@pytest.fixture(scope="module")
def report(edition_app: Sphinx) -> WordReport:
    return WordReport(edition_app)


def guard(app: Sphinx, report: WordReport, lists: WordLists) -> Guard:
    edition = app.edition  # type: ignore[attr-defined]
    return Guard(
        lists, edition.registers, load(edition.root, edition.record["languages"]), report.words()
    )


def test_no_doubled_words_no_unbalanced_marks_no_row_too_many(report: WordReport) -> None:
    assert report.cheap(["thesis", "essay"]) == []


def test_every_word_is_vouched_for(
    edition_app: Sphinx, report: WordReport, lists: WordLists
) -> None:
    found = guard(edition_app, report, lists)
    assert list(found.problems(report.words(), all_words=True)) == []
    assert found.count.words > 36_000


def test_every_accepted_word_is_asked_for_without_its_row(
    edition_app: Sphinx, report: WordReport, lists: WordLists, monkeypatch: pytest.MonkeyPatch
) -> None:
    edition = edition_app.edition  # type: ignore[attr-defined]
    assert "adamant" in lists["en"].suggestions("adament")
    for language in ("en", "ru", "ru-petr1708"):  # to look for like words takes half a minute
        monkeypatch.setattr(lists[language], "suggestions", lambda word: [])
    bare = Guard(lists, edition.registers, load(ROOT / "tests", ()), report.words())
    asked: set[tuple[str, str]] = set()
    for problem in bare.problems(report.words(), all_words=True):
        match = _ASKED.match(problem.detail)
        assert match, problem
        asked |= {(word, match["language"]) for word in (match["word"], *match["word"].split("-"))}
    with (ROOT / "edition" / "words.csv").open(encoding="utf-8", newline="") as file:
        assert [
            row for row in csv.DictReader(file) if (row["word"], row["language"]) not in asked
        ] == []


@pytest.mark.parametrize(("language", "least"), [("en", 0.95), ("ru", 0.95)])
def test_a_letter_changed_in_a_restored_word_is_seen(
    edition_app: Sphinx, report: WordReport, lists: WordLists, language: str, least: float
) -> None:
    """Of 300 restored words with one letter changed, most are asked for."""
    found = guard(edition_app, report, lists)
    chance = random.Random(12)
    words = [
        w
        for w in report.words()
        if w.restored and w.language == language and w.text.isalpha() and len(w.text) > 3
    ]
    spoilt = [_spoilt(word, chance) for word in chance.choices(words, k=300)]
    lists[language].suggestions = lambda word: []  # type: ignore[method-assign]
    seen = sum(bool(list(found.problems([word], all_words=False))) for word in spoilt)
    assert seen >= least * len(spoilt)


def _spoilt(word: Word, chance: random.Random) -> Word:
    letters = (
        "abcdefghijklmnopqrstuvwxyz"
        if word.language == "en"
        else "абвгдежзийклмнопрстуфхцчшщъыьэюя"
    )
    at = chance.randrange(1, len(word.text))
    letter = chance.choice([x for x in letters if x != word.text[at]])
    return replace(word, text=word.text[:at] + letter + word.text[at + 1 :])
