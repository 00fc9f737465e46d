"""Collect the messages of the interface for translators.

``make messages`` (``python tools/messages.py`` with the packages of ``requirements/test.txt``) reads
them from the code and the templates, writes ``src/tei_export/i18n/locale/tei_export.pot``, and updates the
catalogue of every language: new messages are empty, obsolete ones are deleted. It prints the messages that need
a translation. ``python tools/messages.py fr`` starts a catalogue for French.
"""

from __future__ import annotations

import ast
import io
import re
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

PACKAGE = Path(__file__).parent.parent / "src/tei_export"
TEMPLATE = PACKAGE / "i18n" / "locale" / "tei_export.pot"
#: Functions that mark messages.
KEYWORDS = {"_": None, "_t": None, "N_": None}
COMMENT = "Translators:"
_HEAD = """\
# The words of the interface of editions made with tei-export.
# Written by `make messages`; the translations are the only thing to edit here.
"""
_FIELD = re.compile(r"\{[^}]*\}")


def _in_python(
    file: IO[bytes], keywords: Collection[str], _tags: object, options: object
) -> Iterator[tuple[int, str, str, list[str]]]:
    """Yield the messages of a module. Babel's own reader ignores f-strings before Python 3.12."""
    source = file.read().decode()
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Name(id=name), args=[ast.Constant(value=str(message))]) if (
                name in keywords
            ):
                above = lines[node.lineno - 2].strip() if node.lineno > 1 else ""
                said = above.removeprefix("# ") if above.startswith(f"# {COMMENT}") else ""
                yield node.lineno, name, message, [said] if said else []


_METHODS: Any = [("**.py", _in_python), ("outputs/html/theme/**.html", "jinja2.ext:babel_extract")]


def template() -> Catalog:
    """Return all messages with their files, but without line numbers, which change too often."""
    found = Catalog(charset="utf-8", header_comment=_HEAD)
    for name, _line, message, comments, _context in extract_from_dir(
        PACKAGE, _METHODS, keywords=KEYWORDS, comment_tags=[COMMENT]
    ):
        found.add(message, locations=[(Path(name).as_posix(), None)], auto_comments=comments)
    return found


def text(catalogue: Catalog) -> str:
    """Return the content of the catalogue's file: sorted, and identical in every run."""
    file = io.BytesIO()
    write_po(file, catalogue, sort_output=True, omit_header=True, ignore_obsolete=True, width=110)
    fields = [
        "Project-Id-Version: tei-export",
        f"Language: {catalogue.locale or ''}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
    ]
    head = _HEAD + 'msgid ""\nmsgstr ""\n' + "".join(f'"{field}\\n"\n' for field in fields)
    return f"{head}\n{file.getvalue().decode().strip()}\n"


def catalogues() -> list[Path]:
    """Return the catalogue of every language except English."""
    return sorted(TEMPLATE.parent.glob(f"*/LC_MESSAGES/{TEMPLATE.stem}.po"))


def read(path: Path) -> Catalog:
    """Read the catalogue of a language."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name, abort_invalid=True)


def updated(path: Path, messages: Catalog) -> Catalog:
    """Return the catalogue with exactly ``messages``. A changed message is new; no translation is guessed."""
    found = read(path)
    found.update(messages, no_fuzzy_matching=True)
    found.obsolete.clear()
    return found


def faults(catalogue: Catalog) -> Iterator[str]:
    """Return the messages whose translation is missing, fuzzy, or has other fields (``{}``, ``{page}``)."""
    for message in catalogue:
        if not message.id:
            continue
        if not message.string:
            yield f"not translated: {message.id!r}"
        elif message.fuzzy:
            yield f"fuzzy: {message.id!r}"
        elif sorted(_FIELD.findall(message.id)) != sorted(_FIELD.findall(message.string)):
            yield f"other fields: {message.id!r}: {message.string!r}"


def main(new: list[str]) -> int:
    messages = template()
    TEMPLATE.parent.mkdir(parents=True, exist_ok=True)
    TEMPLATE.write_text(text(messages), encoding="utf-8", newline="\n")
    for language in new:
        path = TEMPLATE.parent / str(Locale.parse(language)) / "LC_MESSAGES" / f"{TEMPLATE.stem}.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.write_text(_HEAD, encoding="utf-8")
    wrong = 0
    for path in catalogues():
        found = updated(path, messages)
        path.write_text(text(found), encoding="utf-8", newline="\n")
        for fault in faults(found):
            print(f"{path.parent.parent.name}: {fault}")
            wrong += 1
    print(f"{len(messages)} messages, {wrong} to do")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
