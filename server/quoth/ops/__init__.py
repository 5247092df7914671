"""What operators read: the metrics and the access log. ``server`` and ``web`` import it."""
