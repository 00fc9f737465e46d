"""Elements of HTML, XHTML and SVG, escaped by type.

:class:`markupsafe.Markup` is markup; any other text is escaped where it becomes content or the value of an
attribute. No text reaches a page unescaped because somebody forgot to escape it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial

from markupsafe import Markup

#: Attributes by name; see :func:`attributes` for names and values.
Attributes = Mapping[str, object]

#: What is markup already becomes ``Markup`` without the search for ``__html__`` that ``Markup(…)`` makes.
_made: Callable[[str], Markup] = partial(str.__new__, Markup)
EMPTY = Markup("")
NEWLINE = Markup("\n")


def esc(value: object) -> Markup:
    """Escape ``value`` for content and double-quoted attributes; markup is returned unchanged."""
    if isinstance(value, Markup):
        return value
    text = str(value).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _made(text.replace('"', "&quot;"))


def join(parts: Iterable[object], between: str = "") -> Markup:
    """Return ``parts`` as one piece of markup, each escaped unless it is markup."""
    return _made(str(esc(between)).join([esc(part) for part in parts]))


def attributes(given: Attributes) -> Markup:
    """Return `` name="value"`` for each item.

    In a name ``_`` becomes ``-``; a final ``_`` is dropped (``class_``). None, False and the empty text leave an
    attribute out. True writes the name alone, which only HTML allows.
    """
    if not given:
        return EMPTY
    return _made(
        "".join(
            f" {_name(name)}" if value is True else f' {_name(name)}="{esc(value)}"'
            for name, value in given.items()
            if value is not None and value is not False and value != ""
        )
    )


def element(name: str, /, *content: object, **given: object) -> Markup:
    """Return an element with start and end tag; ``content`` and ``given`` attributes are escaped by type."""
    return _made(f"<{name}{attributes(given)}>{join(content)}</{name}>")


def empty(name: str, /, **given: object) -> Markup:
    """Return an element without content, as XML and XHTML write it: ``<name/>``."""
    return _made(f"<{name}{attributes(given)}/>")


def start(name: str, /, **given: object) -> Markup:
    """Return a start tag alone, for writers that meet the end of an element later."""
    return _made(f"<{name}{attributes(given)}>")


def on_line(*content: object) -> Markup:
    """Return ``content`` as a line of the file."""
    return join((*content, NEWLINE))


def _name(name: str) -> str:
    return name.removesuffix("_").replace("_", "-")
