"""Killable processes for the queries of strangers.

``scheduler`` decides which query runs when, by the states in ``ticket``; ``pool`` has the processes, ``worker_handle``
one of them and ``execution`` one query on it; ``spool`` keeps results for slow readers. ``engine.embedded``,
``engine.remote`` (the scheduler) and ``release.open`` import it. ``worker`` and what it imports run in the
processes, with few imports.
"""
