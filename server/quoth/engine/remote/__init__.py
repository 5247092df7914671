"""The engine at another server: how it is asked, what it may answer, and how its results are written.

Beside ``embedded`` below ``release``, which chooses between the two; what they share is in ``engine.api`` and
``engine.pool``. `quoth doctor` (``server.doctor``, ``server.engine_check``) reads in a setting which servers there are.
"""
