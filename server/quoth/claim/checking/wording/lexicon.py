"""The word lists of a language: which words negate, hedge, attribute and count."""

import functools
import re
import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

_TOKEN = re.compile(r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|[^\W\d_]+")


@dataclass(frozen=True)
class Lexicon:
    """Patterns for the words of a kind; the commonest words, the small ones, which attribute nothing, the types of
    event that are worded, and the numbers."""

    attributing: re.Pattern[str]
    negations: re.Pattern[str]
    denials: re.Pattern[str]
    hedges: re.Pattern[str]
    tentative: re.Pattern[str]
    distancing: re.Pattern[str]
    former: re.Pattern[str]
    coming: re.Pattern[str]
    ongoing: re.Pattern[str]
    open: re.Pattern[str]
    causal: re.Pattern[str]
    anybody: re.Pattern[str]
    common: list[str]
    small: frozenset[str]
    worded: list[str]
    numbers: dict[str, int]
    scales: dict[str, int]

    def numbers_in(self, text: str, least: float = 0) -> list[list[float]]:
        """The numbers in a text, each with its parts before it: “two million” is two million, and may be meant as two
        of something. Number words for less than ``least`` are left out: “one” is as often a pronoun.

        >>> lexicon("en").numbers_in("some 1,200 in twenty-one towns of two million")
        [[1200.0], [20.0, 21.0], [2.0, 2000000.0]]
        """
        runs: list[list[float]] = []
        end = -1  # of the number before, while only “and” or a hyphen follows it
        for match in _TOKEN.finditer(text):
            word = match[0].lower()
            digits = word[0].isdigit()
            number = float(word.replace(",", "")) if digits else self.numbers.get(word)
            joined = end >= 0 and text[end : match.start()].strip(" -‑") in ("", "and")
            if word in self.scales and joined:
                runs[-1].append(runs[-1][-1] * self.scales[word])
            elif word in self.scales and f" {text[: match.start()]}".lower().endswith(" a "):
                runs.append([float(self.scales[word])])
            elif number is None or (number < least and not digits):
                end = end if word == "and" else -1
                continue
            elif joined and not digits and self._adds(runs[-1][-1], number):
                runs[-1].append(runs[-1][-1] + number)
            else:
                runs.append([float(number)])
            end = match.end()
        return runs

    def _adds(self, before: float, number: float) -> bool:
        """Whether two number words in a row are one number: “twenty one”, “a hundred and five”."""
        return (number < 10 and 20 <= before < 100 and before % 10 == 0) or (
            number < 100 <= before and before % 100 == 0
        )


@functools.cache
def lexicon(language: str) -> Lexicon | None:
    """The lists of a language (``en``, ``en-GB``), or None where there are none."""
    file = files(__package__) / f"{language.partition('-')[0].lower()}.toml"
    if not re.fullmatch(r"[A-Za-z]{2,3}(-\w+)*", language) or not file.is_file():
        return None
    data = tomllib.loads(file.read_text("utf-8"))
    plain: dict[str, Any] = {name: data.pop(name) for name in ("common", "worded", "numbers", "scales")}
    small = frozenset(data.pop("small"))
    kinds: dict[str, Any] = {kind: _any(patterns) for kind, patterns in data.items()}
    return Lexicon(**kinds, **plain, small=small)


def _any(patterns: list[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)", re.IGNORECASE)
