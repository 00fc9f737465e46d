"""Sphinx as the command runs it: without its own builders that no run of the command uses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sphinx.application import Sphinx
from sphinx.util.console import nocolor

from tei_export.model.problems import EditionError
from tei_export.shared.conf_values import wrong_values
from tei_export.shared.loaded_later import load_now
from tei_export.source.trees import is_alone

if TYPE_CHECKING:
    from sphinx.config import Config

#: Extensions that Sphinx loads for builders of its own and of others: they import, among much else, an HTTP client.
OTHER_BUILDERS = frozenset(
    [
        *(
            f"sphinx.builders.{name}"
            for name in (
                "changes",
                "dirhtml",
                "epub3",
                "latex",
                "linkcheck",
                "manpage",
                "singlehtml",
                "texinfo",
                "text",
                "xml",
            )
        ),
        *(f"sphinxcontrib.{name}help" for name in ("apple", "dev", "html", "qt")),
        "sphinxcontrib.serializinghtml",
        "sphinx.versioning",  # compares a document with what `gettext` made of it before
    ]
)
#: How the names of all their settings begin.
SETTINGS = (
    "applehelp_",
    "devhelp_",
    "epub_",
    "htmlhelp_",
    "latex_",
    "linkcheck_",
    "man_",
    "qthelp_",
    "singlehtml_",
    "texinfo_",
    "text_",
    "xml_",
)
#: A theme that Sphinx loads for the site of those who choose none.
_THEME = "alabaster"


class EditionApp(Sphinx):
    """Sphinx for the outputs of this package.

    It loads everything, as always, where conf.py has other extensions or a ``setup``, which may need it, or a
    setting of what is left out, which must be checked.

    :raises EditionError: ``conf-value``, where Sphinx only warns of a value of the wrong type
    """

    def __init__(self, *given: Any, **named: Any) -> None:
        nocolor()  # its warnings become problems, on terminals and pages alike
        super().__init__(*given, **named)
        if self._warncount and (problems := wrong_values(self)):
            raise EditionError(*problems)

    def setup_extension(self, extname: str) -> None:
        """Set up an extension, unless it is one of Sphinx's own that this run cannot use."""
        alone = _needs_no_others(self.config)
        if not alone:
            load_now()
        left_out = extname in OTHER_BUILDERS or (
            extname == _THEME and self.config.overrides.get("edition_builder", "html") != "html"
        )
        if not (alone and left_out):
            super().setup_extension(extname)


def _needs_no_others(config: Config) -> bool:
    """Return whether conf.py has only our extensions, no ``setup``, and no setting of Sphinx's other builders."""
    return is_alone(config) and not any(name.startswith(SETTINGS) for name in config._raw_config)
