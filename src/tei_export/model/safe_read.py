"""Read the files of an edition, which are hostile until checked.

Only regular files inside the edition's folder are read, of bounded size, in UTF-8 without control
characters.
"""

from __future__ import annotations

import os
import re
import stat
from typing import TYPE_CHECKING

from tei_export.model import opened_files
from tei_export.model.problems import EditionError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: Characters that XML 1.0 §2.2 forbids (including surrogates), and others no text needs (C1
#: controls, U+FFFD).
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffd\ufffe\uffff]")
#: The maximum size of a file, in bytes. The witness of a long book has about 2 MB.
LARGEST = 64 * 1024 * 1024
#: The maximum length of a file name: Sphinx adds an ending, and file systems allow 255 bytes.
LONGEST_NAME = 200


def inside(root: Path, name: str, *, origin: str, line: int = 0, column: int = 0) -> Path:
    """Return the regular file ``name`` below ``root``.

    :raises EditionError: ``file-outside``, ``file-missing``; ``file-kind`` for folders, pipes, loops of
        links, and names that no file can have. The place of the problem is ``origin``, ``line`` and ``column``.
    """
    try:
        path = (root / name).resolve()
        within = path.is_relative_to(root.resolve())
        mode = path.stat().st_mode if within else 0
    except (FileNotFoundError, NotADirectoryError):
        raise EditionError(
            Problem("file-missing", origin, line, printable_name(name), column)
        ) from None
    except (OSError, RuntimeError, ValueError) as error:  # RuntimeError: a loop of links
        raise EditionError(
            Problem("file-kind", origin, line, f"{printable_name(name)}: {_reason(error)}", column)
        ) from None
    if not within:
        raise EditionError(Problem("file-outside", origin, line, printable_name(name), column))
    if not stat.S_ISREG(mode):
        detail = f"{printable_name(name) or '(an empty name)'} is {_kind(mode)}"
        raise EditionError(Problem("file-kind", origin, line, detail, column))
    return path


def below(path: Path, root: Path) -> str:
    """Return the name of ``path`` below ``root``, which may be reached through a link."""
    base = root if path.is_relative_to(root) else root.resolve()
    return path.relative_to(base).as_posix()


def printable_name(name: str) -> str:
    """Return ``name`` for a message: escape bytes that are not UTF-8, shorten long names."""
    safe = name.encode("utf-8", "backslashreplace").decode()
    return safe if len(safe) <= LONGEST_NAME else f"{safe[:60]}… ({len(safe)} characters)"


def _reason(error: Exception) -> str:
    return (
        (error.strerror or "cannot be read")
        if isinstance(error, OSError)
        else str(error).split(":")[0]
    )


def _kind(mode: int) -> str:
    kinds = ((stat.S_ISDIR, "a folder"), (stat.S_ISFIFO, "a pipe"), (stat.S_ISSOCK, "a socket"))
    return next((words for test, words in kinds if test(mode)), "a device")


def text_problems(data: bytes, file: str) -> list[Problem]:
    """Return why ``data`` is not a valid text: ``file-encoding``, ``file-control``."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line, column = position(data[: error.start].decode("utf-8"), error.start)
        return [Problem("file-encoding", file, line, f"byte 0x{data[error.start]:02x}", column)]
    found = []
    for match in CONTROL.finditer(text):
        line, column = position(text, match.start())
        found.append(Problem("file-control", file, line, f"U+{ord(match[0]):04X}", column))
    return found


def position(text: str, at: int) -> tuple[int, int]:
    """Line and column of the character ``at`` of ``text``, both counted from 1."""
    before = text[:at]
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def read_bytes(path: Path, root: Path) -> bytes:
    """Return the bytes of ``path``.

    :raises EditionError: ``file-kind``, not a readable file of bounded size
    """
    file = printable_name(below(path, root))
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise EditionError(Problem("file-kind", file, 0, f"{file} is {_kind(status.st_mode)}"))
        if status.st_size > LARGEST:
            detail = f"{file} has {status.st_size} bytes, more than {LARGEST}"
            raise EditionError(Problem("file-kind", file, 0, detail))
        data = path.read_bytes()
    except OSError as error:
        raise EditionError(Problem("file-kind", file, 0, f"{file}: {_reason(error)}")) from None
    opened_files.note(path, data)
    return data


def read_text(path: Path, root: Path) -> str:
    """Return the text of ``path``.

    :raises EditionError: not a readable file, not UTF-8, or control characters
    """
    data = read_bytes(path, root)
    problems = text_problems(data, printable_name(below(path, root)))
    if problems:
        raise EditionError(*problems)
    return data.decode("utf-8")


def name_problems(root: Path) -> Iterator[Problem]:
    """Report (``file-name``) files below ``root`` with names that are not UTF-8 or too long."""
    for folder, _, names in os.walk(root):
        for name in sorted(names):
            try:
                size = len(name.encode("utf-8"))
            except UnicodeEncodeError:
                yield Problem("file-name", _below(root, folder, name), 0, "the name is not UTF-8")
                continue
            if size > LONGEST_NAME:
                yield Problem(
                    "file-name", _below(root, folder, name), 0, f"the name has {size} bytes"
                )


def _below(root: Path, folder: str, name: str) -> str:
    path = os.path.relpath(f"{folder}/{name}", root).replace(os.sep, "/")
    safe = path.encode("utf-8", "backslashreplace").decode()
    return safe if len(safe) <= LONGEST_NAME else f"{safe[:60]}…"
