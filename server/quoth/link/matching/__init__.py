"""Matching without a network: entities that can be linked, the scores of their candidates, and tables of candidates.

Requests to other datasets are in ``link.remote``, linksets in ``link.accept``. The other modules of ``link``, and
``cli``, import this room.
"""
