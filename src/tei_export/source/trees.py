"""The trees of documents: loaded when they are asked for, and let go after a while.

Sphinx keeps every tree that it has read until it is resolved, and the packed form of every tree that it has loaded.
An edition of many documents would need all of its memory for them (190 kB a page, measured).

To load a tree takes time, too, so a check of single documents looks at every tree just before it is let go
(:func:`look_before`): it was read a moment ago.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes

from tei_export.source.facts import domain_of
from tei_export.source.garbage_collector import collect_now_and_then

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment

    from tei_export.model.edition import Part

_OURS = frozenset(["myst_parser", "tei_export"])
#: So many documents' trees stay in each of Sphinx's places and in ours; an edition of the size of a thesis has fewer.
KEPT = 32


def tree_of(env: BuildEnvironment, docname: str) -> nodes.document:
    """Return the tree of a document, which must not be changed.

    Use it only until you ask for another one: then its nodes may be let go. Their attributes stay.
    """
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
    """Return :func:`tree_of`, for parts."""
    return lambda part: tree_of(env, part.doc)


def look_before(env: BuildEnvironment, look: Callable[[str, nodes.document], None]) -> None:
    """Let ``look`` see the name and tree of every document that is read, before the tree is let go.

    It does not see the trees that stay in memory: :func:`tree_of` has them, without loading.
    """
    domain_of(env).looks.append(look)


def where_many(app: Sphinx, prepare: Callable[[BuildEnvironment], None]) -> None:
    """Call ``prepare`` before documents are read, if they are so many that their trees are let go."""

    def begin(_app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
        if len(docnames) > KEPT:
            prepare(env)

    app.connect("env-before-read-docs", begin, priority=900)  # after checks of the files


def let_go(env: BuildEnvironment) -> None:
    """Forget the oldest trees in memory where they are many; Sphinx and :func:`tree_of` load them again when they are
    needed.
    """
    domain = domain_of(env)
    just_read: dict[str, nodes.document] = getattr(env, "_write_doc_doctree_cache", {})
    for docname, tree in _oldest(just_read):
        for look in domain.looks:
            look(docname, tree)
        _forget(tree, ours=is_alone(env.config))
    for _docname, tree in _oldest(domain.trees):
        _forget(tree, ours=True)
    packed: dict[str, bytes] = getattr(env, "_pickled_doctree_cache", {})
    if len(packed) > KEPT:
        packed.clear()
        collect_now_and_then()  # whoever loads a tree of his own leaves it to the collector


def _oldest(trees: dict[str, nodes.document]) -> Iterator[tuple[str, nodes.document]]:
    """Take those that are too many."""
    while len(trees) > KEPT:
        docname = next(iter(trees))
        yield docname, trees.pop(docname)


def _forget(tree: nodes.document, *, ours: bool) -> None:
    """Free a tree if it is ``ours``, so that nobody else uses one of its nodes; otherwise the collector must.

    The nodes of a tree refer to each other. The collector takes several times as long as taking them apart.
    """
    if ours:
        take_apart(tree)
    collect_now_and_then()


def take_apart(tree: nodes.document) -> None:
    """Remove all nodes of a tree from each other, so that each is freed at once if nothing else refers to it."""
    own = vars(tree)
    tables = {
        name: table
        for name, table in own.items()
        if isinstance(table, (dict, list)) and name != "attributes"
    }
    waiting: list[Any] = [tree]
    for table in tables.values():  # they have nodes that a transform has removed, too
        for held in table.values() if isinstance(table, dict) else table:
            waiting += held if isinstance(held, list) else [held]
    while waiting:
        node = waiting.pop()
        if isinstance(node, nodes.Element):
            inside, node.children = node.children, []
            waiting += [child for child in inside if child.children]
    # new tables, because others may have one of the old ones, such as MyST's of headings
    own.update({name: type(table)() for name, table in tables.items()})
    tree.document = None  # type: ignore[assignment]


def is_alone(config: Config) -> bool:
    """Return whether conf.py has no code that could keep nodes of a tree: only our extensions, and no ``setup``."""
    return _OURS.issuperset(config.extensions) and not config.setup


def connect(app: Sphinx) -> None:
    """Let trees go while Sphinx reads and resolves documents."""

    def forget(app: Sphinx, *_of_the_document: Any) -> None:
        let_go(app.env)

    app.connect("doctree-read", forget)
    app.connect("doctree-resolved", forget)
