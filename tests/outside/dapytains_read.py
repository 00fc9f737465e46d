"""Reads TEI files with DapyTains and serves them by its DTS application; prints what it found.

    python dapytains_read.py FOLDER

Runs in DapyTains' own environment. FOLDER has TEI files. On standard output: JSON with, for
every file, its citation trees (units, and the text of every passage, of a page its register entries), and
the answers of the application.
"""

from __future__ import annotations

import json
import sys
from itertools import chain
from pathlib import Path

from dapytains.app.app import create_app
from dapytains.app.ingest import store_catalog
from dapytains.metadata.xml_parser import parse
from dapytains.tei.document import Document
from flask import Flask
from lxml import etree

TEI = "{http://www.tei-c.org/ns/1.0}"
ID = "{http://www.w3.org/XML/1998/namespace}id"


def passage(document, tree, ref, with_entries):
    """The text of a passage, of a page without the editors' notes at the end of the file;
    and the ids in its ``standOff``."""
    found = document.get_passage(ref, tree=tree, include_standoff=with_entries)
    root = etree.fromstring(etree.tostring(found))  # a tree of plain elements
    entries = sorted(node.get(ID) for node in root.iterfind(f"{TEI}standOff/*/*[@{ID}]"))
    text = root.find(f"{TEI}text")
    for notes in [d for d in text.iter(f"{TEI}div") if d.get("type") == "editorialNotes"]:
        if tree == "pages":
            notes.getparent().remove(notes)
    return {"text": "".join(text.itertext()), "entries": entries}


def flat(units):
    """Units as DTS has them in ``member``."""
    for unit in units:
        found = unit.json()
        yield {key: found[key] for key in ("identifier", "level", "parent", "citeType")}
        yield from flat(unit.children)


def read(path):
    document = Document(str(path))
    found = {}
    for tree in document.citeStructure:
        units = list(flat(document.get_reffs(tree)))
        pages = tree == "pages"  # with register entries: it takes long
        passages = {
            unit["identifier"]: passage(document, tree, unit["identifier"], pages) for unit in units
        }
        found[tree] = {"units": units, "passages": passages}
    return {"default": document.default_tree, "trees": found}


def serve(folder, texts):
    """The answers of DapyTains' application: path with query → status and body."""
    catalogue = folder / "catalogue.xml"
    members = "".join(
        f'<resource identifier="{name}" filepath="{name}.xml"><title>{name}</title></resource>'
        for name in texts
    )
    catalogue.write_text(
        f'<collection identifier="edition"><title>edition</title><members>{members}</members></collection>',
        encoding="utf-8",
    )
    app, db = create_app(Flask(__name__), include_standoff=True)
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///:memory:"
    db.init_app(app)
    answers = {}
    with app.app_context():
        db.create_all()
        store_catalog(parse(str(catalogue))[0])
        client = app.test_client()
        for path in chain(
            ("/", "/collection/"), *(queries(name, found) for name, found in texts.items())
        ):
            answer = client.get(path)
            answers[path] = {"status": answer.status_code, "body": answer.get_data(as_text=True)}
    return answers


def queries(name, found):
    """Queries about a text: all of navigation, the first and last passage of each tree."""
    yield f"/collection/?id={name}"
    yield f"/document/?resource={name}"
    for tree, data in found["trees"].items():
        yield f"/navigation/?resource={name}&tree={tree}&down=-1"
        for unit in data["units"][:1] + data["units"][-1:]:
            yield f"/document/?resource={name}&tree={tree}&ref={unit['identifier']}"


def main(folder):
    texts = {path.stem: read(path) for path in sorted(folder.glob("*.xml"))}
    json.dump({"texts": texts, "answers": serve(folder, texts)}, sys.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
