"""Making what a release holds: all of it (``full``), or out of the last release and what changes (``advance``).

The folder is a hidden one: the lock, its name and the step by which it is served are matters of the rooms above.
``release`` imports this room.
"""
