"""``/id`` and ``/doc``: the 303 controller, the kinds of pages, citations."""
