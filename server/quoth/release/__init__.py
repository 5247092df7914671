"""The folder of releases: building one, opening one, and what is counted in it.

The only room that writes there. Commands, ``server`` and ``web`` import it.
"""
