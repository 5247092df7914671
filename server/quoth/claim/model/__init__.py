"""The model of claims: namespaces and terms, an index of triples, the summary of a claim, the report of a check.

No input or output lives here. Every room may import this one; it imports no other room.
"""
