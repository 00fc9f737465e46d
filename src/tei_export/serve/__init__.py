"""``tei-export serve``: the site on this machine, built anew when a source is saved.

``watching`` reports saved files, ``rounds`` builds, ``published_site`` keeps the last good pages
and the news for open pages, ``server`` answers the browser, ``command`` puts them together.
"""
