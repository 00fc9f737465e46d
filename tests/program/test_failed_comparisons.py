"""A comparison of files that fails says where they differ (tests/conftest.py), not all that is in them."""

from __future__ import annotations

import pytest

#: Longer than anything that may be said; pytest's own comparison, which is made as well, takes seconds for more.
ONE = b"a" * 5_000 + b"left" + b"a" * 5_000
OTHER = b"a" * 5_000 + b"right" + b"a" * 5_000


def said(one: object, other: object) -> str:
    with pytest.raises(AssertionError) as failed:
        assert one == other
    return str(failed.value)


def test_two_files() -> None:
    told = said(ONE, OTHER)
    assert "10004 bytes == 10005 bytes" in told
    assert "at byte 5000: b'" in told
    assert "aleft" in told
    assert "aright" in told
    assert len(told) < 1000


def test_a_file_that_is_the_beginning_of_another() -> None:
    assert f"at byte {len(ONE)}: " in said(ONE, ONE + b"end")


def test_the_files_of_two_folders() -> None:
    told = said({"same": ONE, "a.html": ONE, "gone": b"x"}, {"same": ONE, "a.html": OTHER})
    assert "3 files == 2 files: 2 differ" in told
    assert "a.html: at byte 5000" in told
    assert "gone: at byte 0: b'x' != b''" in told
    assert "same" not in told.partition("differ")[2]
    assert len(told) < 1500


def test_what_is_no_file_is_compared_as_always() -> None:
    assert "at byte" not in said({"a": "x"}, {"a": "y"})
