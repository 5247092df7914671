"""The SQLite index of a release: the table of claims, its facets, the full text, the names.

Built at publication from the quads, read by ``web``; it knows no HTTP.
"""
