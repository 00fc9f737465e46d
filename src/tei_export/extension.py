"""Wiring: what the package adds to Sphinx, and when each piece runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes

from tei_export import edition as edition_module
from tei_export.domain import EditionDomain, domain_of
from tei_export.errors import fail
from tei_export.files import text_problems
from tei_export.nodes import (
    bibentry,
    lb,
    mark,
    notelabel,
    noteref,
    pb,
    point,
    textnote,
    textnotes,
)
from tei_export.problems import EditionError, Problem
from tei_export.scan import scan
from tei_export.statistics import StatisticsDirective, resolve, statistics
from tei_export.syntax import DIRECTIVES, ROLES
from tei_export.transforms import EditionTransform

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from tei_export.edition import Edition


def setup(app: Sphinx) -> None:
    app.setup_extension("myst_parser")
    app.add_config_value("edition_record", "edition.yaml", "env", [str])
    for name, role in ROLES.items():
        app.add_role(name, role)
    for name, directive in DIRECTIVES.items():
        app.add_directive(name, directive)
    for node in (bibentry, mark, lb, pb, point, notelabel, noteref, textnote, textnotes):
        app.add_node(node)
    app.add_node(statistics)
    app.add_directive("statistics", StatisticsDirective)
    app.add_domain(EditionDomain)
    app.add_transform(EditionTransform)
    app.setup_extension("tei_export.tei.builder")
    app.setup_extension("tei_export.typst.builder")
    app.setup_extension("tei_export.html")
    app.connect("config-inited", _settings)
    app.connect("builder-inited", _load, priority=400)  # before MyST fixes its settings
    app.connect("env-get-outdated", _outdated)
    app.connect("env-before-read-docs", _check_files)
    app.connect("source-read", _scan)
    app.connect("doctree-read", _titles, priority=900)
    app.connect("env-updated", _gate)
    app.connect("doctree-resolved", resolve)


def _settings(_: Sphinx, config: Any) -> None:
    """What an edition needs of Sphinx and MyST, whatever its conf.py says."""
    config.smartquotes = False
    config.myst_footnote_sort = False
    config.myst_footnote_transition = False
    config.suppress_warnings = [*config.suppress_warnings, "ref.footnote", "myst.role_unknown"]


def _load(app: Sphinx) -> None:
    """Load the edition; its record's texts can be used in pages: ``{{ version }}``."""
    try:
        edition = edition_module.load(Path(app.srcdir), app.config.edition_record)
    except EditionError as error:
        raise fail(error.problems) from None
    app.edition = domain_of(app.env).edition = edition  # type: ignore[attr-defined]
    words = {k: v for k, v in edition.record.items() if isinstance(v, str)}
    app.config.myst_substitutions = {**words, **app.config.myst_substitutions}
    app.config.myst_enable_extensions = {*app.config.myst_enable_extensions, "substitution"}


def _outdated(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Documents to read again: all if a register, the witness or the record changed, and
    those that had problems (Sphinx keeps the tree of a document even when the build stops)."""
    domain = domain_of(env)
    edition: Edition = app.edition  # type: ignore[attr-defined]
    if domain.data["digest"] != edition.digest:
        domain.data["digest"] = edition.digest
        return list(env.found_docs)
    return [name for name, facts in domain.facts.items() if facts.problems and name in env.found_docs]


def _check_files(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Sphinx replaces bytes that are not UTF-8; an edition must not."""
    problems: list[Problem] = []
    for docname in docnames:
        path = Path(env.doc2path(docname))
        problems += text_problems(path.read_bytes(), path.relative_to(app.srcdir).as_posix())
    if problems:
        raise fail(problems)


def _scan(app: Sphinx, docname: str, content: list[str]) -> None:
    edition: Edition = app.edition  # type: ignore[attr-defined]
    if edition.part_of(docname):
        domain_of(app.env).of(docname).problems += scan(content[0], f"{docname}.md", ROLES)


def _titles(app: Sphinx, doctree: nodes.document) -> None:
    """A part is called by its title in the record: the typescript's heading has lines,
    page breaks and numbers that a table of contents cannot use."""
    edition: Edition = app.edition  # type: ignore[attr-defined]
    docname = app.env.docname
    found = edition.part_of(docname)
    if not found:
        return
    title = nodes.title("", found[1].title)
    app.env.titles[docname] = app.env.longtitles[docname] = title
    reference = next(iter(app.env.tocs[docname].findall(nodes.reference)), None)
    if reference is not None:
        reference.children = []
        reference += nodes.Text(found[1].title)


def _gate(app: Sphinx, env: BuildEnvironment) -> None:
    """No output is written from sources that have a problem."""
    domain = domain_of(env)
    edition: Edition = app.edition  # type: ignore[attr-defined]
    problems = domain.problems() + list(_between_parts(edition, domain))
    if problems:
        raise fail(problems)


def _between_parts(edition: Edition, domain: EditionDomain) -> Any:
    """Pages and witness lines across the parts of a text."""
    for text in edition.texts.values():
        order = list(text.witness.pages)
        used: dict[int, str] = {}
        last = ""
        for part in text.parts:
            file = f"{part.doc}.md"
            facts = domain.facts.get(part.doc)
            if facts is None:
                yield Problem("file-missing", "edition.yaml", 0, file)
                continue
            if order and not facts.pages:
                yield Problem("page-none", file, 1, "")
            for page in facts.pages[:1]:
                if last and order.index(page) != order.index(last) + 1:
                    code = "page-missing" if order.index(page) > order.index(last) else "page-order"
                    yield Problem(code, file, 1, f"{page} after {last}")
                elif not last and page != order[0]:
                    yield Problem("page-missing", file, 1, f"{page} is first, {order[0]} in the page table")
            last = facts.pages[-1] if facts.pages else last
            for number in facts.numbers:
                if number in used:
                    yield Problem("witness-twice", file, 0, f"line {number}, also in {used[number]}")
                used[number] = file
        if text.complete and order and last != order[-1]:
            yield Problem("page-missing", "edition.yaml", 0, f"the text ends with {last}, not {order[-1]}")
