"""The claims of documents as other systems hold them: annotations and tables, which ``claim.importing`` reads again.

A writer knows one format. What is written are the words, who says them, the act and the words that attribute them; not
the levels around the innermost one, nor contents. ``cli`` imports this room.
"""
