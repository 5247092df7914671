"""View models and figures: quads and index rows in, plain objects for templates out.

Models that several view rooms use are here, such as lists, stored questions and identifiers of other datasets. Routes
and templates are not. The view rooms of ``web``, ``web.app`` and ``mcp`` may import this room.
"""
