"""Build editions on the workers of a dask scheduler: each edition is a task.

A task does what ``tei-export build`` does, in the same folders. The lock and the journal of the
edition's folder (:mod:`tei_export.shared.workspace`) protect it, so any worker may run it, again if
necessary, even after another worker was killed in the middle.
"""

from __future__ import annotations

import contextlib
import errno
import importlib
import io
import logging
import multiprocessing
import signal
from dataclasses import dataclass
from multiprocessing import forkserver, resource_tracker
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tei_export.session import OK, Session
from tei_export.shared import stopping
from tei_export.shared.failures import failure
from tei_export.shared.workspace import Workspace
from tei_export.source.garbage_collector import no_collector

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

#: How often a task whose worker died is given to another one before the edition counts as failed.
_DEATHS = 5
#: What a worker needs and loads slowly.
_LOADED = [
    "distributed",
    "tei_export.corpus.cluster",
    "tei_export.extension",
    "sphinx.builders.html",
]


@dataclass(frozen=True, slots=True)
class BuildResult:
    """The result of building an edition; ``said`` is what the command would have printed."""

    name: str
    code: int
    said: str


def build(name: str, root: str, out: str, targets: Sequence[str]) -> BuildResult:
    """Build one edition, in the worker."""
    said = io.StringIO()
    path = Path(out)
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            with no_collector(), Workspace(path) as work:
                code = Session(Path(root), work, verbose=False).build(targets)
        except Exception as error:  # an edition that fails must not stop the others
            found = failure(error, path)
            code = found.code
            print(found.text, file=said)
    return BuildResult(name, code, said.getvalue())


def builds(
    roots: Sequence[Path], out: Path, targets: Sequence[str], *, scheduler: str, workers: int
) -> Generator[BuildResult]:
    """Build every edition, each in ``out/NAME``; yield the results as they arrive.

    A signal that ends the run ends it while it waits for a result, or for the scheduler: never while
    processes start or end, which could leave some behind.

    :param scheduler: the address of a running scheduler; empty: one of this run, with ``workers`` workers
    :raises OSError: the scheduler does not answer
    :raises Stopped: a signal has arrived; the workers of this run have ended
    """
    # of the extra "corpus"; it has no types
    dask: Any = importlib.import_module("dask")
    distributed: Any = importlib.import_module("distributed")

    _silence()
    forks = "forkserver" in multiprocessing.get_all_start_methods()  # not on Windows
    with stopping.held(), contextlib.ExitStack() as stack:
        stack.enter_context(
            dask.config.set(
                {
                    "distributed.scheduler.allowed-failures": _DEATHS,
                    "distributed.logging.distributed": "critical",
                    "distributed.worker.multiprocessing-method": "forkserver" if forks else "spawn",
                }
            )
        )
        if scheduler:
            try:
                with stopping.let_through():
                    client = distributed.Client(scheduler, timeout=20)
            except (OSError, ValueError) as error:
                said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
                raise OSError(errno.EIO, said, f"scheduler {scheduler}") from error
        else:
            if forks:
                _prefork(distributed)
            cluster = stack.enter_context(
                distributed.LocalCluster(
                    n_workers=workers,
                    threads_per_worker=1,
                    processes=True,
                    dashboard_address=None,
                    host="127.0.0.1",
                    silence_logs=50,
                )
            )
            stack.push(lambda kind, *_: _kill(cluster) if kind else None)
            client = distributed.Client(cluster)
        stack.enter_context(client)
        names = {
            client.submit(
                build, root.name, str(root), str(out / root.name), tuple(targets), pure=False
            ): root.name
            for root in roots
        }
        # Each result is fetched at once, so that a worker that dies later loses none.
        completed = distributed.as_completed(list(names))
        for _ in names:
            with stopping.let_through():
                future = next(completed)
                result = _result(distributed, future, names[future])
            future.release()
            yield result


def _silence() -> None:
    """Keep what distributed logs off the terminal, also after the cluster has closed: it closes connections late."""
    for handler in logging.getLogger("distributed").handlers:
        handler.setLevel(logging.CRITICAL)


def _result(distributed: Any, future: Any, name: str) -> BuildResult:
    try:
        result: BuildResult = future.result()
    except distributed.KilledWorker:
        return BuildResult(name, 3, f"{_DEATHS + 1} workers died while they built it")
    return result


def _prefork(distributed: Any) -> None:
    """Let workers be forks of a process that has loaded the program, which each would load for a second or more.

    That process and its forks never see the signals that end a run, which a terminal sends to all processes:
    they would print tracebacks. This process ends them.
    """
    distributed.utils.get_mp_context().set_forkserver_preload(_LOADED)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, stopping.SIGNALS)
    try:
        resource_tracker.ensure_running()  # which unblocks some of them here: it ignores those by itself
        signal.pthread_sigmask(signal.SIG_BLOCK, stopping.SIGNALS)
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _kill(cluster: Any) -> None:
    """Kill the workers in the middle of their work, and what they have started (Typst).

    They would end only after their editions; the folders of these have the same protection as after any other death.
    """
    psutil: Any = importlib.import_module("psutil")  # distributed needs it
    for nanny in list(cluster.workers.values()):
        nanny.close_gracefully()  # it starts no worker in place of the killed one
        with contextlib.suppress(psutil.NoSuchProcess, TypeError):
            worker = psutil.Process(nanny.pid)
            worker.suspend()  # it starts nothing while its children are counted
            for process in [worker, *worker.children(recursive=True)]:
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.kill()


def build_message(built: BuildResult) -> str:
    """Return the message about an edition: it was built, or why it was not."""
    if built.code == OK:
        return f"{built.name}: built"
    lines = "\n".join(f"  {line}" for line in built.said.strip().splitlines())
    return f"{built.name}: not built (exit code {built.code})\n{lines}"
