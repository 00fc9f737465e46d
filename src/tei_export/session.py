"""A run over an edition: its outputs, the alignment report, the deposit, the lookup of a place.

All outputs are complete before the first is moved to its place
(:mod:`tei_export.shared.workspace`).
"""

from __future__ import annotations

import io
import itertools
import shutil
import sys
import time
from contextlib import ExitStack, nullcontext, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from sphinx.errors import SphinxParallelError

from tei_export.model import edition as edition_module
from tei_export.model import witnesses as sealing
from tei_export.model.problems import EditionError
from tei_export.model.safe_read import inside
from tei_export.model.safe_yaml import read_yaml
from tei_export.model.verse import cited_by_number, numbered_lines
from tei_export.shared import check_builder, extras, letters_without_typeface, read_builder
from tei_export.shared.apparatus import of_parts
from tei_export.shared.edition_app import EditionApp
from tei_export.shared.parallel_reading import read_in_parallel
from tei_export.shared.side_by_side import Handover, SideBySide, Turns
from tei_export.shared.sphinx_run import sphinx_run
from tei_export.source import witness_proof
from tei_export.source.facts import domain_of
from tei_export.source.trees import where_many

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from contextlib import AbstractContextManager

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from tei_export.model.edition import Part, Text
    from tei_export.model.problems import Problem
    from tei_export.shared.workspace import Workspace

#: Build order: later outputs may include earlier ones.
TARGETS = ("tei", "data", "dts", "json", "pdf", "epub", "office", "html")
#: Names of Sphinx's builders, where they are not the target's: others have builders of those names.
_BUILDERS = {"pdf": "edition-pdf", "epub": "edition-epub", "json": "edition-json"}
#: Settings of every configuration: here the edition is a project of its own.
SETTINGS = {"edition_command": True}
OK, PROBLEMS, USAGE = 0, 1, 2
#: How often a build may restart because its sources were saved meanwhile.
_TRIES = 3


class Session:
    """One run over an edition; all targets share what was read."""

    def __init__(
        self,
        root: Path,
        work: Workspace,
        *,
        verbose: bool,
        forms: Sequence[str] | None = None,
        language: str | None = None,
        jobs: int = 1,
    ) -> None:
        self.root = root
        self.jobs = jobs
        self.work = work
        self.out = work.out
        self.verbose = verbose
        self.warnings = io.StringIO()
        #: targets built in this run; the site offers only these
        self.made: list[str] = []
        self.schema = root / "schema"
        self._made_from = ""
        given = {"pdf_forms": list(forms or ()), "language": language}
        #: values of conf.py from the command line
        self.settings: dict[str, object] = {name: value for name, value in given.items() if value}
        self.settings |= SETTINGS

    def _sphinx(
        self,
        builder: str,
        doctrees: Path | None = None,
        processes: int = 1,
        find_in_time: Callable[[Sphinx, BuildEnvironment], None] | None = None,
    ) -> Sphinx:
        """Run one builder; collect its warnings.

        :param doctrees: instead of those of the run
        :param find_in_time: is called before many documents are read
        """
        status: TextIO | None = sys.stdout if self.verbose else None
        name = _BUILDERS.get(builder, builder)
        files = {
            "edition_builder": name,
            "edition_files": str(self.work.run),
            "edition_files_made": tuple(self.made),
        }
        with sphinx_run(self.root):
            app = EditionApp(
                str(self.root / "edition"),
                str(self.root),
                str(self.work.folder(builder)),
                str(doctrees or self.work.doctrees),
                name,
                {**self.settings, **files},
                status=status,
                warning=self.warnings,
                warningiserror=True,
            )
            read_in_parallel(app, processes)
            if find_in_time is not None:
                where_many(app, partial(find_in_time, app))
            with self._beside(app):
                app.build()
        return app

    def _beside(self, app: Sphinx) -> AbstractContextManager[None]:
        """Return what the build of ``app`` runs in: more than one process for the pages of the site."""
        if self.jobs < 2 or app.builder.name != "html":
            return nullcontext()
        from tei_export.outputs.html.pages_beside import pages_beside  # only wanted here

        return pages_beside(app)

    def build(self, targets: Sequence[str]) -> int:
        """Build ``targets`` from one state of the sources, and put all in their places.

        :raises MissingPackagesError: nothing is built where a package is missing for one of them
        """
        extras.require(targets)
        from tei_export.tei.proved_tei import forget_exports  # slow to load

        for _ in range(_TRIES):
            forget_exports()
            self.made.clear()
            self.work.clear(targets)
            if not self._make(targets):
                print(
                    "the sources changed during the build: building all outputs again", flush=True
                )
            elif self.warnings.getvalue():
                return self._warned()
            else:
                self.work.place(targets)
                return OK
        print("tei-export: the sources keep changing; nothing was written", file=sys.stderr)
        return PROBLEMS

    def _make(self, targets: Sequence[str]) -> bool:
        """Make every target.

        Return False if the sources changed between two targets. Warnings end the run.
        """
        plan = _plan(targets, self.jobs)
        if not plan.shared:
            return self._make_each(targets, "")
        with ExitStack() as running:
            turns = running.enter_context(Turns(len(plan.shared)))
            made_from, copy = self._read_and_prove(plan, turns, running)
            if copy is None:
                return True
            good = self._make_each((plan.shared[n] for n in turns), made_from)
            if good and not self.warnings.getvalue():
                good = self._take_over(copy, plan.first, made_from)
        if not good or self.warnings.getvalue():
            return good
        return self._make_each(plan.last, made_from)

    def _read_and_prove(
        self, plan: _Plan, turns: Turns, running: ExitStack
    ) -> tuple[str, SideBySide | None]:
        """Read the texts, and prove them once for all outputs. Meanwhile a copy of this process begins with the first
        target; then it takes further ones in turn with this process.

        :param running: the context in which the copy works
        :returns: the state of the sources, and the copy; None if there are warnings
        """
        from tei_export.tei import proved_tei  # slow to load

        def made() -> list[tuple[str, _Outcome]]:
            proved_tei.expect_proved(proved.take)
            own = itertools.chain([plan.first], (plan.shared[n] for n in turns))
            return [(target, self._outcome(target, doctrees)) for target in own]

        start = time.perf_counter()
        print("texts …", end=" ", flush=True)
        try:
            app = self._read()
            if self.warnings.getvalue():
                print("warnings; nothing was written", flush=True)
                return "", None
            proved_tei.commit(app.env)  # for the copy, too
            doctrees = self.work.beside(plan.first)
            proved = running.enter_context(Handover(self.work.run / "proved"))
            copy = running.enter_context(SideBySide(made))
            proved.give(proved_tei.prove_all(app.env))
        except BaseException:
            print()
            raise
        print(f"read and proved ({time.perf_counter() - start:.1f} s)", flush=True)
        return domain_of(app.env).made_from(), copy

    def _take_over(self, copy: SideBySide, first: str, made_from: str) -> bool:
        """Wait for the outcomes of the targets that the copy has made, beginning with ``first``, and report them.

        Return False if the sources have changed since the state ``made_from``.
        """
        print(f"{first:5} …", end=" ", flush=True)
        try:
            outcomes: list[tuple[str, _Outcome]] = copy.result()
        except OSError as error:
            print()
            if error.filename is None:
                error.filename = str(self.work.folder(first))
            raise
        except BaseException:
            print()
            raise
        for target, outcome in outcomes:
            if target != first:
                print(f"{target:5} …", end=" ")
            self.warnings.write(outcome.warnings)
            if not self._told(target, outcome):
                return True
            if outcome.made_from != made_from:
                return False
        return True

    def _read(self) -> Sphinx:
        """Read in parallel; a run with a warning or an error reads again, to tell it as always."""
        with suppress(SphinxParallelError):
            app = self._sphinx(read_builder.NAME, processes=self.jobs)
            if not self.warnings.getvalue():
                return app
        self.warnings.seek(0)
        self.warnings.truncate()
        return self._sphinx(read_builder.NAME)

    def _make_each(self, targets: Iterable[str], first: str) -> bool:
        """Make ``targets`` one after another; ``first``: the state of the sources of earlier ones."""
        for target in targets:
            print(f"{target:5} …", end=" ", flush=True)
            try:
                outcome = self._outcome(target)
            except BaseException:
                print()
                raise
            if not self._told(target, outcome):
                break
            first = first or outcome.made_from
            if outcome.made_from != first:
                return False
        return True

    def _outcome(self, target: str, doctrees: Path | None = None) -> _Outcome:
        start = time.perf_counter()
        before = len(self.warnings.getvalue())
        app = self._sphinx(target, doctrees)
        domain = domain_of(app.env)
        return _Outcome(
            time.perf_counter() - start,
            self.warnings.getvalue()[before:],
            getattr(app.builder, "report", ""),
            domain.made_from(),
            domain.schema,
        )

    def _told(self, target: str, outcome: _Outcome) -> bool:
        """Report and note the outcome of a target; return False if there were warnings."""
        if self.warnings.getvalue():
            print("warnings; nothing was written")
            return False
        self.made = [t for t in TARGETS if t in (*self.made, target)]
        self.schema = outcome.schema
        self._made_from = outcome.made_from
        print(f"{_shown(self.out / target)} ({outcome.seconds:.1f} s)", flush=True)
        if outcome.report:
            print(indent(outcome.report), flush=True)
        return True

    def _warned(self) -> int:
        """Print Sphinx's warnings; return the exit code.

        :raises OSError: the output folder is not writable, which may have caused the warnings
        """
        self.work.check_room()
        print(self.warnings.getvalue(), file=sys.stderr)
        return PROBLEMS

    def deposit(self, folder: Path) -> int:
        """Build everything and package it in ``folder``; report obstacles before the builds.

        :returns: the exit code
        """
        extras.require([*TARGETS, "deposit"])
        from tei_export.outputs.data.readme import gloss_of  # slow to load, and rarely needed
        from tei_export.outputs.deposit import checks, package

        edition = edition_module.load(self.root / "edition")
        target = package.target_of(edition, folder)
        problems = checks.problems(edition, self.root, target)
        if problems:
            raise EditionError(*problems)
        code = self.build(TARGETS)
        if code == OK:
            if folder.is_relative_to(self.out):  # here no other run works
                for left in folder.glob(f".{target.name}.*"):
                    shutil.rmtree(left)
            project = package.DepositSource(self.root, self.out, self.schema, gloss_of)
            print(f"deposit … {_shown(package.deposit(edition, project, target))}")
        return code

    def resolve(self, asked: str, text: str, forms: Sequence[str]) -> int:
        """Print the words of a place in each of ``forms``; return the exit code.

        :param asked: the citation, such as ``17.12`` or ``essay:5``
        :param text: the id of the text, if the citation names none
        :raises EditionError: the place does not exist, or the forms differ
        """
        from tei_export.proof.resolve import compare, passage  # only wanted here

        extras.require(form for form in forms if form == "pdf")

        read: list[Sphinx] = []

        def numbered(part: Part) -> passage.Numbered:
            read.append(self._sphinx(check_builder.NAME))
            facts = domain_of(read[0].env).facts_for(part.doc)
            return numbered_lines(cited_by_number(facts.verses, facts.stanzas, facts.paragraphs))

        try:
            wanted = passage.passage(
                edition_module.load(self.root / "edition"), asked, text, numbered
            )
        except ValueError:
            print(
                f"tei-export: {asked} is not a valid place; write 17, ix, 17.12, 17.12-14, essay:5 or hamlet:1.2.56",
                file=sys.stderr,
            )
            return USAGE
        app = read[0] if read else self._sphinx(check_builder.NAME)
        if self.warnings.getvalue():
            return self._warned()
        inside = self.out.is_relative_to(self.root)
        outputs = compare.OutputFolder(
            self.out, self.out.relative_to(self.root).as_posix() if inside else str(self.out)
        )
        passages, problems = compare.resolve(app, outputs, wanted, forms)
        print(compare.passage_table(passages))
        self._settle(problems)
        return OK

    def words(self, text: str, *, all_words: bool) -> int:
        """Report the words of ``text``, or of all texts, that nothing confirms; return the exit
        code.

        :param all_words: check every word, not only the restored ones
        :raises EditionError: there are such words, unbalanced marks, or pages that a work does not have
        """
        app = self._sphinx(check_builder.NAME, find_in_time=_find_words)
        if self.warnings.getvalue():
            return self._warned()
        texts = list(app.edition.texts)  # type: ignore[attr-defined]
        if text and text not in texts:
            print(
                f"tei-export: no text {text!r}; the edition has {', '.join(texts)}", file=sys.stderr
            )
            return USAGE
        self._settle(
            self._doubtful(app, [text] if text else texts, lists=True, all_words=all_words)
        )
        return OK

    def _settle(self, problems: list[Problem]) -> None:
        """Keep the doctrees, then end the run if there are problems.

        :raises EditionError: with the problems
        """
        self.work.place([])
        if problems:
            raise EditionError(*problems)

    def _doubtful(
        self, app: Sphinx, texts: list[str], *, lists: bool, all_words: bool = False
    ) -> list[Problem]:
        """Return the problems of the words of ``texts``; ``lists``: check word lists, too."""
        from tei_export.words.report import WordReport  # the word lists are slow to load

        report = WordReport(app)
        problems = report.cheap(texts)
        if lists:
            unknown, numbers = report.unknown(texts, self.root, all_words=all_words)
            print(numbers)
            problems += unknown
        return problems

    def seal(self) -> int:
        """Store checksums for the witness files without one; return the exit code.

        :raises EditionError: the record or a file cannot be read
        """
        root = self.root / "edition"
        record = read_yaml(inside(root, "edition.yaml", origin="edition.yaml"), root).data
        written = sealing.seal(root, record if isinstance(record, dict) else {})
        for name, files in written.items():
            print(f"{name}: {', '.join(files)}")
        if not written:
            print("every witness file has its checksum")
        return OK

    def check(self, *, words: bool = False) -> int:
        """Print the alignment of the sources with the witness; return the exit code."""
        app = self._sphinx(check_builder.NAME, find_in_time=_find_words_and_letters)
        if self.warnings.getvalue():
            return self._warned()
        for text in app.edition.texts.values():  # type: ignore[attr-defined]
            print(report(app, text))
        doubtful = self._doubtful(app, list(app.edition.texts), lists=words)  # type: ignore[attr-defined]
        self._settle([*letters_without_typeface.problems(app), *doubtful])
        return OK


def _find_words(app: Sphinx, _env: BuildEnvironment) -> None:
    """Check the words of documents while they are read."""
    from tei_export.words.report import WordReport  # slow to load

    with suppress(EditionError):  # the report tells it
        WordReport(app).find_in_time()


def _find_words_and_letters(app: Sphinx, env: BuildEnvironment) -> None:
    _find_words(app, env)
    letters_without_typeface.find_in_time(env)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """The outcome of a target."""

    seconds: float
    warnings: str
    report: str
    made_from: str
    schema: Path


@dataclass(frozen=True, slots=True)
class _Plan:
    """The target with which a copy of the process begins; those that both take in turn; those after all."""

    first: str
    shared: Sequence[str]
    last: Sequence[str]


def _plan(targets: Sequence[str], jobs: int) -> _Plan:
    """Return how two processes make ``targets``, each in order; nothing is shared where one makes all.

    The PDF takes as long as most other targets together. The site lists the files of all others, so it comes after.
    """
    last = [target for target in targets if target == "html"]
    shared = [target for target in targets if target not in ("pdf", *last)]
    return _Plan("pdf", shared if jobs > 1 and "pdf" in targets else (), last)


def report(app: Sphinx, text: Text) -> str:
    """Return pages, lines and differences by class of one text, from the facts of its parts."""
    facts = domain_of(app.env).facts
    parts = [(part, facts[part.doc]) for part in text.parts]
    lines = []
    for part, part_facts in parts:
        pages = (
            f"pp. {part_facts.pages[0]}–{part_facts.pages[-1]}" if part_facts.pages else "no pages"
        )
        lines.append(
            f"  {part.title}: {pages}, {part_facts.witness_lines} lines of the witness, "
            f"{len(part_facts.emendations)} entries, {part_facts.notes.get('authorial', 0)} notes, 0 differences"
        )
        lines += [f"    {part.doc}.md:{line}: {remark}" for remark, line in part_facts.told]
    apparatus = of_parts([part_facts for _, part_facts in parts])
    certainty = apparatus.by_certainty()
    total = sum(f.witness_lines for _, f in parts)
    number = sum(len(f.pages) for _, f in parts)
    head = f"{text.id}: {number} pages, {total} lines agree with the witness {text.witness.file}"
    kinds = ", ".join(f"{n} {name}" for name, n in sorted(apparatus.by_class().items()))
    sure = ", ".join(f"{certainty[c]} {c}" for c in ("high", "medium", "low"))
    return "\n".join(
        [head, *lines, *_proofs(app, text), f"  by class: {kinds}", f"  by certainty: {sure}"]
    )


def _proofs(app: Sphinx, text: Text) -> list[str]:
    """Return a line for each witness that is proved word by word: what was compared, and how."""
    return [
        f"  {proof.witness.siglum} {proof.witness.name}: {proof.words} words, {len(proof.differences)} differences "
        f"({proof.witness.proof})"
        for proof in witness_proof.prove(domain_of(app.env), text)
    ]


def indent(text: str) -> str:
    """Indent every line of ``text`` for output below its target."""
    return "\n".join(f"      {line}" for line in text.splitlines())


def _shown(path: Path) -> str:
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
