"""Queries and answers of an endpoint, without HTTP."""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import parse_qsl

#: The maximum length of a query.
LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer with its media type and further header fields."""

    data: bytes
    kind: str
    status: HTTPStatus = HTTPStatus.OK
    fields: dict[str, str] = field(default_factory=dict)


class RefusedError(Exception):
    """Raised for a query without an answer: the HTTP ``status``, and the reason in words."""

    def __init__(self, status: HTTPStatus, why: str) -> None:
        super().__init__(why)
        self.status = status
        self.why = why


def wrong(why: str) -> RefusedError:
    """Return the refusal of an invalid query."""
    return RefusedError(HTTPStatus.BAD_REQUEST, why)


def missing(why: str) -> RefusedError:
    """Return the refusal of a query for something that does not exist."""
    return RefusedError(HTTPStatus.NOT_FOUND, why)


def parameters(query: str) -> dict[str, str]:
    """Return the parameters of a query; an empty one counts as absent, because URI templates write
    it so.

    :raises RefusedError: the query is too long, is not UTF-8, or has a parameter twice
    """
    if len(query) > LONGEST:
        raise RefusedError(
            HTTPStatus.REQUEST_URI_TOO_LONG, f"a query may have {LONGEST} characters"
        )
    try:
        pairs = parse_qsl(query, keep_blank_values=True, errors="strict", max_num_fields=20)
    except ValueError as error:  # a UnicodeDecodeError is a ValueError
        raise wrong("the query cannot be read") from error
    found: dict[str, str] = {}
    for name, value in pairs:
        if name in found:
            raise wrong(f"{name} is given twice")
        found[name] = value
    return {name: value for name, value in found.items() if value}


def number(value: str, name: str) -> int:
    """Return a whole number, at least -1.

    :raises RefusedError: the value is not such a number
    """
    digits = value.removeprefix("-")
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 10) or int(value) < -1:
        raise wrong(f"{name} must be a whole number, -1 or greater")
    return int(value)
