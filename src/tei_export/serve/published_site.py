"""The last good pages, and the news for open ones: changed pages, and problems.

Pages are replaced one by one and atomically (:func:`os.replace`); a round with a problem changes
none. Every page names its version, so that it misses no change before its first request for news.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tei_export.shared.atomic import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

#: Sphinx's files for its own next run.
_PRIVATE = {".buildinfo", ".buildinfo.bak"}
#: The folder of files that every page uses: if one of them changes, every page has changed.
_STATIC = "_static/"


@dataclass(frozen=True, slots=True)
class Told:
    """A problem for people: place, fault and cure. ``path``: the file to open, if known."""

    title: str
    detail: str = ""
    cure: str = ""
    place: str = ""
    code: str = ""
    path: str = ""
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class News:
    """The news for an open page: whether it has changed, and the problems."""

    reload: bool
    problems: tuple[Told, ...]
    number: int


@dataclass
class PublishedSite:
    """The pages in ``folder``, which only this class writes. Its methods may be called in any thread."""

    folder: Path
    version: int = 0
    closed: bool = False
    _number: int = 0
    _problems: tuple[Told, ...] = ()
    _changed: dict[str, int] = field(default_factory=dict)
    _all_changed: int = 0
    _news: threading.Condition = field(default_factory=threading.Condition)

    def publish(self, made: Path, names: Iterable[str] | None = None) -> list[str]:
        """Publish the files that differ from the published ones; return their names.

        :param made: the folder of the new pages
        :param names: the files to copy; None: all are moved, and the others removed
        :raises OSError: a file cannot be written or moved
        """
        whole = names is None
        new = sorted(_files(made)) if names is None else sorted(names)
        changed = [name for name in new if not _same(made / name, self.folder / name)]
        gone = sorted({*_files(self.folder)} - {*new}) if whole else []
        for name in changed:
            target = self.folder / name
            if whole:
                target.parent.mkdir(parents=True, exist_ok=True)
                (made / name).replace(target)
            else:
                write_whole(target, (made / name).read_bytes())
        for name in gone:
            (self.folder / name).unlink()
        if changed or gone:
            with self._news:
                self.version += 1
                self._changed.update(dict.fromkeys([*changed, *gone], self.version))
                if any(name.startswith(_STATIC) for name in [*changed, *gone]):
                    self._all_changed = self.version
                self._tell()
        return [*changed, *gone]

    def say(self, problems: Sequence[Told]) -> None:
        """Show ``problems`` in every open page; none clears them."""
        with self._news:
            if tuple(problems) != self._problems:
                self._problems = tuple(problems)
                self._tell()

    def _tell(self) -> None:
        self._number += 1
        self._news.notify_all()

    def news(self, page: str, version: int, known: int, timeout: float) -> News | None:
        """Wait for news for a page that shows ``version`` and knows the state ``known``.

        Return None if there are none within ``timeout`` seconds, or if the site is closed.
        """
        with self._news:
            self._news.wait_for(lambda: self._number != known or self.closed, timeout)
            if self.closed or self._number == known:
                return None
            changed = max(self._changed.get(page, 0), self._all_changed)
            return News(changed > version, self._problems, self._number)

    def close(self) -> None:
        """End every wait for news."""
        with self._news:
            self.closed = True
            self._news.notify_all()


def _files(folder: Path) -> Iterable[str]:
    return (
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in _PRIVATE
    )


def _same(one: Path, other: Path) -> bool:
    return other.is_file() and one.read_bytes() == other.read_bytes()
