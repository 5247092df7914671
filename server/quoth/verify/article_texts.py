"""The texts of articles that are at hand: words that no claim quotes may stand in one of them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from quoth.claim.authoring.spans import Span

_APOSTROPHE = re.compile("['’ʼ‘]")
_NO_LETTERS = re.compile(r"[^\w'’ʼ‘.,]+")
_BETWEEN = r"[\W_]+"


@dataclass(frozen=True)
class Standing:
    """Words as they stand in the text of an article (IRI), and where."""

    article: str
    words: str
    at: Span


class ArticleTexts:
    """Texts of articles, by the IRIs of these."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = {article: (text, text.lower()) for article, text in texts.items()}

    def __len__(self) -> int:
        return len(self._texts)

    def find(self, parts: Sequence[Sequence[str]]) -> Standing | None:
        """The first text that has the words of all parts, in their order, and those of a part side by side; marks and
        capitals make no difference. Time is in line with the length of the texts: two words have a mark or a space
        between them, so that no part of a pattern can match what another one does."""
        written = [[_NO_LETTERS.sub("", word) for word in part] for part in parts]
        plain = (word.lower() for part in written for word in part if not _APOSTROPHE.search(word))
        longest = max(plain, key=len, default="")
        patterns = [
            re.compile(
                r"(?<!\w)" + _BETWEEN.join(_APOSTROPHE.sub("['’ʼ‘]", re.escape(word)) for word in part) + r"(?!\w)",
                re.IGNORECASE,
            )
            for part in written
        ]
        for article, (text, lowered) in self._texts.items():
            if longest in lowered and (at := _place(patterns, text)):
                return Standing(article, text[at.start : at.end], at)
        return None


def _place(patterns: Sequence[re.Pattern[str]], text: str) -> Span | None:
    start = end = 0
    for number, pattern in enumerate(patterns):
        match = pattern.search(text, end)
        if match is None:
            return None
        start, end = start if number else match.start(), match.end()
    return Span(start, end)
