"""Sphinx builder ``edition-check``: resolve the references of all documents, and write nothing.

It gives the same warnings as Sphinx's own ``dummy``. A document without wrong references is not
checked again while its tree and all possible targets stay the same.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.builders.dummy import DummyBuilder

from tei_export.source.facts import DOMAIN, domain_of
from tei_export.source.kept_findings import KeptFindings
from tei_export.source.nodes import every
from tei_export.source.trees import where_many

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

NAME = "edition-check"
#: Modules that take part in resolving and whose behaviour is known here.
_KNOWN = re.compile(r"(sphinx(?!\.ext\.)|myst_parser|tei_export)\.")
#: The check whether a document has references at all.
_SIMPLE = "plain"
#: Modules of nodes that resolving leaves unchanged, or only fills in.
_PLAIN = ("docutils.nodes", "tei_export.source.")
_EVENTS = ("doctree-resolved", "missing-reference", "warn-missing-reference")
#: Sphinx's domains that keep their objects in a tree.
_WITH_TREE = ("c", "cpp")
_ADDRESS = re.compile(r" at 0x[0-9a-f]+")


class CheckBuilder(DummyBuilder):
    """Resolves the documents that are not known to have only valid references."""

    name = NAME
    reads_final_tree = True
    #: The application of the run; Sphinx's own attribute will become private.
    _run: Sphinx

    def __init__(self, app: Sphinx, env: BuildEnvironment) -> None:
        self._run = app
        super().__init__(app, env)

    def write_documents(self, docnames: AbstractSet[str]) -> None:
        known = _known(self._run)
        if not known:
            super().write_documents(docnames)
            return
        plain = KeptFindings[bool](self.env, _SIMPLE).of(docnames, _is_plain)
        kept = KeptFindings[bool](self.env, "references", known)
        if asking := set(kept.changed([name for name in docnames if not plain[name]])):
            super().write_documents(asking)
            if not self._run._warncount:
                kept.keep(dict.fromkeys(asking, True))


def _is_plain(_docname: str, tree: nodes.document) -> bool:
    """Return whether a document contains nothing that Sphinx resolves: neither its nodes nor pictures."""
    return all(
        type(node).__module__.startswith(_PLAIN) and not isinstance(node, nodes.image)
        for node in every(tree, nodes.Element)
    )


def _known(app: Sphinx) -> str:
    """Return a digest of all possible targets; empty if other extensions take part, which may
    depend on anything."""
    if any(not _KNOWN.match(module) for module in _taking_part(app)):
        return ""
    text = repr([_canonical(value) for value in _reachable(app)])
    return "" if _ADDRESS.search(text) else hashlib.sha256(text.encode()).hexdigest()


def _taking_part(app: Sphinx) -> Iterator[str]:
    """Yield the module of every function and transform that resolving calls."""
    for name in _EVENTS:
        for listener in app.events.listeners.get(name, ()):
            yield getattr(listener.handler, "__module__", "") or ""
    for transform in app.registry.get_post_transforms():
        yield transform.__module__


def _reachable(app: Sphinx) -> Iterator[Any]:
    """Yield places, titles, tables of contents, settings."""
    env = app.env
    yield domain_of(env).target_facts()
    for name, data in sorted(env.domaindata.items()):
        if name in _WITH_TREE:
            yield list(env.domains[name].get_objects())
        elif name != DOMAIN:
            yield data
    yield sorted(env.found_docs)
    yield env.titles
    yield env.tocs
    yield env.toctree_includes
    yield {
        doc: {name: value for name, value in said.items() if name != "wordcount"}
        for doc, said in env.metadata.items()
    }
    yield [(item.name, item.value) for item in app.config if not callable(item.value)]


def _canonical(value: Any) -> Any:
    """Return ``value`` in a form whose ``repr`` is equal for equal values."""
    if isinstance(value, dict):
        pairs = [(_canonical(key), _canonical(held)) for key, held in value.items()]
        return sorted(pairs, key=repr)
    if isinstance(value, (set, frozenset)):
        return sorted(map(_canonical, value), key=repr)
    if isinstance(value, (list, tuple)):
        return [_canonical(held) for held in value]
    if isinstance(value, nodes.Node):
        return value.pformat()
    return value


def _check_in_time(env: BuildEnvironment) -> None:
    if isinstance(env._app.builder, CheckBuilder):
        KeptFindings[bool](env, _SIMPLE).find_in_time(env.found_docs, _is_plain)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the builder."""
    app.add_builder(CheckBuilder)
    where_many(app, _check_in_time)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
