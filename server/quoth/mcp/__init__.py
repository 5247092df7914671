"""Assistants: the record as tools, resources and prompts of the Model Context Protocol (https://modelcontextprotocol.io).

In this room: what each tool answers and by which status, and how text of the corpus is kept apart from our own words.
``mcp.server`` is the way in. The protocol is that of a package of the same name, an extra of Quoth: ``server`` and
``cli`` import the modules of this room only where assistants are served. Not in this room: how a claim is read or shown
(``web/present``), verdicts (``verify``), queries (``engine``), HTTP (``server/mcp_endpoint.py``).
"""

from importlib.util import find_spec

from quoth.errors import UnavailableError


def check_installed() -> None:
    """Raise UnavailableError where the package is missing."""
    if find_spec("mcp") is None:
        detail = "assistants need the package mcp, which is not installed"
        raise UnavailableError(detail, remedy="install it with: pip install 'quoth[mcp]'")
