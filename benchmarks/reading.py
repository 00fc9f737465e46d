"""Measure how soon readers of a site see a page and the first hit of a search, and how much a server sends for each.

    python benchmarks/reading.py build/html t/c0001 WORD

The conditions are those of ``pages.py``: a slow processor, a slow connection, an empty cache.
"""

from __future__ import annotations

import os
import re
import statistics
import sys
import threading
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pages import ARGUMENTS, SLOW_4G, view
from playwright.sync_api import Error, sync_playwright
from serve import Server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser


@dataclass(frozen=True, slots=True)
class Reading:
    """Seconds until a page appears and kB sent until it is loaded; the same for the first hit of a search."""

    view_seconds: float
    view_kb: float
    hit_seconds: float
    hit_kb: float


@contextmanager
def _served(folder: Path) -> Iterator[tuple[Browser, str]]:
    handler: Any = partial(Server, directory=str(folder))
    with (
        ThreadingHTTPServer(("127.0.0.1", 0), handler) as server,
        sync_playwright() as playwright,
    ):
        threading.Thread(target=server.serve_forever, daemon=True).start()
        browser = playwright.chromium.launch(
            executable_path=os.environ["TEI_EXPORT_CHROMIUM"], args=ARGUMENTS
        )
        yield browser, f"http://127.0.0.1:{server.server_port}"
        browser.close()
        server.shutdown()


def _hit(browser: Browser, address: str) -> tuple[float, float]:
    """Return the seconds from a query to its first hit, and the kB sent until then."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, is_mobile=True)
    page = context.new_page()
    session = context.new_cdp_session(page)
    sent: list[float] = []
    session.on("Network.loadingFinished", lambda e: sent.append(float(e["encodedDataLength"])))
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW_4G)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.goto(address, wait_until="commit", timeout=120_000)
    page.wait_for_selector("#results .loc", timeout=60_000)
    seconds = float(page.evaluate("performance.now()")) / 1000
    found = sum(sent) / 1000
    context.close()
    return seconds, found


def reading(site: Path, name: str, word: str, rounds: int = 3) -> Reading:
    """Return medians over ``rounds`` views of the page ``name`` and searches for ``word``."""
    with _served(site) as (browser, home):
        views = [view(browser, f"{home}/{name}.html") for _ in range(rounds)]
        hits = [_hit(browser, f"{home}/search.html?q={word}") for _ in range(rounds)]
    return Reading(
        round(statistics.median(v[0] for v in views) / 1000, 2),
        round(statistics.median(v[2] for v in views) / 1000, 1),
        round(statistics.median(h[0] for h in hits), 2),
        round(statistics.median(h[1] for h in hits), 1),
    )


def of_generated(root: Path) -> dict[str, float]:
    """Return the figures for the site of a generated edition, by name; empty without a browser."""
    if "TEI_EXPORT_CHROMIUM" not in os.environ:
        return {}
    source = (root / "edition" / "t" / "c0001.md").read_text(encoding="utf-8")
    word = max(re.findall(r"(?<= )[a-z]{6,}(?= )", source), key=source.count)
    try:
        return asdict(reading(root / "build" / "html", "t/c0001", word))
    except Error as error:  # the measurement fails, not the others
        print(f"{root.name}: {word} is not found: {error}", file=sys.stderr)
        return {}


if __name__ == "__main__":
    print(asdict(reading(Path(sys.argv[1]), sys.argv[2], sys.argv[3])))
