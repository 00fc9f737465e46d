"""The search, used from the disk as readers use it: query → page and line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from mini import Mini

pytestmark = pytest.mark.browser


def test_index_of_two_builds_is_the_same(mini: Mini) -> None:
    def files() -> dict[str, bytes]:
        return {p.name: p.read_bytes() for p in (mini.out / "html/searchdata").glob("*.js")}

    assert mini.build("html").code == 0
    first = files()
    assert mini.run("build", "html", "--fresh").code == 0
    assert files() == first
    assert any("isola¬tion" in c.decode() for c in first.values())
