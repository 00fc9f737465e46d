"""Files of a published site: sitemap, robots.txt, the page for unknown addresses."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from lxml import etree

from tei_export.model.metadata import metadata
from tei_export.shared.atomic import write_whole
from tei_export.shared.elements import esc
from tei_export.shared.labels import _
from tei_export.source.facts import domain_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sphinx.application import Sphinx

    from tei_export.model.metadata import Metadata

NOT_FOUND = "404"
#: The maximum number of addresses in a list (sitemaps.org, protocol 0.9).
MOST = 50_000
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"


def not_found_page(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield ``404.html``; servers show it at any address, so its links start at the site's root."""
    meta = metadata(domain_of(app.env).edition)
    context = {"title": esc(_("Page not found")), "base": meta.base_url, "body": ""}
    yield NOT_FOUND, context, "404.html"


def sitemap(app: Sphinx, exception: Exception | None) -> None:
    """Handle Sphinx's ``build-finished``: write ``sitemap.xml`` and ``robots.txt``.

    Both require full addresses (sitemaps.org, protocol 0.9), so only a published edition gets them. Where there are
    more than :data:`MOST`, ``sitemap.xml`` lists further files.
    """
    if exception is not None or app.builder.format != "html":
        return
    folder = Path(app.outdir)
    meta = metadata(domain_of(app.env).edition)
    names = ("sitemap.xml", "robots.txt")
    if not meta.base_url:
        for name in names:
            (folder / name).unlink(missing_ok=True)
        return
    listed = []
    for path in sorted(folder.rglob("*.html")):
        name = path.relative_to(folder).as_posix()
        if name.split("/")[0] not in ("_static", "files") and name not in (
            "404.html",
            "search.html",
        ):
            listed.append(name)
    shares = [listed[at : at + MOST] for at in range(0, len(listed), MOST)] or [[]]
    if len(shares) == 1:
        write_whole(folder / names[0], _sitemap("urlset", "url", meta, listed))
    else:
        files = [f"sitemap-{n}.xml" for n in range(1, len(shares) + 1)]
        for file, share in zip(files, shares, strict=True):
            write_whole(folder / file, _sitemap("urlset", "url", meta, share))
        write_whole(folder / names[0], _sitemap("sitemapindex", "sitemap", meta, files))
    write_whole(
        folder / names[1],
        f"User-agent: *\nAllow: /\nSitemap: {meta.permalink(names[0])}\n".encode(),
    )


def _sitemap(kind: str, row: str, meta: Metadata, names: Iterable[str]) -> bytes:
    """Return a list of addresses, or of such lists."""
    root = etree.Element(f"{{{_SITEMAP}}}{kind}", nsmap={None: _SITEMAP})  # type: ignore[dict-item]
    for name in names:
        url = etree.SubElement(root, f"{{{_SITEMAP}}}{row}")
        etree.SubElement(url, f"{{{_SITEMAP}}}loc").text = meta.permalink(name)
        etree.SubElement(url, f"{{{_SITEMAP}}}lastmod").text = meta.date
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
