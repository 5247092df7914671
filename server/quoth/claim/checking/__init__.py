"""The check of documents: anchors against their text, SHACL shapes, the rules of a whole dataset.

The results are findings of a ``claim.model.report``; nothing is repaired or written. ``claim.authoring``,
``claim.importing``, ``link`` and ``cli`` import this room, and ``web.core`` and ``verify`` the texts of articles.
"""
