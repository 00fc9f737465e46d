"""``tei-export serve``."""

from __future__ import annotations

import shutil
import sys
import tempfile
import threading
from pathlib import Path

from tei_export.serve.published_site import PublishedSite
from tei_export.serve.rounds import Rounds
from tei_export.serve.server import SiteServer
from tei_export.serve.watching import Changes, Watcher
from tei_export.shared import extras, stopping
from tei_export.shared.failures import MACHINE
from tei_export.shared.loopback import LOOPBACK, port_error


def run(root: Path, port: int) -> int:
    """Serve the site of the edition in ``root`` until a signal; return the exit code.

    All files are in a temporary folder, which is removed at the end; ``build/`` is not touched.

    :raises MissingPackagesError: the packages of the extra ``serve`` are not installed
    :raises OSError: there is no room for the files, or they cannot be watched
    """
    extras.require(["serve"])
    folder = Path(tempfile.mkdtemp(prefix="tei-export-"))
    try:
        published = folder / "site"
        published.mkdir()
        site = PublishedSite(published)
        try:
            server = SiteServer(site, port)
        except OSError as error:
            print(f"tei-export: {port_error(error, port)}", file=sys.stderr)
            return MACHINE
        with server:
            threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True).start()
            try:
                _serve(root, folder, site, server.server_address[1])
            except Exception:
                stopping.check()  # an error that the signal itself has caused
                raise
            finally:
                site.close()
                server.shutdown()
    except KeyboardInterrupt:
        print("\nstopped", flush=True)
        return stopping.code() or stopping.CTRL_C
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def _serve(root: Path, folder: Path, site: PublishedSite, port: int) -> None:
    print(f"http://{LOOPBACK}:{port}/ shows the edition; Ctrl-C ends", flush=True)
    changes = Changes()
    rounds = Rounds(root, folder, site, changes.pending)
    with Watcher(changes) as watcher:
        saved: set[Path] = set()
        while True:
            watcher.watch(rounds.folders, rounds.files)
            said = rounds.round(saved)
            watcher.watch(rounds.folders, rounds.files)
            if said:
                print(said, flush=True)
            saved = changes.take()
            names = sorted({path.name for path in saved})
            print(f"saved: {', '.join(names[:5])}{' …' if len(names) > 5 else ''}", flush=True)
