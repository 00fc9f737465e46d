"""``tei-export serve``: the pages are those of a build, a problem shows above the last good page, and
nobody else gets an answer; nothing is left behind."""

from __future__ import annotations

import http.client
import resource
import signal
import socket
import threading
import time
from typing import TYPE_CHECKING

import pytest

from chromium import axe
from machines import fingerprint
from mini import Mini, command
from serving import SCRIPT, Serving
from tei_export.serve.published_site import PublishedSite, Told
from tei_export.serve.rounds import Rounds
from tei_export.serve.server import SiteServer
from tei_export.serve.watching import Changes
from tei_export.shared import stopping

pytestmark = pytest.mark.filterwarnings(
    "ignore:.*MystReferenceResolver.app:PendingDeprecationWarning"
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser


@pytest.fixture(scope="module", autouse=True)
def signals_end_a_program() -> Iterator[None]:
    """Programs started in the background of a shell ignore Ctrl-C, and so would those started here."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A small edition that is served, its first round done."""
    folder = tmp_path_factory.mktemp("serve")
    mini = Mini(folder / "mini")
    mini.write("about.md", "# About\n\nWhat this is. See [one](t/one.md).\n")
    mini.replace("index.md", "t/two\n", "t/two\nabout\n")
    running = Serving(mini, folder / "tmp")
    running.wait("all pages")
    yield running
    if running.process.poll() is None:
        running.end()  # not killed: what it has run would not be measured (make coverage)


def same_as_built(serving: Serving) -> None:
    """What is served is what ``build html`` makes of the sources."""
    mini = serving.mini
    result = command(mini.root, "build", "html", "--out", str(mini.root.parent / "built"))
    assert result.code == 0, result.output
    folder = mini.root.parent / "built" / "html"
    files = [p for p in sorted(folder.rglob("*")) if p.is_file()]
    assert len(files) > 30
    for path in files:
        name = path.relative_to(folder).as_posix()
        assert serving.page(name) == path.read_bytes(), name
    made = {p.relative_to(folder).as_posix() for p in files}
    shown = next(serving.folder.glob("tei-export-*/site"))
    assert {p.relative_to(shown).as_posix() for p in shown.rglob("*") if p.is_file()} == made


def at_rest(serving: Serving) -> None:
    """Two files were saved, perhaps in two rounds: wait for the pages of the last one."""
    for _try in range(60):
        try:
            same_as_built(serving)
        except AssertionError:
            time.sleep(0.5)
        else:
            return
    same_as_built(serving)


def test_pages_are_those_of_a_build_after_edits(serving: Serving) -> None:
    same_as_built(serving)
    turns = [
        ("t/one.md", "{sic}`adamant <adament>`", "{sic}`adamant <adament> (medium)`", "t/one.html"),
        ("about.md", "What this is.", "What that was.", "about.html"),
        ("edition.yaml", "title: II. Two", "title: II. The second", ""),
        ("registers/persons.yaml", "gloss: Revolutionary.", "gloss: A revolutionary.", ""),
    ]
    for file, old, new, first in turns:
        serving.mini.replace(file, old, new)
        serving.wait(f"saved: {file.rpartition('/')[2]}")
        if first:  # the page of what was saved comes before the others
            assert first in serving.wait("html")
        serving.wait("all pages")
    serving.mini.write("more.md", "# More\n\nA page.\n")
    serving.mini.replace("index.md", "about\n", "about\nmore\n")
    while "more.html" not in serving.page("index.html").decode():
        serving.wait("all pages")
    at_rest(serving)
    serving.mini.path("more.md").unlink()
    serving.mini.replace("index.md", "about\nmore\n", "about\n")
    while serving.get("/more.html")[0] != 404:
        serving.wait("all pages")
    at_rest(serving)


def test_a_problem_shows_above_the_last_good_page(serving: Serving) -> None:
    before = serving.page("t/one.html")
    assert serving.news("t/one.html", 0) == {"reload": True, "problems": []}
    serving.mini.replace("t/one.md", "was a mistake.", "was a mistoke.")
    serving.wait("The last good pages stay.")
    assert any("t/one.md:6:16: [witness-differs]" in line for line in serving.said)
    said = serving.news("t/one.html", 10**6)
    assert not said["reload"]
    (problem,) = said["problems"]
    assert (problem["code"], problem["place"]) == ("witness-differs", "t/one.md:6:16")
    assert (problem["path"], problem["line"], problem["column"]) == (
        str(serving.mini.path("t/one.md").resolve()),
        6,
        16,
    )
    assert "mistoke" in problem["detail"]
    assert "{ocr}" in problem["cure"]
    assert serving.page("t/one.html") == before
    serving.mini.replace("t/one.md", "was a mistoke.", "was a mistake.")
    serving.wait("nothing has changed")
    assert serving.news("t/one.html", 10**6)["problems"] == []
    assert serving.page("t/one.html") == before


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("../conf.py", 'language = "en"', 'language = "en" +', "conf.py:"),
        ("edition.yaml", "short_title: Small", "short_title: [", "edition.yaml"),
        ("about.md", "See [", "[See](nowhere.md) [", "about.md:3"),
    ],
)
def test_whatever_is_wrong_is_said_and_the_next_save_mends_it(
    serving: Serving, file: str, old: str, new: str, said: str
) -> None:
    serving.mini.replace(file, old, new)
    serving.wait("The last good pages stay.")
    problems = serving.news("index.html", 10**6)["problems"]
    path = str((serving.mini.root / "edition" / file).resolve())
    assert {problem["path"] for problem in problems} <= {
        path,
        "",
    }  # which the page opens in the editor
    assert "\x1b" not in "".join(serving.said)
    assert said in " ".join(p["title"] + p["detail"] + p["place"] for p in problems)
    assert not any("Traceback" in line for line in serving.said)
    assert serving.get("/index.html")[0] == 200
    serving.mini.replace(file, new, old)
    serving.well("index.html")
    assert serving.get("/index.html")[0] == 200


def test_a_full_disk_is_a_message_and_passes(serving: Serving) -> None:
    """No file of the server's process may get larger, as on a disk that is full."""
    before = resource.prlimit(serving.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(serving.process.pid, resource.RLIMIT_FSIZE, (2000, before[1]))
    try:
        serving.mini.replace("about.md", "# About", "# On")
        serving.wait("The last good pages stay.")
        (problem,) = serving.news("about.html", 10**6)["problems"]
        assert "File too large" in problem["title"]
        assert b"<h1>About" in serving.page("about.html")
    finally:
        resource.prlimit(serving.process.pid, resource.RLIMIT_FSIZE, before)
        serving.mini.replace("about.md", "# On", "# About")
    serving.well("about.html")


@pytest.mark.browser
def test_an_open_page_loads_again_where_the_reader_was(serving: Serving, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 800, "height": 500})
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"http://localhost:{serving.port}/t/two.html")
    place = "[...document.querySelectorAll('main p')].at(-1).getBoundingClientRect().top"
    page.add_style_tag(content="main { padding-bottom: 2000px }")
    page.evaluate(f"scrollBy(0, {place} - 100)")
    at = page.evaluate(place)
    page.evaluate("window.before = true")
    serving.mini.replace("t/two.md", "{gap}`1 word`", "{gap}`2 words`")
    page.wait_for_function("!window.before", timeout=60_000)
    page.wait_for_load_state("load")
    assert page.evaluate("scrollY") > 0
    assert abs(page.evaluate(place) - at) < 2
    # a problem is shown without loading again, and goes
    page.evaluate("window.before = true")
    serving.mini.replace("t/two.md", "{gap}`2 words`", "{gap}`some words <`")
    shown = page.get_by_role("region", name="Problems in the sources")
    shown.wait_for(timeout=60_000)
    link = shown.get_by_role("link").first
    assert str(link.get_attribute("href")).startswith("vscode://file/")
    assert "t/two.md:" in link.inner_text()
    assert page.evaluate("window.before")
    axe(page)
    serving.mini.replace("t/two.md", "{gap}`some words <`", "{gap}`1 word`")
    shown.wait_for(state="hidden", timeout=60_000)
    assert errors == []
    page.close()


# --- who gets an answer ----------------------------------------------------------------------------

FOREIGN = [
    {"Host": "example.org"},
    {"Host": "example.org:PORT"},
    {"Host": "127.0.0.1.example.org:PORT"},
    {"Host": "127.0.0.1:1"},
    {"Host": ""},
    {"Host": "127.0.0.1:PORT", "Origin": "http://example.org"},
    {"Host": "127.0.0.1:PORT", "Origin": "null"},
    {"Host": "127.0.0.1:PORT", "Origin": "https://127.0.0.1:PORT"},
    {"Host": "127.0.0.1:PORT", "Origin": "http://127.0.0.1:1"},
]


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
@pytest.mark.parametrize("path", ["/index.html", "/.serve/events", "/.serve/serve.js"])
def test_strangers_get_no_answer(serving: Serving, headers: dict[str, str], path: str) -> None:
    given = {name: value.replace("PORT", str(serving.port)) for name, value in headers.items()}
    status, data = serving.get(path, **given)
    assert status == 403
    assert b"<" not in data


def test_its_own_pages_get_answers(serving: Serving) -> None:
    for host in ("127.0.0.1", "localhost", "LOCALHOST"):
        own = f"{host}:{serving.port}"
        assert serving.get("/index.html", Host=own, Origin=f"http://{own}")[0] == 200


@pytest.mark.parametrize(
    "path",
    [
        "/../conf.py",
        "/..%2fconf.py",
        "/t/../../conf.py",
        "/%2e%2e/%2e%2e/conf.py",
        "//etc/passwd",
        "/etc/passwd",
        "/t/..%5c..%5cconf.py",
        "/%00",
        "/.buildinfo",
        "/<script>alert(1)</script>",
    ],
)
def test_no_path_leaves_the_site(serving: Serving, path: str) -> None:
    status, data = serving.get(path)
    assert status == 404
    assert b"root:" not in data
    assert b"language" not in data
    assert b"<script>alert" not in data


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_nothing_can_be_written(serving: Serving, method: str) -> None:
    assert serving.get("/index.html", method)[0] == 501


def test_pages_carry_the_script_once_and_are_not_kept(serving: Serving) -> None:
    for path in ("/", "/t/one.html", "/registers/"):
        assert len(SCRIPT.findall(serving.get(path)[1])) == 1
    connection = http.client.HTTPConnection("127.0.0.1", serving.port, timeout=30)
    connection.request("HEAD", "/index.html")
    answer = connection.getresponse()
    assert (answer.status, answer.read()) == (200, b"")
    assert answer.getheader("Cache-Control") == "no-store"
    assert answer.getheader("Cross-Origin-Resource-Policy") == "same-origin"
    connection.request("GET", "/registers")
    answer = connection.getresponse()
    assert (answer.status, answer.getheader("Location")) == (301, "/registers/")
    connection.close()


def test_it_listens_on_the_loopback_address_only(tmp_path: Path) -> None:
    with SiteServer(PublishedSite(tmp_path), 0) as server:
        assert server.socket.getsockname()[0] == "127.0.0.1"


# --- what is told ----------------------------------------------------------------------------------


def test_a_page_misses_no_change(tmp_path: Path) -> None:
    """Whatever was published before a page first asks is told then."""
    (tmp_path / "site").mkdir()
    site = PublishedSite(tmp_path / "site")

    def made(**files: str) -> Path:
        folder = tmp_path / "made"
        folder.mkdir(exist_ok=True)
        for name, text in files.items():
            (folder / f"{name}.html").write_text(text, encoding="utf-8")
        return folder

    assert site.publish(made(a="1", b="1")) == ["a.html", "b.html"]
    shown = site.version
    assert site.publish(made(a="2", b="1")) == ["a.html"]
    for page, reload in (("a.html", True), ("b.html", False)):
        told = site.news(page, shown, -1, 0)
        assert told is not None
        assert told.reload is reload
        assert site.news(page, shown, told.number, 0.01) is None
    assert site.publish(made(b="1")) == ["a.html"]  # it is gone
    assert not (tmp_path / "site" / "a.html").exists()
    site.say([Told("wrong")])
    told = site.news("b.html", site.version, -1, 0)
    assert told is not None
    assert [t.title for t in told.problems] == ["wrong"]
    waiting: list[object] = []
    thread = threading.Thread(
        target=lambda: waiting.append(site.news("b.html", 0, told.number, 30))
    )
    thread.start()
    site.close()
    thread.join(5)
    assert waiting == [None]


def test_a_signal_that_python_lost_ends_the_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """An exception raised while garbage is collected is dropped; the signal is remembered."""
    monkeypatch.setattr(stopping, "_arrived", [signal.SIGTERM])
    with pytest.raises(stopping.Stopped):
        Changes().take()


def test_what_is_served_before_the_first_round(tmp_path: Path) -> None:
    site = PublishedSite(tmp_path)
    with SiteServer(site, 0) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        connection = http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=30)

        def ask(method: str, path: str) -> tuple[int, str | None, bytes]:
            connection.request(method, path)
            answer = connection.getresponse()
            return answer.status, answer.getheader("Content-Type"), answer.read()

        status, kind, data = ask("GET", "/t/one.html")
        assert (status, kind) == (404, "text/html; charset=utf-8")
        assert b"being read for the first time" in data
        assert b'data-page="t/one.html" data-version="0"' in data
        (tmp_path / "x.png").write_bytes(b"1")
        assert ask("GET", "/x.png") == (200, "image/png", b"1")
        status, kind, data = ask("GET", "/.serve/serve.js")
        assert (status, kind) == (200, "text/javascript; charset=utf-8")
        assert b"EventSource" in data
        assert ask("HEAD", "/.serve/events") == (200, "text/event-stream", b"")
        connection.close()
        site.close()
        server.shutdown()


def test_an_extension_of_the_edition_is_loaded_again(
    mini: Mini, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It warns; saved, it does so no longer."""
    own = mini.root / "own_of_this_test.py"
    warning = "from sphinx.util import logging\n\ndef setup(app):\n    logging.getLogger(__name__).warning('not like this')\n"
    own.write_text(warning, encoding="utf-8")
    monkeypatch.syspath_prepend(mini.root)
    conf = mini.root / "conf.py"
    added = f"\nextensions.append('{own.stem}')\n"
    conf.write_text(conf.read_text(encoding="utf-8") + added, encoding="utf-8")
    (tmp_path / "run" / "site").mkdir(parents=True)
    site = PublishedSite(tmp_path / "run" / "site")
    rounds = Rounds(mini.root, tmp_path / "run", site, lambda: False)
    assert "not like this" in rounds.round(set())
    told = site.news("index.html", 0, -1, 0)
    assert told is not None
    assert [problem.title for problem in told.problems] == [
        f"while setting up extension {own.stem}: not like this"
    ]
    assert own in rounds.files
    own.write_text("def setup(app):\n    pass\n", encoding="utf-8")
    assert "all pages" in rounds.round({own})
    assert (site.folder / "index.html").is_file()


# --- the end ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_nothing_is_left_behind(tmp_path: Path, number: int, code: int) -> None:
    mini = Mini(tmp_path / "mini")
    before = fingerprint(mini.root)
    running = Serving(mini, tmp_path / "tmp")
    if number == signal.SIGINT:  # SIGTERM comes while the sources are read
        running.wait("all pages")
    assert running.end(number) == code
    assert list((tmp_path / "tmp").iterdir()) == []
    assert fingerprint(mini.root) == before
    assert "Traceback" not in "".join(running.said)
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", running.port), timeout=5)


def test_a_port_in_use_is_a_message(
    mini: Mini, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        result = mini.run("serve", "--port", str(port))
    assert result.code == 4
    assert f"port {port}: " in result.output
    assert "--port" in result.output
    assert list((tmp_path / "tmp").iterdir()) == []


def test_wrong_ports_are_wrong_usage(mini: Mini) -> None:
    for port in ("-1", "65536", "x"):
        with pytest.raises(SystemExit):
            mini.run("serve", "--port", port)
