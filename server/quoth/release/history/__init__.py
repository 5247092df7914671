"""What changed from release to release: the difference of two, and the history of all in a file.

``diff`` compares two releases. ``recorder`` reads lines into the file whose tables ``schema`` has, ``conclusion`` makes
changes of them; ``past_changes`` reads it, and ``changes`` are what it gives. No words for readers. ``release``,
``web`` and ``cli`` import this room.
"""
