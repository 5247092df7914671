"""``/guide``: the chapters of the guide, which are the Markdown files of this folder, and their rendering.

The reference of the ontology is in ``web.ontology``, the description of the API in ``web.discovery``. Only ``web.app``
imports this room.
"""
