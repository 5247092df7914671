"""``/id`` and ``/doc``: the 303 to a document, the document's variants, its pages by kind of resource, citations.

The quads of a document come from ``web.describe``, the models of its page from ``web.present``. Only ``web.app``
imports this room.
"""
