"""Words from outside in messages, which have the first and the last of long ones."""

MOST = 100
"""Characters of a name or a value that a message repeats."""
_LINE_ENDS = str.maketrans({"\n": r"\n", "\r": r"\r", "\t": r"\t"})


def shortened(words: object, limit: int = MOST) -> str:
    """The words, or about ``limit`` characters from their beginning and their end.

    >>> shortened("the ferry"), shortened("the long, long way home", 12)
    ('the ferry', 'the lo … home')
    """
    text = str(words)
    return text if len(text) <= limit else f"{text[: limit // 2]} … {text[-(limit // 3) :]}"


def excerpt(text: str, limit: int = 60) -> str:
    """The text in quotation marks, in one line; a long one without its middle."""
    return f"“{shortened(text.translate(_LINE_ENDS), limit)}”"
