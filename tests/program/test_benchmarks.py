"""The generated editions of the benchmarks are editions; their sizes and seeds say what is in them."""

from __future__ import annotations

import json
import re
import signal
import sys
from typing import TYPE_CHECKING, Any

import peers
import pytest
import run
import scale
import stages
from generate import CHAPTER, Generator

from machines import fingerprint
from mini import ROOT, command

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.filterwarnings(
    "ignore:.*MystReferenceResolver.app:PendingDeprecationWarning"
)


@pytest.mark.parametrize("pages", [5, 2 * CHAPTER + 3])
def test_a_generated_edition_is_an_edition(tmp_path: Path, pages: int) -> None:
    Generator(pages).write(tmp_path / "e")
    result = command(tmp_path / "e", "check")
    assert result.code == 0, result.output
    assert f"t: {pages} pages, " in result.output
    assert "substitution" in result.output


def test_a_seed_gives_one_edition(tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        Generator(4, seed).write(tmp_path / name)
    a, b, c = (fingerprint(tmp_path / name) for name in "abc")
    assert a == b
    assert a != c


def test_no_word_is_written_twice_in_a_row(tmp_path: Path) -> None:
    """It would be a problem, also where the two are one name."""
    Generator(200).write(tmp_path / "e")
    witness = (tmp_path / "e/edition/witness/w.txt").read_text(encoding="utf-8")
    assert re.findall(r"\b(\w+)\s+\1\b", witness) == []


def test_the_memory_is_that_of_the_measured_process_alone(tmp_path: Path) -> None:
    """A process that starts it does not count, however large it is; its children do."""
    held = b"x" * (200 << 20)
    small = run.measure((sys.executable, "-I", "-S", "-c", ""), tmp_path).memory
    large = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'b\"x\" * (100 << 20)'])"
    assert small < 50 < 100 < run.measure((sys.executable, "-c", large), tmp_path).memory < 200
    assert len(held) == 200 << 20


def test_what_got_worse_by_a_tenth_is_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = {"baseline": 1.0, "tei": 2.0, "pdf": 3.0, "gone": 1.0}
    record = tmp_path / "record.json"
    record.write_text(json.dumps({"ratios": kept}), encoding="utf-8")
    monkeypatch.setattr(run, "RECORD", record)
    found = {
        name: run.Figures(seconds, 1, 1)
        for name, seconds in {"baseline": 2.0, "tei": 4.3, "pdf": 6.7, "new": 9.0}.items()
    }
    assert run.worse(found) == ["pdf: 3.00 × became 3.35 ×"]


def test_the_page_shows_the_record_and_says_when_the_machine_was_busy() -> None:
    figures = {"processor": 4.0, "wall": 5.0, "memory": 100.0, "size": 2048}
    data = {
        "date": "2026-01-31",
        "commit": "0123",
        "machine": "m",
        "load": 0.3,
        "rounds": 3,
        "figures": {"baseline": figures, "tei": {**figures, "processor": 6.0}},
        "preview": {"median": 0.6, "most": 0.9, "processor": 2.5, "edits": 100},
        "sizes": [
            {"output": "dts", "pages": 100, "processor": 1.0, "memory": 50.0, "size": 1000},
            {"output": "dts", "pages": 400, "processor": 4.4, "memory": 100.0, "size": 8000},
        ],
    }
    page = run.page(data)
    assert "| TEI, both validations, witness proof | 6.00 | 1.50 | 5.00 | 1.00 |" in page
    assert "| dts | 400 | 4.4 | 100 | 7 | 1.10 | 0.50 | 2.00 |" in page
    assert "0.90 s in 95 of 100" in page
    assert "busy" not in page
    assert "busy" in run.page({**data, "load": 6.0})
    assert "\n\nSizes are older.\n" in run.page({**data, "remark": "Sizes are older."})
    apart = {"date": "2026-02-01", "commit": "4567", "load": 0.2, "sizes": data["sizes"]}
    assert "\n\nStopped.\n" in run.page({**data, "apart": [{**apart, "remark": "Stopped."}]})
    assert "on 2026-02-01 at commit 4567, load 0.2:" in run.page({**data, "apart": [apart]})


def test_what_was_measured_apart_stays_in_the_next_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = tmp_path / "record.json"
    monkeypatch.setattr(run, "RECORD", record)
    found = {"baseline": run.Figures(1, 1, 1)}
    assert "apart" not in run.record(found, 1, None, [], [], {})
    record.write_text(json.dumps({"ratios": {}, "apart": {"load": 1}}), encoding="utf-8")
    assert run.record(found, 1, None, [], [], {})["apart"] == {"load": 1}


def test_an_output_measured_apart_anew_replaces_its_rows() -> None:
    rows = [{"output": "tei", "pages": 1}, {"output": "pdf", "pages": 1}]
    record = {"apart": [{"commit": "a", "sizes": rows}, {"commit": "b", "sizes": rows[:1]}]}
    assert list(scale.others(record, rows[:1])) == [{"commit": "a", "sizes": rows[1:]}]
    assert list(scale.others({}, rows)) == []


def test_the_goals_say_what_was_reached_and_what_was_not_measured() -> None:
    def figures(seconds: float) -> dict[str, float]:
        return {"processor": seconds, "wall": seconds, "memory": 100.0, "size": 2048}

    def size(output: str, pages: int, seconds: float, **more: float) -> dict[str, object]:
        return {
            "output": output,
            "pages": pages,
            "processor": seconds,
            "memory": seconds * 10,
            "size": pages,
            **more,
        }

    data = {
        "figures": {"baseline": figures(2.0), "tei": figures(2.6), "all": figures(13.0)},
        "preview": {"median": 0.6, "most": 0.9, "processor": 2.5, "edits": 100},
        "sizes": [
            size("html", 160, 1.0, view_seconds=1.0, view_kb=90.0, hit_seconds=2.0, hit_kb=200.0),
            size("html", 1600, 9.0, view_seconds=1.1, view_kb=130.0, hit_seconds=2.2, hit_kb=210.0),
            size("pdf", 160, 10.0), size("pdf", 1600, 130.0),
        ],
        "peers": [{"peer": "pandoc -t tei, jing", "ours": "tei", "does": "", "processor": 2.0, "memory": 10.0}],
    }  # fmt: skip
    found = {what: (value, met) for what, _goal, value, met in run.goals(data)}
    assert found["TEI, both validations, witness proof, from scratch"] == ("1.30 ×", True)
    assert found["all outputs, from scratch"] == ("6.50 ×", False)
    assert found["`check` after a change"] == ("not measured", None)
    assert found["TEI against pandoc -t tei + jing on the plain text"] == ("1.30 ×", True)
    worst = "a page of the largest generated edition, time (the worst output: pdf)"
    assert found[worst] == ("1.30 ×", False)
    assert found["first view of a page of the largest, bytes"] == ("1.44 ×", False)
    assert found["first hit of a search of the largest, time"] == ("1.10 ×", True)
    shown = run.page({**data, "date": "", "commit": "", "machine": "", "load": 0.1, "rounds": 1})
    assert "| all outputs, from scratch | ≤ 6 × the baseline, wall | 6.50 × | **no** |" in shown
    assert "| `check` after a change | < 1 s | not measured | – |" in shown
    assert "| 1,600 | 1.10 | 130 | 2.20 | 210 |" in shown
    assert "- *all outputs, from scratch*: " in shown
    assert "- *TEI, both validations" not in shown


def test_a_peer_that_is_missing_says_why() -> None:
    rows: list[dict[str, Any]] = [
        {"peer": "a", "ours": "tei", "does": "x", "processor": 2.0, "wall": 2.0, "memory": 10.0},
        {"peer": "b", "ours": "pdf", "does": "y", "missing": "not installed"},
    ]
    shown = peers.table(rows, {"tei": {"processor": 3.0}})
    assert "| a | x | 2.00 | 10 | tei | 3.00 | 1.50 |" in shown
    assert "| b | y | not measured: not installed | | pdf | | |" in shown


def test_the_stages_are_functions_of_the_program() -> None:
    """A function that is renamed would take its time to another stage unseen."""
    source = ROOT / "src" / "tei_export"
    for file, function in stages.STAGES:
        if not file.startswith(("importlib", "sphinx")):
            assert f"def {function}" in (source / file).read_text(encoding="utf-8"), file


def test_a_sample_belongs_to_the_innermost_stage() -> None:
    seen: list[str] = []
    builder, markup = "sphinx/builders/__init__.py", "src/tei_export/source/roles.py"
    outer: dict[str, object] = {"stage": lambda: seen.append(stages.stage_of(sys._getframe(1)))}
    exec(compile("def role(): stage()", markup, "exec"), outer)
    exec(compile("def read_doc(): stage(); role()", builder, "exec"), outer)
    exec(compile("def start(): stage(); read_doc()", "elsewhere.py", "exec"), outer)
    outer["start"]()  # type: ignore[operator]
    assert seen == [
        stages.OTHER,
        stages.STAGES[builder, "read_doc"],
        stages.STAGES["source/roles.py", ""],
    ]


def test_time_in_a_library_belongs_to_the_stage_that_called_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Python handles the signals of that time together, once the library is done."""
    handlers: dict[int, Any] = {}
    clock = iter([1.0, 1.5, 4.0, 4.25])
    monkeypatch.setattr("time.process_time", lambda: next(clock))
    monkeypatch.setattr("signal.signal", handlers.__setitem__)
    monkeypatch.setattr("signal.setitimer", lambda *_: None)
    monkeypatch.setattr(stages, "stage_of", lambda frame: frame)

    def work(*_: object, **_named: object) -> None:
        note = handlers[signal.SIGPROF]
        note(0, "imports")
        note(0, "validation")  # after 2.5 s without a signal

    monkeypatch.setattr("runpy.run_module", work)
    monkeypatch.setattr(sys, "argv", [])
    assert stages.watch(["build", "tei"]) == {
        "validation": 2.5,
        stages.OTHER: 1.25,
        "imports": 0.5,
    }
