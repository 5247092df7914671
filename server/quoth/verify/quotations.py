"""What stands between quotation marks of any style in a text, also across its paragraphs."""

import re

from quoth.claim.authoring.spans import Span

_PAIRS = {
    "“": "”“", "„": "“”", "«": "»", "»": "«", "‹": "›", "›": "‹", "‘": "’", "‚": "‘’", "「": "」", "『": "』",
    "《": "》", "``": "''", "''": "''", '"': '"', "'": "'", "”": "”",
}  # fmt: skip
"""Marks that open a quotation, each with those that may close it."""

_SINGLE = frozenset("‘‚'‹›")
"""Marks that apostrophes look like, or that stand within other ones: only in the paragraph where they began."""

_SINGLE_WORDS = 3
"""Words that must stand between single marks: fewer are more often the omission of letters or a term."""

_MARK = re.compile(
    "``|''|[" + re.escape("".join(mark for mark in {*_PAIRS, *"".join(_PAIRS.values())} if len(mark) == 1)) + "]"
)
_PARAGRAPH = re.compile(r"(?:[^\n]|\n(?!\s*\n))+")
_ENDS = re.compile(r"[.,!?…][’']")
_NEAR = 200
_LONGEST = 20_000
"""Characters of a quotation: a mark that is never closed does not make one of the rest of a text."""


def quotations(text: str) -> list[Span]:
    """The outermost quotations of a text, in their order, without their marks."""
    found: list[Span] = []
    opened, start = "", 0
    paragraphs = [match.span() for match in _PARAGRAPH.finditer(text) if match[0].strip()]
    for number, (begin, end) in enumerate(paragraphs):
        for mark in _MARK.finditer(text, begin, end):
            at_start = not text[begin : mark.start()].strip()
            if opened and at_start and mark[0] in (opened, "“", "„", "«", "»", '"'):
                continue  # each paragraph of a quotation begins with the mark
            if opened and _closes(text, opened, mark):
                found.append(Span(start, mark.start()))
                opened = ""
            elif (not opened or (mark[0] == opened == '"')) and _opens(text, mark):
                opened, start = mark[0], mark.end()
        if opened and not _continues(text, opened, paragraphs, number, start):
            if opened not in _SINGLE and opened not in ("”", "''"):
                found.append(Span(start, end))
            opened = ""
    return [span for span in (_trimmed(text, s) for s in found) if span.start < span.end and _is_quotation(text, span)]


def _opens(text: str, mark: re.Match[str]) -> bool:
    before, after = text[mark.start() - 1 : mark.start()], text[mark.end() : mark.end() + 1]
    if mark[0] not in _PAIRS or not after or after.isspace():
        return mark[0] == "«" and after in ("\xa0", "\u202f", " ")
    if mark[0] in "“„「『《":
        return True
    return not before.isalnum()


def _closes(text: str, opened: str, mark: re.Match[str]) -> bool:
    before, after = text[mark.start() - 1 : mark.start()], text[mark.end() : mark.end() + 1]
    if (
        mark[0] not in _PAIRS[opened]
        and not (opened in "“„" and mark[0] == '"')
        and not (opened == '"' and mark[0] == "”")
    ):
        return False
    if opened in "‘'" and before == "s" and after.isspace() and _ENDS.search(text, mark.end(), mark.end() + _NEAR):
        return False  # “the workers’ rights”
    opens = after.isalnum() or (before.isspace() and after not in ("", "\n") and not after.isspace())
    if opens and (opened in _SINGLE or opened in ('"', "''")):
        return False
    return not (opened == "“" and mark[0] == "“" and not before.isspace() and after.isalnum())


def _continues(text: str, opened: str, paragraphs: list[tuple[int, int]], number: int, start: int) -> bool:
    """Whether the quotation goes on with the next paragraph, which then begins with a mark again."""
    if opened in _SINGLE or number + 1 == len(paragraphs) or paragraphs[number + 1][1] - start > _LONGEST:
        return False
    head = text[slice(*paragraphs[number + 1])].lstrip()
    return head.startswith((opened, "»" if opened == "«" else opened))


def _trimmed(text: str, span: Span) -> Span:
    words = text[span.start : span.end]
    return Span(span.start + len(words) - len(words.lstrip()), span.start + len(words.rstrip()))


def _is_quotation(text: str, span: Span) -> bool:
    words = re.findall(r"\w+", text[span.start : span.end])
    single = text[span.start - 1 : span.start] in _SINGLE
    return len(words) >= (_SINGLE_WORDS if single else 1)
