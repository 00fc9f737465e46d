"""Report values in conf.py of a wrong type: Sphinx would end with a Python error, or warn without the line."""

from __future__ import annotations

import re
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx.application import Sphinx
from sphinx.config import ENUM

from tei_export.model.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

_LISTS = (list, tuple, set, frozenset)
_WORDS = {
    str: "a text",
    bool: "True or False",
    int: "a number",
    float: "a number",
    dict: "a mapping",
}


def wrong_settings(error: BaseException) -> list[Problem]:
    """Return ``conf-value`` for every value of the wrong type, if ``error`` ended a run of Sphinx."""
    app = _app(error)
    return [] if app is None else wrong_values(app)


def wrong_values(app: Sphinx) -> list[Problem]:
    """Return ``conf-value`` for every value of the wrong type."""
    path = Path(app.confdir) / "conf.py"
    lines = (
        path.read_text(encoding="utf-8", errors="replace").splitlines() if path.is_file() else []
    )
    return [
        Problem("conf-value", "conf.py", _line(lines, name), detail)
        for name, detail in _wrong(app.config)
    ]


def _app(error: BaseException) -> Sphinx | None:
    """Return the application that the error ended; it may be incomplete."""
    for frame, _ in traceback.walk_tb(error.__traceback__):
        found = frame.f_locals.get("self")
        if isinstance(found, Sphinx) and hasattr(found, "config"):
            return found
    return None


def _line(lines: list[str], name: str) -> int:
    return max((n for n, line in enumerate(lines, 1) if re.match(rf"{name}\b", line)), default=0)


def _wrong(config: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(config.extensions, _LISTS):
        yield "extensions", f"extensions must be a list, not {config.extensions!r}"
    for name, value in config._raw_config.items():
        option = config._options.get(name)
        if option is None or value is None or name in config.overrides:
            continue
        types = _types(option)
        if types and not _fits(value, types):
            words = " or ".join(dict.fromkeys(_word(one) for one in types))
            yield name, f"{name} must be {words}, not {value!r}"


def _types(option: Any) -> list[type]:
    """Return the types that Sphinx expects; none if it takes any."""
    valid, default = option.valid_types, option.default
    if isinstance(valid, ENUM):
        return []
    valid = {Any} if valid is Any else valid
    types = [one for one in valid if isinstance(one, type) and one not in (Any, type(None))]
    if (Any in valid or (valid and not types)) and not isinstance(default, (*_LISTS, dict)):
        return []
    if default is not None and not callable(default):
        types.append(type(default))
    return sorted(types, key=lambda one: one.__name__)


def _fits(value: Any, types: list[type]) -> bool:
    if isinstance(value, _LISTS) and any(issubclass(one, _LISTS) for one in types):
        return True
    return isinstance(value, tuple(types))


def _word(one: type) -> str:
    return "a list" if issubclass(one, _LISTS) else _WORDS.get(one, one.__name__)
