"""Connect the package to Sphinx: what it adds, and when each piece runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from docutils.parsers.rst import roles

from tei_export.i18n import catalogue
from tei_export.model import edition as edition_module
from tei_export.model import vocabulary
from tei_export.model.failure import fail
from tei_export.model.problems import EditionError, Problem, causes
from tei_export.model.record_table import conf_problems
from tei_export.model.safe_read import text_problems
from tei_export.schema.extend import extended
from tei_export.schema.folder import schema_folder
from tei_export.source import freshness
from tei_export.source.directives import count, emendation
from tei_export.source.directives.statistics import StatisticsDirective, resolve, statistics
from tei_export.source.facts import EditionDomain, domain_of
from tei_export.source.nodes import (
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
from tei_export.source.parser import EditionParser, settle
from tei_export.source.precheck import scan
from tei_export.source.roles import DIRECTIVES, ROLES, make_role
from tei_export.source.transforms import EditionTransform

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from tei_export.model.edition import Edition, Text
    from tei_export.source.facts import Facts


def setup(app: Sphinx) -> None:
    _pass_problems(app)
    app.setup_extension("myst_parser")
    app.add_source_parser(EditionParser, override=True)
    app.add_config_value("edition_record", "edition.yaml", "env", [str])
    app.add_config_value("edition_roles", [], "env", [list, tuple])
    app.add_config_value("edition_schema", "", "", [str])
    for name, role in ROLES.items():
        app.add_role(name, role)
    for name, directive in DIRECTIVES.items():
        app.add_directive(name, directive)
    for node in (bibentry, mark, lb, pb, point, notelabel, noteref, textnote, textnotes):
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
    app.connect("builder-inited", _hand_over)
    freshness.connect(app)
    app.connect("env-before-read-docs", _check_files)
    app.connect("source-read", _scan)
    app.connect("doctree-read", _titles, priority=900)
    app.connect("env-updated", _gate)
    app.connect("doctree-resolved", resolve)
    app.connect("doctree-resolved", emendation.resolve)
    app.connect("doctree-resolved", count.resolve)


def _pass_problems(app: Sphinx) -> None:
    """Let listeners to Sphinx's events end the run by raising :class:`EditionError`.

    Sphinx would wrap the exception: “Handler … for event … threw an exception”.
    """
    emit = app.events.emit

    def emitted(name: str, *args: Any, allowed_exceptions: tuple[type[Exception], ...] = ()) -> list[Any]:
        try:
            return emit(name, *args, allowed_exceptions=(*allowed_exceptions, EditionError))
        except EditionError as error:
            raise fail(error.problems) from None

    app.events.emit = emitted  # type: ignore[method-assign]


def _settings(app: Sphinx, config: Any) -> None:
    """Set what an edition requires of Sphinx and MyST, whatever its conf.py says.

    Later changes would look to Sphinx like a changed configuration, and every build would read
    every document again.
    """
    _known_values(app, config)
    try:
        catalogue.speak(app)
    except EditionError as error:
        raise fail(error.problems) from None
    except (AttributeError, ValueError):  # not a text, or not the name of a language
        raise fail([Problem("language-unknown", "conf.py", 0, repr(config.language))]) from None
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
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines() if path.is_file() else []
    raw = {name: value for name, value in config._raw_config.items() if name not in config.overrides}
    problems = [
        Problem(code, "conf.py", next((n for n, line in enumerate(lines, 1) if line.startswith(name)), 0), detail)
        for code, name, detail in conf_problems(raw)
    ]
    if problems:
        raise fail(problems)


def _extend(app: Sphinx, config: Any) -> None:
    """Add the roles that the edition defines in conf.py."""
    try:
        rows = vocabulary.extend(config.edition_roles)
    except vocabulary.RowError as error:
        raise fail([Problem("role-row", "conf.py", 0, f"edition_roles: {error}")]) from None
    for name in ROLES.keys() - vocabulary.BY_NAME.keys():  # of another edition in this process
        del ROLES[name]
        roles._roles.pop(name, None)  # type: ignore[attr-defined]
    for row in rows:
        ROLES[row.name] = make_role(row)
        app.add_role(row.name, ROLES[row.name], override=True)


def _load(app: Sphinx, config: Any) -> None:
    """Load the edition."""
    try:
        edition = edition_module.load(Path(app.srcdir), config.edition_record)
    except EditionError as error:
        raise fail(error.problems) from None
    app.edition = edition  # type: ignore[attr-defined]


def _hand_over(app: Sphinx) -> None:
    """Put the edition on the domain: transforms and builders can reach ``env`` but not ``app``."""
    domain = domain_of(app.env)
    domain.edition = app.edition  # type: ignore[attr-defined]
    added = [row for row in vocabulary.BY_NAME.values() if row not in vocabulary.ROWS]
    try:
        folder = schema_folder(Path(app.confdir), app.config.edition_schema)
        domain.schema = extended(folder, added, Path(app.doctreedir))
    except EditionError as error:
        raise fail(error.problems) from None
    settle(app.env)


def _check_files(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Check the source files; refuse bytes that are not UTF-8, and files outside the folder.

    Sphinx would replace such bytes.
    """
    problems: list[Problem] = []
    root = Path(app.srcdir).resolve()
    for docname in docnames:
        path = Path(env.doc2path(docname))
        name = path.relative_to(app.srcdir).as_posix()
        if path.resolve().is_relative_to(root):
            problems += text_problems(path.read_bytes(), name)
        else:
            problems.append(Problem("file-outside", name, 0, "a link to a file elsewhere"))
    if problems:
        raise fail(problems)


def _scan(app: Sphinx, docname: str, content: list[str]) -> None:
    edition: Edition = app.edition  # type: ignore[attr-defined]
    if edition.part_of(docname):
        domain_of(app.env).of(docname).problems += scan(content[0], f"{docname}.md", ROLES)


def _titles(app: Sphinx, doctree: nodes.document) -> None:
    """Use a part's title from the record.

    The typescript's heading has lines, page breaks and numbers that a table of contents cannot use.
    """
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
    """Stop the build if the sources have problems; no output is written."""
    domain = domain_of(env)
    edition: Edition = app.edition  # type: ignore[attr-defined]
    strays = _strays(edition, domain)
    found = [problem for problem in domain.problems() if problem.file not in strays]
    asked = [*emendation.unknown(domain), *count.unknown(domain)]
    problems = causes([*found, *_between_parts(edition, domain), *asked])
    if not problems and all(text.complete for text in edition.texts.values()):
        problems = list(_unmentioned(edition, domain))
    if problems:
        raise fail(problems)


def _strays(edition: Edition, domain: EditionDomain) -> set[str]:
    """Return the files in folders of parts whose own file is missing.

    One of them is probably that part under another name; problems reported for it as a page would
    mislead.
    """
    parts = {part.doc for text in edition.texts.values() for part in text.parts}
    folders = {doc.rpartition("/")[0] for doc in parts - domain.facts.keys()}
    return {f"{doc}.md" for doc in domain.facts.keys() - parts if doc.rpartition("/")[0] in folders}


def _unmentioned(edition: Edition, domain: EditionDomain) -> Iterator[Problem]:
    """Report register entries that no complete text mentions, directly or through another entry."""
    mentioned: dict[str, set[str]] = {}
    for mention in domain.mentions():
        mentioned.setdefault(mention.register, set()).add(mention.key)
    found = edition.registers.closure(mentioned)
    for name, register in edition.registers.by_name.items():
        for entry in register.entries.values():
            if entry.key not in found[name] and not entry.text("unmentioned"):
                yield Problem("register-unmentioned", f"registers/{name}.yaml", entry.line, entry.key)


def _between_parts(edition: Edition, domain: EditionDomain) -> Iterator[Problem]:
    """Report missing files, and faults in pages and witness lines across a text's parts."""
    for text in edition.texts.values():
        missing = [part for part in text.parts if part.doc not in domain.facts]
        for part in missing:
            yield Problem("file-missing", edition.source.file, edition.source.line(f"texts.{text.id}.parts"), f"{part.doc}.md")
        found = [(f"{part.doc}.md", domain.facts[part.doc]) for part in text.parts if part not in missing]
        if not text.parts:
            yield Problem("record-field", edition.source.file, edition.source.line(f"texts.{text.id}.parts"), "the text has no parts")
            continue
        if text.witness.pages:
            yield from _order_of_pages(text, found, complete=text.complete and not missing)
        yield from _used_twice(found)


def _order_of_pages(
    text: Text, parts: Sequence[tuple[str, Facts]], *, complete: bool
) -> Iterator[Problem]:
    """Report parts that begin with another page than the page table requires there."""
    order = list(text.witness.pages)
    seen: dict[str, str] = {}
    due = 0
    for file, facts in parts:
        if not facts.pages:
            if not facts.problems:
                yield Problem("page-none", file, 1, "")
            complete, due = False, -1
            continue
        page, at = facts.pages[0], order.index(facts.pages[0])
        if page in seen:
            yield Problem("page-double", file, 1, f"{page}, also in {seen[page]}")
        elif at > due >= 0:
            yield Problem("page-missing", file, 1, f"{', '.join(order[due:at])} before {page}")
        elif at < due:
            yield Problem("page-order", file, 1, f"{page} after {order[due - 1]}")
        due = order.index(facts.pages[-1]) + 1
        seen.update(dict.fromkeys(facts.pages, file))
    if complete and parts and due < len(order):
        yield Problem("page-missing", parts[-1][0], 0, f"{', '.join(order[due:])} at the text's end")


def _used_twice(parts: Sequence[tuple[str, Facts]]) -> Iterator[Problem]:
    used: dict[int, str] = {}
    for file, facts in parts:
        for number, line in facts.numbers.items():
            if number in used:
                yield Problem("witness-twice", file, line, f"line {number}, also in {used[number]}")
            used[number] = f"{file}:{line}"
