"""``/reconcile``, the reconciliation service in versions 0.2 and 1.0-draft, and its suggestions and previews.

``requests`` reads the queries, ``candidates`` and ``scoring`` find and rank the entities, ``responses`` has the forms
of the answers. The client of such services is in ``link.remote``. Only ``web.app`` imports this room.
"""

from quoth.web.reconcile.service import blueprint

__all__ = ["blueprint"]
