"""Help for authors of documents: a first document for a plain text, offsets for quotations, texts that change.

Nothing is published or checked here. ``cli`` imports this room, and ``web.present`` its sentences.
"""
