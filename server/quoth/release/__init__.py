"""The folder of releases: building a release, opening it, and what is counted in it.

No other room writes into that folder. Answers to queries and pages are matters of other rooms. ``cli``, ``server``,
``web`` and ``verify`` import this room.
"""
