"""Addresses of licences and rights statements.

Sources: https://creativecommons.org/licenses/, https://rightsstatements.org/page/1.0/,
https://spdx.org/licenses/.
"""

from __future__ import annotations

_KINDS = ("by", "by-sa", "by-nd", "by-nc", "by-nc-sa", "by-nc-nd")
_STATEMENTS = (
    "InC", "InC-OW-EU", "InC-EDU", "InC-NC", "InC-RUU", "NoC-CR", "NoC-NC", "NoC-OKLR", "NoC-US",
    "CNE", "UND", "NKC",
)  # fmt: skip

#: address → SPDX identifier; empty if that list has none
LICENCES: dict[str, str] = {
    **{
        f"https://creativecommons.org/licenses/{kind}/{version}/": f"CC-{kind.upper()}-{version}"
        for version in ("4.0", "3.0", "2.5", "2.0")
        for kind in _KINDS
    },
    "https://creativecommons.org/publicdomain/zero/1.0/": "CC0-1.0",
    "https://creativecommons.org/publicdomain/mark/1.0/": "",
    **{f"http://rightsstatements.org/vocab/{code}/1.0/": "" for code in _STATEMENTS},
}

#: The same for editors.
WORDS = "the exact address of a known licence or statement of rights"


def availability(uri: str) -> str:
    """Return the access that the licence or statement ``uri`` allows.

    One of ``free``, ``restricted``, ``unknown``: the values of ``availability/@status`` in TEI.
    """
    statement = uri.removeprefix("http://rightsstatements.org/vocab/").partition("/")[0]
    if statement in ("CNE", "UND", "NKC"):
        return "unknown"
    return (
        "free"
        if uri.startswith("https://creativecommons.org/") or statement == "NoC-US"
        else "restricted"
    )
