"""Help for authors of documents: a first document for a plain text, offsets for quotations.

Nothing is published or checked here. Only ``cli`` imports this room.
"""
