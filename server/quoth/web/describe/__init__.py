"""Which quads a document holds. No routes, and nothing of how they are written."""
