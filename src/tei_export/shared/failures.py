"""Explain to editors why a run failed, and choose the exit code."""

from __future__ import annotations

import errno
import re
import shutil
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.errors import ConfigError, ExtensionError, SphinxError

from tei_export.model.problems import EditionError
from tei_export.shared.conf_values import wrong_settings
from tei_export.shared.extras import MissingPackagesError
from tei_export.source.build_stop import ProblemsError

if TYPE_CHECKING:
    from tei_export.model.problems import Problem

PROBLEMS, INTERNAL, MACHINE = 1, 3, 4


@dataclass(frozen=True, slots=True)
class Failure:
    """The reason for a failure in words, and the edition's problems, if any."""

    code: int
    text: str
    problems: tuple[Problem, ...] = ()
    #: Whether the machine refused a file or folder.
    refused: bool = False


def failure(error: Exception, out: Path) -> Failure:
    """Return the reason for the failure of a run.

    :param error: the error that ended it
    :param out: the folder of its outputs; a file missing from there was removed during the run
    """
    if isinstance(error, ExtensionError) and isinstance(error.orig_exc, ImportError):
        return Failure(PROBLEMS, f"{error.category}: {error}")  # conf.py names it
    if isinstance(error, ExtensionError) and isinstance(error.orig_exc, Exception):
        found = failure(error.orig_exc, out)  # wrapped by Sphinx
        return _in_settings(error) or found if found.code == INTERNAL else found
    if isinstance(error, (EditionError, ProblemsError)):
        return Failure(PROBLEMS, str(ProblemsError(error.problems)), tuple(error.problems))
    if isinstance(error, ConfigError) and error.__cause__ is not None:
        return Failure(PROBLEMS, _in_conf(error.__cause__))
    if isinstance(error, MissingPackagesError):
        return Failure(MACHINE, f"{error.category}: {error}")
    if isinstance(error, SphinxError):
        return Failure(PROBLEMS, f"{error.category}: {error}")
    refused = _refused(error, out) if isinstance(error, OSError) else ""
    if refused:
        return Failure(MACHINE, f"tei-export: {refused}", refused=True)
    internal = Failure(INTERNAL, f"internal error: {type(error).__name__}: {error}")
    return _in_settings(error) or internal


def _in_settings(error: Exception) -> Failure | None:
    """Return the faults in the values of ``conf.py``, if they may have ended the run."""
    found = wrong_settings(error)
    return Failure(PROBLEMS, str(ProblemsError(found)), tuple(found)) if found else None


def _in_conf(error: BaseException) -> str:
    """Return the fault in ``conf.py``, with its line; Sphinx would print a traceback."""
    lines = [
        frame.lineno
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).name == "conf.py"
    ]
    line = error.lineno if isinstance(error, SyntaxError) else (lines or [0])[-1]
    return f"conf.py:{line or 0}: {type(error).__name__}: {error}"


#: Errors of the machine, the disk or permissions.
_REFUSALS = {
    errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBUSY, errno.EXDEV,
    errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOLCK, errno.ENAMETOOLONG, errno.ENOTDIR, errno.EISDIR, errno.ELOOP,
}  # fmt: skip

#: The start of an ``OSError``'s text.
_ERRNO = re.compile(r"^\[Errno \d+\] ")


def _refused(error: OSError, out: Path) -> str:
    """Return the file or folder that the system refuses, and why; empty for any other error."""
    if isinstance(error, shutil.Error) and isinstance(error.args[0], list):
        _source, target, reason = error.args[0][0]  # the first of several files
        return f"{target}: {_ERRNO.sub('', str(reason)).partition(': ')[0]}"
    file = error.filename2 or error.filename or out
    missing = isinstance(error, FileNotFoundError) and Path(str(file)).is_relative_to(out)
    return f"{file}: {error.strerror}" if error.errno in _REFUSALS or missing else ""
