"""The query editor of ``/sparql``: its assets, its completions, and the build out of npm packages.

The page of the editor belongs to ``sparql``. Only ``app`` imports this room.
"""
