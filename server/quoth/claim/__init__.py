"""Documents of claims: their model, how they are read, derived from and checked, and how an author starts one.

Pure: no HTTP, no store, no network. Everything above may import it; it imports only the leaves beside it.
"""
