"""The process that serves: middleware from the ASGI scope to the Flask application, and the processes themselves.

It knows bytes and header fields, and no RDF beyond the fast path for short queries. Only commands import it.
"""
