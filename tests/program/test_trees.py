"""The trees of a large edition do not all stay in memory, and no output shows it."""

from __future__ import annotations

import gc
import weakref
from typing import TYPE_CHECKING

import pytest

from mini import TESTS, Mini
from tei_export.source import trees
from tei_export.source.facts import domain_of
from tei_export.tei.proved_tei import export

if TYPE_CHECKING:
    from pathlib import Path

    from docutils import nodes

OUTPUTS = ("tei", "data", "json", "html", "epub")


def made(mini: Mini) -> dict[str, bytes]:
    """Return the files of all outputs, by path."""
    assert mini.run("build", *OUTPUTS).code == 0
    files = [path for name in OUTPUTS for path in (mini.out / name).rglob("*") if path.is_file()]
    return {path.relative_to(mini.out).as_posix(): path.read_bytes() for path in files}


def test_the_outputs_are_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether all trees stay in memory or one at most."""
    mini = Mini(tmp_path, TESTS / "roots" / "several")
    before = made(mini)
    monkeypatch.setattr(trees, "KEPT", 0)
    assert made(mini) == before


def test_only_some_trees_stay_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trees, "KEPT", 0)
    env = Mini(tmp_path, TESTS / "roots" / "several").app().env
    docnames = sorted(env.found_docs)
    assert len(docnames) > 1
    for load in (trees.tree_of, trees.own_tree):
        for docname in docnames:
            load(env, docname)
            for held in (
                domain_of(env).trees,
                env._write_doc_doctree_cache,
                env._pickled_doctree_cache,
            ):
                assert len(held) <= 1


@pytest.mark.parametrize("alone", [True, False])
def test_trees_are_freed_without_the_collector(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, alone: bool
) -> None:
    """Those that were loaded, and those that were read unless conf.py has code that may have kept their nodes."""
    monkeypatch.setattr(trees, "KEPT", 0)
    monkeypatch.setattr(trees, "collect_now_and_then", lambda: None)
    mini = Mini(tmp_path, TESTS / "roots" / "several")
    if not alone:
        with (mini.root / "conf.py").open("a", encoding="utf-8") as conf:
            conf.write("\n\ndef setup(app):\n    pass\n")
    env = mini.app().env
    one, two = sorted(env.found_docs)[:2]
    gc.disable()
    try:
        loaded = weakref.ref(trees.tree_of(env, one))
        trees.tree_of(env, two)
        assert loaded() is None
        env._write_doc_doctree_cache[one] = env.get_doctree(one)
        read = weakref.ref(env._write_doc_doctree_cache[one])
        trees.let_go(env)
        assert (read() is None) == alone
    finally:
        gc.enable()


def test_each_tree_is_loaded_once_for_the_tei(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And once more where a reference leads to a line of it: its pointer is the line's in the witness."""
    monkeypatch.setattr(trees, "KEPT", 0)
    mini = Mini(tmp_path)
    env = mini.app().env
    text = domain_of(env).edition.texts["t"]
    parts = [part.doc for part in text.parts]
    loaded: list[str] = []

    def noted(docname: str) -> nodes.document:
        loaded.append(docname)
        return get_doctree(docname)

    get_doctree = env.get_doctree
    monkeypatch.setattr(env, "get_doctree", noted)
    export(env, text)
    assert loaded == parts
    loaded.clear()
    domain_of(env).trees.clear()
    domain_of(env).facts[parts[0]].led.append(("3.1", 1))
    export(env, text)
    assert loaded == [parts[1], *parts]
