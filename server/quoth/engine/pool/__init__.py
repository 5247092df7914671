"""Killable processes for the queries of strangers.

``scheduler`` decides which query runs when, by the states in ``ticket``; ``pool`` has the processes, ``worker_handle``
one of them and ``execution`` one query on it; ``spool`` keeps results for slow readers. Quoth's own queries do not run
here. ``engine.embedded``, ``engine.remote`` and ``verify`` (the scheduler), ``release.open``, ``release.deploy`` and
``web.core`` (limits) import this room. ``worker`` and what it imports run in the processes, with few imports.
"""
