"""The sources of one article, told apart and together by rules that are declared, never by a guess.

``words``: the same words are one source, whatever their letters and their article (“the mayor”, “The mayor”).
``surname``: and the last word of a name that occurs once (“Lind” after “Mara Lind”) is that source, and so is the name
with a middle name.
``apart``: each attribution has a source of its own, unless the input identifies it.

A pronoun is nobody in particular: each is a source of its own in any case. “Mr. Berg” is not “Mrs. Berg”: where an
article has both, the title is a part of the name. The label of an entity that the input or its mapping declares means
that entity. The words of the article's language are those of drafts.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Callable
from typing import Literal, get_args

from quoth.claim.authoring.drafting.language import WITHOUT_LISTS, Language, language
from quoth.claim.authoring.drafting.naming import (
    by_surname,
    gender,
    without_article,
    without_possessive,
    without_titles,
)
from quoth.claim.importing.article import UNNAMED, Agent, Article
from quoth.corpus.new import slug_of

Rule = Literal["words", "surname", "apart"]
RULES: tuple[Rule, ...] = get_args(Rule)

_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]")
"""Controls, marks of direction (Unicode Standard Annex 9), halves of characters."""
MAX_SLUG = 60
MAX_LABEL = 200


def is_name(label: str, words: Language) -> bool:
    """Whether a label is the name of a person: two to four words with capitals, and titles before them."""
    parts = without_titles(label, words).split()
    return 2 <= len(parts) <= 4 and all(part[0].isupper() for part in parts) and without_article(label, words) == label


class Sources:
    """The sources of an article: which agent has which id (``lind``: of the article itself; ``id/…``: an entity).

    ``before`` are those of another encoding of the article, which are the same by the same words, and for somebody whom
    no rule identifies by the same words in the same place; ``mark`` is put before ids where that encoding is somebody
    else's.
    """

    def __init__(
        self,
        article: Article,
        rule: Rule,
        entity: Callable[[str], str | None],
        before: "Sources | None" = None,
        mark: str = "",
    ) -> None:
        self._rule, self._entity, self._mark = rule, entity, mark
        self._ids: dict[str, str] = dict(before._ids) if before else {}
        self._apart: dict[tuple[str, str], str] = dict(before._apart) if before else {}
        self._numbers: Counter[str] = Counter(before._numbers if before else ())
        self._taken: set[str] = set(before._taken) if before else set()
        self.described: dict[str, Agent] = {}
        self._words = language(article.language) or WITHOUT_LISTS
        self._titled: set[str] = set()
        labels = [plain(a.source.label) for a in reversed(article.attributions) if a.source]
        genders: dict[str, set[str]] = {}
        for label in labels:
            if of := gender(label, self._words):
                genders.setdefault(self._key(label), set()).add(of)
        self._titled = {key for key, several in genders.items() if len(several) > 1}
        self._declared = {self._key(plain(agent.label)): agent.id for agent in article.entities}
        shortest_last = sorted(labels, key=len, reverse=True)
        names = {self._key(label): label for label in shortest_last if is_name(label, self._words)}
        full = by_surname(names) if rule == "surname" else {}
        self._full = {key: names[name] for key, name in full.items() if key not in self._titled}

    def id(self, agent: Agent, attribution: str = "", at: str = "") -> str:
        """The id of an agent, which is described with its full name, or with its first label. Somebody whom no rule
        identifies has a number of their own in the label, and the id of the ``attribution`` in theirs: that stays when
        others are added. The same words in the same place, ``at``, are the same source."""
        if agent.id:
            if "/" not in agent.id:
                self.described.setdefault(agent.id, agent)
            return agent.id
        label = plain(agent.label) or UNNAMED.label
        label = self._full.get(self._key(label), label)
        if entity := self._entity(label):
            return entity
        key = self._key(label) or label
        if declared := self._declared.get(key):
            return declared
        if self._rule == "apart" or agent.type == UNNAMED.type or key in self._words.rest["pronouns"]:
            place = (key, at or attribution)
            if place not in self._apart:
                self._apart[place] = self._new(key, agent, label, attribution)
            return self._apart[place]
        if key not in self._ids:
            self._ids[key] = self._new(key, agent, label)
        return self._ids[key]

    def _key(self, label: str) -> str:
        """The words by which sources are compared."""
        name = without_article(without_possessive(label), self._words)
        key = without_titles(name, self._words).casefold().strip(" ,.")
        return name.casefold().replace(".", "") if key in self._titled else key

    def _new(self, key: str, agent: Agent, label: str, attribution: str = "") -> str:
        slug = slug_of(key)[:MAX_SLUG].strip("-")
        id = "-".join(filter(None, (self._mark, slug or "source", attribution)))
        if id in self._taken or not slug:
            # Not a number: a source keeps its id where another one comes before it.
            id = f"{id}-{hashlib.sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"
        if attribution:
            self._numbers[key] += 1
            label = f"{label} ({self._numbers[key]})"
        self._taken.add(id)
        self.described[id] = Agent(label, id, agent.type, agent.details)
        return id


def plain(label: str) -> str:
    """A label in one line, without what cannot be seen and turns the order of what is around it, and without the marks
    around a description (“Mara Lind, the mayor,”)."""
    return " ".join(_UNSEEN.sub(" ", label).split())[:MAX_LABEL].strip(" ,;:")
