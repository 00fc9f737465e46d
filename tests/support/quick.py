"""What libraries do again for every small build, with the same result, and is done once in a run of the tests.

A build of the mini edition takes 50 ms, and the tests make thousands of them; for a user's build it would make
no difference. Nothing is left out: the results are those of the libraries.
"""

from __future__ import annotations

import copy
import importlib.metadata
import sys
from functools import cache
from typing import TYPE_CHECKING, Any

from docutils.frontend import OptionParser

if TYPE_CHECKING:
    from collections.abc import Iterable

#: What :meth:`OptionParser.populate_from_components` fills.
_FILLED = (
    "option_list", "option_groups", "_short_opt", "_long_opt", "defaults", "lists", "relative_path_settings",
)  # fmt: skip
#: Where a component of docutils says which settings it has.
_TABLES = (
    "settings_spec",
    "settings_defaults",
    "settings_default_overrides",
    "relative_path_settings",
)


def remember_options() -> None:
    """docutils makes its 74 options anew for every document, from tables that stay as they are.

    Files of settings are read every time.
    """
    populate = OptionParser.populate_from_components
    #: the tables (kept, so that no other gets the place of one) by their places → what was made of them
    known: dict[tuple[int, ...], tuple[list[object], dict[str, Any]]] = {}

    def remembered(self: OptionParser, components: Iterable[Any]) -> None:
        tables = [getattr(one, name) for one in components if one for name in _TABLES]
        key = tuple(map(id, tables))
        if key not in known:
            populate(self, components)
            known[key] = tables, {name: copy.copy(getattr(self, name)) for name in _FILLED}
        for name, value in known[key][1].items():
            setattr(self, name, copy.copy(value))

    OptionParser.populate_from_components = remembered


def remember_entry_points() -> None:
    """Sphinx and its extensions look through all packages for each of their names; none is installed meanwhile."""
    find = importlib.metadata.entry_points

    @cache
    def found(_where: tuple[str, ...], **wanted: Any) -> Any:
        return find(**wanted)

    def remembered(**wanted: Any) -> Any:
        return found(tuple(sys.path), **wanted)

    for module in list(sys.modules.values()):
        if getattr(module, "entry_points", None) is find:
            setattr(module, "entry_points", remembered)  # noqa: B010
