"""``/id`` and ``/doc``: the 303 to a document, the document's variants, its pages by kind of resource, citations.

The quads of a document come from ``describe``, the models of its page from ``present``. Only ``app`` imports this room.
"""
