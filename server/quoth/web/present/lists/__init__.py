"""Lists of claims and of things: the facets that filter them, and the formats that every list has.

``facet_values`` reads what an address names, ``faceting`` counts and links the values, ``claim_lists`` has the lists of
claims on a thing's page, ``listings`` the lists of things. No routes. The view rooms of ``web`` and ``mcp`` may import
this room.
"""
