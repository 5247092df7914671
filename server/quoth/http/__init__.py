"""The semantics of HTTP (RFC 9110, RFC 8288) as functions of text: negotiation, codings, pages, client addresses.

No Flask, no sockets, no RDF. ``server`` and ``web`` import it.
"""
