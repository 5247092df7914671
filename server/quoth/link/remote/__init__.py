"""The servers of other datasets: where they are (``targets``), one throttled and cached HTTP client, and the clients
of SPARQL endpoints and reconciliation services over it. Only ``link`` imports this.
"""
