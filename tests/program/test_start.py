"""What a run of the command does not load, and what it does not pack again for the next run."""

from __future__ import annotations

import pickle
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from docutils.readers.standalone import Reader
from myst_parser.parsers.sphinx_ import MystParser
from sphinx.application import Sphinx, builtin_extensions
from sphinx.util import docutils as sphinx_docutils

from tei_export.shared import edition_app
from tei_export.shared.edition_app import OTHER_BUILDERS, EditionApp
from tei_export.shared.sphinx_run import settings_asked_once, sphinx_run
from tei_export.source import stored_facts
from tei_export.source.stored_facts import StoredFacts

if TYPE_CHECKING:
    from mini import Mini

#: What the builders left out register for every run: the first is theirs alone, the second compares versions.
THEIR_TRANSFORMS = {"FootnoteDocnameUpdater", "UIDTransform"}


def started(made: type[Sphinx], mini: Mini, builder: str = "edition-check") -> Sphinx:
    """The application of a run that has not begun to read."""
    with sphinx_run(mini.root):
        return made(
            str(mini.root / "edition"), str(mini.root), str(mini.out / "out"), str(mini.out / "trees"), builder,
            {"edition_command": True, "edition_builder": builder}, status=None,
        )  # fmt: skip


def left_out(app: Sphinx) -> set[str]:
    return {name for name in builtin_extensions if name not in app.extensions}


def test_only_builders_are_left_out_and_what_is_theirs_alone(mini: Mini) -> None:
    whole, ours = started(Sphinx, mini), started(EditionApp, mini)
    assert OTHER_BUILDERS.issubset(builtin_extensions)
    assert left_out(ours) == {*OTHER_BUILDERS, "alabaster"}
    ours_too = {option.name for option in ours.config}
    theirs = {option.name for option in whole.config if option.name not in ours_too}
    assert theirs
    assert all(name.startswith(edition_app.SETTINGS) for name in theirs)
    assert whole.events.events.keys() - ours.events.events.keys() == {"linkcheck-process-uri"}
    their_transforms = set(whole.registry.get_transforms()) - set(ours.registry.get_transforms())
    assert {transform.__name__ for transform in their_transforms} == THEIR_TRANSFORMS
    later = set(whole.registry.get_post_transforms()) - set(ours.registry.get_post_transforms())
    assert {name for transform in later for name in transform.builders} == {"linkcheck"}
    assert all(transform.builders for transform in later if not transform.formats)
    assert {name for transform in later for name in transform.formats} == {"latex"}
    assert whole.registry.domains.keys() == ours.registry.domains.keys()
    assert whole.env.version == ours.env.version


@pytest.mark.parametrize(
    "line",
    [
        "extensions.append('sphinx.ext.mathjax')",
        "linkcheck_timeout = 1",
        "text_newlines = 'native'",
        "def setup(app): app.connect('linkcheck-process-uri', print)",
    ],
)
def test_an_edition_that_may_need_them_gets_all(mini: Mini, line: str) -> None:
    with (mini.root / "conf.py").open("a", encoding="utf-8") as conf:
        conf.write(f"\n{line}\n")
    assert not left_out(started(EditionApp, mini))


def test_a_site_keeps_the_theme_that_is_there_for_those_who_choose_none(mini: Mini) -> None:
    assert left_out(started(EditionApp, mini, "html")) == OTHER_BUILDERS


_LOADED = """
import sys
from tei_export.cli import main
code = main(["check", "--root", sys.argv[1]])
print(sorted({"requests", "doctest", "lxml"} & sys.modules.keys()))
from sphinx.util import requests
print(requests.get.__module__, "requests" in sys.modules)
sys.exit(code)
"""


def test_check_loads_no_client_of_the_web_until_somebody_asks_it(mini: Mini) -> None:
    command = [sys.executable, "-c", _LOADED, str(mini.root)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert told.splitlines()[-2:] == ["[]", "sphinx.util.requests True"]


def test_facts_of_a_document_that_was_not_read_again_stay_as_they_were_stored() -> None:
    first = StoredFacts[list[str]]()
    first["a"], first["b"], first["c"] = ["one"], ["two"], ["three"]
    second: StoredFacts[list[str]] = pickle.loads(pickle.dumps(first))
    assert (list(second), len(second), "b" in second) == (["a", "b", "c"], 3, True)
    packed = second.__getstate__()
    assert second["a"] == ["one"]
    second["b"] = ["new"]
    del second["c"]
    again = second.__getstate__()
    assert again["a"] is packed["a"]
    assert "c" not in again
    third: StoredFacts[list[str]] = pickle.loads(pickle.dumps(second))
    assert dict(third) == {"a": ["one"], "b": ["new"]}


def test_a_run_packs_only_what_it_read(mini: Mini, monkeypatch: pytest.MonkeyPatch) -> None:
    mini.check()
    packed: list[object] = []
    pack = stored_facts.pack

    def counted(facts: object) -> bytes:
        packed.append(facts)
        return pack(facts)

    monkeypatch.setattr(stored_facts, "pack", counted)
    mini.write("t/one.md", mini.read("t/one.md") + "\n% a comment\n")
    assert mini.check().code == 0
    assert len(packed) == 1


def test_docutils_is_asked_for_its_settings_once(monkeypatch: pytest.MonkeyPatch) -> None:
    ask, asked = sphinx_docutils._get_settings, []

    def counted(*components: Any, **named: Any) -> Any:
        asked.append(components)
        return ask(*components, **named)

    monkeypatch.setattr(sphinx_docutils, "_get_settings", counted)
    defaults = {"traceback": True, "tab_width": 3}
    plain = ask(Reader, MystParser(), defaults=defaults, read_config_files=True)
    with settings_asked_once():
        first, second = (
            sphinx_docutils._get_settings(
                Reader, MystParser(), defaults=defaults, read_config_files=True
            )
            for _ in range(2)
        )
        other = sphinx_docutils._get_settings(
            Reader, MystParser(), defaults={"tab_width": 4}, read_config_files=True
        )
    assert len(asked) == 2
    assert other.tab_width == 4
    first.record_dependencies.add("one")
    assert not second.record_dependencies.list
    for found in (plain, first, second):
        del found.record_dependencies
    assert vars(plain) == vars(first) == vars(second)
    assert sphinx_docutils._get_settings is counted
