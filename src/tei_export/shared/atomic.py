"""Write a file completely or not at all."""

from __future__ import annotations

import os
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

#: Numbers of the temporary files of this process.
_NUMBERS = count()
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)


def write_whole(path: Path, data: bytes) -> None:
    """Replace ``path`` by ``data`` atomically; a failed or killed build leaves the old file.

    :raises OSError: writing failed; always names the file, even where the system does not (a full
        disk)
    """
    handle, temporary = _opened(path)
    try:
        try:
            written = os.write(handle, data)
            while written < len(data):  # more than the system writes at once
                written += os.write(handle, data[written:])
            os.fchmod(handle, 0o644)
        finally:
            os.close(handle)
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise OSError(error.errno, error.strerror, str(path)) from error
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _opened(path: Path) -> tuple[int, Path]:
    """Open a new file in the folder of ``path``, which is made if it is absent.

    ``tempfile.mkstemp`` takes longer than everything else here, and outputs have thousands of files.
    """
    while True:
        temporary = path.with_name(f".{path.name}.{os.getpid()}-{next(_NUMBERS)}")
        try:
            return os.open(temporary, _NEW, 0o600), temporary
        except FileExistsError:  # left by a killed process of this number
            continue
        except FileNotFoundError:
            path.parent.mkdir(parents=True, exist_ok=True)
