"""The Flask application: what is at which URL.

``app`` puts the views together. Views stand in a room for each part of the site and do not import each other;
they share ``core``, ``describe`` and ``present``. Only ``server`` imports the application.
"""
