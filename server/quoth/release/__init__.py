"""The folder of releases: building a release, opening it, and what is counted in it.

No other room writes into that folder. How a query is answered and what a page shows is not here. Commands, ``server``
and ``web`` import this room.
"""
