"""Keep the findings of a check in a document, so that it need not run again.

Findings depend on the document's tree, on the program with the rows and settings of the edition
(:func:`tei_export.source.freshness.shared`), and on further data that the check names. They are
stored beside the trees, with a digest of all three; if the digest differs, the check runs again.

A command that will want the findings of a large edition says so before it reads (:meth:`KeptFindings.find_in_time`):
then no tree need be loaded again for them.
"""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from tei_export.model.opened_files import combined_digest, digest
from tei_export.source.facts import domain_of
from tei_export.source.trees import look_before, tree_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from docutils import nodes
    from sphinx.environment import BuildEnvironment

FoundT = TypeVar("FoundT")
_FOLDER = ".findings"


class KeptFindings(Generic[FoundT]):
    """The findings of the check ``name`` in each document.

    :param env: the environment of a run whose documents are read
    :param name: a name of letters and ``-``
    :param depends: a digest of the other data on which the check depends; findings must depend on
        nothing else, and be picklable
    """

    def __init__(self, env: BuildEnvironment, name: str, depends: str = "") -> None:
        self._env = env
        self._name = name
        self._depends = (
            ("check", name),
            ("depends", depends),
            ("shared", domain_of(env).data["shared"]),
        )
        self._path = Path(env.doctreedir) / _FOLDER / f"{name}.pickle"
        in_time = domain_of(env).found_in_time.pop(name, {})
        self._kept: dict[str, tuple[str, FoundT]] = _read(self._path) | in_time
        self._is_stored = not in_time

    def of(
        self, docnames: Collection[str], find: Callable[[str, nodes.document], FoundT]
    ) -> dict[str, FoundT]:
        """Return the findings in each document; ``find`` checks the documents that have changed.

        :raises OSError: the findings cannot be stored
        """
        self.keep({name: find(name, tree_of(self._env, name)) for name in self.changed(docnames)})
        return {name: self._kept[name][1] for name in docnames}

    def find_in_time(
        self, docnames: Collection[str], find: Callable[[str, nodes.document], FoundT]
    ) -> None:
        """Check those of ``docnames`` that are about to be read while their trees are in memory; :meth:`of` knows the
        findings, also of another object of this name. Documents with problems are left out.

        Call it when :func:`~tei_export.source.trees.where_many` says so.
        """
        domain = domain_of(self._env)
        wanted = frozenset(docnames)
        found = domain.found_in_time.setdefault(self._name, {})

        def look(docname: str, tree: nodes.document) -> None:
            facts = domain.facts.get(docname)
            if docname in wanted and not (facts and facts.problems):
                found[docname] = self._digest(docname), find(docname, tree)

        look_before(self._env, look)

    def changed(self, docnames: Collection[str]) -> list[str]:
        """Return those of ``docnames`` without current findings."""
        return [
            name
            for name in docnames
            if name not in self._kept or self._kept[name][0] != self._digest(name)
        ]

    def keep(self, found: dict[str, FoundT]) -> None:
        """Keep what was found in documents; documents that are no more are forgotten.

        :raises OSError: the findings cannot be stored
        """
        if not found and self._is_stored:
            return
        self._is_stored = True
        self._kept |= {name: (self._digest(name), what) for name, what in found.items()}
        known = self._env.found_docs
        self._kept = {name: what for name, what in self._kept.items() if name in known}
        self._path.parent.mkdir(exist_ok=True)
        self._path.write_bytes(pickle.dumps(self._kept, pickle.HIGHEST_PROTOCOL))

    def _digest(self, docname: str) -> str:
        known = domain_of(self._env).tree_digests
        if docname not in known:
            known[docname] = digest(Path(self._env.doctreedir) / f"{docname}.doctree")
        return combined_digest([*self._depends, ("tree", known[docname])])


def _read(path: Path) -> dict[str, Any]:
    """Return the content of a file; nothing if it is absent or damaged, as Sphinx does for its own files."""
    try:
        found = pickle.loads(path.read_bytes())
    except Exception:
        return {}
    return found if isinstance(found, dict) else {}
