"""Whether documents hold: anchors against the text, SHACL shapes, the rules of a whole dataset.

What is found goes into a ``claim.model.report``. Commands and ``release`` callers import it; it writes nothing.
"""
