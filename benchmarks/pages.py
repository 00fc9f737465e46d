"""Measure the weight of the pages, and how soon a slow phone shows them.

    python -m tei_export.cli build html && python benchmarks/pages.py [build/html]

It uses the Chromium of ``make test`` with a processor four times slower and a connection of 1.6 Mbit/s
with 150 ms latency (Lighthouse's "Slow 4G"), and a local server that compresses. It prints medians of three
runs with an empty cache: first contentful paint (FCP) and largest contentful paint (LCP).
"""

from __future__ import annotations

import os
import statistics
import sys
import threading
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright
from serve import server

PAGES = ("index", "thesis/chapter-01", "thesis/chapter-06", "thesis/bibliography", "essay/essay",
         "registers/persons", "apparatus", "pictures/map", "search")  # fmt: skip
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
]
SLOW_4G = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_638_400 / 8,
    "uploadThroughput": 750_000 / 8,
}
TIMES = """() => new Promise(done => {
  let largest = 0;
  new PerformanceObserver(list => { for (const e of list.getEntries()) largest = e.startTime; })
    .observe({type: "largest-contentful-paint", buffered: true});
  setTimeout(() => done([performance.getEntriesByName("first-contentful-paint")[0].startTime, largest]), 500);
})"""


def view(browser: Browser, address: str) -> tuple[float, float, int, int]:
    """Return FCP and LCP in ms, the bytes received, and how many of them are fonts."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, device_scale_factor=2, is_mobile=True
    )
    page = context.new_page()
    session = context.new_cdp_session(page)
    received: dict[str, int] = {}
    fonts: set[str] = set()
    session.on(
        "Network.responseReceived",
        lambda e: fonts.update([e["requestId"]] if e["type"] == "Font" else []),
    )
    session.on(
        "Network.loadingFinished",
        lambda e: received.update({e["requestId"]: int(e["encodedDataLength"])}),
    )
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW_4G)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.goto(address, wait_until="load", timeout=120_000)
    first, largest = page.evaluate(TIMES)
    context.close()
    return (
        first,
        largest,
        sum(received.values()),
        sum(n for key, n in received.items() if key in fonts),
    )


def main(folder: Path) -> None:
    with server(folder) as serving, sync_playwright() as playwright:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        browser = playwright.chromium.launch(
            executable_path=os.environ["TEI_EXPORT_CHROMIUM"], args=ARGUMENTS
        )
        home = f"http://127.0.0.1:{serving.server_port}"
        print(
            f"{'page':24} {'FCP ms':>7} {'LCP ms':>7} {'kB sent':>8} {'of fonts':>8} {'file kB':>8}"
        )
        for name in PAGES:
            runs = [view(browser, f"{home}/{name}.html") for _ in range(3)]
            first, largest = (statistics.median(run[i] for run in runs) for i in (0, 1))
            size = (folder / f"{name}.html").stat().st_size
            print(
                f"{name:24} {first:7.0f} {largest:7.0f} {runs[0][2] / 1000:8.0f} {runs[0][3] / 1000:8.0f} {size / 1000:8.0f}"
            )
        browser.close()
        serving.shutdown()


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "build/html"))
