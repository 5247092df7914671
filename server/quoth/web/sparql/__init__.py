"""``/sparql`` and ``/queries``: the protocol, results in every format, the service description, stored questions."""
