"""Write a file completely or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def write_whole(path: Path, data: bytes) -> None:
    """Replace ``path`` by ``data`` atomically; a failed or killed build leaves the old file.

    :raises OSError: writing failed; always names the file, even where the system does not (a full
        disk)
    """
    folder, prefix = path.parent, f".{path.name}."
    try:
        handle, name = tempfile.mkstemp(dir=folder, prefix=prefix)
    except (
        FileNotFoundError
    ):  # rare: looking for the folder of every file takes a quarter of the time (measured)
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=folder, prefix=prefix)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            os.fchmod(handle, 0o644)
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise OSError(error.errno, error.strerror, str(path)) from error
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
