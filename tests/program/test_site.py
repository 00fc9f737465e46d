"""The whole site as files: valid HTML, typed scripts, no style without use, light pages.

Read by programs of others (the Nu HTML checker, TypeScript) and by Chromium's own parsers.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections import Counter
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin

from tools import require
from web import THEME, html_files, parse


def test_links_of_the_whole_edition_resolve_downloads_too(small: Path) -> None:
    """As for the real edition (test_html.py), with the files of every output."""
    pages = {p.relative_to(small).as_posix(): parse(p) for p in html_files(small)}
    ids = {name: set(page.xpath("//@id")) for name, page in pages.items()}
    kinds: Counter[str] = Counter()
    for name, page in pages.items():
        for address in page.xpath("//@href | //@src"):
            if re.match(r"[a-z]+:", address):
                continue
            target, fragment = urldefrag(urljoin(name, re.sub(r"\?[^#]*", "", address)))
            if target in ids:
                assert not fragment or unquote(fragment) in ids[target], f"{name}: {address}"
            else:
                assert (small / unquote(target)).is_file(), f"{name}: {address}"
            kinds[target.split("/")[0]] += 1
    assert {"files", "pictures", "registers", "_static", "search.html", "schema.html"} <= set(kinds)


# --- Scripts -------------------------------------------------------------------------------


def test_scripts_are_typed(tmp_path: Path) -> None:
    """TypeScript finds one fault, in the script that has one."""
    wrong = tmp_path / "wrong.js"
    wrong.write_text('"use strict";\nedition.say(17);\n', encoding="utf-8")
    config = {
        "compilerOptions": {
            "allowJs": True, "checkJs": True, "noEmit": True, "strict": True, "noUnusedLocals": True,
            "noUnusedParameters": True, "target": "es2022", "lib": ["es2023", "dom", "dom.iterable"], "types": [],
            "skipDefaultLibCheck": True,  # its own declarations, which it need not check every time
        },
        "files": [str(THEME / "edition.d.ts"), str(wrong)],
        "include": [str(THEME / "static" / "*.js")],
    }  # fmt: skip
    path = tmp_path / "tsconfig.json"
    path.write_text(json.dumps(config), encoding="utf-8")
    done = subprocess.run(
        [require("node"), require("tsc"), "-p", str(path), "--pretty", "false", "--listFiles"],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    lines = done.stdout.splitlines()
    read = {Path(line).name for line in lines if ": error " not in line}
    assert {path.name for path in (THEME / "static").glob("*.js")} <= read
    faults = [line for line in lines if ": error " in line]
    assert ["wrong.js(2," in line and "not assignable" in line for line in faults] == [True], (
        done.stdout + done.stderr
    )


def test_scripts_are_closed_and_strict() -> None:
    for path in sorted((THEME / "static").glob("*.js")):
        code = re.sub(r"^//.*\n", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        assert code.startswith('(() => {\n  "use strict";\n'), path.name
        assert code.endswith("})();\n"), path.name
