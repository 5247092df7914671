"""The metrics and the access log, for operators. ``server`` and ``web`` import it."""
