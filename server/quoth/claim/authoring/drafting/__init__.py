"""Proposals of attributions in a plain text: the cue, the source, the content, and what the words decide of the rest.

The way of a text: ``plain_text`` (markup), ``tokens`` (words, sentences, quotations), ``features`` and ``tagger``
(which words are a cue, a source, a content), ``word_order`` (of German), ``attributions`` (which of them belong
together), ``levels`` (an attribution in the content of another), ``sources`` (who is meant), ``decisions`` (act and
stance), ``writer`` (YAML). The words of a language are data (``en.toml``, ``de.toml``); so are the weights of the
tagger, which tests/bench/draft_weights.py makes. The document around the claims is not here. ``claim.authoring`` and
``cli`` import it; ``claim.importing`` has the lists and ``naming`` from here, and
``verify`` the attributions of a text.
"""
