"""Any nesting of marks keeps the text of every layer and regenerates the witness."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import pytest
from docutils import nodes
from hypothesis import HealthCheck, Phase, given, settings

import tei_text
from mini import Mini
from model import Model, fold, models
from tei_export.proof import regenerate
from tei_export.source.nodes import note_text, reading, textnote

if TYPE_CHECKING:
    from mini import Result

CHAPTER = "      - {doc: two, id: ch-02, type: chapter, n: 2, title: II. Two}\n"


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Mini:
    """An edition of one chapter, to be written anew for every example."""
    mini = Mini(tmp_path_factory.mktemp("random") / "mini")
    mini.replace("edition.yaml", CHAPTER, "")
    mini.replace("edition.yaml", "complete: true", "complete: false")
    mini.replace("edition.yaml", '{"’": "\'"}', '{"’": "\'", "“": \'"\'}')
    mini.replace(
        "edition.yaml",
        "    complete: false\n",
        "    complete: false\n    hands: {anna: {name: Anna}}\n",
    )
    mini.replace("index.md", "t/two\n", "")
    mini.path("t/two.md").unlink()
    return mini


def build(mini: Mini, model: Model) -> Result:
    mini.write("t/one.md", model.source)
    mini.write("witness/pages.csv", model.pages)
    mini.witness(model.witness)
    return mini.build("tei")


@settings(
    max_examples=60,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate, Phase.shrink],  # to explain takes minutes
)
@given(model=models())
def test_the_layers_are_as_the_model_says(edition: Mini, model: Model) -> None:
    result = build(edition, model)
    assert result.code == 0, result.output

    data = (result.out / "tei" / "t.xml").read_bytes()
    witness = edition.read("witness/w.txt")
    lines, _ = regenerate.witness_lines(regenerate.parse(data))
    assert [lines.get(n, "") for n, _ in enumerate(witness.splitlines(), 1)] == [
        fold(line) for line in witness.splitlines()
    ]

    tree = pickle.loads((result.out / ".cache" / "doctrees" / "t" / "one.doctree").read_bytes())
    section = next(tree.findall(nodes.section))
    blocks = [child for child in section.children if child.get("xml_id")]
    notes = [found for found in tree.findall(textnote) if found["series"] == "authorial"]
    elements = tei_text.by_id(tei_text.parse(data))
    assert len(blocks) == len(model.blocks)
    assert len(notes) == len(model.notes)
    for layer in ("E", "T"):
        expected = [block.layer(layer.lower()) for block in model.blocks]
        assert [fold(reading(block, layer)) for block in blocks] == expected
        assert [tei_text.reading(elements[block["xml_id"]], layer) for block in blocks] == expected
        expected = [block.layer(layer.lower()) for block in model.notes]
        assert [fold(note_text(found, layer)) for found in notes] == expected
        assert [tei_text.reading(elements[found["ids"][0]], layer) for found in notes] == expected
