"""Quoth publishes attributed claims as linked data."""

__version__ = "0.1.0"
