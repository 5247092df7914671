"""The quads that a document holds: those about a resource, about many claims, about the dataset and its releases.

Routes, pages and the choice of a format are not here. The view rooms of ``web`` and ``web.present`` may import this
room.
"""
