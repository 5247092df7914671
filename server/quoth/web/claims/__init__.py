"""``/claims``: the table of claims as a page, CSV, JSON, N-Quads and TriG; whole tables as streams.

The contents of its rows are made by ``web.present`` and ``web.describe``, and the index selects them. Only ``web.app``
imports this room.
"""
