"""``/sparql`` and ``/queries``: the protocol, results in every format and as pages, stored questions as pages.

The list of the stored questions is in ``present``, the description of the service in ``describe``. ``app`` imports
this room, and ``server`` imports its pure protocol.
"""
