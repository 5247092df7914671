"""Quotation marks of English typography: double ones without, single ones within, and so on by turns."""

_OPEN, _CLOSE = "“‘", "”’"


def quoted(text: str) -> str:
    """The text between quotation marks, with those within it, curly or straight, by turns single and double.

    >>> quoted("asks for a “truce”"), quoted('says: "the workers’ “own ‘deal’” is off"')
    ('“asks for a ‘truce’”', '“says: ‘the workers’ “own ‘deal’” is off’”')
    """
    opened: list[str] = []
    out: list[str] = []
    for at, mark in enumerate(text):
        after = text[at + 1 : at + 2]
        if mark in _OPEN or (mark == '"' and '"' not in opened):
            opened.append(mark)
            out.append(_OPEN[len(opened) % 2])
        elif opened and _closes(opened[-1], mark, after):
            out.append(_CLOSE[len(opened) % 2])
            opened.pop()
        else:
            out.append(mark)
    return f"“{''.join(out)}”"


def unquoted(text: str) -> str:
    """The text without the quotation marks around it, where all of it is one quotation: it is shown between others.

    >>> unquoted("“We are late.”"), unquoted('"Late," she said, "again"'), unquoted("a “truce”")
    ('We are late.', '"Late," she said, "again"', 'a “truce”')
    """
    inner = text[1:-1]
    whole = text[:1] + text[-1:] in ("“”", '""') and not set('“”"') & set(inner)
    return inner if whole and inner else text


def _closes(opening: str, mark: str, after: str) -> bool:
    """Whether a mark before the character ``after`` closes the opening one; an apostrophe within a word does not."""
    if mark == "’":
        return opening == "‘" and not after.isalnum()
    return (opening, mark) in (("“", "”"), ('"', '"'))
