"""``/guide``: the guide, from the Markdown files of this folder."""
