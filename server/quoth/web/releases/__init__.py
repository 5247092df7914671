"""``/releases``: the releases in the archive, one release, and its files.

The archive itself is in ``core``, since documents and citations need it. Only ``app`` imports this room.
"""
