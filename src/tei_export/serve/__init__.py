"""``tei-export serve``: the site on this machine, built anew when a source is saved.

``watching`` says which files were saved, ``rounds`` builds, ``site`` keeps the last good pages and what
open pages are told, ``web`` answers the browser, ``command`` puts them together.
"""
