"""Where words begin and end in a witness: compared, recorded, and joined only if the record asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mini import Mini
from tei_export.importing.collate_source import CollatedSource
from tei_export.importing.divided_words import join_in_base, join_in_witnesses
from tei_export.model.variants import classify_variant
from tei_export.model.word_differences import differences
from tei_export.proof import regenerate
from tools import require_package as package

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def _agree(ours: str, file: str, rules: Sequence[str] = ()) -> tuple[bool, bool]:
    """What both programs say."""
    theirs = regenerate._LINE_END.sub("\x01", regenerate._DIVIDED.sub("\x00", file))
    spaced = [regenerate._spaced(text, list(rules)) for text in (ours, theirs)]
    second = regenerate._agree(*spaced, complete=True)
    return not differences([(1, ours)], file, rules, {}), second


@pytest.mark.parametrize(
    ("ours", "file", "rules", "same"),
    [
        ("any one", "anyone", (), False),
        ("anyone", "any one", (), False),
        ("any one", "any  one", (), True),
        (" any\none ", "any one\n", (), True),
        ("any one", "any\none", (), True),
        ("anyone", "any\none", (), True),  # a word may go on over the end of a line
        ("anyone", "any\n\none", (), False),  # but not over a paragraph
        ("one.Two", "one.\nTwo", (), False),
        ("anyone", "any-\none", (), True),
        ("any-one", "any-\none", (), True),
        ("any one", "any-\none", (), False),
        ("con- tinues", "con- tinues", (), True),
        ("continues", "con- tinues", (), False),
        ("well-known", "well known", ("case", "punctuation"), True),
        ("any one", "anyone", ("case", "punctuation"), True),
        ("vain ever", "vainever", ("u/v",), False),
        ("vain ever", "uain  euer", ("u/v",), True),
    ],
)
def test_spaces_between_words_are_compared(
    ours: str, file: str, rules: Sequence[str], same: bool
) -> None:
    assert _agree(ours, file, rules) == (same, same)


_SENTENCES = st.lists(st.sampled_from(["a", "plum", "ripens;", "(well)", "x.", "été"]), min_size=2)


@given(_SENTENCES, st.data())
def test_a_space_that_is_lost_or_invented_is_noticed(words: list[str], data: st.DataObject) -> None:
    """And two spaces for one are not: of white space only where it is belongs to the text."""
    text = " ".join(words)
    at = data.draw(st.sampled_from([i for i, c in enumerate(text) if c == " "]))
    assert _agree(text, text) == (True, True)
    assert _agree(text[:at] + text[at + 1 :], text) == (False, False)
    assert _agree(text[:at] + "  " + text[at + 1 :], text) == (True, True)
    inside = [i for i in range(1, len(text)) if text[i - 1] != " " and text[i] != " "]
    if inside:
        at = data.draw(st.sampled_from(inside))
        assert _agree(f"{text[:at]} {text[at:]}", text) == (False, False)


def test_the_difference_is_told_with_its_words() -> None:
    (found,) = differences([(3, "as it is"), (4, " here")], "as itis here", (), {})
    assert (found.line, found.number, found.ours, found.theirs) == (3, 2, "it is", "itis")


@pytest.mark.parametrize(
    ("lemma", "reading", "kind"),
    [
        ("continues", "con- tinues", "division"),
        ("con- tinues", "continues", "division"),
        ("it continues,", "it con- tinues,", "division"),
        ("well-known", "well- known", "division"),
        ("anyone", "any one", "orthographic"),
        ("continues", "Con- tinues", "orthographic"),
        ("well-known", "wellknown", "punctuation"),
        ("continued", "con- tinues", "substantive"),
    ],
)
def test_the_class_of_a_divided_word(lemma: str, reading: str, kind: str) -> None:
    assert classify_variant(lemma, reading) == kind


def _base(line: str) -> list[str]:
    source = CollatedSource("a.md", line, "A")
    lines = {"a.md": source.lines}
    found = join_in_base(list(source.tokens()), {"B": ["continues", "wellknown", "farther"]}, lines)
    return [f"{word.text}={word.whole}" if word.whole else word.text for word in found]


def test_only_what_another_witness_has_whole_is_joined() -> None:
    assert _base("it con- tinues") == ["it", "con- tinues=continues"]
    assert _base("it con- cludes") == ["it", "con-", "cludes"]
    assert _base("con- {i}`tinues`") == ["con-", "tinues"]  # markup stays as it is
    assert _base("con- Tinues") == ["con-", "Tinues"]
    assert _base("a – tinues con -tinues") == ["a", "–", "tinues", "con", "-tinues"]
    whole = join_in_witnesses({"B": ["con-", "tinues"], "C": ["continues"]}, [])
    assert whole == {"B": ["con- tinues"], "C": ["continues"]}
    assert join_in_witnesses({"B": ["con-", "tinues"]}, []) == {"B": ["con-", "tinues"]}


A = "The plum con- tinues to ripen in the sun, and the gar- dener waits for it.\n"
B = "The plum continues to ripen in the sun, and the gardener waits for it still.\n"
C = "The plum con- tinues to ripen in the wind, and the gardener is wait- ing for it.\n"
D = "The plum ceases to ripen in the sun, and the gardener is waiting for it.\n"


def test_collate_joins_them_if_the_record_asks_for_it(tmp_path: Path) -> None:
    """Nothing is silent, a second run changes nothing, and the former text comes back with the former setting."""
    package("collatex")
    mini = Mini(tmp_path / "mini")
    for name, text in zip("ABCD", (A, B, C, D), strict=True):
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    given_ = [f"--witness={name}={tmp_path / name}.txt" for name in "ABCD"]
    assert mini.run("import", *given_, "--text", "plum", "--title", "Plum").code == 0
    file = "plum/plum-01.md"
    plain = mini.read(file)
    mini.run("collate", "plum")
    kept = mini.read(file)
    assert "{app}`con- tinues <B: continues>" in kept
    assert mini.check().code == 0
    mini.replace("edition.yaml", "  plum:\n", "  plum:\n    divided_words: join\n")
    mini.run("collate", "plum")
    joined = mini.read(file)
    assert "{app}`continues <A C: con- tinues> <D: ceases> #auto`" in joined
    assert "gardener" in joined
    assert "<A: gar- dener" in joined
    assert "wait- ing" in joined
    result = mini.check()
    assert (result.code, result.problems) == (0, []), result.output
    assert result.output.count(" words, 0 differences (letters)") == 3
    assert "0 files changed" in mini.run("collate", "plum").output
    assert mini.build("tei").code == 0
    tei = (mini.out / "tei/plum.xml").read_text(encoding="utf-8")
    assert '<rdg wit="#A #C" type="division">con- tinues</rdg>' in tei
    # what a person has judged stays
    judged = joined.replace("<D: ceases> #auto`", "<D: ceases>`")
    mini.write(file, judged)
    mini.run("collate", "plum")
    assert mini.read(file) == judged
    mini.write(file, joined)
    mini.replace("edition.yaml", "    divided_words: join\n", "")
    mini.run("collate", "plum")
    assert mini.read(file) == kept
    assert plain != kept
