"""Help for authors of documents: a first document for a plain text, offsets for quotations, texts that change.

Nothing is published or checked here. ``cli`` imports this room, ``web.present`` and ``verify``
its sentences and spans, and ``claim.importing`` its YAML.
"""
