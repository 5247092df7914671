"""``/claims``: the table of claims as a page, CSV, JSON and RDF; whole tables as streams.

The contents of its rows are made by ``web.present`` and ``web.describe``, and the index selects them. Only ``web.app``
imports this room.
"""
