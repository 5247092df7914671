"""``/releases``: the releases in the archive, one release, and its files.

The archive itself is in ``web.core``, since documents and citations need it. Only ``web.app`` imports this room.
"""
