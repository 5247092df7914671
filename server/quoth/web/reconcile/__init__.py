"""The reconciliation service: see views.py."""

from quoth.web.reconcile.service import blueprint

__all__ = ["blueprint"]
