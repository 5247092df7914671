"""What stands between quotation marks of any style in a text, also across its paragraphs."""

import re
from collections.abc import Iterator, Sequence

from quoth.claim.authoring.spans import Span
from quoth.index.word_pairs import words

_PAIRS = {
    "“": "”“", "„": "“”", "«": "»", "»": "«", "‹": "›", "›": "‹", "‘": "’", "‚": "‘’", "「": "」", "『": "』",
    "《": "》", "``": "''", "''": "''", '"': '"', "'": "'", "”": "”", "❝": "❞", "＂": "＂", "‟": "”", "〝": "〞〟",
}  # fmt: skip
"""Marks that open a quotation, each with those that may close it."""

_SINGLE = frozenset("‘‚'‹›")
"""Marks that apostrophes look like, or that stand within other ones: only in the paragraph where they began."""

_SINGLE_WORDS = 3
"""Words that must stand between single marks: fewer are more often the omission of letters or a term."""

_MARK = re.compile(
    "``|''|[" + re.escape("".join(mark for mark in {*_PAIRS, *"".join(_PAIRS.values())} if len(mark) == 1)) + "]"
)
_DOUBLE = re.compile('["“”„]')
_BEFORE = "([{–—-/\"“„'‘«»"
"""What stands before a mark that opens, beside a space."""

_SIGNATURE = re.compile(
    r"\s(?:—|–|--|-)\s?(?:[^\W\d_a-z][\w.’'-]*[ ]?){1,5}(?:[,(][^\n]{1,150})?\s*\Z|\n\s*(?:—|–|--)[^\n.!?]{1,150}\s*\Z"
)
"""A name behind a dash at the end of a block, with what its bearer is; in a paragraph of its own, any words."""
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
        around, behind = _around_others(text, begin, end), begin
        for mark in _MARK.finditer(text, begin, end):
            if mark.start() < behind:
                continue
            if not opened and mark.start() in around:
                behind = around[mark.start()]
                found.append(Span(mark.end(), behind - 1))
                continue
            at_start = not text[begin : mark.start()].strip()
            if opened and at_start and mark[0] in (opened, "“", "„", "«", "»", '"'):
                continue  # each paragraph of a quotation begins with the mark
            if opened and _closes(text, opened, mark):
                found.append(Span(start, mark.start()))
                anew = mark[0] == opened and text[mark.start() - 1].isspace() and _opens(text, mark)
                opened, start = (opened, mark.end()) if anew else ("", start)  # the first one was never closed
            elif (not opened or (mark[0] == opened == '"')) and _opens(text, mark):
                opened, start = mark[0], mark.end()
        if opened and not _continues(text, opened, paragraphs, number, start):
            if opened not in _SINGLE and opened not in ("”", "''"):
                found.append(Span(start, end))
            opened = ""
    return [span for span in (_trimmed(text, s) for s in found) if span.start < span.end and _is_quotation(text, span)]


def unwrapped(text: str, blocks: Sequence[Span]) -> Iterator[Span]:
    """Blocks without quotation marks of their own, without the name below them, and without the space around."""
    for block in blocks:
        if signature := _SIGNATURE.search(text, max(block.start, block.end - 300), block.end):
            block = Span(block.start, signature.start())
        inside = [Span(block.start + s.start, block.start + s.end) for s in quotations(text[block.start : block.end])]
        if len(inside) == 1 and 10 * (inside[0].end - inside[0].start) > 7 * (block.end - block.start):
            yield inside[0]
        else:
            found = words(text[block.start : block.end])
            if not found:
                continue
            yield Span(block.start + found[0].start(), block.start + found[-1].end())


def _around_others(text: str, begin: int, end: int) -> dict[int, int]:
    """The double marks of a paragraph between which there are others in pairs (“He said “no” to us”): where each stands
    → the end of the one that closes it. What is never closed has none."""
    found: dict[int, int] = {}
    opened: list[tuple[int, bool]] = []
    for mark in _DOUBLE.finditer(text, begin, end):
        before, after = text[max(begin, mark.start() - 1) : mark.start()], text[mark.end() : min(end, mark.end() + 1)]
        if (not before or before.isspace() or before in _BEFORE) and after and not after.isspace():
            opened.append((mark.start(), False))
        elif opened:
            start, has_others = opened.pop()
            if has_others:
                found[start] = mark.end()
            if opened:
                opened[-1] = opened[-1][0], True
    return found


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
