"""Holding a text against the record: what it quotes or attributes, and whether the claims of a release have it so.

``verify`` is the way in, ``court`` the same over a folder of releases. ``submitted`` reads a text, ``quotations`` and
``passages`` find what is held against the record; ``record`` finds words on record, ``alignment`` lays two texts side
by side, ``places`` does so for a passage; ``tokens`` are the words of both. ``differences``, ``chains`` and
``speakers`` say what a difference means; ``judge`` gives the ``verdicts``, which are a table. A module for each format
writes a report. ``article_texts`` has the texts that are at hand. ``pool`` judges strangers' texts in processes
(``worker``), ``remote_court`` asks a server elsewhere. The room stores nothing of what is submitted. ``cli``, ``mcp``,
``web`` and ``server`` (how many texts may wait) import this room.
"""
