"""``/sparql``, ``/graphs``, ``/queries``: the protocols, results in every format and as pages, questions as pages.

Queries are evaluated in ``engine``; the list of the stored questions is in ``web.present``, the description of the
service in ``web.describe``. ``web.app`` imports this room, ``server`` imports its protocol and its formats, and
``mcp`` the values of a question's parameters.
"""
