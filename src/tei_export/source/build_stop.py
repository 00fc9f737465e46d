"""End a build that must not continue: every problem shown, no traceback, nothing written.

Inside a build the problems travel as :class:`BuildStop`, which is not an ``Exception``: Sphinx
takes exceptions for crashes and deletes its doctrees, so that the next check would read every file
again. At its end they become :class:`ProblemsError`, an error of Sphinx like any other.
"""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, Any

from sphinx.errors import SphinxError

from tei_export.model.problems import EditionError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sphinx.application import Sphinx

    from tei_export.model.problems import Problem


class ProblemsError(SphinxError):
    """The error that ends a build; ``problems`` are the findings."""

    category = "Problems in the edition"

    def __init__(self, problems: Sequence[Problem]) -> None:
        word = "problem" if len(problems) == 1 else "problems"
        head = f"The edition has {len(problems)} {word}; nothing was written."
        super().__init__("\n".join([head, *(p.report for p in problems)]))
        self.problems = tuple(problems)

    def __reduce__(self) -> tuple[type[ProblemsError], tuple[tuple[Problem, ...]]]:
        """Pickle with the problems; the default would pickle the message instead."""
        return type(self), (self.problems,)


class BuildStop(BaseException):
    """Ends a build from inside; never leaves :meth:`sphinx.application.Sphinx.build`."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(*problems)
        self.problems = problems


def pass_problems(app: Sphinx) -> None:
    """Let whatever listens to Sphinx's events, and every builder, raise :class:`EditionError`: it ends
    the run as :class:`ProblemsError`. Sphinx would wrap it: “Handler … for event … threw an exception”."""
    _show_as_sphinx_does()
    emit, build = app.events.emit, app.build
    building = False

    def emitted(
        name: str, *args: Any, allowed_exceptions: tuple[type[Exception], ...] = ()
    ) -> list[Any]:
        try:
            return emit(name, *args, allowed_exceptions=(*allowed_exceptions, EditionError))
        except EditionError as error:
            if building:
                raise BuildStop(error.problems) from None
            _show_plainly()
            raise ProblemsError(error.problems) from None

    def built(*args: Any, **options: Any) -> None:
        nonlocal building
        building = True
        try:
            build(*args, **options)
        except (BuildStop, EditionError) as error:
            _show_plainly()
            raise ProblemsError(error.problems) from None
        finally:
            building = False

    app.events.emit = emitted  # type: ignore[method-assign]
    app.build = built  # type: ignore[method-assign]


def _show_plainly() -> None:
    """Let ``sphinx-build`` print the problems that follow, and nothing else.

    Sphinx 9.0 adds a traceback and a report of the machine to every error, which help nobody who has to
    correct a reading. The function is replaced after a failed build, until it has reported the
    failure or the next application begins (the caller may have caught the error): other projects in
    this process and successful builds never use ours. A Sphinx version with another function keeps
    its own report.
    """
    if (errors := _errors_of_sphinx()) and not _is_ours(errors.handle_exception):
        errors.handle_exception = partial(_show, errors, errors.handle_exception)


def _show_as_sphinx_does() -> None:
    """Give Sphinx its own function back."""
    if (errors := _errors_of_sphinx()) and _is_ours(errors.handle_exception):
        errors.handle_exception = errors.handle_exception.args[1]


def _errors_of_sphinx() -> Any:
    try:
        from sphinx._cli.util import errors
    except ImportError:
        return None
    return errors


def _is_ours(handle: Any) -> bool:
    return isinstance(handle, partial) and handle.func is _show


def _show(
    errors: Any,
    handle: Callable[..., None],
    exception: BaseException,
    /,
    *,
    stderr: Any = sys.stderr,
    use_pdb: bool = False,
    **options: Any,
) -> None:
    """Print problems once, and restore ``handle``, Sphinx's own function."""
    errors.handle_exception = handle
    if isinstance(exception, ProblemsError) and not use_pdb:
        print(f"\n{exception.category}!\n\n{exception}", file=stderr)
    else:
        handle(exception, stderr=stderr, use_pdb=use_pdb, **options)
