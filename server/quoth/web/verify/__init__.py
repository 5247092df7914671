"""``/verify``: a text or one quotation held against the record, as a page, JSON, SARIF or lines; a form for it.

``verify`` judges, in processes of its own. Nothing that is submitted is stored, cached or logged. Only ``web.app``
imports this room.
"""
