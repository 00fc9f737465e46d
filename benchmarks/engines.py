"""The book by Typst beside the same text, headings, paragraphs, quotations and notes, by other engines.

    make setup-test && .venv/bin/python benchmarks/engines.py

WeasyPrint is installed into a temporary environment (a package index is needed; without one the row
says so), LaTeX is used where it is installed. Their files have the bare text: no apparatus, no index,
no original pages. Nothing is asserted.
"""

from __future__ import annotations

import html
import io
import json
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.application import Sphinx

from tei_export.model.readings import collapse_space
from tei_export.outputs.pdf.builder import PdfBuilder
from tei_export.source.facts import domain_of
from tei_export.source.nodes import lb, note_text, noteref, reading, textnote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: Seconds, processor seconds, peak memory in MiB, bytes of the file.
Figures = tuple[float, float, float, int]

ROOT = Path(__file__).resolve().parent.parent
WEASYPRINT = "weasyprint==70.0"
_WEASY = """
import json, resource, sys, time
import weasyprint
start, cpu = time.perf_counter(), time.process_time()
weasyprint.HTML(filename=sys.argv[1]).write_pdf(sys.argv[2], pdf_variant="pdf/ua-1", pdf_tags=True)
print(json.dumps([time.perf_counter() - start, time.process_time() - cpu, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss]))
"""
_CSS = """
@page { size: 156mm 234mm; margin: 25mm 29mm 27mm 22mm; @footnote { border-top: 0.4pt solid } }
html { font: 10.5pt/13.5pt 'Libertinus Serif', 'Noto Serif', serif; hyphens: auto; text-align: justify }
h1 { break-before: page; text-align: center; font-size: 14pt } p { margin: 0; text-indent: 14pt }
.note { float: footnote; font-size: 8.5pt }
"""
_TEX = r"""\documentclass[10.5pt]{article}
\usepackage[paperwidth=156mm,paperheight=234mm,margin=26mm]{geometry}
\usepackage{fontspec}\IfFontExistsTF{CMU Serif}{\setmainfont{CMU Serif}}{\setmainfont{FreeSerif}}
\begin{document}
%s
\end{document}
"""


def blocks(app: Sphinx) -> Iterator[tuple[str, list[str | tuple[str, str]]]]:
    """``h1``, ``p`` or ``blockquote`` and its pieces: text, or a note's number and text."""
    text = next(iter(app.edition.texts.values()))  # type: ignore[attr-defined]
    for part in text.parts:
        document = app.env.get_doctree(part.doc)
        notes = {note["ids"][0]: note for note in document.findall(textnote)}
        for node in document.findall(lambda n: isinstance(n, (nodes.title, nodes.paragraph))):
            if isinstance(node.parent, textnote) or not collapse_space(reading(node)):
                continue
            quoted = isinstance(node.parent, nodes.block_quote)
            kind = "h1" if isinstance(node, nodes.title) else "blockquote" if quoted else "p"
            yield kind, list(_pieces(node, notes))


def _pieces(node: nodes.Element, notes: dict[str, textnote]) -> Iterator[str | tuple[str, str]]:
    for child in node.children:
        if isinstance(child, noteref):
            yield child["label"], collapse_space(note_text(notes[child["refid"]]))
        elif isinstance(child, nodes.Text):
            yield str(child)
        elif isinstance(child, lb):
            yield child["join"]
        elif isinstance(child, nodes.Element):
            yield from _pieces(child, notes)


def typst_book(app: Sphinx, _folder: Path) -> Figures:
    """The whole book: engine and finish; the memory is that of the engine's process."""
    edition = domain_of(app.env).edition
    builder = PdfBuilder(app, app.env)
    start, cpu = time.perf_counter(), _cpu()
    data = builder.export(edition, next(iter(edition.texts.values())))
    seconds = time.perf_counter() - start
    return (
        seconds,
        _cpu() - cpu,
        resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
        len(data),
    )


def _cpu() -> float:
    """Processor time of this process and its children, in seconds."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def weasyprint_book(app: Sphinx, folder: Path) -> Figures:
    body = "".join(
        f"<{kind}>{''.join(_html(piece) for piece in pieces)}</{kind}>\n"
        for kind, pieces in blocks(app)
    )
    page = folder / "book.html"
    page.write_text(
        f'<html lang="en"><title>x</title><style>{_CSS}</style>{body}</html>', encoding="utf-8"
    )
    venv.create(folder / "venv", with_pip=True)
    python = folder / "venv" / "bin" / "python"
    subprocess.run(
        [python, "-m", "pip", "install", "-q", WEASYPRINT], check=True, capture_output=True
    )
    out = folder / "weasyprint.pdf"
    done = subprocess.run(
        [python, "-c", _WEASY, page, out], check=True, capture_output=True, text=True
    )
    seconds, cpu, peak = json.loads(done.stdout.splitlines()[-1])
    return seconds, cpu, peak / 1024, out.stat().st_size


def _html(piece: str | tuple[str, str]) -> str:
    return (
        html.escape(piece)
        if isinstance(piece, str)
        else f'<span class="note">{html.escape(piece[1])}</span>'
    )


def latex_book(app: Sphinx, folder: Path) -> Figures:
    """Two runs of XeLaTeX, as a table of contents would need."""
    engine = shutil.which("xelatex")
    if engine is None:
        raise OSError("not installed")
    forms = {"h1": "\\section*{%s}", "p": "%s\n", "blockquote": "\\begin{quote}%s\\end{quote}"}
    body = "\n".join(
        forms[kind] % "".join(_tex(piece) for piece in pieces) for kind, pieces in blocks(app)
    )
    (folder / "book.tex").write_text(_TEX % body, encoding="utf-8")
    start, cpu = time.perf_counter(), _cpu()
    for _ in range(2):
        subprocess.run(
            [engine, "-interaction=batchmode", "-halt-on-error", "book.tex"],
            cwd=folder,
            check=True,
            capture_output=True,
        )
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return time.perf_counter() - start, _cpu() - cpu, peak, (folder / "book.pdf").stat().st_size


def _tex(piece: str | tuple[str, str]) -> str:
    if isinstance(piece, tuple):
        return f"\\footnote{{{_tex(piece[1])}}}"
    return re.sub(r"[\\{}$&#%_^~]", lambda m: f"\\char{ord(m[0])}{{}}", piece)


#: LaTeX before WeasyPrint: what children needed at most is told of all that ran until then.
ENGINES: dict[str, Callable[[Sphinx, Path], Figures]] = {
    "XeLaTeX, bare text": latex_book,
    "Typst, the whole book": typst_book,
    f"{WEASYPRINT}, bare text": weasyprint_book,
}


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        app = Sphinx(
            str(ROOT / "edition"), str(ROOT), str(folder / "out"), str(folder / "doctrees"), "dummy",
            status=None, warning=io.StringIO(),
        )  # fmt: skip
        app.build()
        print(f"{'engine':34}{'seconds':>9}{'CPU':>8}{'MiB':>7}{'KiB':>8}")
        for title, engine in ENGINES.items():
            try:
                seconds, cpu, peak, size = engine(app, folder)
            except (OSError, subprocess.CalledProcessError) as error:
                print(f"{title:34} {str(error).splitlines()[0][:60]}")
                continue
            print(f"{title:34}{seconds:9.2f}{cpu:8.2f}{peak:7.0f}{size / 1024:8.0f}")


if __name__ == "__main__":
    sys.exit(main())
