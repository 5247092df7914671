"""``/ns`` and ``/shapes``: the ontology and the shapes as documents."""
