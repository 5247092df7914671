"""``/changes``: what the releases added, changed, withdrew and brought back, for readers and for programs.

As a list in pages and feeds, as an ActivityStreams collection, as a linked data event stream; and the Memento protocol,
which leads to what a document said at a time. What a change says in words is made by ``web.present``. Only ``web.app``
imports this room.
"""
