"""The pages in Firefox, whose engine is not Chromium's: what readers use most."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from firefox import Firefox

if TYPE_CHECKING:
    from pathlib import Path

from firefox import FIND

pytestmark = pytest.mark.browser


def test_the_search_sees_a_number_that_is_drawn_in_the_line(fox: Firefox, tmp_path: Path) -> None:
    """Firefox finds nothing over what is drawn at the place and moved out: the reason for all this."""
    page = tmp_path / "page.html"
    drawn = ".pb::after { content: '[1]'; position: absolute }"
    page.write_text(
        f"<!DOCTYPE html><style>{drawn}</style><p>two <a class=pb></a>three", encoding="utf-8"
    )
    fox.open(page.as_uri())
    assert fox.run(FIND, ["two three", "three"]) == ["two three"]
