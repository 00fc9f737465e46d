"""``tei-export corpus build``: the bytes of each edition are those of its own build, whoever built it and
whatever died meanwhile; one site, search, DTS collection; entries joined by identifiers alone."""

from __future__ import annotations

import importlib
import io
import json
import logging
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from chromium import axe
from machines import contents, fingerprint
from mini import BASE, TESTS, Mini, command
from tei_export.corpus import cluster, pages, search
from tei_export.corpus import folder as corpus_folder
from tei_export.corpus.command import files
from tei_export.corpus.editions import BuiltEdition
from tei_export.corpus.folder import CorpusFolder
from tei_export.shared import stopping
from tei_export.shared.atomic import write_whole

#: A package that distributed needs; it has no types.
psutil: Any = importlib.import_module("psutil")

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser

pytestmark = pytest.mark.filterwarnings(
    "ignore:.*MystReferenceResolver.app:PendingDeprecationWarning"
)


#: The first are built before a worker dies, one while it dies, the others afterwards.
EDITIONS = 50
#: Edition of one leaf, whose site takes less than half the time of that of others.
HANDS = TESTS / "roots" / "hands"


def corpus(folder: Path, number: int, base: Path = BASE) -> list[Mini]:
    """Small editions ``e00``, ``e01`` …, each with a title of its own."""
    minis = []
    for at in range(number):
        mini = Mini(folder / f"e{at:02}", base)
        record = mini.read("edition.yaml")
        for field, value in (("title", f"Edition {at}"), ("short_title", f"Small {at}")):
            record = re.sub(
                rf"^{field}: .*", f"{field}: {value}", record, count=1, flags=re.MULTILINE
            )
        mini.write("edition.yaml", record)
        minis.append(mini)
    return minis


def started(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    before = signal.signal(
        signal.SIGHUP, signal.SIG_DFL
    )  # `nohup` ignores it, for all that it starts
    try:
        return subprocess.Popen(
            [sys.executable, "-m", "tei_export.cli", "corpus", "build", str(folder), *arguments],
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            text=True,
            encoding="utf-8",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # as a shell gives each command a group of its own, which Ctrl-C reaches
        )
    finally:
        signal.signal(signal.SIGHUP, before)


def done(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Its exit code, and the output that is not read yet; ``communicate`` would lose lines that ``readline`` has buffered."""
    assert process.stdout is not None
    end = threading.Timer(600, process.kill)
    end.start()
    with process.stdout as stream:
        output = stream.read()
    end.cancel()
    return process.wait(), output


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three editions as a corpus: the first two say that their Stalin is the same, the third does not."""
    folder = tmp_path_factory.mktemp("corpus") / "Three"
    one, two, three = corpus(folder, 3)
    one.replace(
        "registers/persons.yaml", "dates: 1878–1953", "dates: 1878–1953\n  ids: {wikidata: Q855}"
    )
    two.replace(
        "registers/persons.yaml",
        "name: Stalin, Joseph",
        "name: Stalin, J. W.\n  ids: {wikidata: Q855}",
    )
    three.replace("edition.yaml", "title: Edition 2", "title: <b>Edition</b> & 2")
    code, output = done(started(folder, "--target", "tei", "--target", "dts", "--workers", "2"))
    assert code == 0, output
    assert "3 editions" in output
    return folder


def test_each_edition_is_what_its_own_build_makes(three: Path, tmp_path: Path) -> None:
    for name in ("e00", "e02"):
        out = tmp_path / name
        result = command(three / name, "build", "tei", "dts", "html", "--out", str(out))
        assert result.code == 0, result.output
        assert fingerprint(out) == fingerprint(three / "build" / "editions" / name)


def test_the_corpus_is_made_of_what_was_built_and_of_nothing_else(three: Path) -> None:
    editions = [
        BuiltEdition(three / n, three / "build" / "editions" / n) for n in ("e00", "e01", "e02")
    ]
    assert dict(files(editions, "Three")) == contents(three / "build" / "corpus")


def test_identifiers_join_and_names_do_not(three: Path) -> None:
    rows = json.loads((three / "build/corpus/registers.json").read_bytes())
    stalins = [row for row in rows if row["name"].startswith("Stalin")]
    assert [[e["edition"] for e in row["editions"]] for row in stalins] == [["e00", "e01"], ["e02"]]
    assert stalins[0]["ids"] == {"wikidata": ["Q855"]}
    assert (stalins[0]["name"], stalins[0]["also"]) == ("Stalin, Joseph", ["Stalin, J. W."])
    trotskys = [row for row in rows if row["name"] == "Trotsky, Leon"]
    assert [e["edition"] for e in trotskys[0]["editions"]] == ["e00", "e01", "e02"]
    assert len(trotskys) == 1


def test_one_collection_leads_to_every_text(three: Path) -> None:
    home = three / "build" / "corpus" / "dts"
    entry = json.loads((home / "index.json").read_bytes())
    assert {"collection", "navigation", "document", "@id", "@type", "dtsVersion"} <= entry.keys()
    root = home / entry["collection"].format(id="", nav="")
    said = json.loads(root.read_bytes())
    assert [member["@id"] for member in said["member"]] == ["e00", "e01", "e02"]
    for member in said["member"]:
        own = root.parent / member["collection"].format(nav="")
        (text,) = json.loads(own.read_bytes())["member"]
        passage = own.parent / text["document"].format(tree="", ref="ch-01")
        assert b"Trotsky" in passage.read_bytes()
    template = entry["document"].format(edition="e01", resource="t", tree="", ref="ch-02")
    assert b"STALIN" in (home / template).read_bytes()


@pytest.mark.browser
def test_the_site_in_a_browser(
    three: Path, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = three / "build" / "corpus"
    page = browser.new_page(viewport={"width": 390, "height": 800})
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto((home / "index.html").as_uri())
    assert page.get_by_role("heading", level=2).all_inner_texts() == [
        "Edition 0",
        "Edition 1",
        "<b>Edition</b> & 2",
    ]
    axe(page)
    page.get_by_role("link", name="Persons").click()
    page.get_by_role("link", name="S", exact=True).click()
    axe(page)
    page.get_by_role("link", name="Small 1").click()
    page.wait_for_url("**/e01/html/registers/persons.html#*")
    assert "Stalin, J. W." in page.evaluate("document.querySelector(':target').textContent")
    page.goto((home / "search.html").as_uri())
    page.get_by_role("searchbox").fill("Isol")
    page.get_by_role("button", name="Search").click()
    page.get_by_text("3 passages.").wait_for()
    assert (
        page.locator("#results mark").all_inner_texts() == ["isolation"] * 3
    )  # divided at a line end
    axe(page)
    page.get_by_role("link", name="Edition 1, I. One, p. 1.3").click()
    page.wait_for_url("**/e01/html/t/one.html#*")
    assert page.evaluate("document.querySelector(':target').id") == "p1.3"
    page.goto((home / "search.html").as_uri() + "?q=меньшевизм another")
    page.get_by_text("3 passages.").wait_for()
    page.goto((home / "search.html").as_uri() + "?q=zzzz")
    page.get_by_text("0 passages.").wait_for()
    small = _with_small_pieces(three, monkeypatch)
    page.goto((small / "index.html").as_uri() + "#e02")
    page.wait_for_url("**/index-3.html#e02")
    axe(page)
    assert page.locator("nav[aria-label^=Pages] a").all_inner_texts() == ["1", "2", "3"]
    ids = re.compile(r'<li id="([^"]+)"')
    for stem in ("index", "registers/persons-s"):
        whole = (home / f"{stem}.html").read_text(encoding="utf-8")
        assert "Pages of this list" not in whole
        rows = [
            ids.findall(path.read_text(encoding="utf-8")) for path in small.glob(f"{stem}*.html")
        ]
        assert sorted(map(len, rows)) == [1] * len(rows)
        assert sorted(one for row in rows for one in row) == sorted(ids.findall(whole))
    page.goto((small / "search.html").as_uri() + "?q=Isol")
    page.get_by_text("3 passages.").wait_for()
    expect(page.locator("#results mark")).to_have_text(["isolation"] * 3)
    for query in ("меньшевизм another", "is", "th"):  # many words, in pieces of pieces
        numbers = []
        for folder in ("corpus", "pieces"):
            page.goto((three / "build" / folder / "search.html").as_uri() + f"?q={query}")
            page.get_by_text("passages").wait_for()
            numbers.append(page.locator("#found").text_content())
        assert numbers[0] == numbers[1] != "0 passages."
    assert errors == []
    page.close()


def _with_small_pieces(three: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The corpus with an index in pieces of a few words each, and lists in pages of one row."""
    monkeypatch.setattr(search, "PIECE", 60)
    monkeypatch.setattr(pages, "_LARGE", 1)
    folder = three / "build" / "pieces"
    built = [
        BuiltEdition(three / name, three / "build" / "editions" / name)
        for name in ("e00", "e01", "e02")
    ]
    for name, data in files(built, "Three"):
        write_whole(folder / name, data)
    return folder


def test_a_large_piece_of_the_index_is_divided(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "PIECE", 40)
    found = {"th": "0", "the": search.runs([0, 1, 2, 5, 7, 8]), "them": "1", "thin": "2-3"}
    assert found["the"] == "0-2,5,7-8"
    pieces = dict(search.divided("0074-0068", found))
    assert pieces["0074-0068"] == ["", "0065", "0069"]
    words: dict[str, str] = {}
    for name, data in pieces.items():
        if isinstance(data, dict):
            assert len(data) == 1 or sum(map(len, (*data, *data.values()))) < 40
            begins = [chr(int(code, 16)) for code in name.rstrip("-").split("-")]
            assert all(word.startswith("".join(begins)) for word in data)
            words |= data
    assert words == found
    one = {"the": "1" * 99}
    assert dict(search.divided("0074-0068", one)) == {"0074-0068": one}


def test_words_are_folded_and_in_pieces() -> None:
    assert search.words("isola¬\ntion Élan МЕНЬШЕ-визм l'œuvre") == {
        "isolation",
        "elan",
        "меньше",
        "визм",
        "l",
        "œuvre",
    }
    assert search.piece("a") == "0061"
    assert search.piece("ab") == search.piece("abc") == "0061-0062"


@pytest.mark.parametrize(("moment", "name"), [("starting", "SIGINT"), ("building", "SIGHUP")])
def test_a_run_that_is_stopped(three: Path, moment: str, name: str) -> None:
    """While its workers start, and when one edition is built: a terminal sends the signal to all processes."""
    before = fingerprint(three / "build" / "corpus")
    conf = max(three.glob("*/conf.py"))  # of the edition that is built last
    said = conf.read_text(encoding="utf-8")
    conf.write_text(f"{said}\nimport time\n\ntime.sleep(60)\n", encoding="utf-8")
    try:
        process = started(three, "--target", "tei", "--workers", "2")
        assert process.stdout is not None
        if moment == "starting":
            while not any("forkserver" in _command(c) for c in _children(process.pid)):
                time.sleep(0.01)
        else:
            assert process.stdout.readline().endswith(": built\n")
        os.killpg(process.pid, getattr(signal, name))
        code, output = done(process)
    finally:
        conf.write_text(said, encoding="utf-8")
    assert code == {"SIGINT": 130, "SIGHUP": 129}[name]
    *_, said = output.splitlines()
    assert said == "stopped; the pages of the corpus are unchanged"
    assert all(line.endswith(": built") for line in output.splitlines()[:-1]), output
    assert fingerprint(three / "build" / "corpus") == before
    end = time.monotonic() + 10
    while _session(process.pid) and time.monotonic() < end:
        time.sleep(0.02)
    assert _session(process.pid) == []


def test_what_distributed_logs_late_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """It closes connections after its cluster, and tells errors of that with a traceback."""
    shown = io.StringIO()
    logger = logging.getLogger("distributed")
    monkeypatch.setattr(
        logger, "handlers", [logging.StreamHandler(shown)]
    )  # as it sets it up itself
    logger.getChild("batched").error("before")
    cluster._silence()
    logger.getChild("batched").error("after")
    assert shown.getvalue() == "before\n"


def test_a_run_that_is_stopped_while_it_waits_for_a_scheduler(three: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        process = started(three, "--target", "tei", "--scheduler", address)
        silent.settimeout(60)
        connection, _ = silent.accept()
        with connection:
            process.send_signal(signal.SIGINT)
            assert done(process) == (130, "stopped; the pages of the corpus are unchanged\n")


@pytest.fixture
def signals() -> Iterator[None]:
    """Signals end a run, as under the command."""
    undo = stopping.listen()
    yield
    undo()


@pytest.mark.usefixtures("signals")
@pytest.mark.parametrize(("call", "replaced"), [(1, False), (2, False), (3, True), (4, True)])
def test_the_files_of_the_corpus_are_replaced_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: int, *, replaced: bool
) -> None:
    """A signal in one of two files, or in one of two renames."""
    before, after = {"a": b"1", "b/c": b"1"}, {"a": b"2", "d": b"2"}
    corpus = CorpusFolder(tmp_path / "corpus")
    corpus.replace(before.items())
    corpus.replaced, calls = False, 0

    def counted(real: Callable[..., object]) -> Callable[..., object]:
        def stop(*given: object) -> object:
            nonlocal calls
            calls += 1
            if calls == call:
                os.kill(os.getpid(), signal.SIGINT)
            return real(*given)

        return stop

    monkeypatch.setattr(corpus_folder, "write_whole", counted(write_whole))
    monkeypatch.setattr(Path, "rename", counted(Path.rename))
    with pytest.raises(stopping.Stopped):
        corpus.replace(after.items())
    assert calls == (4 if replaced else call)
    assert corpus.replaced is replaced
    assert contents(tmp_path / "corpus") == (after if replaced else before)
    assert [path.name for path in tmp_path.iterdir()] == ["corpus"]


def test_a_folder_that_cannot_be_renamed_leaves_the_old_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = CorpusFolder(tmp_path / "corpus")
    corpus.replace({"a": b"1"}.items())
    real = Path.rename

    def refuse(path: Path, target: Path) -> Path:
        if path.name == ".corpus.new":
            raise PermissionError(13, "Permission denied", str(path))
        return real(path, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(PermissionError):
        corpus.replace({"a": b"2"}.items())
    assert contents(tmp_path / "corpus") == {"a": b"1"}


def test_a_run_killed_between_the_two_renames_is_undone(tmp_path: Path) -> None:
    CorpusFolder(tmp_path / "corpus").replace({"a": b"1"}.items())
    (tmp_path / "corpus").rename(tmp_path / ".corpus.old")
    CorpusFolder(tmp_path / "corpus")
    assert contents(tmp_path / "corpus") == {"a": b"1"}


def test_a_problem_in_one_edition_stops_only_its_own(three: Path) -> None:
    mini_root = three / "e01"
    source = mini_root / "edition" / "t" / "one.md"
    before, text = fingerprint(three / "build" / "corpus"), source.read_text(encoding="utf-8")
    source.write_text(text.replace("was a mistake.", "was a mistoke."), encoding="utf-8")
    try:
        code, output = done(started(three, "--target", "tei", "--workers", "1"))
    finally:
        source.write_text(text, encoding="utf-8")
    assert code == 1
    assert "e01: not built (exit code 1)" in output
    assert "t/one.md:6:16: [witness-differs]" in output
    assert "1 of 3 editions are not built" in output
    assert "e00: built" in output
    assert "Traceback" not in output
    assert fingerprint(three / "build" / "corpus") == before
    for name in ("e00", "e01", "e02"):  # nothing is left of the runs that were stopped
        assert not (three / "build" / "editions" / name / ".cache" / "run").exists()


def test_a_folder_without_editions(tmp_path: Path) -> None:
    code, output = done(started(tmp_path))
    assert code == 2
    assert "it has no folder with a conf.py" in output


def test_a_scheduler_that_does_not_answer(tmp_path: Path) -> None:
    Mini(tmp_path / "one")
    code, output = done(started(tmp_path, "--scheduler", "nonsense://nowhere", "--target", "tei"))
    assert code == 4
    assert "scheduler nonsense://nowhere" in output
    assert "Traceback" not in output


@pytest.mark.slow
def test_many_editions_and_a_worker_that_is_killed(tmp_path: Path) -> None:
    """Of two workers one is killed while it builds; every edition is built, with the bytes of its own build."""
    folder = tmp_path / "Many"
    minis = corpus(folder, EDITIONS, HANDS)
    process = started(folder, "--target", "html", "--workers", "2")
    assert process.stdout is not None
    said = ""
    while said.count(": built") < 6:
        line = process.stdout.readline()
        assert line, said
        said += line
    before = {child.pid for child in _workers(process.pid)}
    assert len(before) == 2
    psutil.Process(min(before)).kill()
    code, rest = done(process)
    said += rest
    assert code == 0, said
    assert sorted(
        line.partition(":")[0] for line in said.splitlines() if line.endswith(": built")
    ) == [mini.root.name for mini in minis]
    assert "Traceback" not in said
    editions = folder / "build" / "editions"
    for mini in minis[:: EDITIONS // 4]:
        out = tmp_path / mini.root.name
        assert mini.run("build", "html", "--out", str(out)).code == 0
        assert fingerprint(out) == fingerprint(editions / mini.root.name)
    for mini in minis:
        assert {p.name for p in (editions / mini.root.name / ".cache").iterdir()} == {
            "doctrees",
            "lock",
        }
    listed = (folder / "build" / "corpus" / "index.html").read_text(encoding="utf-8")
    assert listed.count("<li id=") == EDITIONS


def _workers(pid: int) -> list[Any]:
    """The processes that build: forks of the one that has loaded the program, or new ones where there is none."""
    return [
        child
        for child in _children(pid)
        if "spawn_main" in _command(child)
        or ("forkserver" in _command(child) and "forkserver" in _command(child.parent()))
    ]


def _children(pid: int) -> list[Any]:
    children: list[Any] = psutil.Process(pid).children(recursive=True)
    return children


def _session(pid: int) -> list[str]:
    """The processes that a command has left behind."""
    left = []
    for process in psutil.process_iter():
        with suppress(ProcessLookupError, psutil.NoSuchProcess):
            if os.getsid(process.pid) == pid and process.status() != psutil.STATUS_ZOMBIE:
                left.append(_command(process))
    return left


def _command(process: Any) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.NoSuchProcess:  # it has ended meanwhile
        return ""
