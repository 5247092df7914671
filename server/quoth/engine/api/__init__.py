"""The interface of an engine, and what all engines share: the client of a query, rows, serialization.

The engines themselves are beside this room, in ``engine``, which imports it as do ``http``, ``ops``, ``release``,
``verify``, ``web``, ``mcp``, ``server``, ``link`` and ``cli``.
"""
