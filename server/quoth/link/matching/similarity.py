"""How alike an entity of ours and one elsewhere are, as far as names, types and descriptions tell: scores that explain
themselves. A score orders candidates for a human; it is no probability, and decides nothing.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz

WEIGHTS = {"name": 0.75, "type": 0.15, "context": 0.10}
"""What each feature counts; one that does not apply is left out, and the others count for more."""

_ALIAS = 0.95
"""What a name is worth where one of the two is only another name or spelling."""
_SHORTEST = 4
"""Letters from which on a word of a description says something."""


@dataclass(frozen=True)
class Subject:
    """An entity of ours: its names, the spellings of articles among ``aliases``; its classes; the words said of it."""

    iri: str
    labels: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    types: frozenset[str] = frozenset()
    context: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Candidate:
    """Something elsewhere. ``types`` are its classes with those above them; none: nobody says."""

    iri: str
    labels: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    types: frozenset[str] = frozenset()
    description: str = ""

    @property
    def label(self) -> str:
        """Its first name."""
        return next(iter([*self.labels, *self.aliases]), "")


@dataclass(frozen=True)
class Feature:
    """One reason: its name, a value in [0, 1], and the value in words."""

    name: str
    value: float
    words: str


@dataclass(frozen=True)
class Likeness:
    """A score in [0, 1] with its reasons."""

    score: float
    features: Sequence[Feature] = field(default_factory=tuple)

    def __str__(self) -> str:
        return "; ".join(f"{f.name} {f.value:.2f}: {f.words}" for f in self.features)


def fold(name: str) -> str:
    """The name without case, accents and punctuation (Unicode: NFKD, case folding)."""
    decomposed = unicodedata.normalize("NFKD", name.replace("_", " ")).casefold()
    kept = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(re.findall(r"\w+", kept))


def words(texts: Iterable[str]) -> frozenset[str]:
    """The words of some texts that may say something, folded."""
    return frozenset(w for text in texts for w in fold(text).split() if len(w) >= _SHORTEST)


def compatible(ours: Collection[str], theirs: Collection[str], table: Mapping[str, Collection[str]]) -> bool | None:
    """Whether classes of theirs fit classes of ours by a table of the compatible ones; None: one cannot say."""
    fitting = {t for kind in ours for t in table.get(kind, ())} | (set(ours) & set(theirs))
    if not fitting or not theirs:
        return None
    return bool(fitting & set(theirs))


def likeness(ours: Subject, theirs: Candidate, table: Mapping[str, Collection[str]]) -> Likeness | None:
    """How alike the two are; None where their types exclude each other."""
    fits = compatible(ours.types, theirs.types, table)
    if fits is False:
        return None
    features = [_name(ours, theirs)]
    features.append(Feature("type", 1.0, "compatible") if fits else Feature("type", 0.5, "not known"))
    described = words([theirs.description]) - words([*ours.labels, *ours.aliases])
    if described and ours.context:
        shared = sorted(described & ours.context)
        value = min(1.0, len(shared) / min(len(described), 3))
        features.append(Feature("context", value, f"{len(shared)} of {len(described)} words ({', '.join(shared)})"))
    total = sum(WEIGHTS[f.name] for f in features)
    return Likeness(round(sum(WEIGHTS[f.name] * f.value for f in features) / total, 3), features)


def _name(ours: Subject, theirs: Candidate) -> Feature:
    """The names that are most alike, the main ones first."""
    best = Feature("name", 0.0, "no name")
    for mine, my_worth, my_kind in _names(ours.labels, ours.aliases):
        for other, worth, kind in _names(theirs.labels, theirs.aliases):
            one, two = fold(mine), fold(other)
            if not one or not two:
                continue
            same = one == two
            alike = 1.0 if same else max(fuzz.ratio(one, two), fuzz.token_sort_ratio(one, two)) / 100
            value = alike * my_worth * worth
            if value > best.value:
                how = "exactly" if same else f"{alike:.0%} like"
                best = Feature("name", value, f"{my_kind} “{mine}” is {how} their {kind} “{other}”")
    return best


def _names(labels: Iterable[str], aliases: Iterable[str]) -> list[tuple[str, float, str]]:
    return [(n, 1.0, "label") for n in labels] + [(n, _ALIAS, "alias") for n in aliases]
