"""``tei-export words``: which words something vouches for, on a small edition with a tiny dictionary."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from mini import Mini
from tei_export.words import guard
from tei_export.words.text_checks import beyond_extent, unpaired
from tei_export.words.word_lists import modern_russian

#: Twenty words; S makes plurals, F forms of feminine nouns, E what else stands in the mini edition.
AFF = """\
SET UTF-8
TRY abcdefghijklmnopqrstuvwxyz
WORDCHARS '
SFX S Y 1
SFX S 0 s [^s]
SFX F Y 2
SFX F а у а
SFX F а ы а
"""
WORDS = (
    "adamant", "here", "mistake/S", "was", "wad", "the", "thy", "party/S", "etc.", "Paris", "inner", "co-opt", "UN",
    "don't", "boss/S", "view/S", "lead", "of", "to", "be",
)  # fmt: skip
RUSSIAN = ("партия", "вера/F", "ответ", "новое", "нового", "идея", "дом")
HEAD = "word,language,place,why,by,date\n"


def dictionary(*words: str) -> str:
    return "\n".join((str(len(words)), *words, ""))


@pytest.fixture
def guarded(mini: Mini) -> Mini:
    """The mini edition with word lists of its own."""
    mini.write("words/en.aff", AFF)
    mini.write("words/en.dic", dictionary(*WORDS))
    mini.write("words/ru.aff", AFF)
    mini.write("words/ru.dic", dictionary(*RUSSIAN))
    mini.replace(
        "edition.yaml",
        "\ntexts:\n",
        "\nword_lists: {en: words/en.dic, ru: [words/ru.dic]}\n\ntexts:\n",
    )
    return mini


def restore(mini: Mini, word: str, *, layer: str = "ocr") -> None:
    """Restore ``word`` where the witness has *mistake*."""
    mini.replace("t/one.md", "a mistake.", f"a {{{layer}}}`{word} <mistake>`.")


def asked(mini: Mini, *arguments: str) -> list[str]:
    """The words that ``tei-export words`` asks for."""
    result = mini.run("words", *arguments)
    found = [
        line.split(": ", 2)[2].split(" (")[0]
        for line in result.output.splitlines()
        if "[word-" in line
    ]
    assert result.code == bool(found), result.output
    return found


def test_an_edition_whose_restored_words_are_known_has_nothing_open(guarded: Mini) -> None:
    result = guarded.run("words")
    assert result.code == 0, result.output
    assert result.output == (
        "3 restored words: 2 in a word list, 1 in the registers, 0 undamaged elsewhere in the witness, "
        "0 accepted in words.csv, 0 open\n"
    )


@pytest.mark.parametrize(
    "word",
    [
        "mistakes",
        "Mistake",
        "MISTAKES",
        "views'",
        "party's",
        "don't",
        "etc.",
        "Paris",
        "PARIS",
        "UN",  # a list
        "inner-party",
        "co-opt",
        "inner-party's",
        "1920s",
        "15th",
        "1926-1928",
        "XIV",
        "xii",
        "inner-1917",
        "Stalin",
        "Stalin's",
        "STALIN",
        "Politburo",
        "inner-Politburo",  # the registers
        "prevailed",
        "Prevailed",
        "quotation's",
        "inner-quotation",  # undamaged elsewhere
        "I. M. of the party",
        "c. 1926",  # initials and abbreviations of one letter
    ],
)
def test_somebody_vouches_for_a_word(guarded: Mini, word: str) -> None:
    restore(guarded, word)
    assert asked(guarded) == []


@pytest.mark.parametrize(
    ("word", "shown"),
    [
        ("mistoke", "mistoke"),
        ("mistoke's", "mistoke"),
        ("Mistakess", "Mistakess"),
        ("MISTOKES", "MISTOKES"),
        ("stalin", "stalin"),
        ("Prevailled", "Prevailled"),
        ("inner-partie", "inner-partie"),
        ("paris", "paris"),
        ("un", "un"),
        ("l926", "l926"),
        ("19k1", "19k1"),
        ("IIX", "IIX"),
        ("mistake mistoke", "mistoke"),
    ],
)
def test_nobody_vouches_for_a_word(guarded: Mini, word: str, shown: str) -> None:
    restore(guarded, word)
    assert asked(guarded) == [shown]


def test_a_slip_is_recorded_and_its_correction_guarded(guarded: Mini) -> None:
    restore(guarded, "mistoke", layer="sic")
    result = guarded.run("words")
    assert "mistoke (en) at 1.4, E, certainty high; near: mistake" in result.output
    guarded.replace("t/one.md", "{sic}`mistoke <mistake>`", "{sic}`mistakes <mistake>`")
    assert asked(guarded) == []


def test_where_only_a_mark_beside_them_is_restored_words_are_the_witness_s(guarded: Mini) -> None:
    """The list lacks *isolationist*; O has it, and T has it without the dirt."""
    guarded.witness(guarded.read("witness/w.txt").replace("a mistake.", "an isolationist,mistoke."))
    guarded.replace(
        "t/one.md", "a mistake.", "an {ocr}`isolationist--mistoke <isolationist,mistoke>`."
    )
    assert asked(guarded) == []
    guarded.replace("t/one.md", "isolationist--mistoke", "isolationist--mistike")
    assert asked(guarded) == ["mistike"]


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("isola-¬\ntion was", "{ocr}`isolo <isola>`-¬\ntion was", "isolotion"),
        ("isola-¬\ntion was", "isola-¬\n{ocr}`toin <tion>` was", "isolatoin"),
        ("{supplied}` here ?", "{supplied}` heer ?", "heer"),
        ("a {gap}`1 word`", "a {unclear}`mistoke ??` {gap}`1 word`", "mistoke"),
    ],
)
def test_words_in_pieces_and_in_every_state(
    guarded: Mini, before: str, after: str, shown: str
) -> None:
    if "unclear" in after:
        guarded.witness(
            guarded.read("witness/w.txt").replace("меньшевизм and a", "меньшевизм and a mistoke")
        )
        guarded.replace("t/two.md", before, after)
    else:
        guarded.replace("t/one.md", before, after)
    assert asked(guarded) == [shown]


def test_a_word_of_the_list_is_asked_for_where_one_letter_makes_it_a_frequent_one(
    guarded: Mini,
) -> None:
    restore(guarded, "thy")
    result = guarded.run("words")
    assert "t/one.md:6: [word-rare]" in result.output
    assert "thy (en) at 1.4, T, certainty high; near: the" in result.output
    guarded.replace(
        "t/one.md", "{ocr}`thy <mistake>`", "{ocr}`wad <mistake>`"
    )  # was stands once only
    assert asked(guarded) == []


def test_a_word_of_any_length_is_looked_up(guarded: Mini) -> None:
    """Nearly a kilobyte twice in a line: neighbours of every letter would take minutes."""
    restore(guarded, "mistoke" * 120)
    assert asked(guarded) == ["mistoke" * 120]


def test_one_letter_off() -> None:
    assert set(guard.one_letter_off("ab", "c")) == {"cab", "acb", "abc", "cb", "ac", "a", "b", "ba"}


def test_all_words(guarded: Mini) -> None:
    found = asked(guarded, "--all")
    assert {"Perhaps", "isolation", "prevailed", "меньшевизм"} <= set(found)
    assert not {"was", "mistake", "Stalin", "the", "I", "1924"} & set(found)


def test_one_text(guarded: Mini) -> None:
    assert asked(guarded, "t") == []
    result = guarded.run("words", "u")
    assert (result.code, result.output) == (2, "tei-export: no text 'u'; the edition has t\n")


@pytest.mark.parametrize(
    ("rows", "open_"),
    [
        ("mistoke,en,*,meant,ed,2026-01-31\n", []),
        ("mistoke,en,1.4,meant,ed,2026-01-31\n", []),
        ("tion,en,1.4,meant,ed,2026-01-31\n", ["mistoke"]),
        ("mistoke,ru,*,meant,ed,2026-01-31\n", ["mistoke"]),
        ("Mistoke,en,*,meant,ed,2026-01-31\n", ["mistoke"]),
    ],
)
def test_accepted(guarded: Mini, rows: str, open_: list[str]) -> None:
    restore(guarded, "mistoke's")
    guarded.write("words.csv", HEAD + rows)
    result = guarded.run("words")
    assert ("[word-unknown]" in result.output) == bool(open_), result.output
    assert ("[words-file]" in result.output) == bool(open_), result.output  # nothing needs the row


@pytest.mark.parametrize(
    "text",
    [
        '"a,en,*,why,ed,2026-01-31\n',
        '"a"b,en,*,why,ed,2026-01-31\n',
        f"{'a' * 140000},en,*,w,ed,2026-01-31\n",
    ],
)
def test_a_file_that_is_no_table(mini: Mini, text: str) -> None:
    mini.write("words.csv", HEAD + text)
    assert mini.check().problems == ["words.csv:2: [words-file]"]
    mini.write("words.csv", "")
    assert mini.check().problems == ["words.csv:1: [words-file]"]


def test_a_part_of_a_compound_can_be_accepted(guarded: Mini) -> None:
    restore(guarded, "inner-mistoke")
    guarded.write("words.csv", HEAD + "mistoke,en,*,meant,ed,2026-01-31\n")
    assert asked(guarded) == []
    guarded.write("words.csv", HEAD + "inner-mistoke,en,1.4,meant,ed,2026-01-31\n")
    assert asked(guarded) == []


def test_what_is_accepted_at_one_place_is_asked_for_at_another(guarded: Mini) -> None:
    restore(guarded, "mistoke")
    guarded.replace("t/one.md", "{supplied}` here ?", "{supplied}` mistoke ?")
    guarded.write("words.csv", HEAD + "mistoke,en,1.4,meant,ed,2026-01-31\n")
    assert asked(guarded) == ["mistoke"]


@pytest.mark.parametrize(
    ("word", "forms"),
    [
        ("отвѣтъ", ["ответ"]),
        ("новаго", ["новаго", "нового", "новего"]),
        ("Ѳома", ["Фома"]),
        ("идеѣ", ["идее"]),
        ("мѵро", ["миро"]),
        ("партія", ["партия", "партие"]),
        ("ОТВѢТЪ", ["ОТВЕТ"]),
        ("объявъ", ["объяв"]),
    ],
)
def test_modern_russian(word: str, forms: list[str]) -> None:
    assert modern_russian(word) == forms


@pytest.mark.parametrize(
    ("role", "text", "open_"),
    [
        ("ru", "вера", []),
        ("ru", "веры", []),
        ("ru", "вере", ["вере"]),
        ("ru", "Веру", []),
        ("ru", "т. е.", []),
        ("ruold", "отвѣтъ", []),
        ("ruold", "новаго", []),
        ("ruold", "домъ", []),
        ("ruold", "дамъ", ["дамъ"]),
    ],
)
def test_languages(guarded: Mini, role: str, text: str, open_: list[str]) -> None:
    guarded.replace("t/one.md", "a mistake.", f"a {{{role}}}``{{ocr}}`{text} <mistake>` ``.")
    assert asked(guarded) == open_


# where dictionaries are found


@pytest.mark.parametrize("place", ["dicpath", "node_modules", "make"])
def test_dictionaries_of_the_system_and_of_packages(
    guarded: Mini, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    folder = guarded.root / "node_modules" if place == "node_modules" else tmp_path / "lists"
    name = "own-en" if place == "dicpath" else "own-en/index"
    (folder / name).parent.mkdir(parents=True)
    (folder / f"{name}.aff").write_text(AFF, encoding="utf-8")
    (folder / f"{name}.dic").write_text(dictionary(*WORDS, "mistoke"), encoding="utf-8")
    if place != "node_modules":
        monkeypatch.setenv(
            "DICPATH" if place == "dicpath" else "TEI_EXPORT_NODE_MODULES", str(folder)
        )
    guarded.replace("edition.yaml", "en: words/en.dic", "en: own-en")
    restore(guarded, "mistoke")
    assert asked(guarded) == []


@pytest.mark.parametrize("name", ["en", "en_US", "dictionary-en"])
def test_without_the_field_the_dictionary_of_the_language_is_taken(
    mini: Mini, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("DICPATH", str(tmp_path))
    monkeypatch.setattr("tei_export.words.word_lists.SYSTEM", ())
    monkeypatch.delenv("TEI_EXPORT_NODE_MODULES", raising=False)
    restore(mini, "mistoke")
    assert (
        "edition.yaml:0: [word-list] a word list is missing: none is installed for en, and the"
        in mini.run("words").output
    )
    (tmp_path / f"{name}.aff").write_text(AFF, encoding="utf-8")
    (tmp_path / f"{name}.dic").write_text(dictionary(*WORDS, "mistoke"), encoding="utf-8")
    assert asked(mini) == []


def test_several_lists_of_a_language(guarded: Mini) -> None:
    restore(guarded, "mistoke")
    guarded.write("words/own.aff", AFF)
    guarded.write("words/own.dic", dictionary("mistoke"))
    guarded.replace("edition.yaml", "en: words/en.dic", "en: [words/en.dic, words/own.dic]")
    assert asked(guarded) == []


@pytest.mark.parametrize(
    "value",
    ["3", "{en: 3}", "{en: []}", "{en: [en_US, 3]}", "{en: ../en_US}", "{en: /etc/en}", "{1: en}"],
)
def test_a_field_of_the_wrong_form(mini: Mini, value: str) -> None:
    mini.replace("edition.yaml", "\ntexts:\n", f"\nword_lists: {value}\n\ntexts:\n")
    result = mini.run("words")
    assert result.code == 1
    assert re.search(r"edition\.yaml:35(:\d+)?: \[record-field\]", result.output)
    assert "word_lists" in result.output


def test_a_dictionary_outside_the_edition(mini: Mini) -> None:
    mini.replace("edition.yaml", "\ntexts:\n", "\nword_lists: {en: ../../en.dic}\n\ntexts:\n")
    assert "edition.yaml:35: [file-outside]" in mini.run("words").output


@pytest.mark.parametrize(
    ("aff", "dic"),
    [
        (None, "1\nthe\n"),
        ("SET NO-SUCH-CODE\n", "1\nthe\n"),
        ("SFX S Y\n", "1\nthe\n"),
        ("SET UTF-8\nSFX S Y 1\nSFX S 0 s [^\n", "1\nthe/S\n"),
    ],
)
def test_files_that_are_no_dictionary(guarded: Mini, aff: str | None, dic: str) -> None:
    guarded.path("words/en.aff").unlink()
    if aff is not None:
        guarded.write("words/en.aff", aff)
    guarded.write("words/en.dic", dic)
    result = guarded.run("words")
    assert result.code == 1, result.output
    assert (
        "edition.yaml:35: [word-list] a word list is missing: en.dic and en.aff cannot be read: "
        in result.output
    )


def test_without_the_package_that_reads_dictionaries(
    guarded: Mini, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "spylls.hunspell", None)
    result = guarded.run("words")
    assert result.code == 1
    assert (
        "the package spylls, which reads it, is not installed: pip install 'tei-export[words]'"
        in result.output
    )
    assert guarded.run("check").code == 0  # check needs no word list


# what check asks for, too


def test_check_asks_for_unknown_words_when_told_to(guarded: Mini) -> None:
    restore(guarded, "mistoke")
    assert guarded.check().code == 0
    result = guarded.run("check", "--words")
    assert result.code == 1
    assert result.problems == ["t/one.md:6: [word-unknown]"]
    guarded.write("words.csv", HEAD + "mistoke,en,*,meant,ed,2026-01-31\n")
    result = guarded.run("check", "--words")
    assert result.code == 0
    assert "agree with the witness" in result.output


@pytest.mark.parametrize(
    ("code", "old", "new", "row"),
    [
        ("word-doubled", "a mistake.", "{ocr}`a a mistake <a mistake>`.", "a a,en,1.4"),
        ("marks-unbalanced", "a mistake.", '{ocr}`"a mistake <a mistake>`.', '"""",en,1.4'),
    ],
)
def test_findings_of_check_can_be_accepted_and_do_not_stop_a_build(
    mini: Mini, code: str, old: str, new: str, row: str
) -> None:
    mini.replace("t/one.md", old, new)
    assert mini.check().problems == [f"t/one.md:6: [{code}]"]
    assert mini.build("tei").code == 0
    mini.write("words.csv", f"{HEAD}{row},meant,ed,2026-01-31\n")
    assert mini.check().code == 0
    mini.replace("t/one.md", new, old)
    assert mini.check().problems == ["words.csv:2: [words-file]"]  # nothing needs the row


def test_a_doubled_word_over_the_end_of_a_line_and_beside_a_name(mini: Mini) -> None:
    mini.witness(
        mini.read("witness/w.txt")
        .replace("friends in", "Friends friends in")
        .replace("had adaraent", "had friends")
    )
    mini.replace(
        "t/one.md",
        "{ocr}``{sic}`adamant <adament>` <adaraent>``\nfriends",
        "friends\nFriends friends",
    )
    assert mini.check().problems == ["t/one.md:7: [word-doubled]"]


@pytest.mark.parametrize(
    "text",
    [
        "here, here?",
        "the gap [\ufffc] the",
        "1926 1926",
        "a-a a",
        "party partys",
        "בָּרָא אֱלֹהִים",
        "Stra\u0364 a",
        "a a\u0364",
    ],
)
def test_what_is_no_doubled_word(text: str) -> None:
    from tei_export.words.text_checks import doubled
    from tei_export.words.tokens import Stretch, TextBlock

    assert list(doubled([TextBlock("a.md", [Stretch(text, 1, "1.1", "en", ())])])) == []


@pytest.mark.parametrize(
    ("text", "following", "signs"),
    [
        ("(a [b] c) {d} «e» “f”", "", ""),
        ('He said "yes" and "no".', "", ""),
        ('("a") ["b"] "c (d)"', "", ""),
        ("1) one, a) two; 22) three", "", ""),
        ("(see 1) and", "", ""),
        ('"a quotation', '"goes on"', ""),
        ("«a", "«b»", ""),
        ("(a", "(b)", "("),
        ("(a b", "", "("),
        ("a bc) d", "", ")"),
        ("in 1926) d", "", ")"),
        ("in 26) d", "", ")"),
        ("(a [b) c]", "", "[]"),
        ("«a “b» c”", "", "“”"),
        ('he said "no', "", '"'),
        ('he said no" and', "", '"'),
        ('"a" and "b', "", '"'),
        ('"a "b" c', "", '"'),
        ('"a quotation', "ends", '"'),
    ],
)
def test_marks_without_a_partner(text: str, following: str, signs: str) -> None:
    assert "".join(text[at] for at in sorted(unpaired(text, following))) == signs


@pytest.mark.parametrize(
    ("language", "text", "signs"),
    [
        ("de", "„a“ und »b« und «c»", ""),
        ("de-CH", "«a „b“ c»", ""),
        ("de", "„a ‚b‘ c", "„"),
        ("de", "a“ b", "“"),
        ("pl", "„a «b» c”", ""),
        ("sv", "”a” och »b»", ""),
        ("sv", "a” b", "”"),
        ("de", "a« b", "«"),
        ("fr", "« a » b »", "»"),
        ("fr", "»a«", "»«"),
        ("en", "„a”", "”"),
        ("en", "”a”", "””"),
        ("he", 'צה"ל "א"', ""),
        ("he", 'צה"ל "א', '"'),
        ("en", 'a"b', '"'),
        ("ru", "«а „б“ в»", ""),
    ],
)
def test_quotation_marks_of_a_language(language: str, text: str, signs: str) -> None:
    assert "".join(text[at] for at in sorted(unpaired(text, "", language))) == signs


@pytest.mark.parametrize(
    ("cited", "extent", "beyond"),
    [
        ("543", "543 pages", False),
        ("544", "543 pages", True),
        ("540-544", "xii, 543 pages", True),
        ("12", "12 pp.", False),
        ("13", "12 p.", True),
        ("xiii", "xii, 543 pages", True),
        ("xii", "xii, 543 pages", False),
        ("xiii", "543 pages", False),
        ("14:3", "13 vols.", True),
        ("13:999", "13 vols.", False),
        ("3:7", "vols. 1 and 2", True),
        ("2:7", "vols. 1 and 2", False),
        ("2:7", "vol. 3", True),
        ("999", "13 vols.", False),
        ("999", "one sheet", False),
        ("999", "", False),
        ("n. 4", "3 pages", False),
        ("1-4", "3 pages", True),
        ("180-1", "180 pages", False),
    ],
)
def test_pages_beyond_an_extent(cited: str, extent: str, beyond: bool) -> None:
    assert bool(beyond_extent(cited, extent)) == beyond
