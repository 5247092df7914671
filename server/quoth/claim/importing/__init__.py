"""Documents made of what other systems hold: annotations, tables, transcripts, proposals of programs.

A reader (``readers``) knows one format and yields articles; the rest is shared and knows none.
Nothing is checked or published here. ``cli`` and ``claim.exporting`` import this room.
"""
