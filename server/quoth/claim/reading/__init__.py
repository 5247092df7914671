"""Documents in (YAML-LD, TriG and other RDF syntaxes, SSSOM tables), quads with the numbers of their lines out.

Whether the quads make sense is for ``claim.checking``. ``claim.authoring`` and ``claim.checking`` import it.
"""
