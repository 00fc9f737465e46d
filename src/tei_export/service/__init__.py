"""Answer programs from the built files: DTS 1.0 with ranges and lines, and OAI-PMH.

:func:`application` is a WSGI application (PEP 3333), for any server; ``tei-export dts-serve`` runs it on this machine.
"""

from __future__ import annotations

from tei_export.service.app import application

__all__ = ["application"]
