"""The sources of one article, told apart and together by rules that are declared, never by a guess.

``words``: the same words are one source, whatever their letters and their article (“the mayor”, “The mayor”).
``surname``: and the last word of a name that occurs once (“Lind” after “Mara Lind”) is that source.
``apart``: each attribution has a source of its own, unless the input identifies it.

A pronoun is nobody in particular: each is a source of its own in any case. The label of an entity that the input or its
mapping declares means that entity.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Literal, get_args

from quoth.claim.importing.article import UNNAMED, Agent, Article
from quoth.corpus.new import slug_of

Rule = Literal["words", "surname", "apart"]
RULES: tuple[Rule, ...] = get_args(Rule)

_PRONOUNS = frozenset(
    re.findall(
        r"\S+",
        "he she they it i we you one who which that this these those him her them us me his their some many others most"
        " all both each several another everyone everybody someone somebody nobody anyone people he'd she'd"
        " er sie es wir ich man jemand niemand dieser diese jener jene viele einige",
    )
)
_DETERMINER = re.compile(r"^(?:the|a|an|der|die|das|ein|eine)\s+", re.IGNORECASE)
_HONORIFIC = re.compile(
    r"^(?:(?:mr|mrs|ms|dr|sen|rep|gov|gen|prof|president|senator|governor|herr|frau|dr)\.?\s+)+", re.IGNORECASE
)
_NAME = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*$")
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]")
"""Controls, marks of direction (Unicode Standard Annex 9), halves of characters."""
MAX_SLUG = 60
MAX_LABEL = 200


def is_name(label: str) -> bool:
    """Whether these words are those of a name of a person: two to four words with capitals."""
    words = _HONORIFIC.sub("", label).split()
    return 2 <= len(words) <= 4 and all(w[0].isupper() for w in words) and not _DETERMINER.match(label)


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
        self._declared = {_key(plain(agent.label)): agent.id for agent in article.entities}
        named = [plain(a.source.label) for a in article.attributions if a.source and is_name(a.source.label)]
        self._full = _by_surname(named) if rule == "surname" else {}

    def id(self, agent: Agent, attribution: str = "", at: str = "") -> str:
        """The id of an agent, which is described with its full name, or with its first label. Somebody whom no rule
        identifies has a number of their own in the label, and the id of the ``attribution`` in theirs: that stays when
        others are added. The same words in the same place, ``at``, are the same source."""
        if agent.id:
            if "/" not in agent.id:
                self.described.setdefault(agent.id, agent)
            return agent.id
        label = plain(agent.label) or UNNAMED.label
        label = self._full.get(_key(label), label)
        if entity := self._entity(label):
            return entity
        key = _key(label) or label
        if declared := self._declared.get(key):
            return declared
        if self._rule == "apart" or agent.type == UNNAMED.type or key in _PRONOUNS:
            place = (key, at or attribution)
            if place not in self._apart:
                self._apart[place] = self._new(key, agent, label, attribution)
            return self._apart[place]
        if key not in self._ids:
            self._ids[key] = self._new(key, agent, label)
        return self._ids[key]

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


def _key(label: str) -> str:
    """The words by which sources are compared."""
    return _HONORIFIC.sub("", _DETERMINER.sub("", label.casefold())).removesuffix("’s").removesuffix("'s").strip(" ,.")


def _by_surname(names: Iterable[str]) -> dict[str, str]:
    """The last word of each name → the one name that ends with it, as it is first written."""
    full: dict[str, dict[str, str]] = {}
    for name in names:
        if (last := _NAME.search(key := _key(name))) and last[0] != key:
            full.setdefault(last[0], {}).setdefault(key, name)
    return {last: next(iter(keys.values())) for last, keys in full.items() if len(keys) == 1}
