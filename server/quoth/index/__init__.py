"""The SQLite index of a release: the table of claims, its facets, the full text, the names, the words.

``build``, ``tally`` and ``claim_summaries`` fill the file at publication, ``order`` numbers its claims, and ``update``
changes that of the last release by ``dependencies``; ``claims``, ``fulltext``, ``names`` and ``word_pairs`` read it,
over ``database``. ``facets`` has the one table of facets, ``selection`` says what a list of claims is of,
``similarity`` has the one comparison of names, ``vocabulary`` the words of the release. The index knows no HTTP and
words no page. ``release``, ``verify``, ``web``, ``mcp`` and ``link`` import it; it imports the claims'
model and the queries.
"""
