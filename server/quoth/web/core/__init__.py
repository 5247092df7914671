"""The base of every view: the site, request targets, URLs, statements, variants, problem details, the archive.

No routes, and nothing that one part of the site alone needs. Every room of ``web`` may import it, as may
``mcp``, ``server`` and ``cli``.
"""
