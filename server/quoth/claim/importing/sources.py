"""The sources of one article, told apart and together by rules that are declared, never by a guess.

``words``: the same words are one source, whatever their letters and their article (“the mayor”, “The mayor”).
``surname``: and the last word of a name that occurs once (“Lind” after “Mara Lind”) is that source.
``apart``: each attribution has a source of its own, unless the input identifies it.

A pronoun is nobody in particular: each is a source of its own in any case.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Literal, get_args

from quoth.claim.importing.article import Agent, Article
from quoth.corpus.new import slug_of

Rule = Literal["words", "surname", "apart"]
RULES: tuple[Rule, ...] = get_args(Rule)

_PRONOUNS = frozenset(
    [
        "he",
        "she",
        "they",
        "it",
        "i",
        "we",
        "you",
        "who",
        "which",
        "that",
        "this",
        "these",
        "those",
        "him",
        "her",
        "them",
        "us",
        "me",
        "his",
        "their",
        "one",
        "some",
        "many",
        "others",
        "most",
        "all",
        "both",
        "each",
        "several",
        "another",
        "he'd",
        "she'd",
        "everyone",
        "everybody",
        "someone",
        "somebody",
        "nobody",
        "anyone",
        "people",
        "er",
        "sie",
        "es",
        "wir",
        "ich",
        "man",
        "jemand",
        "niemand",
        "dieser",
        "diese",
        "jener",
        "jene",
        "viele",
        "einige",
    ]
)
_DETERMINER = re.compile(r"^(?:the|a|an|der|die|das|ein|eine)\s+", re.IGNORECASE)
_HONORIFIC = re.compile(
    r"^(?:(?:mr|mrs|ms|dr|sen|rep|gov|gen|prof|president|senator|governor|herr|frau|dr)\.?\s+)+", re.IGNORECASE
)
_NAME = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*$")
MAX_SLUG = 60
MAX_LABEL = 200


def is_name(label: str) -> bool:
    """Whether these words are those of a name of a person: two to four words with capitals."""
    words = _HONORIFIC.sub("", label).split()
    return 2 <= len(words) <= 4 and all(w[0].isupper() for w in words) and not _DETERMINER.match(label)


class Sources:
    """The sources of an article: which agent has which id (``lind``: of the article itself; ``id/…``: an entity)."""

    def __init__(self, article: Article, rule: Rule, entity: Callable[[str], str | None]) -> None:
        self._rule, self._entity = rule, entity
        self._ids: dict[str, str] = {}
        self._apart: dict[tuple[str, str], str] = {}
        self._numbers: Counter[str] = Counter()
        self.described: dict[str, Agent] = {}
        named = [a.source.label for a in article.attributions if a.source and is_name(a.source.label)]
        self._full = _by_surname(named) if rule == "surname" else {}

    def id(self, agent: Agent, attribution: str = "") -> str:
        """The id of an agent, which is described with its first label. Somebody whom no rule identifies has a number of
        their own in the label, and the id of the ``attribution`` in theirs: that stays when others are added."""
        if agent.id:
            if "/" not in agent.id:
                self.described.setdefault(agent.id, agent)
            return agent.id
        label = " ".join(agent.label.split())[:MAX_LABEL]
        if entity := self._entity(label):
            return entity
        key = _key(label)
        key = self._full.get(key, key)
        if self._rule == "apart" or agent.type == "AnonymousSource" or key in _PRONOUNS:
            return self._apart.setdefault((key, attribution), "") or self._new(key, agent, label, attribution)
        if key not in self._ids:
            self._ids[key] = self._new(key, agent, label)
        return self._ids[key]

    def _new(self, key: str, agent: Agent, label: str, attribution: str = "") -> str:
        stem = "-".join(filter(None, (slug_of(key)[:MAX_SLUG].strip("-") or "source", attribution)))
        id, number = stem, 1
        while id in self.described:
            number += 1
            id = f"{stem}-{number}"
        if attribution:
            self._apart[key, attribution] = id
            self._numbers[key] += 1
            label = f"{label} ({self._numbers[key]})"
        self.described[id] = Agent(label, id, agent.type, agent.details)
        return id


def _key(label: str) -> str:
    """The words by which sources are compared."""
    return _HONORIFIC.sub("", _DETERMINER.sub("", label.casefold())).removesuffix("’s").removesuffix("'s").strip(" ,.")


def _by_surname(names: Iterable[str]) -> dict[str, str]:
    """The last word of each name → the words of the one name that ends with it."""
    full: dict[str, set[str]] = {}
    for name in names:
        if (last := _NAME.search(key := _key(name))) and last[0] != key:
            full.setdefault(last[0], set()).add(key)
    return {last: keys.pop() for last, keys in full.items() if len(keys) == 1}
