"""``/ns`` and ``/shapes``: the ontology, its concept schemes and the shapes, as documents and as a reference.

The files themselves are in the folders ``ontology`` and ``shapes`` at the top. Only ``web.app`` imports this room.
"""
