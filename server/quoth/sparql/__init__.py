"""SPARQL text as text: tokens, form, depth, calls of SERVICE, parameters, and the stored ``.rq`` files.

Pure: nothing here evaluates a query. ``engine``, ``index``, ``release``, ``link`` and ``web`` import it.
"""
