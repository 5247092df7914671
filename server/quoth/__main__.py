"""``python -m quoth`` is the command ``quoth``."""

from quoth.cli import main

main()
