"""Connect the package to Sphinx: what it adds, and when each piece runs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes

from tei_export.i18n import catalogue
from tei_export.model import edition as edition_module
from tei_export.model.blocks import BLOCK_TABLE, BLOCKS
from tei_export.model.problems import EditionError, Problem
from tei_export.model.readings import collapse_space
from tei_export.model.record_fields import conf_problems
from tei_export.model.row_table import RowError, RowT, RowTable
from tei_export.model.vocabulary import ROLE_TABLE, ROLES, Family
from tei_export.outputs.html import THEME
from tei_export.schema.folder import schema_folder
from tei_export.shared import check_builder, relations
from tei_export.shared.volumes import MOST_WORDS, MOST_WORDS_OF_EPUB
from tei_export.source import freshness, gate, trees
from tei_export.source.blocks import DIRECTIVES, OWN, make_directive
from tei_export.source.build_stop import pass_problems
from tei_export.source.directives import count, emendation
from tei_export.source.directives.statistics import StatisticsDirective, resolve, statistics
from tei_export.source.facts import DOMAIN, EditionDomain, domain_of, place_role
from tei_export.source.nodes import (
    bibentry,
    blockgroup,
    blockline,
    edblock,
    edcell,
    edfigure,
    edrow,
    edtable,
    lb,
    mark,
    notelabel,
    noteref,
    pb,
    point,
    reading,
    textnote,
    textnotes,
)
from tei_export.source.parser import EditionParser, disable_unsafe_features
from tei_export.source.roles import ROLE_FUNCTIONS, is_sphinx_role, make_role
from tei_export.source.transforms import EditionTransform

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from tei_export.model.edition import Edition


#: What is asked for by the name of its builder.
_OUTPUTS = {
    check_builder.NAME: "tei_export.shared.check_builder",
    "edition-read": "tei_export.shared.read_builder",
    "tei": "tei_export.outputs.tei.builder",
    "dts": "tei_export.outputs.dts.builder",
    "edition-json": "tei_export.outputs.json.builder",
    "data": "tei_export.outputs.data.builder",
    "edition-pdf": "tei_export.outputs.pdf.builder",
    "edition-epub": "tei_export.outputs.epub.builder",
    "office": "tei_export.outputs.office.builder",
}
#: Settings of an edition that is a project of its own: name → value, unless conf.py gives another.
_OWN = {"primary_domain": DOMAIN, "html_theme": THEME}


def setup(app: Sphinx) -> None:
    """Register the settings and the builders; everything else only where there is an edition."""
    app.add_config_value("edition_record", "edition.yaml", "env", [str])
    app.add_config_value("edition_command", False, "env", [bool])
    app.add_config_value("edition_project", lambda config: config.edition_command, "env", [bool])
    app.add_config_value("edition_roles", [], "env", [list, tuple])
    app.add_config_value("edition_blocks", [], "env", [list, tuple])
    app.add_config_value("edition_schema", "", "", [str])
    app.add_domain(EditionDomain)
    app.add_config_value("edition_builder", "", "", [str])
    app.add_config_value("pdf_forms", ["book"], "", [list, tuple])
    app.add_config_value("pdf_form_options", {}, "", [dict])
    app.add_config_value("pdf_volume_words", MOST_WORDS, "", [int])
    app.add_config_value("epub_volume_words", MOST_WORDS_OF_EPUB, "", [int])
    app.add_config_value("office_volume_words", MOST_WORDS, "", [int])
    for name, module in _OUTPUTS.items():
        if _may_run(app, name):
            app.setup_extension(module)
    app.setup_extension("tei_export.outputs.html")
    if is_edition(app):
        _setup_edition(app)


def _or_external(role: Any) -> Any:
    """Return the role of a mention; as ``{external+project:ed:person}`` it refers to another edition."""
    elsewhere = place_role()

    def run(name: str, rawtext: str, *rest: Any, **options: Any) -> Any:
        found = elsewhere if rawtext.startswith(":external") else role
        return found(name, rawtext, *rest, **options)

    return run


def _may_run(app: Sphinx, name: str) -> bool:
    """Return whether this run may use the builder ``name``: the command names its own; others load slowly."""
    return app.config.edition_builder in ("", name)


def is_edition(app: Sphinx) -> bool:
    """Return whether the project has an edition: its record exists, or conf.py says that it must."""
    config = app.config
    named = config.edition_project or "edition_record" in config._raw_config
    return bool(named) or (Path(app.srcdir) / config.edition_record).is_file()


def _setup_edition(app: Sphinx) -> None:
    pass_problems(app)
    app.setup_extension("myst_parser")
    app.add_source_parser(EditionParser, override=True)
    for row in ROLES:
        role = ROLE_FUNCTIONS[row.name]
        if row.family is Family.MENTION:
            app.add_role_to_domain(DOMAIN, row.name, _or_external(role))
        elif row.family is Family.PHRASE and not is_sphinx_role(row.name):
            app.add_role_to_domain(DOMAIN, row.name, role)
    app.add_role_to_domain(DOMAIN, "count", count.CountRole())
    directives = {name: DIRECTIVES[name] for name in (*OWN, *(row.name for row in BLOCKS))}
    directives["statistics"] = StatisticsDirective
    directives["emendation"] = emendation.EmendationDirective
    for name, directive in directives.items():
        app.add_directive_to_domain(DOMAIN, name, directive)
    for node in (
        bibentry,
        edblock,
        edfigure,
        edtable,
        edrow,
        edcell,
        blockgroup,
        blockline,
        mark,
        lb,
        pb,
        point,
        notelabel,
        noteref,
        textnote,
        textnotes,
    ):
        app.add_node(node)
    for placeholder in (statistics, count.counted, emendation.quotedentry):
        app.add_node(placeholder)
    app.add_transform(EditionTransform)
    if app.config.edition_builder not in _OUTPUTS:
        app.setup_extension("tei_export.outputs.any_builder")
        app.setup_extension("tei_export.outputs.html.own_theme")
    app.connect("config-inited", _settings)
    app.connect("builder-inited", _attach_edition)
    trees.connect(app)
    freshness.connect(app)
    gate.connect(app)
    trees.where_many(app, relations.find_in_time)
    app.connect("env-updated", _relations)
    app.connect("doctree-read", _titles, priority=900)
    app.connect("doctree-resolved", resolve)
    app.connect("doctree-resolved", emendation.resolve)
    app.connect("doctree-resolved", count.resolve)


def _settings(app: Sphinx, config: Any) -> None:
    """Load the edition; if it is a project of its own, set what it requires of Sphinx and MyST.

    In a project of others every setting stays as it is. If settings changed later, Sphinx would
    take the configuration for a new one and read every document again at every build.
    """
    _known_values(app, config)
    _words(app, config)
    _extend(app, config)
    _load(app, config)
    if not config.edition_project:
        return
    for name, value in _OWN.items():
        if name not in config._raw_config and name not in config.overrides:
            config[name] = value
    config.smartquotes = False
    config.myst_footnote_sort = False
    config.myst_footnote_transition = False
    config.suppress_warnings = [*config.suppress_warnings, "ref.footnote"]
    config.myst_enable_extensions = {*config.myst_enable_extensions} - {"substitution"}


def _words(app: Sphinx, config: Any) -> None:
    """Choose the language of the interface.

    In a project of others whose language has no catalogue, our words are English.
    """
    try:
        catalogue.install_catalogue(app, strict=config.edition_project)
    except (AttributeError, ValueError):  # not a text, or not the name of a language
        raise EditionError(
            Problem("language-unknown", "conf.py", 0, repr(config.language))
        ) from None


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
    """Add the roles and blocks that the edition defines in conf.py."""
    roles = _rows_of(config, "edition_roles", "role-row", ROLE_TABLE, ROLE_FUNCTIONS, make_role)
    for role in roles:
        if role.family is Family.PHRASE:
            app.add_role_to_domain(DOMAIN, role.name, ROLE_FUNCTIONS[role.name], override=True)
    blocks = _rows_of(
        config, "edition_blocks", "block-row", BLOCK_TABLE, DIRECTIVES, make_directive
    )
    for block in blocks:
        app.add_directive_to_domain(DOMAIN, block.name, DIRECTIVES[block.name], override=True)


def _rows_of(
    config: Any,
    setting: str,
    code: str,
    table: RowTable[RowT],
    functions: dict[str, Any],
    make: Callable[[RowT], Any],
) -> tuple[RowT, ...]:
    """Extend a vocabulary by the rows of a setting of conf.py; return them.

    :param functions: the role functions or directives by name; those of another edition in this process are removed
    :raises EditionError: ``code``, a row cannot be added
    """
    try:
        rows = table.extend(getattr(config, setting))
    except RowError as error:
        raise EditionError(Problem(code, "conf.py", 0, f"{setting}: {error}")) from None
    for name in functions.keys() - table.by_name.keys() - table.taken:
        del functions[name]
    functions.update({row.name: make(row) for row in rows})
    return rows


def _load(app: Sphinx, config: Any) -> None:
    """Load the edition."""
    app.edition = edition_module.load(Path(app.srcdir), config.edition_record)  # type: ignore[attr-defined]


def _attach_edition(app: Sphinx) -> None:
    """Put the edition on the domain: transforms and builders can reach ``env`` but not ``app``."""
    domain = domain_of(app.env)
    domain.edition = app.edition  # type: ignore[attr-defined]
    domain.schema = schema_folder(Path(app.confdir), app.config.edition_schema)
    if ROLE_TABLE.added or BLOCK_TABLE.added:
        from tei_export.schema.extend import extended  # slow to load, and rarely needed

        domain.schema = extended(
            domain.schema, ROLE_TABLE.added, Path(app.doctreedir), BLOCK_TABLE.added
        )
    if app.config.edition_project:
        disable_unsafe_features(app.env)


def _titles(app: Sphinx, doctree: nodes.document) -> None:
    """Use a part's title from the record, and the words alone of the headings in it.

    The typescript's heading has lines, page breaks and numbers that a table of contents cannot use.
    """
    edition: Edition = app.edition  # type: ignore[attr-defined]
    docname = app.env.docname
    text_and_part = edition.part_of(docname)
    if not text_and_part:
        return
    title = nodes.title("", text_and_part[1].title)
    app.env.titles[docname] = app.env.longtitles[docname] = title
    for number, reference in enumerate(app.env.tocs[docname].findall(nodes.reference)):
        words = collapse_space(reading(reference)) if number else text_and_part[1].title
        reference.children = []
        reference += nodes.Text(words)


def _relations(_app: Sphinx, env: BuildEnvironment) -> None:
    """Check that the texts state every relation of the registers at its place.

    :raises EditionError: one is not there
    """
    if found := list(relations.problems(env)):
        raise EditionError(*found)
