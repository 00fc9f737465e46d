"""The kinds of relations between register entries: the closed list, and what readers call them."""

from __future__ import annotations

from dataclasses import dataclass


def N_(message: str) -> str:  # noqa: N802 (gettext's name for a message that is translated when it is shown)
    """Mark ``message`` for translators (``tools/messages.py``)."""
    return message


@dataclass(frozen=True, slots=True)
class RelationKind:
    """A kind of relation, read from the active end to the passive one.

    ``means``: words for editors. ``active``: the label before the passive end on the page of the
    active one (*member of*: Politburo); ``passive``: the label before the active end on the other
    page (*members*: Trotsky). ``term``: the property of https://schema.org, with ``^`` before it if
    it points from the passive end; empty: schema.org has none.
    """

    means: str
    active: str
    passive: str
    term: str = ""

    @property
    def mutual(self) -> bool:
        """Whether both ends stand in the same relation to each other."""
        return self.active == self.passive


KINDS: dict[str, RelationKind] = {
    "parent-of": RelationKind("is the father or mother of (a person)", N_("parent of"), N_("child of"), "children"),
    "spouse-of": RelationKind("is or was married to (a person)", N_("married to"), N_("married to"), "spouse"),
    "sibling-of": RelationKind("is the brother or sister of (a person)", N_("sibling of"), N_("sibling of"), "sibling"),
    "teacher-of": RelationKind("taught (a person)", N_("teacher of"), N_("pupil of")),
    "correspondent-of": RelationKind("exchanged letters with (a person)", N_("corresponded with"), N_("corresponded with")),
    "successor-of": RelationKind("succeeded (a person)", N_("successor of"), N_("succeeded by")),
    "holder-of": RelationKind("held (an office)", N_("held the office"), N_("held by")),
    "envoy-of": RelationKind("represented abroad (a state)", N_("envoy of"), N_("envoys")),
    "leader-of": RelationKind("led or controlled (a body, a faction, an army)", N_("leader of"), N_("led by")),
    "founder-of": RelationKind("founded or started (a body, a policy)", N_("founder of"), N_("founded by"), "^founder"),
    "member-of": RelationKind("belonged to (a body, a group)", N_("member of"), N_("members"), "memberOf"),
    "part-of": RelationKind("was a part of (a body)", N_("part of"), N_("parts"), "parentOrganization"),
    "expelled-from": RelationKind(
        "was removed, expelled or deported from (a body, a country)", N_("expelled from"), N_("expelled")
    ),
    "ally-of": RelationKind("was allied with (a person)", N_("allied with"), N_("allied with")),
    "supporter-of": RelationKind("supported (a body)", N_("supporter of"), N_("supported by")),
    "opponent-of": RelationKind("opposed, or was a rival or enemy of", N_("opponent of"), N_("opposed by")),
    "victor-over": RelationKind("defeated (a person)", N_("victor over"), N_("defeated by")),
    "broke-with": RelationKind("broke off relations with (a body, a state)", N_("broke with"), N_("abandoned by")),
    "follower-of": RelationKind("was a disciple of (a person)", N_("follower of"), N_("followers")),
    "compared-with": RelationKind("the author compares with (a person)", N_("compared with"), N_("compared with")),
    "wrote-against": RelationKind("wrote against (a person)", N_("wrote against"), N_("attacked in writing by")),
    "biographer-of": RelationKind("wrote a biography of (a person)", N_("biographer of"), N_("biographers")),
    "author-of": RelationKind("wrote or issued (a work, a declaration)", N_("author of"), N_("written by"), "^author"),
    "editor-of": RelationKind("edited or compiled (a work)", N_("editor of"), N_("edited by"), "^editor"),
    "translator-of": RelationKind("translated (a work)", N_("translator of"), N_("translated by"), "^translator"),
    "introduction-to": RelationKind(
        "wrote an introduction or a foreword to (a work)", N_("wrote the introduction to"), N_("introduction by")
    ),
    "contributor-to": RelationKind(
        "contributed an appendix, a chapter or drawings to (a work)", N_("contributor to"), N_("with contributions by"),
        "^contributor",
    ),
    "custodian-of": RelationKind("keeps the papers of (a person)", N_("keeps the papers of"), N_("papers kept by")),
    "graduate-of": RelationKind("took a degree at (a university)", N_("graduate of"), N_("graduates"), "alumniOf"),
}  # fmt: skip
