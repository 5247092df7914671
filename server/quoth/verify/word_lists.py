"""The words of a language that decide what a difference means: negations, hedges, numbers; ``en.toml``, ``de.toml``."""

import functools
import re
import tomllib
from collections.abc import Container, Mapping, Sequence, Set
from dataclasses import dataclass, field
from importlib.resources import files

from quoth.index.word_pairs import normal


@dataclass(frozen=True)
class WordLists:
    """Words in plain letters; ``counts`` and ``scales`` (hundred, thousand …) with their values, ``joining``: what
    stands between them (“and”), ``percent``: the word for %; ``given_names``: each with all that are short forms of the
    same."""

    negations: Set[str] = frozenset()
    hedges: Set[str] = frozenset()
    weak: Set[str] = frozenset()
    numbers: Set[str] = frozenset()
    counts: Mapping[str, int] = field(default_factory=dict)
    scales: Mapping[str, int] = field(default_factory=dict)
    prefixes: tuple[str, ...] = ()
    joining: str = ""
    percent: str = ""
    given_names: Mapping[str, Set[str]] = field(default_factory=dict)

    def is_negation(self, word: str) -> bool:
        return word in self.negations or word.endswith("n't")

    def is_number(self, word: str) -> bool:
        return word in self.numbers or word[:1].isdigit() or word in ("%", "‰")

    def value(self, words: Sequence[str]) -> float | None:
        """The number that words are, in digits or not; None for other words.

        >>> english = word_lists("en")
        >>> english.value(["one", "hundred", "and", "forty", "four"]), english.value(["3.5", "million"])
        (144, 3500000.0)
        >>> english.value(["two", "three"]), english.value(["ferry"])
        (None, None)
        """
        total: float = 0
        part: float | None = None
        for word in words:
            if re.fullmatch(r"\d{1,15}(\.\d{1,15})?", word) and part is None:
                part = float(word) if "." in word else int(word)
            elif (scale := self.scales.get(word)) == 100:
                part = (part or 1) * scale
            elif scale:
                total, part = total + (1 if part is None else part) * scale, None
            elif (count := self.counts.get(word)) is not None and not (part or 0) % (10 if count < 10 else 100):
                part = (part or 0) + count
            elif word != self.joining or part is None:
                return None
        return None if not total and part is None else total + (part or 0)

    def opposites(self, word: str, others: Container[str]) -> list[str]:
        """Those of the ``others`` that are the word with a beginning that turns it into its opposite, or without.

        >>> word_lists("en").opposites("likely", {"unlikely", "unstable"})
        ['unlikely']
        """
        derived = [prefix + word for prefix in self.prefixes]
        derived += [word.removeprefix(prefix) for prefix in self.prefixes if word.startswith(prefix)]
        return [other for other in derived if other in others]


@functools.cache
def word_lists(tag: str) -> WordLists:
    """The lists of a language (``en``, ``en-GB``); empty ones for a language without."""
    file = files(__package__) / f"{tag.partition('-')[0].lower()}.toml"
    if not re.fullmatch(r"[A-Za-z]{2,3}(-\w+)*", tag) or not file.is_file():
        return WordLists()
    data = tomllib.loads(file.read_text("utf-8"))
    sets = {name: frozenset(map(normal, data[name].split())) for name in ("negations", "hedges", "weak", "numbers")}
    counts = {word: number for number, word in enumerate(map(normal, data["counts"].split()))}
    counts |= {normal(word): 10 * number for number, word in enumerate(data["tens"].split(), 2)}
    scales = {normal(word): scale for word, scale in data["scales"].items()}
    given: dict[str, set[str]] = {}
    for line in data["given_names"]:
        for name in line.split():
            given.setdefault(name, set()).update(line.split())
    return WordLists(
        **sets,
        counts=counts,
        scales=scales,
        prefixes=tuple(data["prefixes"]),
        joining=data["joining"],
        percent=data["percent"],
        given_names=given,
    )
