"""Holding a text against the record: what it quotes or attributes, and whether the claims of a release have it so.

``verify`` is the way in. ``submitted`` reads a text, ``quotations`` and ``passages`` find what is held against the
record; ``record`` finds words on record, ``alignment`` lays two texts side by side, ``places`` does so for a passage.
``differences``, ``chains`` and ``speakers`` say what a difference means; ``judge`` gives the ``verdicts``, which are a
table. ``formats`` writes a report. The room knows no HTTP, and stores nothing of what is submitted. ``cli`` and ``mcp``
import it; it imports the index, and the cues of a draft.
"""
