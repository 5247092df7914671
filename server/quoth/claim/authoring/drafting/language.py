"""The words of a language by which a draft finds attributions: classes of function words, lemmas, glosses.

A language without a corpus to learn from has glosses instead: English words for its own, so that the weights that
were learned for English serve it too (``de.toml``).
"""

import functools
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

_KEPT_DOUBLE = "sl"
"""Letters whose doubling stays when an ending goes: “pass”, “call”; “planned” is of “plan”."""


@dataclass(frozen=True)
class Language:
    """The lists of a language. ``glosses`` are English words (none: the words are English); behind those in
    ``commas_dropped`` stands a comma that English has not; ``rest`` is what the file has for other modules."""

    classes: Mapping[str, str]
    irregular: Mapping[str, str]
    endings: tuple[tuple[str, str, int], ...]
    glosses: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    nouns_are_capital: bool = False
    commas_dropped: frozenset[str] = frozenset()
    rest: Mapping[str, Any] = field(default_factory=dict)

    def lemma(self, word: str) -> str:
        """The lemma of a word in small letters, or at least one that its forms share.

        >>> [language("en").lemma(word) for word in ("said", "planned", "believes", "argued")]
        ['say', 'plan', 'believ', 'argu']
        """
        if word in self.irregular:
            return self.irregular[word]
        if word in self.classes or len(word) < 4:
            return word
        for ending, other, letters in self.endings:
            if len(word) >= letters and word.endswith(ending):
                if ending == other:
                    return word
                word = word[: -len(ending)] + other
                break
        word = word.removesuffix("e")
        return word[:-1] if len(word) > 3 and word[-1] == word[-2] and word[-1] not in _KEPT_DOUBLE else word


WITHOUT_LISTS = Language(
    {}, {}, (), rest=dict.fromkeys(("pronouns", "articles", "titles", "men", "women", "particles", "organisations"), ())
)
"""A language that nothing is known of."""


@functools.cache
def language(tag: str) -> Language | None:
    """The lists of a language (``en``, ``en-GB``), or None where there are none."""
    if not re.fullmatch(r"[A-Za-z]{2,3}(-\w+)*", tag):
        return None
    file = files(__package__) / f"{tag.partition('-')[0].lower()}.toml"
    if not file.is_file():
        return None
    data = tomllib.loads(file.read_text("utf-8"))
    english = language("en") if "glosses" in data else None
    if english is None:
        classes = {word: name for name, words in data["classes"].items() for word in words.split()}
        irregular = {form: lemma for lemma, forms in data["irregular"].items() for form in forms.split()}
        endings = tuple((e["from"], e["to"], e["letters"]) for e in data["endings"])
        return Language(classes, irregular, endings, rest=data)
    glosses = {own: tuple(gloss.split()) for gloss, words in data["glosses"].items() for own in _listed(words)}
    for own, gloss in glosses.items():
        assert own.count(" ") in (0, len(gloss) - 1), f"{own}: a phrase has a gloss for each of its words"
    speaking = frozenset(data["commas_dropped"])
    return Language(
        english.classes, english.irregular, english.endings, glosses, data["nouns_are_capital"], speaking, data
    )


def _listed(words: str) -> list[str]:
    """The words of a list, in small letters; an underscore stands for a space within a phrase."""
    return [word.replace("_", " ").lower() for word in words.split()]
