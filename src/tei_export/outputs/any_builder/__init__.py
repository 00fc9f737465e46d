"""The texts for every other builder: LaTeX, plain text, manual pages, other themes.

Such builders know docutils' nodes and no others. ``transform`` replaces the final tree of a part by
such nodes, ``shared.plain_form`` writes them, ``entries`` lists the apparatus: the edited text with its notes,
the anchors of its pages and lines, names that are links, and its apparatus. No builder is named:
whatever renders plain docutils renders a text. A role or block of the vocabulary needs nothing here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tei_export.outputs.any_builder.transform import PlainForm
from tei_export.source.facts import domain_of

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the transform, and the event handlers that find out whether it is needed."""
    app.add_post_transform(PlainForm)
    app.connect("builder-inited", _ask, priority=900)
    app.connect("env-updated", _outdated)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _ask(app: Sphinx) -> None:
    """Builders of ours have ``reads_final_tree``; ``dummy`` writes nothing."""
    ours = getattr(app.builder, "reads_final_tree", False) or app.builder.name == "dummy"
    domain = domain_of(app.env)
    domain.plain, domain.digits = not ours, app.builder.format == "latex"


def _outdated(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Return the parts: their links depend on the registers and on the other parts."""
    domain = domain_of(env)
    return [part.doc for _text, part, _facts in domain.parts()] if domain.plain else []
