"""The process that serves: middleware from the ASGI scope to the Flask application, and the processes themselves.

Middleware knows bytes and header fields, and no RDF beyond the fast path for short queries; documents and pages are
made in ``web``. Only ``cli`` imports this room.
"""
