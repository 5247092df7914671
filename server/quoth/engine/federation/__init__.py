"""SERVICE: the endpoints that the operator allows, called through a proxy on the loopback interface.

``engine.embedded`` and ``release.open`` import it; ``link`` shares its rules for requests to other servers.
"""
