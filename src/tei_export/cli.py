"""The command ``tei-export``: build an edition, or check it.

Every output is made in a folder of its own and takes the place of the last one only when
it is whole: a failed or killed build leaves the last good output.
"""

from __future__ import annotations

import argparse
import io
import shutil
import sys
import time
import traceback
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from sphinx.application import Sphinx
from sphinx.errors import SphinxError
from sphinx.util.console import nocolor
from sphinx.util.docutils import docutils_namespace, patch_docutils

from tei_export.model import edition as edition_module
from tei_export.model.failure import EditionProblems, fail
from tei_export.model.problems import EditionError
from tei_export.proof.resolve import FORMS
from tei_export.shared.collector import no_collector
from tei_export.source.facts import domain_of
from tei_export.tei.release import forget
from tei_export.version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tei_export.model.edition import Text

#: In this order: later outputs may carry earlier ones.
TARGETS = ("tei", "data", "dts", "pdf", "epub", "html")
OK, PROBLEMS, USAGE, INTERNAL = 0, 1, 2, 3

_EPILOG = """\
exit codes: 0 done; 1 the edition has problems (nothing was written); 2 wrong usage;
3 a fault of the tools (please report it, with the output of --traceback)

The edition is the folder with conf.py: this folder, or --root. Its sources are in edition/,
its outputs go to build/ (tei/, data/, dts/, pdf/, epub/, html/)."""


def parser() -> argparse.ArgumentParser:
    """The command line."""
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--root", type=Path, default=Path(), help="the folder with conf.py (default: this one)")
    common.add_argument("--fresh", action="store_true", help="read all sources again")
    common.add_argument("-v", "--verbose", action="store_true", help="show what Sphinx says")
    common.add_argument("--traceback", action="store_true", help="for a fault of the tools: show where")
    found = argparse.ArgumentParser(
        prog="tei-export",
        description="Critical digital editions: MyST sources to TEI, PDF, EPUB and HTML, proved against the witness.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    found.add_argument("--version", action="version", version=f"tei-export {__version__}")
    commands = found.add_subparsers(dest="command", required=True, metavar="COMMAND")
    build = commands.add_parser(
        "build", parents=[common], help="build outputs",
        description="Build outputs. Sources with a problem are reported and nothing is written.",
    )  # fmt: skip
    build.add_argument(
        "target", nargs="*", default="all", choices=[*TARGETS, "all"], help="one or more; default: all"
    )
    build.add_argument(
        "--pdf-form", action="append", dest="forms", metavar="FORM",
        help="for pdf, instead of those in conf.py: book, plain (without apparatus), typed (as typed), "
        "large (large print), press (for the printer); may be repeated",
    )
    build.add_argument(
        "--language", metavar="LANGUAGE", help="the language of the interface, instead of conf.py's: en, de"
    )
    build.add_argument("--out", type=Path, help="where the outputs go (default: build/ in the root)")
    check = commands.add_parser(
        "check", parents=[common], help="compare the sources with the witness, page by page",
        description="Read the sources, compare them with the witness line by line, and report: "
        "pages, lines, differences by class. Nothing is written but Sphinx's own cache.",
    )  # fmt: skip
    check.add_argument("--words", action="store_true", help="look the restored words up in word lists, too")
    words = commands.add_parser(
        "words", parents=[common], help="list the words that nothing vouches for",
        description="List every restored word that stands in no word list, in no register, nowhere undamaged in "
        "the witness, and not among the accepted words (words.csv); doubled words, unbalanced marks, pages beyond a work.",
    )  # fmt: skip
    words.add_argument("text", nargs="?", default="", help="the id of a text (default: all)")
    words.add_argument("--all", action="store_true", help="every word, not only the restored ones")
    deposit = commands.add_parser(
        "deposit", parents=[common], help="make the package for an archive",
        description="Build every output and put all into one BagIt bag with an RO-Crate inside. "
        "An existing deposit is never overwritten.",
    )  # fmt: skip
    _add_resolve(commands, common)
    deposit.add_argument("--out", dest="deposits", type=Path, help="where the deposit goes (default: build/deposit)")
    return found


def _add_resolve(commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    found = commands.add_parser(
        "resolve", parents=[common], help="show the words of a page and line in every form",
        description="Read the words of a place from the sources and from each built file, and say whether they are "
        "the same. Nothing is written but Sphinx's own cache.",
    )  # fmt: skip
    found.add_argument("place", help="17, ix, 17.12, 17.12-14, 17.30-18.2; of another text than the first: essay:5")
    found.add_argument("--text", default="", help="the id of the text (default: the first of the record)")
    found.add_argument(
        "--in", action="append", dest="forms_read", choices=FORMS, metavar="FORM",
        help="read this form only: sources, html, tei, epub, pdf; may be repeated",
    )
    found.add_argument("--out", type=Path, help="where the outputs are (default: build/ in the root)")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    arguments = parser().parse_args(argv)
    root = arguments.root.resolve()
    if not (root / "conf.py").is_file():
        print(f"tei-export: no conf.py in {root}; give the edition's folder with --root", file=sys.stderr)
        return USAGE
    out = (getattr(arguments, "out", None) or root / "build").resolve()
    session = Session(
        root, out, verbose=arguments.verbose, fresh=arguments.fresh, forms=getattr(arguments, "forms", None),
        language=getattr(arguments, "language", None),
    )  # fmt: skip
    try:
        with no_collector():
            return _run(session, arguments)
    except EditionError as error:
        print(fail(error.problems), file=sys.stderr)
        return PROBLEMS
    except EditionProblems as problems:
        print(problems, file=sys.stderr)
        return PROBLEMS
    except SphinxError as error:
        print(f"{error.category}: {error}", file=sys.stderr)
        return PROBLEMS
    except KeyboardInterrupt:
        print("stopped; the last good outputs are untouched", file=sys.stderr)
        return 130
    except Exception as error:
        if arguments.traceback:
            traceback.print_exc()
        print(f"a fault of the tools: {type(error).__name__}: {error}", file=sys.stderr)
        return INTERNAL


def _run(session: Session, arguments: argparse.Namespace) -> int:
    if arguments.command == "check":
        return session.check(words=arguments.words)
    if arguments.command == "words":
        return session.words(arguments.text, all_words=arguments.all)
    if arguments.command == "deposit":
        return session.deposit((arguments.deposits or session.out / "deposit").resolve())
    if arguments.command == "resolve":
        return session.resolve(arguments.place, arguments.text, arguments.forms_read or FORMS)
    return session.build([t for t in TARGETS if t in arguments.target or "all" in arguments.target])


class Session:
    """One run over an edition; all targets share what was read."""

    def __init__(
        self, root: Path, out: Path, *, verbose: bool, fresh: bool, forms: Sequence[str] | None = None,
        language: str | None = None,
    ) -> None:  # fmt: skip
        self.root = root
        self.out = out
        self.verbose = verbose
        self.fresh = self.empty = fresh
        self.warnings = io.StringIO()
        #: targets built in this run: the site offers them, and no others
        self.made: list[str] = []
        self.schema = root / "schema"
        given = {"pdf_forms": list(forms or ()), "language": language}
        #: values of conf.py that the command line gives
        self.settings: dict[str, object] = {name: value for name, value in given.items() if value}

    def _sphinx(self, builder: str, folder: Path) -> Sphinx:
        """Run one builder in ``folder``; warnings are collected."""
        status: TextIO | None = sys.stdout if self.verbose else None
        with patch_docutils(str(self.root)), docutils_namespace():
            app = Sphinx(
                str(self.root / "edition"), str(self.root), str(folder), str(self.out / ".cache" / "doctrees"),
                builder, {**self.settings, "edition_files": str(self.out), "edition_files_made": tuple(self.made)},
                status=status, warning=self.warnings, freshenv=self.fresh, warningiserror=True,
            )  # fmt: skip
            self.fresh = False
            app.build()
        return app

    def build(self, targets: Sequence[str]) -> int:
        """Build ``targets`` and put each in its place as soon as it is whole."""
        nocolor()
        forget()
        for target in targets:
            start = time.perf_counter()
            print(f"{target:5} …", end=" ", flush=True)
            work = self.out / ".cache" / target
            try:
                app = self._whole(target, work)
            except BaseException:
                print()
                raise
            if app.statuscode or self.warnings.getvalue():
                print("warnings; nothing was written")
                return self._warned()
            publish(work, self.out / target)
            self.made.append(target)
            seconds = time.perf_counter() - start
            print(f"{_shown(self.out / target)} ({seconds:.1f} s)", flush=True)
            self.schema = Path(app.confdir) / app.config.edition_schema
            if target == "tei":
                print(indent(app.builder.report))  # type: ignore[attr-defined]
        return OK

    def _whole(self, target: str, work: Path) -> Sphinx:
        """Run a builder; in an empty folder if that is wanted, or if a page or text that was
        there last time is gone: its files must not stay."""
        if self.empty:
            shutil.rmtree(work, ignore_errors=True)
        app = self._sphinx(target, work)
        names = [*sorted(app.env.found_docs), *app.edition.texts]  # type: ignore[attr-defined]
        record = work.with_name(f"{target}.names")
        before = record.read_text(encoding="utf-8").split("\n") if record.is_file() else []
        if not set(before) <= set(names):
            shutil.rmtree(work)
            app = self._sphinx(target, work)
        record.write_text("\n".join(names), encoding="utf-8")
        return app

    def _warned(self) -> int:
        """Sphinx warns once, when it reads: what it has read is forgotten, to be warned again."""
        (self.out / ".cache" / "doctrees" / "environment.pickle").unlink(missing_ok=True)
        print(self.warnings.getvalue(), file=sys.stderr)
        return PROBLEMS

    def deposit(self, folder: Path) -> int:
        """Build everything, and package it in ``folder``; what forbids it is said before the builds."""
        from tei_export.outputs.deposit import checks, package  # slow to load, and only wanted here

        edition = edition_module.load(self.root / "edition")
        target = package.target_of(edition, folder)
        problems = checks.problems(edition, self.root, target)
        if problems:
            raise EditionError(*problems)
        code = self.build(TARGETS)
        if code == OK:
            project = package.Project(self.root, self.out, self.schema)
            print(f"deposit … {_shown(package.deposit(edition, project, target))}")
        return code

    def resolve(self, asked: str, text: str, forms: Sequence[str]) -> int:
        """The words of a place in ``forms``; they must be the same."""
        from tei_export.proof.resolve import compare, passage  # pikepdf is only wanted here

        nocolor()
        try:
            wanted = passage.passage(edition_module.load(self.root / "edition"), asked, text)
        except ValueError:
            print(f"tei-export: {asked} is no place; write 17, ix, 17.12, 17.12-14 or essay:5", file=sys.stderr)
            return USAGE
        app = self._sphinx("dummy", self.out / ".cache" / "dummy")
        if self.warnings.getvalue():
            return self._warned()
        inside = self.out.is_relative_to(self.root)
        outputs = compare.Outputs(self.out, self.out.relative_to(self.root).as_posix() if inside else str(self.out))
        found, problems = compare.resolve(app, outputs, wanted, forms)
        print(compare.shown(found))
        if problems:
            raise EditionError(*problems)
        return OK

    def words(self, text: str, *, all_words: bool, lists: bool = True, app: Sphinx | None = None) -> int:
        """What is to be asked of the words of ``text``, or of all texts; ``lists``: by word lists, too."""
        from tei_export.words.report import Report

        nocolor()
        app = app or self._sphinx("dummy", self.out / ".cache" / "dummy")
        if self.warnings.getvalue():
            return self._warned()
        texts = list(app.edition.texts)  # type: ignore[attr-defined]
        if text and text not in texts:
            print(f"tei-export: no text {text!r}; the edition has {', '.join(texts)}", file=sys.stderr)
            return USAGE
        report = Report(app)
        texts = [text] if text else texts
        problems = report.cheap(texts)
        if lists:
            unknown, numbers = report.unknown(texts, self.root, all_words=all_words)
            print(numbers)
            problems += unknown
        if problems:
            raise EditionError(*problems)
        return OK

    def check(self, *, words: bool = False) -> int:
        """The report of the alignment of the sources with the witness."""
        nocolor()
        app = self._sphinx("dummy", self.out / ".cache" / "dummy")
        if self.warnings.getvalue():
            return self._warned()
        self.words("", all_words=False, lists=words, app=app)
        for text in app.edition.texts.values():  # type: ignore[attr-defined]
            print(report(app, text))
        return OK


def report(app: Sphinx, text: Text) -> str:
    """Pages, lines and differences by class of one text, from the facts of its parts."""
    facts = domain_of(app.env).facts
    parts = [(part, facts[part.doc]) for part in text.parts]
    lines = []
    classes: Counter[str] = Counter()
    certainty: Counter[str] = Counter()
    for part, found in parts:
        pages = f"pp. {found.pages[0]}–{found.pages[-1]}" if found.pages else "no pages"
        lines.append(
            f"  {part.title}: {pages}, {found.witness_lines} lines of the witness, "
            f"{len(found.emendations)} entries, {found.notes.get('authorial', 0)} notes, 0 differences"
        )
        classes.update(e.type for e in found.emendations)
        certainty.update(e.cert for e in found.emendations)
    total = sum(f.witness_lines for _, f in parts)
    number = sum(len(f.pages) for _, f in parts)
    head = f"{text.id}: {number} pages, {total} lines agree with the witness {text.witness.file}"
    kinds = ", ".join(f"{n} {name}" for name, n in sorted(classes.items()))
    sure = ", ".join(f"{certainty[c]} {c}" for c in ("high", "medium", "low"))
    return "\n".join([head, *lines, f"  by class: {kinds}", f"  by certainty: {sure}"])


def publish(work: Path, target: Path) -> None:
    """Make ``target`` a copy of ``work`` at once; ``work`` stays for the next, quicker build."""
    new = target.with_name(f".{target.name}.new")
    old = target.with_name(f".{target.name}.old")
    if old.exists() and not target.exists():  # killed between the two renames below
        old.rename(target)
    for leftover in (new, old):
        shutil.rmtree(leftover, ignore_errors=True)
    shutil.copytree(work, new, ignore=shutil.ignore_patterns(".buildinfo*", ".doctrees"))
    if target.exists():
        target.rename(old)
    try:
        new.rename(target)
    except BaseException:
        if old.exists():
            old.rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)


def indent(text: str) -> str:
    """``text``, every line indented under its target."""
    return "\n".join(f"      {line}" for line in text.splitlines())


def _shown(path: Path) -> str:
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


if __name__ == "__main__":
    raise SystemExit(main())
