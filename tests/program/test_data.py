"""The data files: nothing lost, nothing run, read by other programs."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Graph, Literal, URIRef

from mini import Mini
from tables import rows
from tei_export.outputs.data import csv_cells
from tei_export.shared import linked_data


def content(mini: Mini, name: str) -> str:
    """A file of its outputs, every byte."""
    return (mini.out / name).read_bytes().decode()


# --- tables ----------------------------------------------------------------------------------


@given(st.lists(st.text(), min_size=1, max_size=4))
def test_cells_lose_nothing_and_run_nothing(texts: list[str]) -> None:
    written = csv_cells.table([f"c{i}" for i in range(len(texts))], [texts])
    read = list(csv.reader(io.StringIO(written, newline="")))[1] if texts != [""] else [""]
    assert [csv_cells.unguarded(cell) for cell in read] == texts
    assert not [cell for cell in read if re.match(r"[=+\-@\t\r＝＋－＠]", cell)]


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "'=1", "''", "＝1"]
)
def test_a_formula_becomes_text(text: str) -> None:
    assert csv_cells.guarded([text, f"a{text}"]) == [f"'{text}", f"a{text}"]
    assert csv_cells.unguarded(csv_cells.guarded([text])[0]) == text


def test_a_hostile_register_stays_data(mini: Mini) -> None:
    mini.write(
        "registers/organisations.yaml",
        "politburo:\n  name: Politburo\n  type: '=HYPERLINK(\"http://e.org\")'\n"
        '  note: "</script><script>alert(1)</script> \\" ] } . <x> \\\\"\n',
    )
    assert mini.build("data").code == 0
    read = rows(content(mini, "data/organisations.csv"))
    assert read[0]["type"] == '=HYPERLINK("http://e.org")'
    assert "\"'=HYPERLINK(" in content(mini, "data/organisations.csv")
    graph = Graph().parse(data=content(mini, "data/registers.ttl"), publicID="https://e.org/r.ttl")
    notes = set(
        graph.objects(predicate=URIRef("http://www.w3.org/2004/02/skos/core#editorialNote"))
    )
    assert notes == {Literal('</script><script>alert(1)</script> " ] } . <x> \\')}
    registers = json.loads(content(mini, "data/registers.jsonld"))
    shown = linked_data.embedded(registers["@graph"][-2])
    assert not re.search("[<>&]", shown)
    assert json.loads(shown)["@context"] == "https://schema.org"


def test_a_published_edition_has_whole_addresses(mini: Mini) -> None:
    mini.replace(
        "edition.yaml",
        'base_url: ""',
        "base_url: https://example.org/e\nidentifier: 10.5281/zenodo.7",
    )
    assert mini.build("data").code == 0
    graph = Graph().parse(data=content(mini, "data/registers.ttl"), format="turtle")
    trotsky = URIRef("https://example.org/e/registers/persons.html#pers-trotsky")
    assert graph.value(trotsky, URIRef(linked_data.SCHEMA + "birthDate")) == Literal("1879")
    edition = json.loads(content(mini, "data/edition.jsonld"))
    assert edition["@id"] == "https://doi.org/10.5281/zenodo.7"
    assert rows(content(mini, "data/mentions.csv"))[0]["url"].startswith(
        "https://example.org/e/t/one.html#p1."
    )
    assert "#FEED: https://example.org/e/" in content(mini, "data/beacon.txt")
