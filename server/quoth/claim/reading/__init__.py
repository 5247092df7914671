"""Reading documents (YAML-LD, TriG and other RDF syntaxes, SSSOM tables) as quads with the numbers of their lines.

Whether the quads make sense is a matter of ``claim.checking``. That room, ``claim.authoring``, ``claim.exporting``,
``release``, ``link`` and ``cli`` import this one.
"""
