"""``tei-export import`` of bibliographies: BibTeX, CSL-JSON and RIS become works of the register."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest
import yaml

from tei_export.importing import bibliography
from tei_export.model.problems import EditionError
from tei_export.model.register_fields import register_type

if TYPE_CHECKING:
    from mini import Mini, Result

BIBTEX = r"""
@comment{ignored}
@string{cup = "Cambridge University Press"}
@Book{Carr_1950,
  author = {Carr, Edward Hallett and {Soviet Union} and Ludwig van Beethoven and others},
  title = {The {O}ctober {Revolution}: M{\"u}ller \& S{\o}n},
  publisher = cup, address = {London}, year = 1950, edition = {2nd ed.}, volumes = 3
}
@incollection{krasso,
  author = {Nicolas Krasso}, title = {Trotsky's {\emph{Marxism}}}, booktitle = {Essays}, editor = {Anna Bell and Carl Dow},
  publisher = {Verso}, year = {1967}, pages = {3--20}
}
@online{x, title = {A page}, date = {2001-02-03}, doi = {10.1/x}}
"""
CSL = json.dumps(
    [
        {
            "id": "http://zotero.org/users/1/items/ABC",
            "type": "article-journal",
            "title": "Über <i>Straßen</i>",
            "author": [
                {"family": "Dorn", "given": "Ilse", "non-dropping-particle": "von"},
                {"literal": "Die Redaktion"},
            ],
            "container-title": "Die Zeitschrift",
            "volume": "4",
            "issue": 2,
            "page": "1-9",
            "issued": {"date-parts": [["1932", 3, 5]]},
            "DOI": "10.2/y",
        },
        {
            "id": "s",
            "type": "speech",
            "title": "A speech",
            "issued": {"date-parts": [[1901], [1903]]},
        },
    ]
)
RIS = """\
TY  - CHAP
A1  - Bell, Anna
TI  - A chapter
T2  - Essays
A2  - Dow, Carl
PY  - 1967
PB  - Verso
SP  - 21
EP  - 40
ER  -

TY  - THES
AU  - Falk, Eva
TI  - A thesis
PY  - 1999/07/01
ER  -
"""


def bring(mini: Mini, text: str, name: str = "refs", *arguments: str) -> Result:
    path = mini.root.parent / name
    path.write_text(text, encoding="utf-8")
    return mini.run("import", str(path), *arguments)


def works(mini: Mini) -> dict[str, dict[str, str]]:
    return yaml.safe_load(mini.read("registers/works.yaml"))


def test_bibtex(mini: Mini) -> None:
    before = mini.read("registers/works.yaml")
    result = bring(mini, BIBTEX)
    assert result.code == 0, result.output
    assert mini.read("registers/works.yaml").startswith(before.rstrip("\n"))
    found = works(mini)
    assert found["carr-1950"] == {
        "type": "book",
        "author": "Carr, Edward Hallett; Soviet Union; van Beethoven, Ludwig; and others",
        "title": "The October Revolution: Müller & Søn",
        "place": "London",
        "publisher": "Cambridge University Press",
        "year": "1950",
        "edition": "2nd ed.",
        "extent": "3 vols.",
        "unmentioned": bibliography.UNMENTIONED,
    }
    assert found["krasso"]["contained_in"] == "essays"
    assert (found["krasso"]["title"], found["krasso"]["note"]) == ("Trotsky's Marxism", "pp. 3–20")
    assert (found["essays"]["editor"], found["essays"]["publisher"]) == (
        "Anna Bell, Carl Dow",
        "Verso",
    )
    assert (found["x"]["type"], found["x"]["year"], found["x"]["note"]) == (
        "document",
        "2001-02-03",
        "DOI 10.1/x",
    )
    checked = mini.check()
    assert checked.code == 0, checked.output
    assert mini.build("data").code == 0


def test_csl(mini: Mini) -> None:
    assert bring(mini, CSL).code == 0
    found = works(mini)
    assert found["dorn-uber-strassen"] == {
        "type": "article",
        "author": "von Dorn, Ilse; Die Redaktion",
        "title": "Über Straßen",
        "publisher": "Die Zeitschrift",
        "year": "1932-03-05",
        "note": "vol. 4, no. 2, pp. 1-9. DOI 10.2/y",
        "unmentioned": bibliography.UNMENTIONED,
    }
    assert (found["s"]["type"], found["s"]["year"]) == ("speech", "1901–1903")
    assert mini.check().code == 0


def test_ris_after_bibtex(mini: Mini) -> None:
    """The book that is there already contains the chapter; nothing is added twice."""
    assert bring(mini, BIBTEX).code == 0
    assert bring(mini, RIS).code == 0
    found = works(mini)
    assert found["bell-chapter"]["contained_in"] == "essays"
    assert (found["falk-thesis"]["type"], found["falk-thesis"]["year"]) == (
        "dissertation",
        "1999-07-01",
    )
    before = mini.read("registers/works.yaml")
    again = bring(mini, RIS)
    assert (again.code, "added 0 works" in again.output) == (0, True)
    assert mini.read("registers/works.yaml") == before
    assert mini.check().code == 0


def test_dry_run_and_a_register_that_is_not_there(mini: Mini) -> None:
    before = mini.read("registers/works.yaml")
    result = bring(mini, BIBTEX, "refs", "--dry-run")
    assert "would add 4 works" in result.output
    assert mini.read("registers/works.yaml") == before
    mini.path("registers/works.yaml").unlink()
    assert bring(mini, RIS).code == 0
    assert set(works(mini)) == {"bell-chapter", "essays", "falk-thesis"}


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("Only words.\n", "import-format", 1),
        ("@book{a, title = {x}\n@book{b\n", "import-format", 2),
        ("@book{a, title={x}}\n@book{a, title={y}}", "import-format", 1),
        ("@book{a, publisher = unknown}", "import-format", 1),
        ("@book{a, author = {B}}", "import-format", 1),
        ('[{"title": "x",]', "import-format", 1),
        ('[{"type": "book"}]', "import-format", 1),
        ("[1]", "import-format", 1),
        ("[" * 100_000, "import-format", 1),
        ("[]", "import-empty", 0),
        ("TY  - BOOK\nTI  - x\nTY  - BOOK\n", "import-format", 1),
        ("TY  - BOOK\nAU  - x\nER  - \n", "import-format", 1),
        ("\x01@book{a}", "import-letter", 1),
    ],
)
def test_damage_is_a_problem_and_nothing_is_written(
    mini: Mini, text: str, code: str, line: int
) -> None:
    before = mini.read("registers/works.yaml")
    result = bring(mini, text)
    assert (result.code, [p.partition("refs")[2] for p in result.problems]) == (
        1,
        [f":{line}: [{code}]"],
    )
    assert mini.read("registers/works.yaml") == before


def test_a_register_that_cannot_be_added_to(mini: Mini) -> None:
    mini.write("registers/works.yaml", "{a: {type: book, title: A}}\n")
    result = bring(mini, RIS)
    assert (result.code, result.problems[0].split()[1]) == (1, "[yaml]")


def test_a_package_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pybtex.database", None)
    with pytest.raises(EditionError) as raised:
        bibliography.read(BIBTEX, "refs.bib")
    assert [p.code for p in raised.value.problems] == ["import-package"]


def test_every_entry_fits_the_register() -> None:
    """Whatever the fields hold: markup, control characters, numbers, lists."""
    items: list[bibliography.Item] = [
        {"id": 7, "type": ["book"], "title": "{{x}} <i>`y`</i>\x07 \u200b", "author": "nobody", "issued": 1950},
        {"title": "12", "type": "chapter", "container-title": "?", "editor": [{"family": 3}, {}, 4]},
        {"title": "...", "issued": {"date-parts": [[None], "x", [1950, "a"]]}},
    ]  # fmt: skip
    made = bibliography.entries(items, {})
    loaded = yaml.safe_load(bibliography.as_yaml(made))
    assert loaded == made
    assert [p.detail for p in register_type("works").check("works", loaded)] == []
