"""``/search``, the lists of articles, entities, sources and topics, and the lookup of external identifiers.

The index searches and counts; ``web.present`` has the facets and the lists. Only ``web.app`` imports this room.
"""
