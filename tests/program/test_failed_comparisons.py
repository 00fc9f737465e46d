"""A comparison of files that fails says where they differ (tests/conftest.py), not all that is in them."""

from __future__ import annotations

import pytest

#: Longer than anything that may be said; pytest's own comparison, which is made as well, takes seconds for more.
HALF = 800
ONE = b"a" * HALF + b"left" + b"a" * HALF
OTHER = b"a" * HALF + b"right" + b"a" * HALF


def said(one: object, other: object) -> str:
    with pytest.raises(AssertionError) as failed:
        assert one == other
    return str(failed.value)


def test_two_files() -> None:
    told = said(ONE, OTHER)
    assert f"{2 * HALF + 4} bytes == {2 * HALF + 5} bytes" in told
    assert f"at byte {HALF}: b'" in told
    assert "aleft" in told
    assert "aright" in told
    assert len(told) < 1000 < len(ONE)


def test_a_file_that_is_the_beginning_of_another() -> None:
    assert f"at byte {len(ONE)}: " in said(ONE, ONE + b"end")


def test_the_files_of_two_folders() -> None:
    told = said({"same": ONE, "a.html": ONE, "gone": b"x"}, {"same": ONE, "a.html": OTHER})
    assert "3 files == 2 files: 2 differ" in told
    assert f"a.html: at byte {HALF}: " in told
    assert "gone: at byte 0: b'x' != b''" in told
    assert "same" not in told.partition("differ")[2]
    assert len(told) < 1500 < len(ONE)


def test_what_is_no_file_is_compared_as_always() -> None:
    assert "at byte" not in said({"a": "x"}, {"a": "y"})
