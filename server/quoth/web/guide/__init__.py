"""``/guide``: the chapters of the guide, from Markdown files.

The chapters are the Markdown files of this folder. Only ``app`` imports this room.
"""
