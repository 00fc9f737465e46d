"""A vocabulary: rows by name, to which the conf.py of an edition may add.

Roles (:mod:`tei_export.model.vocabulary`) and blocks (:mod:`tei_export.model.blocks`) are such tables.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class NamedRow(Protocol):
    """A row: it has a name."""

    @property
    def name(self) -> str: ...


RowT = TypeVar("RowT", bound=NamedRow)
MadeT = TypeVar("MadeT")


class RowError(ValueError):
    """Raised when a row cannot be added; says which, and why."""


@dataclass(frozen=True, slots=True)
class RowTable(Generic[RowT]):
    """The rows of this run: the program's and the edition's.

    ``what``: what a row defines, for messages; ``faults``: yields what is wrong with a row;
    ``taken``: further names that no row may have.
    """

    kind: type[RowT]
    what: str
    rows: tuple[RowT, ...]
    faults: Callable[[RowT], Iterable[str]]
    taken: frozenset[str] = frozenset()
    by_name: dict[str, RowT] = field(default_factory=dict)
    #: called when the rows have changed: forget what was made of them
    on_change: list[Callable[[], object]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.extend(())

    def extend(self, added: Iterable[RowT]) -> tuple[RowT, ...]:
        """Set :attr:`by_name` to the program's rows and ``added``, in place of what was added before.

        :returns: ``added``, checked
        :raises RowError: a row is malformed, repeats a name, or cannot be rendered by some output
        """
        new = tuple(added)
        known = {row.name for row in self.rows} | self.taken
        for row in new:
            if not isinstance(row, self.kind):
                raise RowError(f"{row!r} is not a {self.kind.__name__}")
            if row.name in known:
                raise RowError(f"{row.name}: the {self.what} exists already")
            for wrong in self.faults(row):
                raise RowError(f"{row.name}: {wrong}")
            known.add(row.name)
        self.by_name.clear()
        self.by_name.update({row.name: row for row in (*self.rows, *new)})
        for forget in self.on_change:
            forget()
        return new

    def made_once(self, make: Callable[[], MadeT]) -> Callable[[], MadeT]:
        """Decorate a function that makes something of the rows: it is called again only when they have changed."""
        cached = cache(make)
        self.on_change.append(cached.cache_clear)
        return cached

    @property
    def added(self) -> tuple[RowT, ...]:
        """The rows of the edition's own."""
        return tuple(self.by_name.values())[len(self.rows) :]
