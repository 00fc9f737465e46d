"""Zip files whose bytes depend on their contents alone."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def packed(files: Mapping[str, bytes], day: str, mimetype: str = "") -> bytes:
    """Return the zip file of ``files`` by their paths, in the order of the paths.

    :param day: the date of every file, ``2026-11-22``; zip knows none before 1980
    :param mimetype: the content of the first file, ``mimetype``, which is not compressed (OCF,
        OpenDocument)
    """
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        if mimetype:
            archive.writestr(_info("mimetype", day, zipfile.ZIP_STORED), mimetype.encode())
        for name in sorted(files):
            archive.writestr(_info(name, day, zipfile.ZIP_DEFLATED), files[name], compresslevel=9)
    return stream.getvalue()


def _info(name: str, day: str, method: int) -> zipfile.ZipInfo:
    year, month, date = (int(part) for part in day.split("-"))
    info = zipfile.ZipInfo(name, (max(year, 1980), month, date, 0, 0, 0))
    info.compress_type, info.create_system, info.external_attr = method, 3, 0o644 << 16
    return info
