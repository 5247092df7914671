"""``/search``, the lists of articles, entities, sources and topics, and the lookup of external identifiers."""
