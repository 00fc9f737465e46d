"""A word has its combining marks in it, in every script."""

from __future__ import annotations

import sys

import pytest

from tei_export.model.deceptive_letters import foreign, mixed
from tei_export.model.word_forms import pattern
from tei_export.source.deceptive_letter_checks import HARMLESS
from tei_export.source.deceptive_letter_checks import words as letter_faults


@pytest.mark.parametrize(
    "word",
    [
        "Aufkla\u0364rung",
        "בְּרֵאשִׁית",
        "الرَّحْمٰنِ",
        "हिन्दी",
        "μη\u0342νιν",
        "می\u200cخواهم",
        "e\u0301",
        "naïve",
        "1926a",
    ],
)
def test_marks_end_no_word(word: str) -> None:
    text = f"({word}, {word}-{word}_{word})"
    assert pattern("WORD", text).findall(text) == [word] * 4


def test_letters_are_no_digits() -> None:
    text = "1926a\u0364b 3"
    assert pattern("LETTERS", text).findall(text) == ["a\u0364b"]


def test_a_mark_alone_is_no_word() -> None:
    assert pattern("WORD", "\u0364 a").findall("\u0364 a") == ["a"]


def test_letters_of_two_scripts_beside_a_mark_are_seen() -> None:
    assert [word for word, _ in mixed("Mo\u0301\u0441kau")] == ["Mo\u0301\u0441kau"]


def test_harmless_letters_have_no_fault_beside_any_latin_one() -> None:
    harmless = [chr(i) for i in range(sys.maxunicode) if HARMLESS.fullmatch(chr(i))]
    assert set("aéŁß„“–…\n") <= set(harmless)
    for letter in harmless:
        assert not [*letter_faults(f"é{letter}é"), *foreign("de", f"é {letter} é")], hex(
            ord(letter)
        )
