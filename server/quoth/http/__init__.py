"""The semantics of HTTP (RFC 9110, RFC 8288): messages, negotiation, codings, conditions, pages, client addresses.

``message`` has the types of a request and a response; a request tells an engine its client and whether the client is
still present, in the types of ``engine.api``. The other modules are functions of text. Flask, sockets and RDF are not
here. ``server``, ``mcp`` and ``web`` import this room.
"""
