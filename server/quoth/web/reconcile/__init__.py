"""The reconciliation service: see views.py."""

from quoth.web.reconcile.views import blueprint

__all__ = ["blueprint"]
