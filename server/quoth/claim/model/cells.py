"""Texts as cells of tables that a spreadsheet opens: nothing in them is a formula, and all of them can be read back."""

import re

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_ESCAPED = re.compile(r"''*[=+\-@\t\r]")


def harmless(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet would take it for a formula, or where one was before
    what looks like a formula already.

    >>> harmless("=1+1"), harmless("'=1+1"), harmless("the mayor")
    ("'=1+1", "''=1+1", 'the mayor')
    """
    return f"'{text}" if _FORMULA.match(text) else text


def original(cell: str) -> str:
    """The text of which ``harmless`` made the cell.

    >>> original("'=1+1"), original("''=1+1"), original("'tis late")
    ('=1+1', "'=1+1", "'tis late")
    """
    return cell[1:] if _ESCAPED.match(cell) else cell
