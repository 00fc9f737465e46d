"""Describe the linked data as a dataset: VoID (https://www.w3.org/TR/void/) with terms of Dublin Core."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tei_export.shared import linked_data

if TYPE_CHECKING:
    from rdflib import Graph

    from tei_export.model.metadata import Metadata

_VOID = "http://rdfs.org/ns/void#"
_TERMS = "http://purl.org/dc/terms/"
_TURTLE = "http://www.w3.org/ns/formats/Turtle"


def description(meta: Metadata, data: Graph) -> str:
    """Return the description, as Turtle, of the dataset ``data``, which ``registers.ttl`` holds."""
    from rdflib import RDF, XSD, Graph, Literal, Namespace, URIRef  # slow to load

    void, terms = Namespace(_VOID), Namespace(_TERMS)
    graph = Graph(bind_namespaces="none")
    for prefix, address in (("void", _VOID), ("dcterms", _TERMS), ("xsd", str(XSD))):
        graph.bind(prefix, address)
    dataset = URIRef(meta.permalink("files/data/void.ttl" if meta.base_url else "", "registers"))
    right = meta.right("encoding")
    for predicate, value in (
        (RDF.type, void.Dataset),
        (terms.title, Literal(meta.full_title)),
        (terms.description, Literal(meta.caveat)),
        (terms.publisher, Literal(meta.publisher)),
        (terms.issued, Literal(meta.date, datatype=XSD.date)),
        (terms.license, URIRef(right.uri)),
        (void.triples, Literal(len(data))),
        (void.dataDump, URIRef("registers.ttl")),
        (void.feature, URIRef(_TURTLE)),
        *((void.vocabulary, URIRef(address)) for address in linked_data.PREFIXES.values()),
    ):
        graph.add((dataset, predicate, value))
    for kind in sorted({str(kind) for kind in data.objects(None, RDF.type)}):
        part = URIRef(f"{dataset}-{kind.rpartition('/')[2]}")
        count = sum(1 for _one in data.subjects(RDF.type, URIRef(kind)))
        graph.add((dataset, void.classPartition, part))
        graph.add((part, void["class"], URIRef(kind)))
        graph.add((part, void.entities, Literal(count)))
    text: str = graph.serialize(format="turtle")
    return text
