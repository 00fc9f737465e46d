"""The gate: no output is written from sources that have a problem.

:func:`problems` is the complete list of problems of an edition whose documents were read: those
    that each document reports (:mod:`tei_export.source.problems`), and those between documents.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.util import logging
from sphinx.util.logging import is_suppressed_warning

from tei_export.model.problems import MILD, EditionError, Problem, root_causes
from tei_export.model.safe_read import text_problems
from tei_export.source import cast, witness_proof
from tei_export.source.directives import count, emendation
from tei_export.source.facts import DOMAIN, domain_of
from tei_export.source.precheck import source_problems
from tei_export.source.roles import ROLE_FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from tei_export.model.edition import Edition, Text
    from tei_export.source.facts import EditionDomain, Facts


_LOGGER = logging.getLogger(__name__)


def connect(app: Sphinx) -> None:
    """Check files before they are read, sources before they are parsed, and all at the end."""
    app.connect("env-before-read-docs", _check_files)
    app.connect("source-read", _scan)
    app.connect("env-updated", _close)


def _check_files(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Check that all files are UTF-8 and inside the edition: Sphinx would replace invalid bytes."""
    found: list[Problem] = []
    root = Path(app.srcdir).resolve()
    for docname in filter(domain_of(env).is_ours, docnames):
        path = Path(env.doc2path(docname))
        name = path.relative_to(app.srcdir).as_posix()
        if path.resolve().is_relative_to(root):
            found += text_problems(path.read_bytes(), name)
        else:
            found.append(
                Problem("file-outside", name, 0, "the file is a link that leads out of the folder")
            )
    if found:
        raise EditionError(*found)


def _scan(app: Sphinx, docname: str, content: list[str]) -> None:
    """Begin the report of a document with the problems that its source shows before parsing."""
    domain = domain_of(app.env)
    report = domain.begin(docname, content[0])
    if domain.edition.part_of(docname):
        names = {*ROLE_FUNCTIONS, *(f"{DOMAIN}:{name}" for name in ROLE_FUNCTIONS)}
        report.found += source_problems(content[0], report.file, names)


def _close(app: Sphinx, env: BuildEnvironment) -> None:
    """Stop the build, or only warn if no output is wrong; the command accepts neither."""
    kept = app.config.suppress_warnings
    found = [
        problem
        for problem in problems(domain_of(env))
        if problem.code not in MILD or not is_suppressed_warning(DOMAIN, problem.code, kept)
    ]
    if app.config.edition_command or any(problem.code not in MILD for problem in found):
        if found:
            raise EditionError(*found)
        return
    for problem in found:
        place = f"{Path(app.srcdir) / problem.file}:{problem.line}"
        _LOGGER.warning("%s", problem, type=DOMAIN, subtype=problem.code, location=place)


def problems(domain: EditionDomain) -> list[Problem]:
    """Return every problem of an edition whose documents were read, without those that follow from others."""
    edition = domain.edition
    strays = _strays(edition, domain)
    found = [problem for problem in domain.problems() if problem.file not in strays]
    found += [*_between_parts(edition, domain), *emendation.unknown(domain), *count.unknown(domain)]
    if all(
        problem.code in MILD for problem in found
    ):  # other problems would only follow from these
        found += [
            p for text in edition.texts.values() for p in witness_proof.problems(domain, text)
        ]
    if all(p.code in MILD for p in found) and all(t.complete for t in edition.texts.values()):
        found += _unmentioned(edition, domain)
    return sorted(root_causes(found), key=lambda p: (p.file, p.line, p.column))


def _strays(edition: Edition, domain: EditionDomain) -> set[str]:
    """Return the files beside a part without a file: one of them is that part under another name,
    so its problems as a page are meaningless."""
    parts = {part.doc for text in edition.texts.values() for part in text.parts}
    folders = {doc.rpartition("/")[0] for doc in parts - domain.facts.keys()}
    return {f"{doc}.md" for doc in domain.facts.keys() - parts if doc.rpartition("/")[0] in folders}


def _unmentioned(edition: Edition, domain: EditionDomain) -> Iterator[Problem]:
    """Yield register entries that no complete text mentions and no mentioned entry points to."""
    mentioned: dict[str, set[str]] = {}
    for mention in domain.mentions():
        mentioned.setdefault(mention.register, set()).add(mention.key)
    for text in edition.texts.values():
        for letter in edition.letters(text):
            for entry in letter.entries():
                mentioned.setdefault(entry.register, set()).add(entry.key)
    found = edition.registers.closure(mentioned)
    for name, register in edition.registers.by_name.items():
        for entry in register.entries.values():
            if entry.key not in found[name] and not entry.text("unmentioned"):
                yield Problem(
                    "register-unmentioned", f"registers/{name}.yaml", entry.line, entry.key
                )


def _between_parts(edition: Edition, domain: EditionDomain) -> Iterator[Problem]:
    """Yield parts without a file, and problems of pages and witness lines across the parts of a text."""
    for text in edition.texts.values():
        missing = [part for part in text.parts if part.doc not in domain.facts]
        for part in missing:
            yield edition.source.problem("file-missing", f"texts.{text.id}.parts", f"{part.doc}.md")
        found = [
            (f"{part.doc}.md", domain.facts[part.doc]) for part in text.parts if part not in missing
        ]
        if not text.parts:
            yield edition.source.problem(
                "record-field", f"texts.{text.id}.parts", "the text needs at least one part"
            )
            continue
        if text.witness.pages:
            yield from _order_of_pages(text, found, complete=text.complete and not missing)
        yield from _used_twice(found)
        yield from cast.problems(found)
        if any(facts.led for _file, facts in found):
            yield from _led_nowhere(found, domain.cited(text))


def _led_nowhere(
    parts: Sequence[tuple[str, Facts]], cited: Mapping[str, tuple[str, str]]
) -> Iterator[Problem]:
    """Yield references to lines and numbered paragraphs that the text does not have."""
    for file, facts in parts:
        for target, line in facts.led:
            if target not in cited:
                yield Problem("ref-target", file, line, target)


def _order_of_pages(
    text: Text, parts: Sequence[tuple[str, Facts]], *, complete: bool
) -> Iterator[Problem]:
    """Yield parts that begin with another page than the previous part and the page table require."""
    place, order = text.witness.order, list(text.witness.pages)
    seen: dict[str, str] = {}
    due = 0
    for file, facts in parts:
        if not facts.pages:
            if not facts.problems:
                yield Problem("page-none", file, 1, "")
            complete, due = False, -1
            continue
        page, at = facts.pages[0], place[facts.pages[0]]
        if page in seen:
            yield Problem("page-double", file, 1, f"{page}, which begins in {seen[page]}, too")
        elif at > due >= 0:
            yield Problem("page-missing", file, 1, f"{', '.join(order[due:at])} before {page}")
        elif at < due:
            yield Problem("page-order", file, 1, f"{page} after {order[due - 1]}")
        due = place[facts.pages[-1]] + 1
        seen.update(dict.fromkeys(facts.pages, file))
    if complete and parts and due < len(order):
        yield Problem(
            "page-missing", parts[-1][0], 0, f"{', '.join(order[due:])} at the text's end"
        )


def _used_twice(parts: Sequence[tuple[str, Facts]]) -> Iterator[Problem]:
    used: dict[int, str] = {}
    for file, facts in parts:
        for number, line in facts.numbers.items():
            if number in used:
                yield Problem(
                    "witness-twice", file, line, f"line {number}, which {used[number]} uses, too"
                )
            used[number] = f"{file}:{line}"
