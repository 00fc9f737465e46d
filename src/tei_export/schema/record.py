"""Publish the tables of fields as a commented template, a documentation page and a JSON Schema.

``python -m tei_export.schema.record DOCS SCHEMA`` writes ``DOCS/record.md`` and
``SCHEMA/record.schema.json``; a test compares both with the tables.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from tei_export.model.fields import ChoiceField, GroupField, ListField, MappingField
from tei_export.model.record_fields import (
    CHANGES,
    CONF,
    EDITOR,
    LEDGER_COLUMNS,
    PAGE_COLUMNS,
    PART,
    RECORD,
    TEXT,
)
from tei_export.model.register_fields import RELATION, RELATIONS, TABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tei_export.model.fields import Field

#: The JSON Schema of the record for editors' programs, beside the TEI schema.
SCHEMA_FILE = "record.schema.json"


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of ``edition.yaml``."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "edition.yaml of an edition built with tei-export",
        **RECORD.schema(),
    }


def register_schema(name: str) -> dict[str, Any]:
    """Return the JSON Schema of the register ``name``, or of ``relations``."""
    inside = (
        {"type": "object", "additionalProperties": TABLES[name].schema()}
        if name in TABLES
        else RELATIONS.schema()
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"{name}.yaml of an edition built with tei-export",
        **inside,
    }


# ---------------------------------------------------------------------------- the template


def template(values: Mapping[str, Any], *, optional: bool = True) -> str:
    """Return a commented record.

    :param values: the record's values, including every required field
    :param optional: whether to add fields without a value as comments, with an example
    :returns: YAML that reads back as ``values``
    :raises KeyError: a required field has no value
    """
    return "\n".join(_group(RECORD, values, 0, optional=optional)) + "\n"


def _group(
    group: GroupField, values: Mapping[str, Any], depth: int, *, optional: bool
) -> Iterator[str]:
    indent = "  " * depth
    for field in group.fields:
        if field.name in values:
            yield from _comment(field, indent)
            yield from _set(field, values[field.name], depth, optional=optional)
        elif field.unless in values:
            continue
        elif field.required:
            raise KeyError(field.name)
        elif optional:
            yield from _comment(field, indent)
            yield f"{indent}# {field.name}: {example(field)}"
        if depth == 0:
            yield ""


def example(field: Field) -> str:
    """Return an example of a field's value as YAML on one line.

    The example of a mapping combines those of its fields.
    """
    if field.example or not isinstance(field.type, GroupField):
        return field.example
    inner = [f"{f.name}: {said}" for f in field.type.fields if (said := example(f))]
    return f"{{{', '.join(inner)}}}"


def _comment(field: Field, indent: str) -> Iterator[str]:
    form = (
        f" {field.type.words[0].upper()}{field.type.words[1:]}."
        if isinstance(field.type, ChoiceField)
        else ""
    )
    without = f" Without it: {field.default}." if field.default else ""
    yield f"{indent}# {field.purpose.replace('`', '')}{form}{without}"


def _set(field: Field, value: Any, depth: int, *, optional: bool) -> Iterator[str]:
    indent = "  " * depth
    if isinstance(field.type, GroupField) and isinstance(value, Mapping):
        yield f"{indent}{field.name}:"
        yield from _group(field.type, value, depth + 1, optional=optional)
    elif isinstance(field.type, MappingField) and isinstance(field.type.of, GroupField):
        yield f"{indent}{field.name}:"
        for key, item in value.items():
            yield f"{indent}  {key}:"
            yield from _group(field.type.of, item, depth + 2, optional=optional)
    elif isinstance(field.type, ListField) and isinstance(field.type.of, GroupField):
        yield f"{indent}{field.name}:"
        yield from (f"{indent}  - {_flow(item)}" for item in value)
    else:
        yield f"{indent}{field.name}: {_flow(value)}"


def _flow(value: Any) -> str:
    """Return ``value`` on one line, quoted as YAML 1.1 requires."""
    text = yaml.safe_dump(
        value, default_flow_style=True, allow_unicode=True, sort_keys=False, width=10**6
    )
    return str(text).removesuffix("\n").removesuffix("\n...").strip()


# ------------------------------------------------------------------------- the documentation

_HEAD = """\
# The record

A few files describe an edition: the record `edition.yaml`, the registers, the
page table, the page ledger and the list of changes. This page lists every field. It is made from the tables that
check these files (`python -m tei_export.schema.record docs schema`); do not edit it.

Every run reports all problems of these files at once, each with its file, line and column. A field that is not listed
here is a problem, so misspelt names do not go unnoticed. Quote values that YAML would read as something other than
text: dates (`"2000-12-31"`), numbers (`"1932"`), texts with `: `. Keys are always text.

For completion in a text editor, begin `edition.yaml` with this line, with the path to the schema folder:

    # yaml-language-server: $schema=../schema/record.schema.json

These files may not contain everything that YAML allows. They have no tags (`!!int`), no merge keys (`<<`), no second
document, at most 30 levels, no aliases that repeat more than 10,000 values, no control characters (not even as
escapes), and no numbers in other than their plain form (`010`, `1_000`).
"""


def documentation() -> str:
    """Return the content of ``docs/record.md``."""
    blocks = [
        _HEAD,
        "## edition.yaml\n",
        _table(RECORD.fields),
        f"### An item of `editors`\n\n{_table(EDITOR.fields)}",
        *_choices(EDITOR.fields, "####"),
        *(_nested(field, f"`{field.name}`") for field in RECORD.fields if field.name != "texts"),
        "## A text (`texts.ID`)\n",
        "The id of a text is part of addresses and file names. Never change it after publication.\n",
        _table(TEXT.fields),
        *(
            _nested(field, f"`texts.ID.{field.name}`")
            for field in TEXT.fields
            if field.name != "parts"
        ),
        "## A part (an item of `texts.ID.parts`)\n",
        _table(PART.fields),
        *_alike(PART.fields, "An event of a letter", ("sent", "received")),
        *_choices([*RECORD.fields, *TEXT.fields, *PART.fields]),
        "## Registers\n",
        "One file each in `registers/`: `persons.yaml`, `places.yaml`, `organisations.yaml`, `events.yaml`, "
        "`works.yaml`. Each maps keys to entries. All of them are optional.\n",
        *(f"### {name.capitalize()}\n\n{_table(group.fields)}" for name, group in TABLES.items()),
        *(_nested(field, f"`{field.name}`") for field in TABLES["works"].fields),
        *_choices(TABLES["works"].fields),
        "## Relations (`registers/relations.yaml`)\n",
        "The relations between entries that the texts state, as a list `relations`. Every build compares `words` "
        "with the edited text at `place`. The file is optional.\n",
        _table(RELATION.fields),
        *_choices(RELATION.fields),
        "## The page table (`texts.ID.pages`)\n",
        "A CSV file with a header row. Every line of the witness that is not blank belongs to a row. A page label contains no "
        "spaces and none of `. : , ; - –`, which citations use.\n",
        _table(PAGE_COLUMNS),
        "## The page ledger (`texts.ID.ledger`)\n",
        "A CSV file with a header row and one row for each page of the page table.\n",
        _table(LEDGER_COLUMNS),
        "## The list of changes (`changes.md`)\n",
        "For each version, newest first: a heading `## VERSION (DATE, STATUS)` and a list, whose items begin with `-`. The "
        "first version is that of the record.\n",
        _table(CHANGES),
        "## conf.py\n",
        "In addition to the settings of Sphinx:\n",
        _table(CONF),
    ]
    return "\n".join(block for block in blocks if block).rstrip() + "\n"


def _alike(fields: Sequence[Field], title: str, names: Sequence[str]) -> Iterator[str]:
    """Yield one table for fields of one type."""
    (group,) = {id(f.type): f.type for f in fields if f.name in names}.values()
    assert isinstance(group, GroupField)
    yield f"### {title} ({', '.join(f'`{name}`' for name in names)})\n\n{_table(group.fields)}"


def _table(fields: Sequence[Field]) -> str:
    rows = ["| field | required | value | description |", "|---|---|---|---|"]
    for field in fields:
        example = f" Example: `{field.example}`." if field.example else ""
        without = f" Without it: {field.default}." if field.default else ""
        needed = "yes" if field.required else ""
        if field.required and field.unless:
            needed = f"unless `{field.unless}`"
        words = "a mapping, see below" if isinstance(field.type, GroupField) else field.type.words
        rows.append(
            f"| `{field.name}` | {needed} | {_cell(words)} | {_cell(field.purpose + without + example)} |"
        )
    return "\n".join(rows) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


def _nested(field: Field, path: str) -> str:
    """Return the tables of the fields inside a field, with the values of closed lists."""
    inside = field.type.of if isinstance(field.type, (ListField, MappingField)) else field.type
    if not isinstance(inside, GroupField):
        return ""
    deeper = [_nested(inner, f"{path[:-1]}.{inner.name}`") for inner in inside.fields]
    kinds = {id(inner.type) for inner in inside.fields}
    if len(kinds) == 1 and len(deeper) > 1 and deeper[0]:
        deeper = [_nested(inside.fields[0], f"{path[:-1]}.…`")]  # all alike
    title = path
    if isinstance(field.type, ListField):
        title = f"An item of {path}"
    elif isinstance(field.type, MappingField):
        title = f"An entry of {path}"
    values = "\n".join(_choices(inside.fields, "####"))
    return f"### {title}\n\n{_table(inside.fields)}\n{values}" + "\n".join(d for d in deeper if d)


def _choices(fields: Sequence[Field], level: str = "###") -> Iterator[str]:
    """Yield the meanings of the values of closed lists."""
    for field in fields:
        of = field.type.of if isinstance(field.type, ListField) else field.type
        if isinstance(of, ChoiceField) and len(of.values) > 1:
            said = "\n".join(f"* `{name}`: {words}" for name, words in of.values.items())
            yield f"{level} Values of `{field.name}`\n\n{said}\n"


#: file → function that writes it
FILES: dict[str, Callable[[], str]] = {
    "record.md": documentation,
    SCHEMA_FILE: lambda: json.dumps(json_schema(), ensure_ascii=False, indent=1) + "\n",
}


def main(argv: Sequence[str]) -> int:
    """Write documentation and JSON Schema into the given folders; return 2 for wrong usage."""
    if len(argv) != len(FILES):
        print(__doc__)
        return 2
    for folder, (name, write) in zip(argv, FILES.items(), strict=True):
        (Path(folder) / name).write_text(write(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
