"""The front page, and what machines read first: VoID, DCAT, sitemap, OpenAPI, health and metrics.

The quads of the descriptions are made in ``web.describe``. Only ``web.app`` imports this room.
"""
