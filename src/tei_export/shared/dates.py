"""Write the dates of the registers in words."""

from __future__ import annotations

import re
from datetime import date

from tei_export.i18n.formats import day, day_of_month, month

_DAY = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")


def human_date(text: str) -> str:
    """Write an ISO 8601 date or interval in words.

    ``1917-11-07`` → 7 November 1917; ``1919-03-18/1919-03-23`` → 18–23 March 1919; ``1918/1921`` →
    1918–1921. Other forms are returned unchanged.
    """
    parts = text.split("/")
    if len(parts) != 2:
        return "–".join(_day(part) for part in parts)
    start, end = parts
    days = _day(start), _day(end)
    if len(start) == len(end) == 10 and start[:7] == end[:7] and days != tuple(parts):
        return f"{day_of_month(date.fromisoformat(start))}–{days[1]}"
    if len(start) > 4 and len(end) > 4 and start[:4] == end[:4]:
        return f"{days[0].removesuffix(start[:4])}– {days[1]}"
    return f"{days[0]} – {days[1]}" if " " in "".join(days) else "–".join(days)


def _day(text: str) -> str:
    match = _DAY.fullmatch(text)
    if match is None:
        return text
    numbers = [int(n) for n in match.groups() if n]
    try:
        year, month_, day_ = (*numbers, 1, 1)[:3]
        when = date(year, month_, day_)
    except ValueError:  # not a calendar day
        return text
    return {1: text, 2: month(when), 3: day(when)}[len(numbers)]
