"""Which quads a document holds: those about a resource, about many claims, about the dataset and its releases.

No routes, no pages, no choice of a format. The view rooms and ``present`` may import it.
"""
