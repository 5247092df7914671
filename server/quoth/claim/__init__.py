"""Documents of claims: their model, how they are read and checked, what follows from them, how an author starts one.

No HTTP, no database and no network. Every room may import this one; it imports only the modules beside it
(config, errors, formats, resources).
"""
