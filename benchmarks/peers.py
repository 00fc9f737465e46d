"""Measure what other programs need for the text of the thesis, beside ours, each in a process of its own.

    make setup-test && .venv/bin/python benchmarks/peers.py

Each peer is one function, which gives the reason if it cannot run here. The peers read plain text: headings,
paragraphs and notes, without witnesses, registers and apparatus. Packages are installed into a temporary
environment; the TEI Stylesheets are in the folder that ``TEI_STYLESHEETS`` names, or in that of the Debian package.
"""

from __future__ import annotations

import html
import os
import re
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from typing import TYPE_CHECKING, Any

from run import HERE, Figures, copy_edition, measure, tei_export

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PANDOC = "pypandoc_binary==1.17"
WEASYPRINT = "weasyprint==70.0"
_STYLESHEETS = ("/usr/share/xml/tei/stylesheet", "/usr/share/xml/tei/xsl")
_SAXON = "import sys, saxonche; p = saxonche.PySaxonProcessor(license=False).new_xslt30_processor(); e = p.compile_stylesheet(stylesheet_file=sys.argv[1]); e.transform_to_file(source_file=sys.argv[2], output_file=sys.argv[3])"
_PRINT = "import sys, weasyprint; weasyprint.HTML(filename=sys.argv[1]).write_pdf(sys.argv[2], pdf_variant='pdf/ua-1', pdf_tags=True)"


class MissingError(Exception):
    """Raised when a peer is not on this machine and cannot be installed."""


def _installed(folder: Path, package: str) -> Path:
    """Install ``package`` into a temporary environment; return its Python."""
    home = folder / re.sub(r"\W", "-", package)
    venv.create(home, with_pip=True)
    python = home / "bin" / "python"
    done = subprocess.run(
        [python, "-m", "pip", "install", "-q", package], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise MissingError(
            f"{package} cannot be installed: {done.stderr.strip().splitlines()[-1][:90]}"
        )
    return python


def _plain(root: Path) -> Iterator[str]:
    """Yield the parts of the thesis as plain Markdown, with the words of our roles."""
    for path in sorted((root / "edition" / "thesis").glob("*.md")):
        text = re.sub(
            r"\{\w+\}(`+)(.*?)\1",
            lambda m: re.sub(r"\s*<[^<>]*>", "", m[2]),
            path.read_text("utf-8"),
        )
        text = re.sub(r"^(.+)\n===+$", r"# \1", text, flags=re.MULTILINE)
        yield re.sub(r"^(:::|```).*$", "", text, flags=re.MULTILINE)


def pandoc_and_jing(root: Path, folder: Path) -> list[Figures]:
    """Write TEI of the plain text with pandoc, and validate it against our schema with jing: two processes."""
    program = shutil.which("pandoc")
    if program is None:
        python = _installed(folder, PANDOC)
        asked = [str(python), "-c", "import pypandoc; print(pypandoc.get_pandoc_path())"]
        program = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()
    jing = Path(sys.executable).with_name("pyjing")
    if not jing.is_file():
        raise MissingError("jing is not installed")
    source = folder / "plain.md"
    source.write_text("\n\n".join(_plain(root)), encoding="utf-8")
    written = folder / "plain.xml"
    return [
        measure((program, "-f", "markdown", "-t", "tei", "--standalone", "-o", str(written), str(source)), folder),
        measure((str(jing), str(root / "schema" / "edition.rng"), str(written)), folder, refused=True),
    ]  # fmt: skip


def tei_stylesheets(root: Path, folder: Path) -> list[Figures]:
    """Transform our TEI to HTML with the TEI Stylesheets and Saxon."""
    places = [os.environ.get("TEI_STYLESHEETS", ""), *_STYLESHEETS]
    found = [Path(p) / "html" / "html.xsl" for p in places if p]
    sheet = next((path for path in found if path.is_file()), None)
    if sheet is None:
        raise MissingError(
            "the TEI Stylesheets are not installed; set TEI_STYLESHEETS to their folder"
        )
    measure(tei_export("build", "tei"), root)
    source = root / "build" / "tei" / "thesis.xml"
    return [
        measure(
            (sys.executable, "-c", _SAXON, str(sheet), str(source), str(folder / "tei.html")),
            folder,
        )
    ]


def weasyprint(root: Path, folder: Path) -> list[Figures]:
    """Set the plain text as a tagged book with WeasyPrint."""
    python = _installed(folder, WEASYPRINT)
    page = folder / "book.html"
    blocks = "\n\n".join(_plain(root)).split("\n\n")
    page.write_text(
        '<html lang="en"><title>x</title>' + "".join(f"<p>{html.escape(b)}</p>" for b in blocks),
        "utf-8",
    )
    return [measure((str(python), "-c", _PRINT, str(page), str(folder / "weasyprint.pdf")), folder)]


def xelatex_and_reledmac(root: Path, folder: Path) -> list[Figures]:
    """Set the plain text in numbered lines with XeLaTeX and reledmac, in two runs."""
    engine = shutil.which("xelatex")
    asked = shutil.which("kpsewhich")
    if engine is None or asked is None:
        raise MissingError("XeLaTeX is not installed")
    if not subprocess.run([asked, "reledmac.sty"], capture_output=True, check=False).stdout.strip():
        raise MissingError("XeLaTeX is installed, reledmac is not")

    def escaped(block: str) -> str:
        return re.sub(r"[\\{}$&#%_^~]", lambda m: "\\char" + str(ord(m[0])) + "{}", block)

    blocks = (b for text in _plain(root) for b in text.split("\n\n") if b.strip())
    body = "\n\n".join("\\pstart " + escaped(b) + "\\pend" for b in blocks)
    (folder / "book.tex").write_text(
        "\\documentclass{article}\\usepackage{fontspec}\\setmainfont{FreeSerif}\\usepackage{reledmac}\n"
        f"\\begin{{document}}\\beginnumbering\n{body}\n\\endnumbering\\end{{document}}\n",
        "utf-8",
    )
    run = (engine, "-interaction=batchmode", "book.tex")
    return [measure(run, folder, refused=True) for _ in range(2)]


#: Peer → its function, our target that does at least as much, what the peer does.
PEERS: dict[str, tuple[Callable[[Path, Path], list[Figures]], str, str]] = {
    "pandoc -t tei, jing": (pandoc_and_jing, "tei", "TEI of the plain text, RELAX NG; no proof, no apparatus"),
    "TEI Stylesheets, Saxon": (tei_stylesheets, "html", "HTML of our TEI, one page; no search, no registers"),
    "WeasyPrint": (weasyprint, "pdf", "PDF/UA of the plain text; no apparatus, no index"),
    "XeLaTeX, reledmac": (xelatex_and_reledmac, "pdf", "PDF of the plain text in numbered lines; no tags"),
}  # fmt: skip


def compare(root: Path) -> Iterator[dict[str, Any]]:
    """Yield the figures of each peer on a copy of the edition in ``root``, or the reason why it did not run."""
    with tempfile.TemporaryDirectory() as name:
        for title, (peer, ours, does) in PEERS.items():
            folder = Path(name) / re.sub(r"\W+", "-", title)
            folder.mkdir()
            row: dict[str, Any] = {"peer": title, "ours": ours, "does": does}
            try:
                steps = peer(root, folder)
            except (MissingError, OSError, subprocess.CalledProcessError, SystemExit) as error:
                yield {**row, "missing": str(error).strip().splitlines()[0][:160]}
                continue
            yield {
                **row,
                "processor": round(sum(f.processor for f in steps), 2),
                "wall": round(sum(f.wall for f in steps), 2),
                "memory": round(max(f.memory for f in steps), 1),
            }


def table(rows: list[dict[str, Any]], figures: dict[str, Any]) -> str:
    """Return the peers as a Markdown table beside our rows ``figures``."""
    lines = [
        "| peer | what it does | processor s | MiB | ours | processor s | ratio |",
        "|---|---|---:|---:|---|---:|---:|",
    ]
    for row in rows:
        mine = figures.get(row["ours"], {}).get("processor")
        if "missing" in row:
            lines.append(
                f"| {row['peer']} | {row['does']} | not measured: {row['missing']} | | {row['ours']} | | |"
            )
        else:
            shown = f"{mine:.2f} | {mine / row['processor']:.2f}" if mine else " | "
            lines.append(
                f"| {row['peer']} | {row['does']} | {row['processor']:.2f} | {row['memory']:.0f} | {row['ours']} | {shown} |"
            )
    return "\n".join(lines)


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        copy_edition(root)
        print(table(list(compare(root)), {}))


if __name__ == "__main__":
    assert HERE.is_dir()
    main()
