"""Killable processes for the queries of strangers: who may run when, and what becomes of each query.

Only ``engine.embedded`` and ``release.open`` import it. ``worker`` and what it imports run in the
processes, with few imports.
"""
