"""A corpus is a folder with the file ``quoth.toml``: where it is, what that file says, and how a new one begins.

Every room may import this one, which imports none and knows nothing of what a document says.
"""
