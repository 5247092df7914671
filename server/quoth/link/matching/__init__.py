"""Matching without a network: entities that can be linked, the scores of their candidates, and tables of candidates."""
