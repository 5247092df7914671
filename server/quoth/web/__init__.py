"""The web site and its documents, as a Flask application over one release.

``app`` puts the views together and is the only module that knows all of them. Each view room (``claims``,
``discovery``, ``documents``, ``editor``, ``guide``, ``ontology``, ``proof``, ``reconcile``, ``releases``, ``search``,
``sparql``) has the routes for one part of the site and imports no other view room. They share ``present``, ``describe``
and ``core``. Sockets, caches and content codings are not here but in ``server``, the only room that imports the
application, beside the command ``cli.proof``, which makes a document of it without a server. ``mcp`` and ``cli`` import
the site and its view models.
"""
