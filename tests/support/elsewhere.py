"""Run the command line with another clock: ``python elsewhere.py YEARS ARGUMENTS``.

A build must not depend on the time, and a test cannot set the clock of the machine without privileges.
Every function with which Python asks for the time therefore gives a time YEARS later.
"""

from __future__ import annotations

import datetime
import email.utils
import sys
import time

SHIFT = int(sys.argv[1]) * 31_557_600
_time, _localtime, _gmtime, _strftime = time.time, time.localtime, time.gmtime, time.strftime


class Later(datetime.datetime):
    """A clock that is ``SHIFT`` ahead."""

    @classmethod
    def now(cls, tz: datetime.tzinfo | None = None) -> Later:
        return cls.fromtimestamp(time.time(), tz)

    @classmethod
    def utcnow(cls) -> Later:
        return cls.fromtimestamp(time.time(), datetime.UTC).replace(tzinfo=None)

    @classmethod
    def today(cls) -> Later:
        return cls.now()

    def __reduce_ex__(self, protocol: object) -> tuple[object, tuple[str]]:
        """Pickle as an ordinary date, because other processes do not know this module."""
        return email.utils.parsedate_to_datetime, (email.utils.format_datetime(self),)


class LaterDay(datetime.date):
    """The day by that clock."""

    @classmethod
    def today(cls) -> LaterDay:
        return cls.fromtimestamp(time.time())


if __name__ == "__main__":
    time.time = lambda: _time() + SHIFT
    time.localtime = lambda seconds=None: _localtime(time.time() if seconds is None else seconds)
    time.gmtime = lambda seconds=None: _gmtime(time.time() if seconds is None else seconds)
    time.strftime = lambda form, when=None: _strftime(
        form, time.localtime() if when is None else when
    )
    datetime.datetime, datetime.date = Later, LaterDay  # type: ignore[misc]

    from tei_export.cli import main

    sys.exit(main(sys.argv[2:]))
