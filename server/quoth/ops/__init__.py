"""The metrics and the writer of the access log, for operators.

The middleware that counts and logs requests is in ``server``, the route of the metrics in ``web.discovery``. These two
import this room.
"""
