"""What saves walks through the tree of a part changes nothing: the tree stays in place while its nodes are looked up
in one list, the transforms that are left out would find nothing, and writing TEI leaves the tree as it was."""

from __future__ import annotations

import importlib
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from docutils.transforms import Transform

from mini import TESTS, Mini
from tei_export.source import idle_transforms, nodes, transforms
from tei_export.source.facts import domain_of
from tei_export.source.trees import tree_of
from tei_export.tei.proved_tei import export

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from docutils.nodes import Node


@pytest.mark.parametrize("root", ["base", "play", "several"])
def test_trees(root: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In one build: while nothing may change, nothing does; afterwards TEI is written without a change of the tree. In a
    second one all transforms run, and every tree is the same."""
    seen: list[Node] = []

    @contextmanager
    def watched(tree: Node) -> Iterator[None]:
        before = [(id(node), id(node.parent)) for node in nodes.every_node(tree)]
        with unchanging(tree):
            yield
            listed = nodes.every_node(tree)
        assert [(id(node), id(node.parent)) for node in nodes.every_node(tree)] == before
        assert [(id(node), id(node.parent)) for node in listed] == before
        seen.append(tree)

    unchanging = nodes.unchanging
    monkeypatch.setattr(transforms, "unchanging", watched)
    mini = Mini(tmp_path, TESTS / "roots" / root)
    env = mini.app().env
    edition = domain_of(env).edition
    parts = [part for text in edition.texts.values() for part in text.parts]
    trees = {part.doc: tree_of(env, part.doc) for part in parts}
    assert len(seen) == 2 * len(trees)

    shown = {doc: tree.pformat() for doc, tree in trees.items()}
    for text in edition.texts.values():
        first, second = (export(env, text) for _ in range(2))
        assert first == second
    assert {doc: tree.pformat() for doc, tree in trees.items()} == shown

    monkeypatch.setattr(idle_transforms, "leave_out", lambda _document: None)
    mini.out = tmp_path / "again"
    env = mini.app().env
    for doc, before in shown.items():
        tree = env.get_doctree(doc)
        assert tree.attributes.pop("translation_progress") == {"total": 0, "translated": 0}
        assert tree.pformat() == before


def test_idle_transforms_exist() -> None:
    """A name that Sphinx gave up would leave nothing out, and nobody would notice."""
    for module, names in idle_transforms.IDLE.items():
        for name in names:
            assert issubclass(getattr(importlib.import_module(module), name), Transform), name
