"""How well a candidate fits what was asked for: features, each explained, and the score that is made of them.

Nothing here knows a store or HTTP, and the same input always gives the same score. The numbers are in the tables.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from quoth.index.fulltext import folded

FEATURES = {
    "identifier": "What was asked for is its identifier",
    "name-exact": "Its name is just this",
    "name-alternative": "Another name of it is just this",
    "name-spelling": "An article spells it just so",
    "name-similarity": "How like its names this is, letter by letter (0–100)",
    "name-words": "How many words its names share with this, in any order (0–100)",
    "name-part": "How much of the shorter of both is in the longer (0–100)",
    "quotation": "How like the words that carry the claim this is (0–100)",
    "type": "It is of the type that was asked for",
    "unnamed": "It is a source that nobody names, so it is never matched without being looked at",
    "property": "How well its value agrees with the one that was asked for (0–100)",
}
"""Feature → what it says. The features of single properties are called ``property-`` and the property."""

EXACT = {"identifier": 100.0, "name-exact": 100.0, "name-alternative": 98.0, "name-spelling": 95.0}
"""What the score of a name is where one of these holds: the first that does."""

LIKENESS = {"name-similarity": 0.35, "name-words": 0.45, "name-part": 0.2}
"""What parts the score of a name has where none of them does. It is this sum, of at most MOST_ALIKE."""

MOST_ALIKE = 90.0
QUOTATION_EXACT, QUOTATION_ALIKE = 96.0, 0.9

WEIGHTS = {"scheme": 3.0, "iri": 3.0, "entity": 0.5, "name": 0.5, "quotation": 0.5}
OTHER_WEIGHT = 0.3
"""How much a property counts, by its kind, beside the name, which counts 1. One of which nothing is known does not."""

OTHER_TYPE = 0.5
"""What the score is multiplied by where the type is another one, and was only wished for."""

MATCH, MARGIN = 94.0, 3.0
"""A candidate is a match from this score on, where no other comes as near as that."""

AGREES = 0.85
"""From this agreement on a condition is fulfilled."""

Quantifier = Literal["any", "all", "none"]


@dataclass(frozen=True)
class Names:
    """What an entity is called, and the words of it if it is a claim. It was found by ``identifiers``."""

    labels: Sequence[str]
    also: Sequence[str] = ()
    spellings: Sequence[str] = ()
    quotations: Sequence[str] = ()
    identifiers: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Value:
    """A value of a property: as text, and where it is an entity or a concept its id."""

    text: str
    id: str = ""


@dataclass(frozen=True)
class Agreement:
    """How the condition on a property turned out, from 0 to 1; None where nothing is known of it."""

    property: str
    kind: str
    value: float | None


@dataclass(frozen=True)
class Judged:
    """A score from 0 to 100 and the features that it is made of."""

    score: float
    features: Mapping[str, float | bool] = field(default_factory=dict)


def likeness(asked: str, names: Names) -> Judged:
    """How like one of the names, or of the quotations, what was asked for is."""
    wanted = folded(asked)
    features: dict[str, float | bool] = {
        "identifier": asked.strip() in names.identifiers,
        "name-exact": wanted in map(folded, names.labels),
        "name-alternative": wanted in map(folded, names.also),
        "name-spelling": wanted in map(folded, names.spellings),
        "name-similarity": 0.0,
        "name-words": 0.0,
        "name-part": 0.0,
    }
    best = 0.0
    for name in map(folded, (*names.labels, *names.also, *names.spellings)):
        parts = {
            "name-similarity": 100 * OSA.normalized_similarity(wanted, name),
            "name-words": fuzz.token_sort_ratio(wanted, name),
            "name-part": fuzz.token_set_ratio(wanted, name),
        }
        score = sum(LIKENESS[part] * value for part, value in parts.items())
        if score > best:
            best = score
            features |= {part: round(value, 1) for part, value in parts.items()}
    score = next((points for feature, points in EXACT.items() if features[feature]), best * MOST_ALIKE / 100)
    if names.quotations:
        near = max(fuzz.ratio(wanted, folded(words)) for words in names.quotations)
        features["quotation"] = round(near, 1)
        score = max(score, QUOTATION_EXACT if near == 100 else near * QUOTATION_ALIKE)
    return Judged(score, features)


def agreement(
    wanted: Iterable[str], values: Sequence[Value], kind: str, quantifier: Quantifier, exactly: bool
) -> float:
    """How well values agree with those that are wanted, from 0 to 1: with the best, the worst, or none of them."""
    each = [max((_agrees(one, value, kind, exactly) for value in values), default=0.0) for one in wanted]
    if not each:
        return 1.0 if quantifier == "none" else 0.0
    return {"any": max(each), "all": min(each), "none": 1 - max(each)}[quantifier]


def _agrees(wanted: str, value: Value, kind: str, exactly: bool) -> float:
    plain = wanted.strip()
    if plain in (value.id, value.text, value.id.rpartition("#")[2]) or folded(plain) == folded(value.text):
        return 1.0
    if exactly or kind == "concept":
        return 0.0
    if kind in ("date", "iri"):
        return 1.0 if len(plain) >= 4 and value.text.startswith(plain) else 0.0
    if kind in ("integer", "count"):
        return 1.0 if plain.removesuffix(".0") == value.text else 0.0  # as spreadsheets write whole numbers
    if kind == "scheme":
        return 1.0 if plain.casefold() == value.text.casefold() else 0.0
    return fuzz.token_sort_ratio(folded(plain), folded(value.text)) / 100


def judged(name: Judged | None, agreements: Sequence[Agreement], typed: bool | None, unnamed: bool) -> Judged:
    """The whole score: of the name, if one was asked for, and of the properties; ``typed`` is None without a type."""
    features = dict(name.features) if name else {}
    weighed = [(1.0, name.score)] if name else []
    for found in agreements:
        if found.value is not None:
            weighed.append((WEIGHTS.get(found.kind, OTHER_WEIGHT), 100 * found.value))
            features[f"property-{found.property}"] = round(100 * found.value, 1)
    total = sum(weight for weight, _ in weighed)
    score = sum(weight * points for weight, points in weighed) / total if total else 0.0
    if typed is not None:
        features["type"] = typed
        score *= 1.0 if typed else OTHER_TYPE
    if unnamed:
        features["unnamed"] = True
    return Judged(round(score, 2), features)


def is_match(scores: Sequence[Judged]) -> bool:
    """Whether the first of some rivals, which are the best first, can be taken without being looked at.

    Never an unnamed source: “sources” in two places are two sources unless the text says that they are the same.
    """
    first, second = scores[0], (scores[1].score if len(scores) > 1 else 0.0)
    if first.features.get("identifier"):
        return True
    fit = first.features.get("type", True) and not first.features.get("unnamed")
    return bool(fit) and first.score >= MATCH and first.score - second >= MARGIN
