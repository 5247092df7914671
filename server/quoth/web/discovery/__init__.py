"""The front page, and how machines find their way: VoID, DCAT, sitemap, OpenAPI, health and metrics.

The descriptions themselves are in ``describe``. Only ``app`` imports this room.
"""
