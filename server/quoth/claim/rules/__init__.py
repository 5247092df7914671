"""The rules of a dataset as queries in SPARQL, and what they derive: the quads of a publication.

Other rooms read documents and report violations. ``claim.checking`` imports this room, and so does
everything that publishes, links or describes a dataset.
"""
