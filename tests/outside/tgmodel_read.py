"""Has tg-model make the metadata of the TextGrid Repository from the headers of TEI files.

    python tgmodel_read.py FOLDER

Runs in tg-model's own environment, as its users do: it writes a configuration with its
proposals, a person adds what no header can say (who hands the collection in) or what it proposes
wrongly, and it builds the collection. FOLDER has ``tei`` with the files; the results go into it.
On standard output: JSON, path of each metadata file → its elements' paths and texts.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import yaml
from lxml import etree

PROJECT = "edition"
PEOPLE = [{"fullname": "The editors of this edition", "url": "https://example.org/"}]


def run(command, *arguments, folder):
    program = Path(sys.executable).with_name(command)
    done = subprocess.run(
        [program, "-n", PROJECT, "-b", "projects", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{command}: {done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def changed(path, change):
    """Write a configuration anew with what a person changed in it."""
    config = yaml.safe_load(path.read_text(encoding="utf-8"))
    change(config)
    path.write_text(yaml.safe_dump(config, allow_unicode=True), encoding="utf-8")


def about_the_project(config):
    config["project"] |= {"title": PROJECT, "collectors": PEOPLE}


def about_the_collection(config):
    """All points to the header but who collected, who holds rights, and the genre, which is a
    word of TextGrid's own list."""
    collection = config["collection"]
    collection["title"] = {"short": PROJECT, "long": PROJECT}
    collection["collector"] = PEOPLE
    collection["rights_holder"]["values"] = PEOPLE
    work, edition = collection["attributes"]["work"], collection["attributes"]["edition"]
    work["genre"]["value"] = "non-fiction"
    work["dateOfCreation"]["notBefore"]["xpath"] = "//profileDesc/creation/date/@notBefore"
    work["dateOfCreation"]["notAfter"]["xpath"] = "//profileDesc/creation/date/@notAfter"
    edition["license"]["title"]["xpath"] = "//licence/p"
    edition["language"]["xpath"] = "//text/@xml:lang"


def elements(path):
    root = etree.parse(path).getroot()
    found = []
    for element in root.iter("*"):
        text = " ".join((element.text or "").split())
        if text:
            names = [
                etree.QName(e).localname
                for e in (*reversed(list(element.iterancestors())), element)
            ]
            found.append(["/".join(names), text])
    return found


def main(folder):
    run("tg_configs", "all", "-i", str(folder / "tei"), folder=folder)
    for path in (folder / "projects").rglob("collection.yaml"):
        changed(path, about_the_collection)
    changed(folder / "projects" / PROJECT / "project.yaml", about_the_project)
    log = run("tgm_cli", "build-collection", folder=folder)
    files = {p.relative_to(folder).as_posix(): elements(p) for p in sorted(folder.rglob("*.meta"))}
    json.dump({"files": files, "log": log}, sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
