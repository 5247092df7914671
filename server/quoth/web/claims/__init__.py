"""``/claims``: the table of claims in every format."""
