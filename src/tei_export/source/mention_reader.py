"""Resolve the names of a block, and record their places and context."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from tei_export.model.places import Place
from tei_export.model.readings import collapse_space
from tei_export.model.role_values import ValueType
from tei_export.model.sentences import around, paragraph
from tei_export.model.vocabulary import BY_NAME, Family
from tei_export.source.facts import Citation, Mention
from tei_export.source.mentions import first_work, heads_entry, is_mention, resolve_mention
from tei_export.source.nodes import every, mark, reading
from tei_export.source.notes import note_of

if TYPE_CHECKING:
    from tei_export.model.edition import Edition, Text
    from tei_export.source.facts import Facts
    from tei_export.source.lines import SourceLine
    from tei_export.source.problems import Report


def _holds_mention(node: mark) -> bool:
    """Return whether there is another name in a name."""
    return any(
        is_mention(inner)
        for child in node.children
        if isinstance(child, nodes.Element)
        for inner in every(child, mark)
    )


class MentionReader:
    """Reads the names and the cited pages of the blocks of a part into its facts."""

    def __init__(
        self, edition: Edition, text: Text, docname: str, facts: Facts, report: Report
    ) -> None:
        self.edition = edition
        self.text = text
        self.docname = docname
        self.facts = facts
        self.report = report

    def read(self, block: nodes.Element, lines: list[SourceLine]) -> None:
        """Resolve the names of a block; record their places and context."""
        work = ""
        holder = note_of(block)
        full = collapse_space(reading(block))
        context = paragraph if heads_entry(block) else around
        at = 0
        done: set[int] = set()
        for line in lines:
            place = str(Place(line.page, line.node["line"])) if line.marks else ""
            for node in line.marks:
                said = node.attributes
                row = BY_NAME[said["kind"]]
                if id(node) in done:
                    continue
                done.add(id(node))
                said["place"] = place
                self._said(node, line.number)
                if row.family is Family.MENTION:
                    words = resolve_mention(node, self.edition, self.report, line.number)
                    here = full.find(words, at)
                    if here >= 0:  # an inner name may begin here, too
                        at = here + (0 if _holds_mention(node) else len(words))
                    work = said["key"] if row.register == "works" else work
                    before, after = context(full, here, words)
                    self.facts.mentions.append(
                        Mention(
                            row.register,
                            said["key"],
                            self.docname,
                            line.page,
                            line.node["line"],
                            words,
                            said.get("named", False),
                            before,
                            after,
                            holder["label"] if holder else "",
                        )
                    )
                elif said["kind"] == "cited":
                    said["work"] = work
                    self.facts.citations.append(
                        Citation(
                            work,
                            collapse_space(reading(node)),
                            self.docname,
                            line.page,
                            line.node["line"],
                            holder["label"] if holder else "",
                        )
                    )
        if holder is not None and work:
            holder.setdefault("work", first_work(block))

    def _said(self, node: mark, line: int) -> None:
        """Put the values of a role on its node in words for readers: hands by their names."""
        values = BY_NAME[node["kind"]].values
        if not values:
            node["said"] = ()
            return
        said: dict[str, str] = dict(node.get("values", {}))
        key = said.get("hand")
        if key and key not in self.text.hands:
            known = ", ".join(f"@{name}" for name in self.text.hands) or "none"
            self.report("role-hand", f"@{key}; declared are: {known}", line, f"@{key}")
        elif key:
            said["hand"] = str(self.text.hands[key]["name"])
        told = [v.name for v in values if v.form in (ValueType.WORD, ValueType.HAND)]
        node["said"] = tuple((name, said[name]) for name in told if name in said)
