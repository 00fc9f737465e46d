"""Build an ordinary Sphinx project with an edition in it: the pages of ``tests/guest`` beside a small edition."""

from __future__ import annotations

import hashlib
import html
import io
import json
import pickle
import re
import shutil
import zipfile
import zlib
from typing import TYPE_CHECKING, Any

from babel.messages.pofile import read_po
from sphinx.application import Sphinx

from mini import SEAL, TESTS
from tei_export.outputs.html import template_cache
from tei_export.shared.sphinx_run import sphinx_run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

GUEST = TESTS / "guest"
#: Third-party builders.
FOREIGN = ("markdown", "rst")
#: Builders that write the words of a text: Sphinx's, and two third-party ones.
WRITERS = (
    "html", "dirhtml", "singlehtml", "latex", "text", "man", "texinfo", "json", "pickle", "xml",
    "pseudoxml", "gettext", "epub", "htmlhelp", "qthelp", "devhelp", "applehelp",
    *FOREIGN,
)  # fmt: skip
#: Builders that read the sources and write none of their words.
CHECKERS = ("linkcheck", "doctest", "coverage", "changes", "dummy")


def project(folder: Path, root: str = "base") -> Path:
    """Copy a project with an edition into ``folder``."""
    shutil.copytree(TESTS / "roots" / root / "edition", folder, dirs_exist_ok=True)
    (folder / "index.md").unlink()
    shutil.copytree(GUEST, folder, dirs_exist_ok=True)
    witness = (folder / "witness/w.txt").read_bytes()
    record = folder / "edition.yaml"
    record.write_text(
        record.read_text(encoding="utf-8").replace(SEAL, hashlib.sha256(witness).hexdigest()),
        encoding="utf-8",
    )
    return folder


def build(
    source: Path,
    out: Path,
    builder: str,
    folder: Path | None = None,
    conf: Path | None = None,
    **settings: Any,
) -> str:
    """Run Sphinx as with ``-W --keep-going``; return its warnings."""
    warning = io.StringIO()
    trees = ".gettext" if builder == "gettext" else ".doctrees"  # Sphinx reads for it otherwise
    with sphinx_run(conf or source):
        app = Sphinx(
            str(source),
            str(conf or source),
            str(folder or out / builder),
            str(out / trees),
            builder,
            confoverrides=settings,
            status=None,
            warning=warning,
        )
        if (templates := getattr(app.builder, "templates", None)) is not None:
            template_cache.share(templates.environment)
        app.build()
    return warning.getvalue()


def inventory(folder: Path, kinds: str) -> dict[str, str]:
    """Return the targets for other projects: ``type name`` → address."""
    data = (folder / "objects.inv").read_bytes()
    lines = zlib.decompress(data.split(b"\n", 4)[4]).decode().splitlines()
    found = [re.fullmatch(r"(.+?) (\S+:\S+) -?\d+ (\S*) (.*)", line) for line in lines]
    kept = [m.groups() for m in found if m and m[2].startswith(kinds)]
    return {
        f"{kind} {name}": uri.removesuffix("$") + (name if uri.endswith("$") else "")
        for name, kind, uri, _shown in kept
    }


# --- what a builder wrote, as words ---------------------------------------------------------------

#: Markup; and, with their content, elements that are not text and references to notes.
_TAGS = re.compile(
    r"<(script|style|head|footnote_reference)\b.*?</\1>"
    r'|<a class="footnote-reference.*?</a>|<sup>\[.*?</sup>|<[^>]*>',
    re.DOTALL,
)


def words_of(folder: Path) -> str:
    """Return all letters and digits that a builder wrote into ``folder``, without its markup."""
    return letters("\n".join(_read(path) for path in sorted(folder.rglob("*")) if path.is_file()))


def letters(text: str) -> str:
    """Return letters and digits only, without page labels, which do not belong to the text."""
    return "".join(c for c in re.sub(r"\[\w{1,6}\]", "", text) if c.isalnum())


def _read(path: Path) -> str:
    reader = _READERS.get(path.suffix.lower())
    return reader(path.read_bytes()) if reader else ""


def _markup(data: bytes) -> str:
    return html.unescape(_TAGS.sub("", data.decode("utf-8", "replace")))


def _markdown(data: bytes) -> str:
    return _markup(re.sub(rb"\]\(https?://[^)]*\)", b"", data))


def _json(data: bytes) -> str:
    return _markup(str(json.loads(data).get("body", "")).encode())


def _pickle(data: bytes) -> str:
    loaded = pickle.loads(data)
    return _markup(str(loaded.get("body", "")).encode()) if isinstance(loaded, dict) else ""


def _apart(note: str, text: str) -> str:
    """Return the text without the notes in it, followed by the notes."""
    pattern = re.compile(note, re.DOTALL)
    return pattern.sub("", text) + "\n".join(pattern.findall(text))


def _latex(data: bytes) -> str:
    text = data.decode()
    text = re.sub(r"\\phantomsection\\label\{\\detokenize\{[^}]*\}\}", "", text)
    text = re.sub(r"\\sphinxhref\{[^}]*\}", "", text)
    text = re.sub(r"\\sphinxfootnotemark\[\d+\]", "", text)
    kind = r"\{footnote(?:text)?\}"
    text = _apart(rf"%\n\\begin{kind}\[\d+\](?:\\sphinxAtStartFootnote)?(.*?)\\end{kind}", text)
    text = text.replace("{[}", "[").replace("{]}", "]").replace(r"\sphinxhyphen{}", "-")
    text = text.replace(r"\textquotesingle{}", "'")
    text = re.sub(r"\\begin\{varwidth\}\[t\]\{\\sphinxcolwidth\{\d+\}\{\d+\}\}", "", text)
    text = re.sub(r"\\\((.*?)\\\)", lambda formula: formula[1].replace("\\", ""), text)
    environment = r"\\(?:begin|end)\{(?:DUlineblock|sphinxuseclass|varwidth|itemize|enumerate)\}(?:\{[^}]*\})?"
    return re.sub(rf"{environment}|\\DUrole\{{[^}}]*\}}|\\[A-Za-z]+\*?|[{{}}]", "", text)


def _roff(data: bytes) -> str:
    text = re.sub(r"^\.(?!\\\")\S* ?", "", data.decode(), flags=re.MULTILINE)
    return re.sub(r"\\f[A-Z]|\\\([a-z]{2}|\\&", "", text)


def _texinfo(data: bytes) -> str:
    text = re.sub(r"@(?:anchor|ref)\{[^}]*\}", "", data.decode())
    text = _apart(r"@footnote\{(.*?)\n\}", text)
    return re.sub(r"@[a-z]+(?=[{ ])", "", text)


def _pot(data: bytes) -> str:
    """Return the messages, repeated for each of their places: a catalogue lists equal ones, like two cells of ``1``, once."""
    placed = [
        (file, line or 0, number, str(message.id))
        for number, message in enumerate(read_po(io.BytesIO(data)))
        for file, line in message.locations or [("", 0)]
    ]
    return "\n".join(words for *_place, words in sorted(placed))


def _epub(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        names = [name for name in book.namelist() if name.endswith(".xhtml")]
        return "\n".join(_markup(book.read(name)) for name in names)


def _indented(data: bytes) -> str:
    text = re.sub(r"<footnote_reference[^>\n]*>\n\s*\S+", "", data.decode())
    text = re.sub(r"^\s*<[^>\n]*>$", "", text, flags=re.MULTILINE)
    return re.sub(r"\n\s*", "", text)  # so that brackets hold what stands in them


_READERS: dict[str, Callable[[bytes], str]] = {
    ".html": _markup, ".xml": _markup, ".fjson": _json, ".fpickle": _pickle, ".tex": _latex,
    ".txt": bytes.decode, ".1": _roff, ".texi": _texinfo, ".pseudoxml": _indented, ".pot": _pot,
    ".epub": _epub, ".md": _markdown, ".rst": bytes.decode,
}  # fmt: skip
