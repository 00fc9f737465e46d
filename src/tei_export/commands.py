"""Parse the command line of ``tei-export``, run the command, and report failures."""

from __future__ import annotations

import argparse
import sys
import traceback
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from tei_export.importing import arguments as importing
from tei_export.proof.resolve import FORMS
from tei_export.session import OK, TARGETS, USAGE, Session
from tei_export.shared import extras, stopping
from tei_export.shared.failures import INTERNAL, failure
from tei_export.shared.side_by_side import processors
from tei_export.shared.workspace import Workspace
from tei_export.source.garbage_collector import collect_again, no_collector
from tei_export.version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Where ``serve`` listens.
PORT = 8000

_EPILOG = """\
exit codes: 0 done; 1 the edition has problems (nothing was written); 2 wrong usage;
3 an internal error (please report it, with the output of --traceback); 4 a file or folder cannot be
read or written, or a package is missing; 130, 143, 129 stopped by Ctrl-C, SIGTERM, SIGHUP. A run replaces all outputs or none.

An edition is a folder with conf.py: the current folder, or --root. It holds the sources in edition/;
the outputs go to build/ (tei/, data/, dts/, json/, pdf/, epub/, office/, html/)."""


@cache
def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--root",
        type=Path,
        default=Path(),
        help="the folder with conf.py (default: the current one)",
    )
    common.add_argument("--fresh", action="store_true", help="read every source again")
    common.add_argument("-v", "--verbose", action="store_true", help="show the messages of Sphinx")
    common.add_argument(
        "--traceback", action="store_true", help="show the traceback of an internal error"
    )
    root = argparse.ArgumentParser(
        prog="tei-export",
        description="Critical digital editions: MyST sources to TEI, PDF, EPUB and HTML, proved against the witness.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    root.add_argument("--version", action="version", version=f"tei-export {__version__}")
    commands = root.add_subparsers(dest="command", required=True, metavar="COMMAND")
    build = commands.add_parser(
        "build",
        parents=[common],
        help="build outputs",
        description="Build outputs. If a source has a problem, report it and write nothing.",
    )
    build.add_argument(
        "target",
        nargs="*",
        default="all",
        choices=[*TARGETS, "all"],
        help="one or more (default: all)",
    )
    build.add_argument(
        "--pdf-form",
        action="append",
        dest="forms",
        metavar="FORM",
        help="a form of the PDF, instead of those in conf.py: book, plain (without apparatus), typed (as typed), "
        "large (large print), press (for the printer); repeatable",
    )
    build.add_argument(
        "--language",
        metavar="LANGUAGE",
        help="the language of the interface, instead of that of conf.py: en, de",
    )
    build.add_argument(
        "--jobs",
        type=int,
        default=0,
        metavar="N",
        help="how many processes read, write pages and make the PDF; 1: one after another (default: the number of processors)",
    )
    build.add_argument(
        "--out", type=Path, help="where the outputs go (default: build/ in the root)"
    )
    check = commands.add_parser(
        "check",
        parents=[common],
        help="compare the sources with the witness, page by page",
        description="Read the sources, compare them with the witness line by line, and report: "
        "pages, lines, differences by class. Write nothing but the cache of Sphinx.",
    )
    check.add_argument(
        "--words", action="store_true", help="also look up the restored words in word lists"
    )
    words = commands.add_parser(
        "words",
        parents=[common],
        help="list the words that nothing confirms",
        description="List every restored word that no word list, register, undamaged occurrence in the witness or accepted word (words.csv) confirms; also doubled words, unbalanced marks, and cited pages that a work does not have.",
    )
    words.add_argument("text", nargs="?", default="", help="the id of a text (default: all)")
    words.add_argument("--all", action="store_true", help="every word, not only the restored ones")
    deposit = commands.add_parser(
        "deposit",
        parents=[common],
        help="make the package for an archive",
        description="Build every output and package them as one BagIt bag with an RO-Crate. "
        "Never overwrite an existing deposit.",
    )
    _add_serve(commands, common)
    _add_dts_serve(commands)
    _add_corpus(commands)
    commands.add_parser(
        "seal",
        parents=[common],
        help="store the checksums of the witness files",
        description="Write the checksum of every witness file without one into SHA256SUMS beside it. To seal a file again, remove its line first.",
    )
    _add_resolve(commands, common)
    importing.add_import(commands, common)
    importing.add_collate(commands, common)
    importing.add_new(commands)
    deposit.add_argument(
        "--out", dest="deposits", type=Path, help="where the deposit goes (default: build/deposit)"
    )
    return root


def _add_resolve(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser
) -> None:
    resolve = commands.add_parser(
        "resolve",
        parents=[common],
        help="compare the words of a page or line in every form",
        description="Read the words of a place from the sources and from every built file, and report whether they "
        "are the same. Write nothing but the cache of Sphinx.",
    )
    resolve.add_argument(
        "place", help="17, ix, 17.12, 17.12-14, 17.30-18.2; in another text than the first: essay:5"
    )
    resolve.add_argument(
        "--text", default="", help="the id of the text (default: the first of the record)"
    )
    resolve.add_argument(
        "--in",
        action="append",
        dest="forms_read",
        choices=FORMS,
        metavar="FORM",
        help="read only this form: sources, html, tei, epub, pdf; repeatable",
    )
    resolve.add_argument(
        "--out", type=Path, help="where the outputs are (default: build/ in the root)"
    )


def _add_serve(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser
) -> None:
    serve = commands.add_parser(
        "serve",
        parents=[common],
        help="show the site in the browser, always up to date",
        description="Serve the site to browsers on this machine only. When a source is saved, read and check it, make its page, then all others; open pages reload at the same place. A problem appears above the last good page. Write only a temporary folder; Ctrl-C ends the command and removes the folder.",
    )
    serve.add_argument(
        "--port", type=_port, default=PORT, help=f"the port (default: {PORT}; 0: any that is free)"
    )


def _add_dts_serve(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
) -> None:
    serve = commands.add_parser(
        "dts-serve",
        help="serve the built files to programs: DTS with ranges and lines, OAI-PMH",
        description="Answer DTS 1.0 queries, with ranges and lines, and OAI-PMH requests on this machine, from the files of `build dts` (and `build data`) or `corpus build`. Ctrl-C ends the command.",
    )
    serve.add_argument(
        "--root",
        type=Path,
        default=Path(),
        help="the folder with conf.py, or of the corpus (default: the current one)",
    )
    serve.add_argument(
        "--out", type=Path, help="where the outputs are (default: build/ in the root)"
    )
    serve.add_argument(
        "--port", type=_port, default=PORT, help=f"the port (default: {PORT}; 0: any that is free)"
    )
    serve.add_argument(
        "--traceback", action="store_true", help="show the traceback of an internal error"
    )


def _add_corpus(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    corpus = commands.add_parser(
        "corpus",
        help="build many editions and one site for all",
        description="Build every edition in a folder (its folders with a conf.py), side by side, as `build` does, and make one site, one search and one DTS collection of them, with registers joined by identifiers. If an edition has a problem, the others are built, and the pages of the corpus remain unchanged.",
    )
    corpus.add_argument("what", choices=["build"], help="what to do")
    corpus.add_argument("folder", type=Path, metavar="FOLDER", help="the folder of the editions")
    corpus.add_argument(
        "--target",
        action="append",
        dest="targets",
        choices=TARGETS,
        metavar="TARGET",
        help="what to build for each edition: tei, data, dts, json, pdf, epub, office, html; repeatable (default: all). The site, "
        "which the corpus needs, is always built",
    )
    corpus.add_argument(
        "--title", default="", help="the title of the corpus (default: the folder's name)"
    )
    corpus.add_argument(
        "--out", type=Path, help="where the outputs go (default: build/ in the folder)"
    )
    corpus.add_argument(
        "--workers",
        type=int,
        default=0,
        metavar="N",
        help="how many editions at a time (default: the number of processors)",
    )
    corpus.add_argument(
        "--scheduler",
        default="",
        metavar="ADDRESS",
        help="a running dask scheduler, tcp://HOST:PORT, instead of workers on this machine; its workers must see the same folders and have the same version installed",
    )
    corpus.add_argument(
        "--traceback", action="store_true", help="show the traceback of an internal error"
    )


def _port(said: str) -> int:
    number = int(said)
    if not 0 <= number < 1 << 16:
        raise ValueError(said)
    return number


def run(argv: Sequence[str] | None) -> int:
    """Run the command line and return the exit code."""
    arguments = parser().parse_args(argv)
    if arguments.command == "new":
        return _new(arguments)
    if arguments.command == "corpus":
        return _corpus(arguments)
    if arguments.command == "dts-serve":
        return _dts_serve(arguments)
    root = arguments.root.resolve()
    if not (root / "conf.py").is_file():
        print(
            f"tei-export: no conf.py in {root}; name the edition's folder with --root",
            file=sys.stderr,
        )
        return USAGE
    if arguments.command == "serve":
        return _serve(arguments, root)
    out = (getattr(arguments, "out", None) or root / "build").resolve()
    work = Workspace(out, fresh=arguments.fresh)
    try:
        with no_collector(), work:
            session = Session(
                root,
                work,
                verbose=arguments.verbose,
                forms=getattr(arguments, "forms", None),
                language=getattr(arguments, "language", None),
                jobs=getattr(arguments, "jobs", 0) or processors(),
            )
            return _run(session, arguments)
    except KeyboardInterrupt:
        kept = (
            "all outputs have been replaced"
            if work.placed
            else "the previous outputs are unchanged"
        )
        print(f"stopped; {kept}", file=sys.stderr)
        return stopping.code() or stopping.CTRL_C
    except Exception as error:
        return _failed(error, out, details=arguments.traceback)


def _corpus(arguments: argparse.Namespace) -> int:
    """Run ``corpus build``."""
    from tei_export.corpus import command  # only wanted here

    collect_again()
    folder = arguments.folder.resolve()
    out = (arguments.out or folder / "build").resolve()
    targets = [t for t in TARGETS if t == "html" or t in (arguments.targets or TARGETS)]
    try:
        return command.run(
            folder,
            out,
            targets,
            title=arguments.title,
            scheduler=arguments.scheduler,
            workers=arguments.workers,
        )
    except Exception as error:
        return _failed(error, out, details=arguments.traceback)


def _dts_serve(arguments: argparse.Namespace) -> int:
    """Run ``dts-serve``, which needs only the outputs."""
    from tei_export.service import command  # only wanted here

    collect_again()
    out = (arguments.out or arguments.root / "build").resolve()
    try:
        return command.run(out, arguments.port)
    except Exception as error:
        return _failed(error, out, details=arguments.traceback)


def _serve(arguments: argparse.Namespace, root: Path) -> int:
    """Run ``serve``, which works in a folder of its own."""
    from tei_export.serve import command  # only wanted here

    try:
        with no_collector():
            return command.run(root, arguments.port)
    except Exception as error:
        return _failed(error, root, details=arguments.traceback)


def _new(arguments: argparse.Namespace) -> int:
    """Run ``new``, which needs no edition."""
    from tei_export.importing import scaffold  # only wanted here

    try:
        scaffold.run(arguments)
    except KeyboardInterrupt:
        print("stopped; nothing was written", file=sys.stderr)
        return stopping.code() or stopping.CTRL_C
    except Exception as error:
        return _failed(error, Path.cwd(), details=False)
    return OK


def _run(session: Session, arguments: argparse.Namespace) -> int:
    if arguments.command == "check":
        return session.check(words=arguments.words)
    if arguments.command == "words":
        return session.words(arguments.text, all_words=arguments.all)
    if arguments.command == "deposit":
        return session.deposit((arguments.deposits or session.out / "deposit").resolve())
    if arguments.command == "resolve":
        return session.resolve(arguments.place, arguments.text, arguments.forms_read or FORMS)
    if arguments.command == "seal":
        return session.seal()
    if arguments.command == "collate":
        extras.require(["collate"])
        from tei_export.importing import command  # only wanted here

        command.run_collate(arguments, session.root, session.out / ".cache" / "collate")
        return OK
    if arguments.command == "import":
        from tei_export.importing import command  # only wanted here

        command.run(arguments, session.root)
        return OK
    return session.build([t for t in TARGETS if t in arguments.target or "all" in arguments.target])


def _failed(error: Exception, out: Path, *, details: bool) -> int:
    """Print why a run has failed; return the exit code."""
    found = failure(error, out)
    if details and (found.refused or found.code == INTERNAL):
        traceback.print_exception(error)
    after = "; the previous outputs are unchanged" if found.refused else ""
    print(f"{found.text}{after}", file=sys.stderr)
    return found.code
