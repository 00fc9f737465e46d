"""``tei-export new``: create a folder that is a working edition."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tei_export.importing.edition_kinds import KINDS
from tei_export.importing.markup import escape
from tei_export.importing.safe_xml import import_error
from tei_export.model.safe_read import CONTROL

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable


_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
#: Languages of the interface (catalogues in i18n/locale, and English).
_INTERFACE = ("de",)
_FIELDS = re.compile(r"<<(\w+)>>")


@dataclass(frozen=True, slots=True)
class ScaffoldAnswers:
    """The editor's answers."""

    kind: str
    title: str
    language: str
    editors: str


def run(arguments: argparse.Namespace, ask: Callable[[str], str] = input) -> None:
    """Create the folder.

    :raises EditionError: ``new-exists``, ``new-field``
    """
    target = arguments.folder.absolute()
    if target.exists() or target.is_symlink():
        raise import_error("new-exists", str(arguments.folder), 0, "nothing was touched")
    asks = not arguments.yes and sys.stdin is not None and sys.stdin.isatty()
    wanted = _wanted(arguments, ask if asks else None)
    files = scaffold(wanted)
    target.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        for name, content in files.items():
            path = work / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode())
        work.chmod(0o755)
        work.rename(target)  # all files or none
    except OSError as error:
        raise import_error(
            "new-exists", str(arguments.folder), 0, error.strerror or str(error)
        ) from None
    finally:
        shutil.rmtree(work, ignore_errors=True)
    print(_told(arguments.folder, files))


def _wanted(arguments: argparse.Namespace, ask: Callable[[str], str] | None) -> ScaffoldAnswers:
    def one(given: str | None, question: str, default: str) -> str:
        if given is None and ask is not None:
            try:
                given = ask(f"{question} [{default}]: ")
            except EOFError:
                given = ""
        return " ".join((given or "").split()) or default

    if arguments.kind is None and ask is not None:
        print("\n".join(f"  {name:11} {kind.gloss}" for name, kind in KINDS.items()))
    kind = one(arguments.kind, "What will be edited", "ocr")
    title = one(arguments.title, "Title of the edition", "A new edition")
    language = one(arguments.language, "Language of the texts", "en")
    editors = one(arguments.editors, "Editors", "The editors of this edition")
    if kind not in KINDS:
        raise import_error("new-field", "--kind", 0, f"{kind!r} is none of {', '.join(KINDS)}")
    if not _TAG.fullmatch(language):
        raise import_error(
            "new-field",
            "--language",
            0,
            f"{language!r} is no tag of a language like en, de, la, grc",
        )
    for name, value in (("--title", title), ("--editors", editors)):
        if CONTROL.search(value):
            raise import_error("new-field", name, 0, f"{value!r} has control characters")
    return ScaffoldAnswers(kind, title, language, editors)


def scaffold(wanted: ScaffoldAnswers) -> dict[str, str]:
    """Return the files of a new edition by their names."""
    kind = KINDS[wanted.kind]
    values = {
        "title": wanted.title,
        "short": wanted.title if len(wanted.title) <= 40 else wanted.title[:39].rstrip() + "…",
        "language": wanted.language,
        "editors": wanted.editors,
        "today": datetime.now(UTC).date().isoformat(),
        "sha256": hashlib.sha256(kind.witness.encode()).hexdigest(),
        "caveat": kind.caveat,
        "description": kind.description,
        "text_kind": kind.text_kind,
        "witness_description": kind.witness_description,
    }
    interface = wanted.language if wanted.language in _INTERFACE else "en"
    markdown = {name: escape(value) for name, value in values.items()}
    pages = (
        "    pages: witness/example-pages.csv   # which lines are on which page\n"
        if kind.pages
        else ""
    )
    one = _fill(
        _ONE,
        {
            "sha256": values["sha256"],
            "witness_description": json.dumps(values["witness_description"], ensure_ascii=False),
        },
    )
    source = "".join(
        f"    {name}: {value}\n"
        for name, value in (("medium", kind.medium), ("origin", kind.origin))
        if value
    )
    files = {
        "conf.py": _fill(_CONF, {"title": repr(wanted.title), "interface": repr(interface)}),
        "edition/edition.yaml": _fill(
            _RECORD,
            {k: json.dumps(v, ensure_ascii=False) for k, v in values.items()}
            | {"pages": pages, "source": source, "witnesses": _SEVERAL if kind.second else one},
        ),
        "edition/index.md": _fill(_INDEX, markdown),
        "edition/about.md": _fill(_ABOUT, markdown | {"what": kind.about}),
        "edition/example/part-1.md": kind.source,
        "edition/witness/example.txt": kind.witness,
        ".gitignore": "build/\n",
        "README.md": _fill(_README, markdown),
    }
    if kind.pages:
        files["edition/witness/example-pages.csv"] = kind.pages
    if kind.second:
        files["edition/witness/example-B.txt"] = kind.second
        files["edition/witness/SHA256SUMS"] = "".join(
            f"{hashlib.sha256(text.encode()).hexdigest()}  {name}\n"
            for name, text in (("example.txt", kind.witness), ("example-B.txt", kind.second))
        )
    return files


def _fill(template: str, values: dict[str, str]) -> str:
    """Replace ``<<name>>`` in the template; inserted values are not replaced again."""
    return _FIELDS.sub(lambda m: values[m[1]], template)


def _told(folder: Path, files: dict[str, str]) -> str:
    lines = [f"wrote {folder}/{name}" for name in sorted(files)]
    return "\n".join(
        [
            *lines,
            "",
            "Next:",
            f"  tei-export check --root {folder}",
            f"  tei-export build --root {folder}",
            f"  tei-export import SCAN.xml --text my-text --root {folder}",
        ]
    )


_CONF = '''\
"""Settings of the build; what the edition is stands in edition/edition.yaml."""

project = <<title>>
language = <<interface>>  # of the interface: en, de
extensions = ["tei_export"]
edition_project = True  # nothing else is in the project; see docs/sphinx.md
'''

_RECORD = """\
# The record of the edition: titles, rights and the list of texts. Every output takes them from here.

title: <<title>>
subtitle: ""
short_title: <<short>>           # for running heads
version: 0.1.0
date: <<today>>
status: draft                   # draft, candidate, published
language: <<language>>
editors: <<editors>>
publisher: <<editors>>
base_url: ""                    # where the edition is published, when it is
repository_url: ""
description: <<description>>
caveat: <<caveat>>

# Who may do what. `text` is the text that is edited: give its statement of rightsstatements.org.
rights:
  text:
    name: Copyright not evaluated
    uri: http://rightsstatements.org/vocab/CNE/1.0/
    statement: The copyright of the text has not been evaluated.
  encoding:                     # your own work: markup, notes, apparatus
    name: CC BY 4.0
    uri: https://creativecommons.org/licenses/by/4.0/
    statement: Markup, apparatus and notes are licensed under Creative Commons Attribution 4.0 International.
  metadata:
    name: CC0 1.0
    uri: https://creativecommons.org/publicdomain/zero/1.0/
    statement: The metadata are in the public domain.

# Every language that occurs, with a name for readers.
languages:
  <<language>>: <<language>>

# One entry a text. `tei-export import` adds one; remove the example when you do not need it any more,
# with its folder and its witness.
texts:
  example:
    folder: example
    title: An example
    author: ""
    kind: <<text_kind>>
    description: <<description>>
<<source>><<witnesses>><<pages>>    complete: true
    parts:                      # one file and one line each, in order
      - {doc: part-1, id: part-1, type: chapter, n: 1, title: The first part}
"""

_ONE = """\
    witness_description: <<witness_description>>
    siglum: O
    witness: witness/example.txt        # never edited: corrections stand in the source
    sha256: <<sha256>>
"""

_SEVERAL = """\
    base: A                     # its lines are the lines of the source
    witnesses:
      A: {name: The first copy, file: witness/example.txt, medium: transcription}
      B: {name: The second copy, file: witness/example-B.txt, medium: transcription}
"""

_INDEX = """\
# <<title>>

```{toctree}
about
example/part-1
```
"""

_ABOUT = """\
# About this edition

Edited by <<editors>>.

<<what>>

The example text was made up for this folder. It shows how a text is written; replace it by your own.
"""

_README = """\
# <<title>>

The sources are in `edition/`. `tei-export check` compares them with the witness, `tei-export build` makes all outputs
in `build/`.
"""
