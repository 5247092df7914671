"""Quoth publishes attributed claims as linked data."""

from importlib.metadata import version

__version__ = version("quoth")
