"""Edit the record and the site's contents as text, so that comments are kept.

The result is parsed again: it must contain the old data and the new text, otherwise nothing is
written.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import yaml

from tei_export.importing.safe_xml import import_error
from tei_export.model.record_fields import MEDIA, ORIGINS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
#: As in model/edition.py: loading checks the record again.
_ID = re.compile(r"[a-z][a-z0-9-]{0,99}")
_TAKEN = ("corpus", "edition", "registers", "schema")
#: The fields of an imported text, with comments for the editor. ``{…}`` are filled in; values are
#: written as JSON, which is YAML.
_TEXT = """\
{key}:
  folder: {folder}
  title: {title}          # as it shall be cited
  author: {author}
  kind: {kind}            # thesis, article, letter …
  description: {description}
{source}  witness_description: {witness_description}
  siglum: {siglum}
  witness: {witness}      # never edited: corrections stand in the source
  sha256: {sha256}
{optional}  complete: false         # true when the sources hold the whole text
  parts:
{parts}"""
_NEEDED = (
    "folder", "title", "author", "kind", "description", "witness_description", "witness", "sha256",
)  # fmt: skip
#: What the files may say of the source; the comment for the editor if they do not.
_SOURCE = {
    "language": "",
    "date": "",
    "extent": "",
    "medium": f"{', '.join(MEDIA)}     (what the source is; the files do not say it)",
    "origin": f"{', '.join(ORIGINS)}     (how the witness was made; the files do not say it)",
    "engine": "",
    "engine_date": "",
}


def entry(
    key: str, fields: Mapping[str, Any], parts: Sequence[Mapping[str, str]], glyphs: str = ""
) -> str:
    """Return the record's entry for a text, not indented.

    :param key: the id of the text
    :param fields: its fields in the record
    :param parts: the fields of its parts
    :param glyphs: its look-alikes as JSON
    """
    quoted = {name: json.dumps(value, ensure_ascii=False) for name, value in fields.items()}
    source = "".join(
        f"  {name}: {quoted[name]}\n"
        if fields.get(name)
        else f"  # {name}: {words}\n"
        if words
        else ""
        for name, words in _SOURCE.items()
    )
    optional = f"  pages: {quoted['pages']}\n" if fields.get("pages") else ""
    optional += f"  glyphs: {glyphs}\n" if glyphs else ""
    items = "".join(
        "    - {"
        + ", ".join(
            f"{k}: {v if k in ('n', 'first_line') else json.dumps(v, ensure_ascii=False)}"
            for k, v in part.items()
        )
        + "}\n"
        for part in parts
    )
    known = {"siglum": "O"} | {
        name: quoted[name] for name in (*_NEEDED, "siglum") if name in quoted
    }
    return _TEXT.format(key=key, source=source, optional=optional, parts=items, **known)


def check_id(key: str) -> None:
    """Check the id of a text.

    :raises EditionError: ``import-text``: it is not an id
    """
    if key in _TAKEN:
        raise import_error("import-text", "--text", 0, f"{key!r} is the name of another output")
    if not _ID.fullmatch(key):
        raise import_error(
            "import-text", "--text", 0, f"{key!r} is no id: small letters, digits and hyphens"
        )


def add(record: str, name: str, new: str, key: str) -> str:
    """Return ``record`` with the entry ``new`` at the end of its texts.

    :param record: the text of the record
    :param name: its file name, for problems
    :param key: the id of the new text
    :raises EditionError: ``import-record``: the entry cannot be added
    """
    node = _compose(record, name)
    lines = record.split("\n")
    texts = next((pair for pair in node.value if pair[0].value == "texts"), None)
    if texts is None:
        body = record.rstrip("\n") + "\n\ntexts:\n" + _indented(new, 2)
        return _verified(record, body, name, key)
    head, value = texts
    if (isinstance(value, yaml.MappingNode) and value.flow_style and not value.value) or _is_null(
        value
    ):
        at = head.start_mark.line
        rest = lines[at].partition("#")[2]
        lines[at] = "texts:" + (f"  # {rest.strip()}" if rest else "")
        lines[at + 1 : at + 1] = _indented(new, 2).rstrip("\n").split("\n")
        return _verified(record, "\n".join(lines), name, key)
    if not isinstance(value, yaml.MappingNode) or value.flow_style:
        raise import_error(
            "import-record",
            name,
            head.start_mark.line + 1,
            "texts: write one text a line, without { }",
        )
    column = value.value[0][0].start_mark.column
    after = [
        pair[0].start_mark.line
        for pair in node.value
        if pair[0].start_mark.line > head.start_mark.line
    ]
    at = min(after, default=len(lines))
    while at > 0 and (not lines[at - 1].strip() or lines[at - 1].startswith("#")):
        at -= 1
    lines[at:at] = _indented(new, column).rstrip("\n").split("\n")
    return _verified(record, "\n".join(lines).rstrip("\n") + "\n", name, key)


def _is_null(value: yaml.Node) -> bool:
    return isinstance(value, yaml.ScalarNode) and value.tag == "tag:yaml.org,2002:null"


def _indented(text: str, column: int) -> str:
    return "".join(f"{' ' * column}{line}\n" for line in text.rstrip("\n").split("\n"))


def seal(record: str, name: str, key: str, digest: str) -> str:
    """Return ``record`` with the checksum of a text that it already contains.

    :param record: the text of the record
    :param name: its file name, for problems
    :param key: the id of the text
    :param digest: the SHA-256 of the witness
    """
    node = _compose(record, name)
    text = _child(_child(node, "texts"), key)
    checksum = _child(text, "sha256")
    if (
        not isinstance(checksum, yaml.ScalarNode)
        or checksum.start_mark.line != checksum.end_mark.line
    ):
        line = text.start_mark.line + 1 if text is not None else 0
        raise import_error(
            "import-record", name, line, f'texts.{key}.sha256 is missing: write sha256: ""'
        )
    lines = record.split("\n")
    row = checksum.start_mark.line
    lines[row] = (
        lines[row][: checksum.start_mark.column] + digest + lines[row][checksum.end_mark.column :]
    )
    return "\n".join(lines)


def _child(node: yaml.Node | None, key: str) -> yaml.Node | None:
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for name, value in node.value if name.value == key), None)


def _compose(record: str, name: str) -> Any:
    try:
        node = yaml.compose(record, Loader=_LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise import_error(
            "yaml", name, mark.line + 1 if mark else 0, str(getattr(error, "problem", error))
        ) from None
    if not isinstance(node, yaml.MappingNode):
        raise import_error("yaml", name, 1, "the file is no mapping of keys")
    return node


def _verified(old: str, new: str, name: str, key: str) -> str:
    before, after = (yaml.load(text, Loader=_LOADER) for text in (old, new))
    texts = dict(after.get("texts") or {})
    added = texts.pop(key, None)
    expected = {**before, "texts": before.get("texts") or {}}
    if added is None or {**after, "texts": texts} != expected:
        raise import_error(
            "import-record", name, 0, "texts cannot be added to as text: write the entry by hand"
        )
    return new


def contents(index: str, docs: Sequence[str]) -> str:
    """Return ``index.md`` with the parts in its first table of contents; add one if necessary."""
    lines = index.split("\n")
    new = [doc for doc in docs if doc not in (line.strip() for line in lines)]
    if not new:
        return index
    start = next(
        (n for n, line in enumerate(lines) if re.match(r"(`{3,}|:{3,})\{toctree\}", line)), None
    )
    if start is None:
        return index.rstrip("\n") + "\n\n```{toctree}\n" + "\n".join(new) + "\n```\n"
    fence = re.match(r"[`:]+", lines[start])
    end = next(
        (n for n in range(start + 1, len(lines)) if fence and lines[n].strip() == fence[0]),
        len(lines),
    )
    while lines[end - 1].strip() == "" and end - 1 > start:
        end -= 1
    lines[end:end] = new
    return "\n".join(lines)


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Write all files, the record last, so that an interrupted run leaves it unchanged."""
    for name in sorted(files, key=lambda n: (n == "index.md", n == "edition.yaml")):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.name}.new")
        temporary.write_bytes(files[name].encode())
        temporary.replace(path)
