"""SPARQL engines behind one interface: the embedded one and a remote endpoint.

``api`` is the interface, ``embedded`` and ``remote`` are its engines; ``pool`` runs the queries of strangers in
killable processes, and ``federation`` carries their SERVICE calls. The content of a release is decided in ``release``,
and the response to an HTTP request is made in ``web``. These two, ``verify``, ``http``, ``ops``, ``mcp``, ``server``,
``link`` and ``cli`` import this room.
"""
