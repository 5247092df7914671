"""The dumps of a release and its other tables: sorted lines, kept in segments that together are one gzip file.

``nquads`` sorts and reads lines, ``gzip_stream``, ``segments`` and ``concatenation`` keep them, ``tables`` lists the
tables. What the lines say is a matter of other rooms. ``release`` and ``web`` import this room.
"""
