"""Apparatus entries quoted in pages: lemma and reading come from the sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import html

if TYPE_CHECKING:
    from mini import Mini

PAGE = """\
# A small edition

```{toctree}
t/one
t/two
```

```{emendation} ENTRY
Why it is so.
```
"""


def test_an_entry_is_quoted_from_the_sources(mini: Mini) -> None:
    mini.write("index.md", PAGE.replace("ENTRY", "app-0005-1"))
    result = mini.build("html")
    assert result.code == 0, result.output
    page = html.fromstring(result.file("html/t/one.html"))
    (entry,) = page.xpath("//li[@id='entry-app-0005-1']")
    lemma = entry.xpath("string(b)")
    (quoted,) = html.fromstring(result.file("html/index.html")).xpath("//p[@class='quoted']")
    assert quoted.xpath("string(strong)") == lemma
    assert quoted.xpath("string(span)") == entry.xpath("string(span)")
    (link,) = quoted.xpath("a")
    assert link.get("href") == "t/one.html#app-0005-1"
    assert link.text == entry.xpath("string(a)")
    assert quoted.getnext().text == "Why it is so."
