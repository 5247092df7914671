"""The rules of a dataset as queries in SPARQL, and what they derive: the quads of a publication.

How documents are read and how violations are reported is not here. ``claim.checking`` imports this room, and so does
everything that publishes, links or describes a dataset.
"""
