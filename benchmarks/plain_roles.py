"""The Sphinx extension of the baseline: every role of the sources is a plain inline, every directive a container.

It uses the names of the vocabulary and nothing else from the package.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import Directive, directives

from tei_export.model.vocabulary import ROLES

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def _role(name: str) -> Any:
    def role(
        _name: str, rawtext: str, text: str, lineno: int, inliner: Any, *_: object, **__: object
    ) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        node = nodes.inline(rawtext, classes=[name])
        if "`" in text:
            children, messages = inliner.parse(text.removesuffix(" "), lineno, inliner, node)
            node.extend(children)
            return [node], messages
        node += nodes.Text(text)
        return [node], []

    return role


class Container(Directive):
    """A directive of the sources with its parsed content."""

    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec: ClassVar[Any] = {"text": directives.unchanged}

    def run(self) -> list[nodes.Node]:
        node = nodes.container()
        self.state.nested_parse(self.content, self.content_offset, node)
        return [node]


def setup(app: Sphinx) -> dict[str, bool]:
    app.setup_extension("myst_parser")
    for row in ROLES:
        app.add_role(row.name, _role(row.name))
    for name in ("entry", "statistics", "emendation"):
        app.add_directive(name, Container)
    app.connect("config-inited", _quiet)
    return {"parallel_read_safe": True}


def _quiet(_app: Sphinx, config: Any) -> None:
    config.myst_enable_extensions = {*config.myst_enable_extensions, "substitution"}
    config.myst_substitutions = dict.fromkeys(
        ("title", "subtitle", "short_title", "version", "date", "editors", "caveat", "description"),
        "words",
    )
    config.smartquotes = False
    config.suppress_warnings = ["myst", "ref", "toc", "docutils"]
