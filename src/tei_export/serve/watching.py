"""Report saved files: the sources, conf.py, the schema, and every other file that was opened."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from tei_export.shared import stopping

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

#: Milliseconds of rest before changes are reported, and the maximum wait for it.
_STEP, _DEBOUNCE = 30, 400


class Changes:
    """Saved files, collected until somebody takes them."""

    def __init__(self) -> None:
        self._paths: set[Path] = set()
        self._error: Exception | None = None
        self._some = threading.Condition()

    def add(self, paths: Iterable[Path]) -> None:
        """Record that ``paths`` were saved, and wake whoever waits in :meth:`take`."""
        with self._some:
            self._paths.update(paths)
            self._some.notify_all()

    def fail(self, error: Exception) -> None:
        """Let :meth:`take` raise ``error``: watching has ended."""
        with self._some:
            self._error = error
            self._some.notify_all()

    def pending(self) -> bool:
        """Return whether a saved file was not taken yet."""
        return bool(self._paths)

    def take(self) -> set[Path]:
        """Wait for saved files and return them.

        :raises OSError: the files can no longer be watched
        :raises Stopped: a signal has arrived, now or in the round before, where Python may have lost it
        """
        with self._some:
            while not self._some.wait_for(lambda: self._paths or self._error, timeout=0.5):
                stopping.check()
            if self._error:
                raise self._error
            paths, self._paths = self._paths, set()
            return paths


class Watcher:
    """Watches folders with all they contain, and single files, until its ``with`` block ends.

    A file is watched through its folder: editors replace files instead of writing into them.
    """

    def __init__(self, changes: Changes) -> None:
        self._changes = changes
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self._watched: tuple[frozenset[Path], frozenset[Path]] = frozenset(), frozenset()

    def __enter__(self) -> Watcher:
        return self

    def __exit__(self, *_: object) -> None:
        _end(self._stop, self._threads)

    def watch(self, folders: Collection[Path], files: Collection[Path]) -> None:
        """Watch these from now on; ignore missing folders."""
        inside = frozenset(path for path in folders if path.is_dir())
        outside = frozenset(
            path
            for path in files
            if path.parent.is_dir() and not any(path.is_relative_to(folder) for folder in inside)
        )
        if (inside, outside) == self._watched:
            return
        before = self._stop, self._threads
        self._stop, self._threads = threading.Event(), []
        self._watched = inside, outside
        self._start(inside, None, recursive=True)
        self._start({path.parent for path in outside}, outside, recursive=False)
        _end(*before)  # only now, so that no change in between is missed

    def _start(
        self, folders: Collection[Path], only: Collection[Path] | None, *, recursive: bool
    ) -> None:
        if not folders:
            return
        begun = threading.Event()
        thread = threading.Thread(
            target=self._run, args=(folders, only, recursive, begun, self._stop), daemon=True
        )
        self._threads.append(thread)
        thread.start()
        begun.wait()

    def _run(
        self,
        folders: Collection[Path],
        only: Collection[Path] | None,
        recursive: bool,
        begun: threading.Event,
        stop: threading.Event,
    ) -> None:
        import watchfiles  # of the extra "serve"

        known = None if only is None else {str(path) for path in only}
        keep = watchfiles.DefaultFilter()
        try:
            found = watchfiles.watch(
                *sorted(folders),
                step=_STEP,
                debounce=_DEBOUNCE,
                rust_timeout=200,
                yield_on_timeout=True,
                stop_event=stop,
                raise_interrupt=False,
                recursive=recursive,
                watch_filter=lambda change, path: (
                    path in known if known is not None else keep(change, path)
                ),
            )
            for saved in found:
                begun.set()
                if saved:
                    self._changes.add(Path(path) for _change, path in saved)
        except (
            Exception
        ) as error:  # watchfiles raises errors of its own when the system's limit is reached
            self._changes.fail(
                error
                if isinstance(error, OSError)
                else OSError(None, str(error), str(min(folders)))
            )
        finally:
            begun.set()


def _end(stop: threading.Event, threads: Iterable[threading.Thread]) -> None:
    stop.set()
    for thread in threads:
        thread.join()
