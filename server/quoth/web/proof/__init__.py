"""The written proof, /proof: what the corpus holds on a question, a topic or an entity, by who says so.

``subjects`` finds what is asked for, ``record`` gathers the claims, ``comparison`` what agrees and what pulls apart,
``gaps`` what is missing, ``updates`` what was withdrawn or corrected. The same view model becomes a page, Markdown
(``markdown``) and RDF (``proof_quads``). Nothing here decides what is true. ``web.app`` and ``cli.proof`` import
this room.
"""
