"""The score of an entity of another dataset as a candidate for one of ours, by names, types and descriptions; each
score explains itself. A score orders candidates for a human; it is no probability, and decides nothing.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from quoth.index.similarity import folded, folded_words, similarity, similarity_score

WEIGHTS = {"name": 0.75, "type": 0.15, "context": 0.10}
"""The weight of each feature; one that does not apply is left out, and the others count for more."""

_ALIAS = 0.95
"""The worth of a name that is only another name or spelling."""
_SHORTEST = 4
"""Letters from which on a word of a description says something."""


@dataclass(frozen=True)
class Subject:
    """An entity of ours: its names, the spellings of articles among ``aliases``; its classes; the words about it."""

    iri: str
    labels: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    types: frozenset[str] = frozenset()
    context: frozenset[str] = frozenset()


@dataclass(frozen=True)
class LinkCandidate:
    """An entity of another dataset. ``types`` are its classes with those above them; empty where none is known."""

    iri: str
    labels: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    types: frozenset[str] = frozenset()
    description: str = ""

    @property
    def label(self) -> str:
        """The first name."""
        return next(iter([*self.labels, *self.aliases]), "")


@dataclass(frozen=True)
class Feature:
    """One reason: its name, a value in [0, 1], and the value in words."""

    name: str
    value: float
    words: str


@dataclass(frozen=True)
class ScoredCandidate:
    """A candidate with its score in [0, 1] and the reasons."""

    candidate: LinkCandidate
    score: float
    features: Sequence[Feature]

    @property
    def reasons(self) -> str:
        """The reasons in words."""
        return "; ".join(f"{f.name} {f.value:.2f}: {f.words}" for f in self.features)


def significant_words(texts: Iterable[str]) -> frozenset[str]:
    """The words of some texts that may say something, folded."""
    return frozenset(w for text in texts for w in folded_words(text) if len(w) >= _SHORTEST)


def compatible(ours: Collection[str], theirs: Collection[str], table: Mapping[str, Collection[str]]) -> bool | None:
    """Whether classes of theirs fit classes of ours by a table of the compatible ones; None: one cannot say."""
    fitting = {t for kind in ours for t in table.get(kind, ())} | (set(ours) & set(theirs))
    return bool(fitting & set(theirs)) if fitting and theirs else None


def score(ours: Subject, theirs: LinkCandidate, table: Mapping[str, Collection[str]]) -> ScoredCandidate | None:
    """A candidate with its score; None where its types and those of the subject exclude each other."""
    fits = compatible(ours.types, theirs.types, table)
    if fits is False:
        return None
    features = [_name(ours, theirs), Feature("type", 1.0, "compatible") if fits else Feature("type", 0.5, "not known")]
    described = significant_words([theirs.description]) - significant_words([*ours.labels, *ours.aliases])
    if described and ours.context:
        shared = sorted(described & ours.context)
        value = min(1.0, len(shared) / min(len(described), 3))
        features.append(Feature("context", value, f"{len(shared)} of {len(described)} words ({', '.join(shared)})"))
    total = sum(WEIGHTS[f.name] for f in features)
    return ScoredCandidate(theirs, round(sum(WEIGHTS[f.name] * f.value for f in features) / total, 3), features)


def _name(ours: Subject, theirs: LinkCandidate) -> Feature:
    """The feature of the two names that are most similar, the main ones first."""
    best = Feature("name", 0.0, "no name")
    for (mine, my_worth, my_kind), (other, worth, kind) in product(_names(ours), _names(theirs)):
        pair = folded(mine), folded(other)
        if all(pair):
            same = pair[0] == pair[1]
            alike = 1.0 if same else similarity_score(similarity(*pair)) / 100
            value = alike * my_worth * worth
            if value > best.value:
                how = "exactly" if same else f"{alike:.0%} like"
                best = Feature("name", value, f"{my_kind} “{mine}” is {how} their {kind} “{other}”")
    return best


def _names(entity: Subject | LinkCandidate) -> list[tuple[str, float, str]]:
    return [(n, 1.0, "label") for n in entity.labels] + [(n, _ALIAS, "alias") for n in entity.aliases]
