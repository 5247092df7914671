"""The client of other datasets, for an operator at the command line: suggest, accept, check and enrich links.

``matching`` scores candidates and writes tables, ``remote`` asks the servers of others. Nothing here runs while Quoth
serves, and nothing is shared with the calls that a stranger's query makes (engine/federation). Only ``cli`` imports it.
"""
