"""The shapes hold of the graph, and do not hold of one that is damaged; the description counts it."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import pytest
from rdflib import RDF, Graph, Literal, Namespace, URIRef

from mini import Mini

if TYPE_CHECKING:
    from collections.abc import Callable

SCHEMA = Namespace("https://schema.org/")
VOID = Namespace("http://rdfs.org/ns/void#")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Mini:
    mini = Mini(tmp_path_factory.mktemp("shapes") / "mini")
    result = mini.build("data")
    assert result.code == 0, result.output
    return mini


def _graph(mini: Mini, name: str) -> Graph:
    return Graph().parse(mini.out / "data" / name, format="turtle")


def _conforms(mini: Mini, graph: Graph) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its own, of packages it does not need here
        from pyshacl import validate

        return bool(validate(graph, shacl_graph=_graph(mini, "shapes.ttl"))[0])


def test_the_graph_has_its_shapes(written: Mini) -> None:
    graph = _graph(written, "registers.ttl")
    assert len(set(graph.subjects(RDF.type, SCHEMA.Person))) >= 2
    assert _conforms(written, graph)


def _someone(graph: Graph) -> URIRef:
    return min(URIRef(str(one)) for one in graph.subjects(RDF.type, SCHEMA.Person))


DAMAGE: dict[str, Callable[[Graph], object]] = {
    "no name": lambda g: g.remove((_someone(g), SCHEMA.name, None)),
    "two ids": lambda g: g.add((_someone(g), SCHEMA.identifier, Literal("other"))),
    "an address that is a text": lambda g: g.add((_someone(g), SCHEMA.sameAs, Literal("Q1"))),
    "a claim without words": lambda g: g.add((URIRef("urn:c"), RDF.type, SCHEMA.Claim)),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_is_found(written: Mini, name: str) -> None:
    graph = _graph(written, "registers.ttl")
    DAMAGE[name](graph)
    assert not _conforms(written, graph)


def test_the_description_counts_what_is_there(written: Mini) -> None:
    graph, about = _graph(written, "registers.ttl"), _graph(written, "void.ttl")
    (dataset,) = about.subjects(RDF.type, VOID.Dataset)
    assert about.value(dataset, VOID.triples) == Literal(len(graph))
    counted = {
        about.value(part, VOID["class"]): about.value(part, VOID.entities)
        for part in about.objects(dataset, VOID.classPartition)
    }
    kinds = set(graph.objects(None, RDF.type))
    assert counted == {kind: Literal(len(set(graph.subjects(RDF.type, kind)))) for kind in kinds}
