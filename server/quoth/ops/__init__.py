"""The metrics, the writer of the access log, and what a process knows of itself, for operators.

The middleware that counts and logs requests is in ``server``, the routes of metrics and status are in
``web.discovery``. These two import this room.
"""
