"""Taking words that must go out of every release that is kept, and keeping them out of later ones.

``redaction`` makes the releases anew, ``words`` knows which words go, ``redaction_record`` is the file beside the
releases. ``release`` and ``cli`` import this room.
"""
