"""The query editor of ``/sparql``: its assets, its completions, and the build out of npm packages.

The page of the editor is in ``web.sparql``. Only ``web.app`` imports this room.
"""
