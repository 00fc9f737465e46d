"""``tei-export import``: turn OCR files, text or TEI into a text of the edition."""

from __future__ import annotations

import difflib
import hashlib
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from tei_export.importing import compose, formats, origin, record_edits, witnesses, works
from tei_export.importing.safe_xml import import_error
from tei_export.importing.tei import read as read_tei
from tei_export.importing.tei_header import of_header
from tei_export.model import edition as edition_module
from tei_export.model.safe_read import inside, read_text
from tei_export.model.witnesses import CHECKSUMS

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping, Sequence


def run(arguments: argparse.Namespace, root: Path) -> None:
    """Import the files; print what was written and guessed.

    :raises EditionError: with every reason why nothing was written
    """
    if arguments.text is None:
        works.run(arguments.files, root / "edition", dry=arguments.dry_run)
        return
    record_edits.check_id(arguments.text)
    folder = root / "edition"
    file = folder / "edition.yaml"
    if not file.is_file():
        raise import_error("file-missing", "edition.yaml", 0, str(file))
    old = read_text(file, folder)
    target = _target(old, arguments.text)
    if arguments.witness:
        _import_witnesses(arguments, folder, old, target)
        return
    if not arguments.files:
        raise import_error(
            "import-empty",
            "import",
            0,
            "name a file, or witnesses: --witness A=FILE --witness B=FILE",
        )
    files, said = _content(arguments, target)
    _refuse_existing(folder, files)
    new = _record(old, arguments, target, files)
    changed = {"edition.yaml": new}
    if (folder / "index.md").is_file():
        changed["index.md"] = record_edits.contents(
            read_text(folder / "index.md", folder),
            [f"{target['folder']}/{d}" for d in target["docs"]],
        )
    if not arguments.dry_run:
        record_edits.write(folder, {**files, **changed})
    print(_told(arguments, files, changed, said))


def _import_witnesses(
    arguments: argparse.Namespace, folder: Path, old: str, target: dict[str, Any]
) -> None:
    """Make a text of several witnesses; print what was written and guessed."""
    if arguments.files or arguments.clean or target["known"]:
        wrong = (
            f"texts.{arguments.text} is there already"
            if target["known"]
            else "a file without a siglum"
        )
        raise import_error("import-witness", "--witness", 0, wrong)
    title = arguments.title or arguments.text
    files, entry, said = witnesses.compose(
        arguments.text, witnesses.given_texts(arguments.witness), title, target["part"]
    )
    sums = f"witness/{CHECKSUMS}"
    _refuse_existing(folder, {name: text for name, text in files.items() if name != sums})
    changed = {"edition.yaml": record_edits.add(old, "edition.yaml", entry, arguments.text)}
    if (folder / sums).is_file():
        files[sums] = witnesses.checksums(read_text(folder / sums, folder), files[sums])
    if (folder / "index.md").is_file():
        doc = f"{arguments.text}/{arguments.text}-01"
        changed["index.md"] = record_edits.contents(read_text(folder / "index.md", folder), [doc])
    if not arguments.dry_run:
        record_edits.write(folder, {**files, **changed})
    print(_told(arguments, files, changed, said))


def run_collate(arguments: argparse.Namespace, root: Path, cache: Path) -> None:
    """Propose entries for the witnesses of a text; print what was done.

    :raises EditionError: the edition cannot be read, or has no such text with several witnesses
    """
    from tei_export.importing import collate  # only wanted here

    folder = root / "edition"
    edition = edition_module.load(folder)
    text = edition.texts.get(arguments.text)
    if text is None or not text.several:
        several = ", ".join(t.id for t in edition.texts.values() if t.several) or "none"
        raise import_error(
            "import-record",
            "edition.yaml",
            0,
            f"texts.{arguments.text} has no witnesses to collate; texts that have: {several}",
        )
    sources = {}
    for part in text.parts:
        path = inside(folder, f"{part.doc}.md", origin="edition.yaml")
        sources[f"{part.doc}.md"] = read_text(path, folder)
    start = time.perf_counter()
    done = collate.collate(text, sources, cache)
    changed = {name: new for name, new in done.sources.items() if new != sources[name]}
    if arguments.dry_run:
        for name, new in changed.items():
            lines = (sources[name].splitlines(keepends=True), new.splitlines(keepends=True))
            print("".join(difflib.unified_diff(*lines, name, name)), end="")
    else:
        record_edits.write(folder, changed)
    proved = sum(w.proved for w in text.witnesses)
    print(
        f"{text.id}: {proved} witnesses compared with {text.base} in {time.perf_counter() - start:.1f} s: {done.entries} entries "
        f"proposed, {done.judged} paragraphs left alone, {len(changed)} files {'would change' if arguments.dry_run else 'changed'}"
    )


def _target(old: str, key: str) -> dict[str, Any]:
    """Return where the files go; if the record already has the text, it decides."""
    try:
        data = yaml.load(old, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)) or {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise import_error(
            "yaml",
            "edition.yaml",
            mark.line + 1 if mark else 0,
            str(getattr(error, "problem", error)),
        ) from None
    texts = data.get("texts") if isinstance(data, dict) else None
    languages = data.get("languages") if isinstance(data, dict) else None
    known = (texts or {}).get(key) if isinstance(texts, dict) else None
    if isinstance(known, dict):
        return _known(key, known)
    used = {key, *_ids(texts if isinstance(texts, dict) else {})}
    part = next(name for n in range(1, 10_000) if (name := f"{key}-{n:02d}") not in used)
    return {
        "known": False, "folder": key, "witness": f"witness/{key}.txt", "pages": f"witness/{key}-pages.csv",
        "docs": [f"{key}-01"], "part": part, "used": used, "glyphs": {}, "source": {},
        "languages": [str(tag) for tag in languages] if isinstance(languages, dict) else [],
        "language": str(data.get("language") or "") if isinstance(data, dict) else "",
    }  # fmt: skip


def _ids(texts: Mapping[str, Any]) -> set[str]:
    """Return the ids of texts and of their parts, which share a namespace in the outputs."""
    found = {str(key) for key in texts}
    for text in texts.values():
        parts = text.get("parts") if isinstance(text, dict) else None
        found |= {str(part.get("id")) for part in parts or () if isinstance(part, dict)}
    return found


def _known(key: str, text: Mapping[str, Any]) -> dict[str, Any]:
    parts = text.get("parts")
    docs = (
        [str(p["doc"]) for p in parts if isinstance(p, dict) and "doc" in p]
        if isinstance(parts, list)
        else []
    )
    if (
        not docs
        or not isinstance(text.get("folder"), str)
        or not isinstance(text.get("witness"), str)
    ):
        raise import_error(
            "import-record", "edition.yaml", 0, f"texts.{key} needs folder, witness and parts"
        )
    glyphs = text.get("glyphs") if isinstance(text.get("glyphs"), dict) else {}
    return {
        "known": True, "folder": text["folder"], "witness": text["witness"], "pages": text.get("pages") or "",
        "docs": docs, "part": "", "glyphs": {str(k): str(v) for k, v in (glyphs or {}).items()},
    }  # fmt: skip


def _content(
    arguments: argparse.Namespace, target: dict[str, Any]
) -> tuple[dict[str, str], list[str]]:
    """Return the files of the text by their name in the edition, and remarks for the editor."""
    kind, pages, roots = formats.read_all(arguments.files)
    if kind == formats.TEI:
        return _from_tei(arguments, target, roots)
    clean: list[Any] = []
    if arguments.clean:
        _, clean, others = formats.read_all(arguments.clean)
        if others:
            raise import_error(
                "import-format",
                str(arguments.clean[0]),
                1,
                "a corrected transcription is no TEI file",
            )
    composed = compose.compose(pages, clean, target["glyphs"], paged=bool(target["pages"]))
    if not target["known"]:
        found = origin.of_pages(pages, arguments.files, target["languages"], target["language"])
        target["source"] = found.fields
        composed.said += found.said
    files = {
        target["witness"]: composed.witness,
        f"{target['folder']}/{target['docs'][0]}.md": composed.source,
    }
    if target["pages"]:
        files[target["pages"]] = composed.pages
    if composed.images:
        files[f"witness/{arguments.text}-images.csv"] = composed.images
    if composed.words:
        files[f"witness/{arguments.text}-words.csv"] = composed.words
    return files, composed.said


def _from_tei(
    arguments: argparse.Namespace, target: dict[str, Any], roots: Sequence[Any]
) -> tuple[dict[str, str], list[str]]:
    if arguments.clean or len(roots) > 1:
        raise import_error(
            "import-format", str(arguments.files[-1]), 1, "one TEI file at a time, without --clean"
        )
    tei = read_tei(roots[0], str(arguments.files[0]))
    docs = target["docs"]
    if not target["known"]:
        docs[:] = [part.doc for part in tei.parts]
        target["parts"] = [
            _distinct(part.fields(), arguments.text, target["used"]) for part in tei.parts
        ]
        target["title"] = tei.title
        target["glyphs"] = tei.glyphs
        found = of_header(
            roots[0],
            arguments.files[0].name,
            own=tei.own,
            languages=target["languages"],
            language=target["language"],
        )
        target["source"] = found.fields
        tei.said += found.said
    elif len(docs) != len(tei.parts):
        detail = f"the record has {len(docs)} parts, the file {len(tei.parts)}"
        raise import_error("import-record", "edition.yaml", 0, detail)
    if target["known"] and tei.pages and not target["pages"]:
        detail = f"texts.{arguments.text}.pages is missing: the file has pages"
        raise import_error("import-record", "edition.yaml", 0, detail)
    files = {target["witness"]: tei.witness}
    for doc, part in zip(docs, tei.parts, strict=True):
        files[f"{target['folder']}/{doc}.md"] = part.source
    if tei.images:
        files[f"witness/{arguments.text}-images.csv"] = tei.images
    if tei.pages and target["pages"]:
        files[target["pages"]] = tei.pages
    elif not target["known"]:
        target["pages"] = ""
    return files, tei.said


def _distinct(part: dict[str, str], text: str, used: set[str]) -> dict[str, str]:
    """Return the part with an id that is not in use."""
    key = part["id"]
    number = 1
    while part["id"] in used:
        part["id"] = f"{text}-{key}" + (f"-{number}" if number > 1 else "")
        number += 1
    used.add(part["id"])
    return part


def _refuse_existing(folder: Path, files: Mapping[str, str]) -> None:
    for name in files:
        path = (folder / name).resolve()
        if not path.is_relative_to(folder.resolve()):
            raise import_error("file-outside", "edition.yaml", 0, name)
        if path.exists():
            raise import_error("import-exists", name, 0, "nothing is overwritten")


def _record(
    old: str, arguments: argparse.Namespace, target: Mapping[str, Any], files: Mapping[str, str]
) -> str:
    digest = hashlib.sha256(files[target["witness"]].encode()).hexdigest()
    if target["known"]:
        return record_edits.seal(old, "edition.yaml", arguments.text, digest)
    title = arguments.title or target.get("title") or arguments.text
    part = {
        "doc": target["docs"][0],
        "id": target["part"],
        "type": "chapter",
        "n": "1",
        "title": title,
    }
    fields = {
        "folder": target["folder"], "title": title, "author": "", "kind": "text", "description": title,
        "witness_description": f"Imported from {', '.join(path.name for path in arguments.files)}.",
        "witness": target["witness"], "sha256": digest, "pages": target["pages"], **target["source"],
    }  # fmt: skip
    glyphs = "" if target["known"] else json.dumps(target["glyphs"], ensure_ascii=False)
    return record_edits.add(
        old,
        "edition.yaml",
        record_edits.entry(
            arguments.text,
            fields,
            target.get("parts") or [part],
            glyphs if target["glyphs"] else "",
        ),
        arguments.text,
    )


def _told(
    arguments: argparse.Namespace,
    files: Mapping[str, str],
    changed: Mapping[str, str],
    said: Sequence[str],
) -> str:
    verb = "would write" if arguments.dry_run else "wrote"
    lines = [
        f"{verb} edition/{name} ({content.count(chr(10))} lines)" for name, content in files.items()
    ]
    lines += [
        f"{'would change' if arguments.dry_run else 'changed'} edition/{name}" for name in changed
    ]
    lines += (
        ["guessed and told by the files; please check:", *(f"  {told}" for told in said)]
        if said
        else []
    )
    if arguments.dry_run:
        for name, content in files.items():
            lines += ["", f"--- edition/{name}", content.rstrip("\n")]
    return "\n".join(lines)
