"""Reading order: the groups of PAGE and ALTO, and sorting by a partial order."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from tei_export.importing.safe_xml import local_name, whole_number

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lxml import etree

T = TypeVar("T")


def grouped(group: etree._Element, reference: str) -> list[str]:
    """Return the ids that a group names, including those of nested groups.

    An ordered group is sorted by index, an unordered one keeps document order. ``reference`` is the
    attribute with the id.
    """
    members = list(group)
    if local_name(group).startswith("OrderedGroup"):
        members.sort(key=lambda member: whole_number(member.get("index")) or 0)
    found: list[str] = []
    for member in members:
        if member.get(reference):
            found.append(member.get(reference, ""))
        found += grouped(member, reference)
    return found


def arrange(items: Sequence[T], order: Sequence[str], name: Callable[[T], str]) -> list[T]:
    """Sort ``items`` by ``order``.

    An item that the order does not name stays after its predecessor in the document.
    """
    place = {key: at for at, key in reversed(list(enumerate(order)))}
    last = -1
    keyed = []
    for at, item in enumerate(items):
        last = place.get(name(item), last)
        keyed.append((last, at, item))
    return [item for _, _, item in sorted(keyed, key=lambda found: found[:2])]
