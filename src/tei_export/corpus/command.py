"""``tei-export corpus build``."""

from __future__ import annotations

import json
import os
import sys
from contextlib import closing
from typing import TYPE_CHECKING, Any

from tei_export.corpus import dts, search
from tei_export.corpus.cluster import build_message, builds
from tei_export.corpus.editions import BuiltEdition
from tei_export.corpus.folder import CorpusFolder
from tei_export.corpus.pages import CorpusPages
from tei_export.corpus.registers import join_entries
from tei_export.session import OK, PROBLEMS, USAGE
from tei_export.shared import extras, stopping

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from tei_export.corpus.cluster import BuildResult
    from tei_export.corpus.registers import JoinedEntry

#: Below the output folder: the editions, and the files made from all of them.
EDITIONS, CORPUS = "editions", "corpus"
_UP = f"../{EDITIONS}/"


def run(
    folder: Path, out: Path, targets: Sequence[str], *, title: str, scheduler: str, workers: int
) -> int:
    """Build all editions in ``folder`` (its folders with a conf.py), then the corpus; return the exit code.

    :raises MissingPackagesError: packages of the extra ``corpus`` or of an output are not installed
    :raises OSError: a file cannot be written, or the scheduler does not answer
    """
    extras.require(["corpus", *targets])
    roots = sorted(path.parent for path in folder.glob("*/conf.py"))
    if not roots:
        print(
            f"tei-export: no edition in {folder}: it has no folder with a conf.py", file=sys.stderr
        )
        return USAGE
    corpus = CorpusFolder(out / CORPUS)
    number = min(workers or os.cpu_count() or 1, len(roots))
    try:
        with closing(
            builds(roots, out / EDITIONS, targets, scheduler=scheduler, workers=number)
        ) as results:
            failed = _failed(results)
        if failed:
            print(
                f"{failed} of {len(roots)} editions are not built; the pages of the corpus are unchanged",
                file=sys.stderr,
            )
            return PROBLEMS
        editions = [BuiltEdition(root, out / EDITIONS / root.name) for root in roots]
        corpus.replace(files(editions, title or folder.name))
    except KeyboardInterrupt:
        state = "have been replaced" if corpus.replaced else "are unchanged"
        print(f"stopped; the pages of the corpus {state}", file=sys.stderr)
        return stopping.code() or stopping.CTRL_C
    print(f"{len(editions)} editions: {corpus.path / 'index.html'}", flush=True)
    return OK


def _failed(results: Iterable[BuildResult]) -> int:
    """Print each result as it arrives; return how many editions are not built."""
    failed = 0
    for built in results:
        print(build_message(built), flush=True, file=sys.stdout if built.code == OK else sys.stderr)
        failed += built.code != OK
    return failed


def files(editions: Sequence[BuiltEdition], title: str) -> Iterator[tuple[str, bytes]]:
    """Yield path and content of every file of the corpus, made from the outputs of its editions."""
    entries = join_entries(editions)
    yield from CorpusPages(title, editions, entries, _UP).files()
    yield from search.files(editions)
    for path, data in dts.files(editions, title, f"../{_UP}"):
        yield f"dts/{path}", data
    table = [_row(entry) for entry in entries]
    yield "registers.json", (json.dumps(table, ensure_ascii=False, indent=1) + "\n").encode()


def _row(entry: JoinedEntry) -> dict[str, Any]:
    return {
        "register": entry.register,
        "name": entry.name,
        "also": list(entry.names),
        "ids": entry.ids,
        "editions": [
            {"edition": e.name, "key": found.entry.key, "page": found.url}
            for e, found in entry.entries
        ],
    }
