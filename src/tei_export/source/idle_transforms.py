"""Leave out the transforms of docutils, Sphinx and MyST that find nothing in a part.

Each of them walks through the whole tree for nodes or attributes that no part has: what is outside the
vocabulary is a problem (``markup-foreign``), footnotes have become notes before they look for footnotes, a division
has exactly one id, and nothing of a part is translated. ``ApplySourceWorkaround`` gives nodes their message for
gettext, for which ``shared/plain_nodes.py`` makes nodes of its own. Together the walks took more than a twentieth of
the time of a build (measured). All other transforms run, those of other extensions too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from docutils import nodes

#: Transforms by module: the nodes that they look for.
IDLE = {
    "docutils.transforms.misc": ("Transitions",),
    "docutils.transforms.references": (
        "AnonymousHyperlinks", "ExternalTargets", "Footnotes", "IndirectHyperlinks", "InternalTargets",
        "PropagateTargets", "Substitutions",
    ),
    "myst_parser.mdit_to_docutils.transforms": (
        "AddSlugIds", "PrioritiseExplicitIds", "ResolveAnchorIds", "ResolveSectionRefs",
    ),
    "sphinx.builders.latex.transforms": ("FootnoteDocnameUpdater",),
    "sphinx.domains.citation": ("CitationDefinitionTransform", "CitationReferenceTransform"),
    "sphinx.transforms": (
        "ApplySourceWorkaround", "AutoIndexUpgrader", "AutoNumbering", "DefaultSubstitutions", "DoctestTransform",
        "GlossarySorter", "HandleCodeBlocks", "MoveModuleTargets", "ReorderConsecutiveTargetAndIndexNodes", "SortIds",
    ),
    "sphinx.transforms.i18n": (
        "Locale", "PreserveTranslatableMessages", "RemoveTranslatableInline", "TranslationProgressTotaliser",
    ),
    "sphinx.transforms.references": ("SphinxDanglingReferences",),
}  # fmt: skip
_IDLE = frozenset((module, name) for module, names in IDLE.items() for name in names)


def leave_out(document: nodes.document) -> None:
    """Leave the idle transforms out for ``document``, a part that is being parsed."""
    transformer = document.transformer
    transformer.transforms = [
        planned
        for planned in transformer.transforms
        if (planned[1].__module__, planned[1].__name__) not in _IDLE
    ]
