"""Words from outside in messages, which have the first and the last of long ones."""

import re

MOST = 100
"""Characters of a name or a value that a message repeats."""
_LINE_ENDS = str.maketrans({"\n": r"\n", "\r": r"\r", "\t": r"\t"})


def shortened(words: object, limit: int = MOST) -> str:
    """The words, or at most ``limit`` characters from their beginning and their end, cut between words if it has any.

    >>> shortened("the ferry"), shortened("the long, long way home", 12), shortened("a-" * 9, 12)
    ('the ferry', 'the … home', 'a-a-a- … a-a-')
    """
    text = str(words)
    if len(text) <= limit:
        return text
    first, last = re.sub(r"\s\S*$", "", text[: limit // 2 + 1]), re.sub(r"^\S*\s", "", text[-(limit // 3) - 1 :])
    return f"{first[: limit // 2]} … {last[-(limit // 3) :]}"


def beginning(text: str, limit: int) -> str:
    """The text, or its first words with at most ``limit`` characters, and an ellipsis.

    >>> beginning("the ferry", 9), beginning("the ferry was late", 12)
    ('the ferry', 'the ferry …')
    """
    return text if len(text) <= limit else re.sub(r"\s\S*$", "", text[: limit + 1])[:limit] + " …"


def excerpt(text: str, limit: int = 60) -> str:
    """The text in quotation marks, in one line; a long one without its middle."""
    whole = text if len(text) <= limit else text.strip()
    return f"“{shortened(whole.translate(_LINE_ENDS), limit)}”"
