"""The coding of claims against the words that they quote. Every finding is a warning: a person must look.
``claim.checking`` calls it, and ``claim.authoring`` reads its lists. Which words negate, hedge or count is data, a file
for each language (``en.toml``).
"""
