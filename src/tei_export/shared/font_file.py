"""Read which letters a font file has, from the table ``cmap`` of OpenType.

Source: OpenType 1.9.1, "cmap — Character to Glyph Index Mapping Table", formats 4 and 12, which all
fonts of today have. The file is hostile until read: whatever does not fit is a :class:`FontError`.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_SIGNS = (b"\x00\x01\x00\x00", b"OTTO", b"true")
#: The size of Unicode; a file with more groups or letters is damaged.
_LAST = 0x10FFFF


class FontError(Exception):
    """Raised if a font cannot be used; the message says why."""


def letters_of(data: bytes) -> frozenset[str]:
    """Return the letters for which the font ``data`` (``.ttf``, ``.otf``) has a glyph.

    :raises FontError: the font has another format, is damaged, or may not be embedded
    """
    if data[:4] not in _SIGNS:
        raise FontError("the file is no TrueType or OpenType font")
    try:
        tables = _tables(data)
        if "OS/2" in tables and struct.unpack_from(">H", data, tables["OS/2"][0] + 8)[0] & 0xF == 2:
            raise FontError("the font says of itself that it must not be embedded (OS/2 fsType)")
        return frozenset(map(chr, _codes(data, *tables["cmap"])))
    except (struct.error, KeyError, IndexError, OverflowError, ValueError):
        raise FontError("the file is damaged: it has no list of letters that can be read") from None


def _tables(data: bytes) -> dict[str, tuple[int, int]]:
    """Return the position and length of each table, by name."""
    (count,) = struct.unpack_from(">H", data, 4)
    rows = (struct.unpack_from(">4sLLL", data, 12 + 16 * n) for n in range(count))
    return {tag.decode("latin-1"): (start, length) for tag, _sum, start, length in rows}


def _codes(data: bytes, start: int, length: int) -> set[int]:
    """Return the code points from every Unicode map of the table."""
    _version, count = struct.unpack_from(">HH", data, start)
    found: set[int] = set()
    for n in range(count):
        platform, encoding, offset = struct.unpack_from(">HHL", data, start + 4 + 8 * n)
        if (platform == 0 and encoding != 5) or (platform == 3 and encoding in (1, 10)):
            at = start + offset
            (form,) = struct.unpack_from(">H", data, at)
            if form == 4:
                found.update(_format_4(data, at))
            elif form == 12:
                found.update(_format_12(data, at, length))
    if not found:
        raise ValueError("no map of Unicode")
    return found


def _format_4(data: bytes, at: int) -> Iterator[int]:
    """Yield the code points of a map of format 4: segments of the Basic Multilingual Plane."""
    (double,) = struct.unpack_from(">H", data, at + 6)
    count = double // 2
    ends = struct.unpack_from(f">{count}H", data, at + 14)
    starts = struct.unpack_from(f">{count}H", data, at + 16 + double)
    deltas = struct.unpack_from(f">{count}h", data, at + 16 + 2 * double)
    offsets = at + 16 + 3 * double
    for n, (first, last) in enumerate(zip(starts, ends, strict=True)):
        (offset,) = struct.unpack_from(">H", data, offsets + 2 * n)
        for code in range(first, min(last, 0xFFFE) + 1):
            glyph = code
            if offset:
                (glyph,) = struct.unpack_from(
                    ">H", data, offsets + 2 * n + offset + 2 * (code - first)
                )
            if glyph and (glyph + deltas[n]) & 0xFFFF:
                yield code


def _format_12(data: bytes, at: int, length: int) -> Iterator[int]:
    """Yield the code points of a map of format 12: groups of all planes."""
    (count,) = struct.unpack_from(">L", data, at + 12)
    if count * 12 > length:
        raise ValueError("more groups than the table has room for")
    before = -1
    for n in range(count):
        first, last, glyph = struct.unpack_from(">LLL", data, at + 16 + 12 * n)
        if not before < first <= last <= _LAST:
            raise ValueError("groups out of order")
        before = last
        yield from (code for code in range(first, last + 1) if glyph + code - first)
