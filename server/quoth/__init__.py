"""Quoth publishes attributed claims as linked data."""

__version__ = "0.2.0"
