"""Find the speeches and stage directions of a play.

A line of verse shared by several speakers is one line in parts (CO#COVE, ``part``): each but the
first begins where the previous one ended.

A paragraph or verse line that begins with ``{speaker}`` begins a speech, which extends to the next
one, to a heading, or to a block of another kind. A paragraph or line with only ``{stage}`` is a
stage direction; at the end of a speech it follows the speech.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from tei_export.source.nodes import (
    blockgroup,
    blockline,
    edblock,
    every,
    every_block,
    mark,
    point,
    reading,
    says_nothing,
    speaker_of,
)
from tei_export.source.positions import line_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tei_export.source.problems import Report

VERSE, SPEECH, STAGE = "verse", "speech", "stage"


def find_speeches(document: nodes.document, report: Report) -> None:
    """Group the blocks of every section into speeches, if anybody speaks there.

    :param report: receives speakers without words (``block-empty``)
    """
    _find_shared(document, report)
    if not any(m["kind"] in ("speaker", STAGE) for m in every(document, mark)):
        return
    holders: list[nodes.Element] = every_block(document, nodes.section)
    holders += [b for b in every_block(document, edblock) if b["kind"] == SPEECH]
    for holder in holders:
        children = [piece for child in holder.children for piece in _pieces(child)]
        if isinstance(holder, nodes.section):
            children = list(_speeches(children))
        holder.children = []
        holder.extend(children)
    for speech in every_block(document, edblock):
        if speech["kind"] == SPEECH and all(says_nothing(child) for child in speech.children):
            report("block-empty", f"{{speaker}}`{reading(speech)}`", line_of(speech))


def _find_shared(document: nodes.document, report: Report) -> None:
    """Set ``part`` of lines shared by several speakers: ``I`` begins one, ``M`` and ``F`` continue
    it, after ``shift`` letters."""
    begun: blockline | None = None
    end = 0
    for line in every_block(document, blockline):
        if line["kind"] != VERSE or _is_direction(line) or says_nothing(line):
            continue
        shared = line.get("shared", False)
        name, words = _widths(line)
        start = 0
        if begun is not None:
            start = max(end - name, 0)
            line["part"], line["shift"] = ("M" if shared else "F"), start
        elif shared:
            line["part"] = "I"
        end = start + name + words
        begun = line if shared else None
    if begun is not None:
        report("verse-open", reading(begun), line_of(begun))


def _widths(line: blockline) -> tuple[int, int]:
    """Return the number of letters of the speaker's name and of the words of a line, each with a
    following space."""
    who = speaker_of(line)
    said = "".join(reading(child) for child in line.children if child is not who)
    return (len(reading(who)) + 1 if who is not None else 0), len(said.strip()) + 1


def _pieces(node: nodes.Node) -> Iterator[nodes.Node]:
    """Divide verse at speakers and stage directions; turn directions into blocks."""
    if isinstance(node, edblock) and node["kind"] == VERSE:
        yield from _verse(node)
    elif isinstance(node, nodes.paragraph) and _is_direction(node):
        yield _direction(node)
    else:
        yield node


def _verse(node: edblock) -> Iterator[nodes.Node]:
    """Yield the verse of each speech in ``node``, and the directions between."""
    found: list[nodes.Node] = []
    for group in list(node.children):
        stanza: blockgroup | None = None
        for line in list(group.children):
            if _is_direction(line):
                found.append(_direction(line))  # type: ignore[arg-type]
                stanza = None
                continue
            last = found[-1] if found else None
            if not isinstance(last, edblock) or speaker_of(line) is not None:
                last = edblock("", kind=VERSE)
                last.line = line.line
                found.append(last)
                stanza = None
            if stanza is None:
                stanza = blockgroup()
                stanza.line = line.line
                last += stanza
            stanza += line
    yield from found


def _is_direction(node: nodes.Node) -> bool:
    """Return whether a paragraph or line contains only one stage direction, and page breaks."""
    if isinstance(node, blockline) and node["kind"] != VERSE:
        return False
    said = [
        c
        for c in node.children
        if not isinstance(c, point) and not (isinstance(c, nodes.Text) and not c.strip())
    ]
    return len(said) == 1 and isinstance(said[0], mark) and said[0]["kind"] == STAGE


def _direction(node: nodes.Element) -> blockline:
    """Return the block of a stage direction, with the words of the mark instead of the mark."""
    new = blockline("", kind=STAGE, indent=0)
    new.line = node.line
    for child in node.children:
        new.extend(child.children if isinstance(child, mark) else [child])
    return new


def _speeches(children: Sequence[nodes.Node]) -> Iterator[nodes.Node]:
    """Put spoken blocks into a speech; directions at its end follow it."""
    speech: edblock | None = None
    waiting: list[nodes.Node] = []
    for child in children:
        if begins_speech(child):
            if speech is not None:
                yield speech
            yield from waiting
            speech, waiting = edblock("", kind=SPEECH), []
            speech.line = child.line
            speech += child
        elif speech is not None and isinstance(child, blockline) and child["kind"] == STAGE:
            waiting.append(child)
        elif speech is not None and _is_said(child):
            if not waiting and _names_alone(speech) and type(child) is nodes.paragraph:
                _join(speech.children[0], child)  # type: ignore[arg-type]
                continue
            speech.extend([*waiting, child])
            waiting = []
        elif speech is not None and isinstance(child, nodes.comment):
            waiting.append(child)
        else:
            if speech is not None:
                yield speech
            yield from waiting
            speech, waiting = None, []
            yield child
    if speech is not None:
        yield speech
    yield from waiting


def _names_alone(speech: edblock) -> bool:
    """Return whether a speech consists of a paragraph with the name of the speaker only."""
    return (
        len(speech.children) == 1
        and type(speech.children[0]) is nodes.paragraph
        and says_nothing(speech.children[0])
    )


def _join(first: nodes.paragraph, second: nodes.paragraph) -> None:
    """Add a paragraph to the one before it; their lines stay those of the source."""
    used = first.astext().count("\n")
    between = max((second.line or 0) - (first.line or 0) - used, 1)
    first += nodes.Text("\n" * between)
    first.extend(second.children)


def _is_said(node: nodes.Node) -> bool:
    """Return whether a block may continue a speech."""
    if isinstance(node, edblock):
        return bool(node["kind"] == VERSE)
    return type(node) is nodes.paragraph


def begins_speech(node: nodes.Node) -> bool:
    """Return whether ``node`` is a paragraph or verse that begins with a speaker."""
    if isinstance(node, edblock) and node["kind"] == VERSE:
        first = next(iter(every_block(node, blockline)), None)
        return first is not None and speaker_of(first) is not None
    return type(node) is nodes.paragraph and speaker_of(node) is not None
