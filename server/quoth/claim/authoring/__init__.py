"""Help for who writes documents: drafts from a plain text, offsets for quotations.

Only commands import it. It never publishes.
"""
