"""The trees of documents: loaded when they are asked for, and let go after a while.

Sphinx keeps every tree that it has read until it is resolved, and the packed form of every tree that it has loaded.
An edition of many documents would need all of its memory for them (190 kB a page, measured).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tei_export.source.facts import domain_of
from tei_export.source.garbage_collector import collect_now_and_then

if TYPE_CHECKING:
    from collections.abc import Callable

    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from tei_export.model.edition import Part

#: So many documents' trees stay in each of Sphinx's places and in ours; an edition of the size of a thesis has fewer.
KEPT = 32


def tree_of(env: BuildEnvironment, docname: str) -> nodes.document:
    """Return the tree of a document, which must not be changed."""
    just_read: dict[str, nodes.document] = getattr(env, "_write_doc_doctree_cache", {})
    loaded = domain_of(env).trees
    tree = just_read.get(docname) or loaded.get(docname)
    if tree is None:
        let_go(env)
        tree = loaded[docname] = env.get_doctree(docname)
    return tree


def own_tree(env: BuildEnvironment, docname: str) -> nodes.document:
    """Return a copy of the tree of a document, which the caller may change."""
    let_go(env)
    return env.get_doctree(docname)


def trees_of(env: BuildEnvironment) -> Callable[[Part], nodes.document]:
    """Return the function that gives the tree of a part, which must not be changed."""
    return lambda part: tree_of(env, part.doc)


def let_go(env: BuildEnvironment) -> None:
    """Forget the trees in memory where they are many; Sphinx and :func:`tree_of` load them again when they are needed.

    The nodes of a tree refer to each other, so only the collector can free them.
    """
    for held in (
        getattr(env, "_write_doc_doctree_cache", {}),
        getattr(env, "_pickled_doctree_cache", {}),
        domain_of(env).trees,
    ):
        if len(held) > KEPT:
            held.clear()
            collect_now_and_then()


def connect(app: Sphinx) -> None:
    """Let trees go while Sphinx reads and resolves documents."""

    def forget(app: Sphinx, *_of_the_document: Any) -> None:
        let_go(app.env)

    app.connect("doctree-read", forget)
    app.connect("doctree-resolved", forget)
