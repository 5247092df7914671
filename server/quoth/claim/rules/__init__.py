"""The rules of a dataset as queries in SPARQL, and what they derive: the quads of a publication.

Documents are read in ``claim.reading``, and violations reported in ``claim.checking``. The latter imports this room;
so do ``cli``, ``link``, and the views that need the published vocabulary: ``web.editor``, ``web.ontology``,
``web.present`` and ``web.sparql``.
"""
