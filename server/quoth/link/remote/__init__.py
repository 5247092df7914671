"""The servers of other datasets: where they are (``targets``), one throttled and cached HTTP client, and the clients
of SPARQL endpoints and reconciliation services over it.

Scores are in ``link.matching``. Only ``link`` imports this room.
"""
