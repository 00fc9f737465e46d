"""The words of the texts as a table, as CoNLL-U and as plain text."""

from __future__ import annotations

import csv
import json
import subprocess
from typing import TYPE_CHECKING

import pytest
from docutils import nodes

from mini import ROOT, TESTS, Mini
from tei_export.source.nodes import note_text, reading, textnote

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Row = dict[str, str]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Mini:
    mini = Mini(tmp_path_factory.mktemp("tokens") / "mini")
    result = mini.build("data")
    assert result.code == 0, result.output
    return mini


def _rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return [
            {k: v.removeprefix("'") if k != "word" or len(v) > 1 else v for k, v in row.items()}
            for row in csv.DictReader(file)
        ]


def _words(rows: list[Row]) -> str:
    return "".join(row["word"] + (" " if row["space"] else "") for row in rows).strip()


def test_words_and_spaces_are_the_edited_text(written: Mini) -> None:
    app = written.app()
    right = []
    for doc in ("t/one", "t/two"):
        tree = app.env.get_doctree(doc)
        right += [
            " ".join(reading(node, "E").split())
            for node in tree.findall(lambda n: isinstance(n, (nodes.title, nodes.paragraph)))
            if not any(isinstance(p, textnote) for p in _parents(node))
        ]
    found: dict[tuple[str, str], list[Row]] = {}
    for row in _rows(written.out / "data" / "tokens.csv"):
        if not row["note"]:
            found.setdefault((row["part"], row["block"]), []).append(row)
    assert [_words(rows) for rows in found.values()] == [text for text in right if text]


def _parents(node: nodes.Node) -> list[nodes.Node]:
    return [] if node.parent is None else [node.parent, *_parents(node.parent)]


def test_notes_have_their_number(written: Mini) -> None:
    app = written.app()
    notes = [n for doc in ("t/one", "t/two") for n in app.env.get_doctree(doc).findall(textnote)]
    right = [note["label"] for note in notes if note["series"] == "authorial"]
    rows = _rows(written.out / "data" / "tokens.csv")
    found = [
        one["note"]
        for before, one in zip([{"note": "", "part": ""}, *rows], rows, strict=False)
        if one["note"] and (one["note"], one["part"]) != (before["note"], before["part"])
    ]
    assert found == right
    assert _words([row for row in rows if row["note"] == "2"]) == note_text(notes[1]).strip()


def test_ids_are_unique_and_say_where_a_word_begins(written: Mini) -> None:
    rows = _rows(written.out / "data" / "tokens.csv")
    ids = [row["id"] for row in rows]
    assert len(ids) == len(set(ids))
    assert all(row["id"].startswith(f"{row['text']}:{row['place']}-") for row in rows)


def test_a_word_tells_its_name_its_emendation_and_its_language(written: Mini) -> None:
    rows = _rows(written.out / "data" / "tokens.csv")
    entries = {row["xml_id"]: row for row in _rows(written.out / "data" / "emendations.csv")}
    adamant = next(row for row in rows if row["word"] == "adamant")
    assert adamant["emendation"] in entries
    assert adamant["certainty"] == "high"
    assert {row["name"] for row in rows if row["word"] == "Stalin"} == {"persons/stalin"}
    russian = [row["word"] for row in rows if row["language"] == "ru"]
    assert russian
    # a word that a line divides is one
    assert any(row["word"] == "isolation" for row in rows)


def test_conllu_has_the_same_sentences(written: Mini) -> None:
    rows = _rows(written.out / "data" / "tokens.csv")
    text = (written.out / "data" / "t.conllu").read_text(encoding="utf-8")
    sentences = [part.splitlines() for part in text.strip().split("\n\n")]
    assert len({(row["part"], row["sentence"]) for row in rows}) == len(sentences)
    forms = []
    for lines in sentences:
        words = [line.split("\t") for line in lines if not line.startswith("#")]
        assert [word[0] for word in words] == [str(n) for n in range(1, len(words) + 1)]
        assert {len(word) for word in words} == {10}
        said = next(line for line in lines if line.startswith("# text = "))
        spaced = "".join(w[1] + ("" if "SpaceAfter=No" in w[9] else " ") for w in words)
        assert said == f"# text = {spaced.strip()}"
        forms += [word[1] for word in words]
    assert forms == [row["word"] for row in rows]


def test_plain_text_of_a_part(written: Mini) -> None:
    texts = sorted((written.out / "data" / "texts" / "t").glob("*.txt"))
    assert len(texts) == 2
    first = texts[0].read_text(encoding="utf-8")
    assert first.splitlines()[0] == "CHAPTER I ONE"
    assert "Perhaps Trotsky's isolation was a mistake." in first
    assert "Ibid." not in first
    assert "adament" not in first


def test_pandas_and_spacy_load_the_words_as_the_page_says(
    written: Mini, require: Callable[[str], str]
) -> None:
    script, page = TESTS / "outside/corpus_read.py", ROOT / "docs/data.md"
    folder = written.out / "data"
    done = subprocess.run(
        [require("corpus"), script, page, folder], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    rows = _rows(folder / "tokens.csv")
    assert (found["examples"], found["rows"]) == (2, len(rows))
    assert found["text"].strip() == _words(rows)
