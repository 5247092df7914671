"""SPARQL engines behind one interface: the embedded one and a remote endpoint.

What a release holds is decided in ``release``, and what HTTP makes of an answer in ``web``; both import this room.
"""
