"""SERVICE: the endpoints that the operator allows, called through a proxy on the loopback interface.

Requests that an operator's commands make to other servers are in ``link``, and share no code with this room.
``engine.embedded`` and ``release.open`` import it.
"""
