"""The text of SPARQL queries: tokens, form, depth, calls of SERVICE, parameters, and the queries in ``.rq`` files.

Nothing here evaluates a query. The room imports ``claim.model``; ``engine``, ``index``, ``release``, ``link``, ``web``
and ``mcp`` import it.
"""
