"""What claims are made of: namespaces and terms, triples by subject, the summary of a claim, the report of a check.

No input or output lives here. Every room may import it; it imports nothing of the other rooms of ``claim``.
"""
