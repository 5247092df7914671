"""The rules of a dataset as queries in SPARQL, what they derive (the quads of a publication), and its vocabulary.

Documents are read in ``claim.reading``, and violations reported in ``claim.checking``. The latter imports this room,
``claim.authoring`` and ``claim.importing``; so do ``cli``, ``link``, ``sparql`` (for the concepts that are near a
word), ``web.present``, and the views that need the vocabulary: ``web.editor``, ``web.ontology``, ``web.search`` and
``web.sparql``.
"""
