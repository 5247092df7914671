"""The words of a language that decide what a difference means: negations, hedges, numbers; ``en.toml``, ``de.toml``."""

import functools
import re
import tomllib
from collections.abc import Container, Mapping, Set
from dataclasses import dataclass, field
from importlib.resources import files

from quoth.index.word_pairs import normal


@dataclass(frozen=True)
class WordLists:
    """Words in plain letters; ``given_names``: each with all that are short forms of the same."""

    negations: Set[str] = frozenset()
    hedges: Set[str] = frozenset()
    weak: Set[str] = frozenset()
    numbers: Set[str] = frozenset()
    prefixes: tuple[str, ...] = ()
    given_names: Mapping[str, Set[str]] = field(default_factory=dict)

    def is_negation(self, word: str) -> bool:
        return word in self.negations or word.endswith("n't")

    def is_number(self, word: str) -> bool:
        return word in self.numbers or word[:1].isdigit()

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
    given: dict[str, set[str]] = {}
    for line in data["given_names"]:
        for name in line.split():
            given.setdefault(name, set()).update(line.split())
    return WordLists(**sets, prefixes=tuple(data["prefixes"]), given_names=given)
