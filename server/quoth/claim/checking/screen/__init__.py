"""A look at a graph by which most are known to keep to shapes, in a tenth of the time that a validator takes.

It knows the constraint components of SHACL Core (§4) that our shapes use, and is exact about them. It gives no results:
a graph that does not conform, a value that it cannot judge beyond doubt, and shapes with anything else in them are for
a validator (tests/claim/checking/test_screen.py holds the two together). ``claim.checking.shacl`` imports this room.
"""
