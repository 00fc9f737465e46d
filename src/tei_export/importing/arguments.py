"""The command lines of ``new`` and ``import``, apart from what they do, which is slow to load."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tei_export.importing.edition_kinds import KINDS

if TYPE_CHECKING:
    import argparse

_HELP = """\
Reads ALTO 2 to 4, PAGE 2013 to 2019, hOCR, plain text (a form feed ends a page) and TEI. Several files are several
pages in their order. Writes the witness, the page table, a table of the words with the machine's confidence, the
source, and the text's entry in edition.yaml. Says what it guessed. Never overwrites a file."""


def add_import(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser
) -> None:
    """Add the command line of ``import``."""
    parser = commands.add_parser(
        "import",
        parents=[common],
        help="make a text from OCR files, plain text or TEI",
        description=_HELP,
    )
    parser.add_argument(
        "files", nargs="*", type=Path, metavar="FILE", help="the files, a page or more each"
    )
    parser.add_argument(
        "--text",
        metavar="ID",
        help="the id of the text: small letters, digits, hyphens; without it, the files are bibliographies",
    )
    parser.add_argument(
        "--title", default="", help="the title of a text that the record does not name yet"
    )
    parser.add_argument(
        "--clean",
        nargs="+",
        type=Path,
        default=[],
        metavar="FILE",
        help="a corrected transcription of the same lines, in any of the formats; differences become {ocr} roles",
    )
    parser.add_argument(
        "--witness",
        action="append",
        default=[],
        metavar="SIGLUM=FILE",
        help="a witness of a text with several, as plain text, instead of FILE; repeatable, the base first; see tei-export collate",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="print what would be written, and write nothing"
    )


def add_collate(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser
) -> None:
    """Add the command line of ``collate``."""
    parser = commands.add_parser(
        "collate",
        parents=[common],
        help="propose an entry wherever a witness differs",
        description="Align the witnesses of a text with its base (with the package collatex) and write an {app} role with "
        "#auto wherever one differs, paragraph by paragraph. Paragraphs in which a person has judged remain unchanged. A second run changes nothing.",
    )
    parser.add_argument("text", metavar="ID", help="the id of the text")
    parser.add_argument(
        "--dry-run", action="store_true", help="print the changes as a diff, and write nothing"
    )


def add_new(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command line of ``new``."""
    parser = commands.add_parser(
        "new",
        help="make the folder of a new edition",
        description="Write a small edition that builds at once: settings, record, contents, a page about the edition and a tiny example text. In a terminal, ask for missing values. An existing folder is never changed.",
    )
    parser.add_argument("folder", type=Path, metavar="DIR", help="the new folder")
    parser.add_argument(
        "--kind", choices=list(KINDS), help="; ".join(f"{k}: {v.gloss}" for k, v in KINDS.items())
    )
    parser.add_argument("--title", help="the title of the edition")
    parser.add_argument(
        "--language",
        metavar="TAG",
        help="the language of the texts: en, de, la, grc … (default: en)",
    )
    parser.add_argument("--editors", help="the editors")
    parser.add_argument(
        "--yes", action="store_true", help="ask nothing: use the defaults for missing values"
    )
