"""Connect the package to Sphinx: what it adds, and when each piece runs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from docutils.parsers.rst import directives, roles

from tei_export.i18n import catalogue
from tei_export.model import blocks, vocabulary
from tei_export.model import edition as edition_module
from tei_export.model.problems import EditionError, Problem
from tei_export.model.record_table import conf_problems
from tei_export.schema.extend import extended
from tei_export.schema.folder import schema_folder
from tei_export.shared import relations
from tei_export.source import freshness, gate
from tei_export.source.blocks import DIRECTIVES, make_directive
from tei_export.source.directives import count, emendation
from tei_export.source.directives.statistics import StatisticsDirective, resolve, statistics
from tei_export.source.facts import EditionDomain, domain_of
from tei_export.source.failure import pass_problems
from tei_export.source.nodes import (
    bibentry,
    blockgroup,
    blockline,
    edblock,
    lb,
    mark,
    notelabel,
    noteref,
    pb,
    point,
    textnote,
    textnotes,
)
from tei_export.source.parser import EditionParser, settle
from tei_export.source.roles import ROLE_FUNCTIONS, is_sphinx_role, make_role
from tei_export.source.transforms import EditionTransform

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from tei_export.model.edition import Edition


def setup(app: Sphinx) -> None:
    pass_problems(app)
    app.setup_extension("myst_parser")
    app.add_source_parser(EditionParser, override=True)
    app.add_config_value("edition_record", "edition.yaml", "env", [str])
    app.add_config_value("edition_roles", [], "env", [list, tuple])
    app.add_config_value("edition_blocks", [], "env", [list, tuple])
    app.add_config_value("edition_schema", "", "", [str])
    for name, role in ROLE_FUNCTIONS.items():
        if not is_sphinx_role(name):
            app.add_role(name, role)
    for name, directive in DIRECTIVES.items():
        app.add_directive(name, directive)
    for node in (
        bibentry, edblock, blockgroup, blockline, mark, lb, pb, point, notelabel, noteref, textnote, textnotes,
    ):  # fmt: skip
        app.add_node(node)
    app.add_node(statistics)
    app.add_directive("statistics", StatisticsDirective)
    app.add_node(count.counted)
    app.add_role("count", count.CountRole())
    app.add_node(emendation.quotedentry)
    app.add_directive("emendation", emendation.EmendationDirective)
    app.add_domain(EditionDomain)
    app.add_transform(EditionTransform)
    app.setup_extension("tei_export.outputs.tei.builder")
    app.setup_extension("tei_export.outputs.dts.builder")
    app.setup_extension("tei_export.outputs.data.builder")
    app.setup_extension("tei_export.outputs.pdf.builder")
    app.setup_extension("tei_export.outputs.epub.builder")
    app.setup_extension("tei_export.outputs.html")
    app.setup_extension("tei_export.outputs.html.json_ld")
    app.connect("config-inited", _settings)
    app.connect("builder-inited", _attach_edition)
    freshness.connect(app)
    gate.connect(app)
    app.connect("env-updated", _relations)
    app.connect("doctree-read", _titles, priority=900)
    app.connect("doctree-resolved", resolve)
    app.connect("doctree-resolved", emendation.resolve)
    app.connect("doctree-resolved", count.resolve)


def _settings(app: Sphinx, config: Any) -> None:
    """Set what an edition requires of Sphinx and MyST, whatever its conf.py says.

    Later changes would look to Sphinx like a changed configuration, and every build would read
    every document again.
    """
    _known_values(app, config)
    try:
        catalogue.install_catalogue(app)
    except (AttributeError, ValueError):  # not a text, or not the name of a language
        raise EditionError(
            Problem("language-unknown", "conf.py", 0, repr(config.language))
        ) from None
    _extend(app, config)
    _load(app, config)
    config.smartquotes = False
    config.myst_footnote_sort = False
    config.myst_footnote_transition = False
    config.suppress_warnings = [*config.suppress_warnings, "ref.footnote"]
    config.myst_enable_extensions = {*config.myst_enable_extensions} - {"substitution"}


def _known_values(app: Sphinx, config: Any) -> None:
    """Report names in conf.py that resemble ours, and values of a wrong type.

    Sphinx ignores the former and only warns about the latter.
    """
    path = Path(app.confdir) / "conf.py"
    lines = (
        path.read_text(encoding="utf-8", errors="replace").splitlines() if path.is_file() else []
    )
    raw = {
        name: value for name, value in config._raw_config.items() if name not in config.overrides
    }
    problems = [
        Problem(
            code,
            "conf.py",
            max((n for n, line in enumerate(lines, 1) if re.match(rf"{name}\b", line)), default=0),
            detail,
        )
        for code, name, detail in conf_problems(raw)
    ]
    if problems:
        raise EditionError(*problems)


def _extend(app: Sphinx, config: Any) -> None:
    """Add the roles that the edition defines in conf.py."""
    try:
        rows = vocabulary.extend(config.edition_roles)
    except vocabulary.RoleError as error:
        raise EditionError(Problem("role-row", "conf.py", 0, f"edition_roles: {error}")) from None
    for name in (
        ROLE_FUNCTIONS.keys() - vocabulary.BY_NAME.keys()
    ):  # of another edition in this process
        del ROLE_FUNCTIONS[name]
        roles._roles.pop(name, None)  # type: ignore[attr-defined]
    for row in rows:
        ROLE_FUNCTIONS[row.name] = make_role(row)
        app.add_role(row.name, ROLE_FUNCTIONS[row.name], override=True)
    _extend_blocks(app, config)


def _extend_blocks(app: Sphinx, config: Any) -> None:
    """Add the blocks that the edition defines in conf.py."""
    try:
        rows = blocks.extend(config.edition_blocks)
    except blocks.BlockError as error:
        raise EditionError(Problem("block-row", "conf.py", 0, f"edition_blocks: {error}")) from None
    for name in DIRECTIVES.keys() - blocks.BY_BLOCK.keys() - {"entry"}:  # of another edition
        del DIRECTIVES[name]
        directives._directives.pop(name, None)  # type: ignore[attr-defined]
    for row in rows:
        DIRECTIVES[row.name] = make_directive(row)
        app.add_directive(row.name, DIRECTIVES[row.name], override=True)


def _load(app: Sphinx, config: Any) -> None:
    """Load the edition."""
    app.edition = edition_module.load(Path(app.srcdir), config.edition_record)  # type: ignore[attr-defined]


def _attach_edition(app: Sphinx) -> None:
    """Put the edition on the domain: transforms and builders can reach ``env`` but not ``app``."""
    domain = domain_of(app.env)
    domain.edition = app.edition  # type: ignore[attr-defined]
    added = [row for row in vocabulary.BY_NAME.values() if row not in vocabulary.ROLES]
    own_blocks = [row for row in blocks.BY_BLOCK.values() if row not in blocks.BLOCKS]
    folder = schema_folder(Path(app.confdir), app.config.edition_schema)
    domain.schema = extended(folder, added, Path(app.doctreedir), own_blocks)
    settle(app.env)


def _titles(app: Sphinx, doctree: nodes.document) -> None:
    """Use a part's title from the record.

    The typescript's heading has lines, page breaks and numbers that a table of contents cannot use.
    """
    edition: Edition = app.edition  # type: ignore[attr-defined]
    docname = app.env.docname
    text_and_part = edition.part_of(docname)
    if not text_and_part:
        return
    title = nodes.title("", text_and_part[1].title)
    app.env.titles[docname] = app.env.longtitles[docname] = title
    reference = next(iter(app.env.tocs[docname].findall(nodes.reference)), None)
    if reference is not None:
        reference.children = []
        reference += nodes.Text(text_and_part[1].title)


def _relations(_app: Sphinx, env: BuildEnvironment) -> None:
    """The relations of the registers stand where they say; :raises EditionError: they do not."""
    if found := list(relations.problems(env)):
        raise EditionError(*found)
