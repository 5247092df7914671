"""How well a candidate fits a query: features, each explained, and the score that is made of them.

The functions know no store and no HTTP, and the same input always gives the same score. The numbers are in the tables.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from rapidfuzz import fuzz

from quoth.index.similarity import (
    NAME_WEIGHTS,
    agree_by_initials,
    folded,
    inverted,
    similarity,
    similarity_score,
)

FEATURES = {
    "identifier": "What was searched for is its identifier",
    "name-exact": "Its name is exactly this",
    "name-alternative": "Another name of it is exactly this",
    "name-spelling": "An article spells it exactly like this",
    "name-inverted": "It is exactly this with the family name first",
    "name-initials": "The initials of one match names of the other",
    "name-similarity": "How similar its names are to this, letter by letter (0–100)",
    "name-words": "How many words its names share with this, in any order (0–100)",
    "name-part": "How much of the shorter of the two is in the longer (0–100)",
    "quotation": "How similar the words of the claim are to this (0–100)",
    "type": "It has the type that was asked for",
    "unnamed": "It is an unnamed source, so it is never matched without somebody checking",
    "property": "How well its value agrees with the one that was asked for (0–100)",
}
"""Feature → its meaning. The features of single properties are called ``property-`` and the property."""

EXACT = {
    "identifier": 100.0,
    "name-exact": 100.0,
    "name-alternative": 98.0,
    "name-inverted": 97.0,
    "name-spelling": 95.0,
    "name-initials": 90.0,
}
"""The score of a name where one of these holds: the first that does. Else the names are compared."""

QUOTATION_EXACT, QUOTATION_SIMILAR = 96.0, 0.9
"""The score of a quotation that is just the same, and the weight of the similarity of any other."""

WEIGHTS = {"scheme": 3.0, "iri": 3.0, "entity": 0.5, "name": 0.5, "quotation": 0.5}
OTHER_WEIGHT = 0.3
"""How much a property counts, by its kind, beside the name, which counts 1."""

OTHER_TYPE = 0.5
"""The factor of the score where the type is another than the wished one."""

MATCH, MARGIN = 94.0, 3.0
"""A candidate is a match from this score on, where the next is at least so much behind."""

AGREES = 0.85
"""A condition is fulfilled from this agreement on."""

Quantifier = Literal["any", "all", "none"]


@dataclass(frozen=True)
class EntityNames:
    """The names of an entity, the words of a claim, and the texts of the query that are ``identifiers`` of it."""

    labels: Sequence[str]
    also: Sequence[str] = ()
    spellings: Sequence[str] = ()
    quotations: Sequence[str] = ()
    identifiers: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Value:
    """A value of a property: its text, and the id of an entity or concept."""

    text: str
    id: str = ""


@dataclass(frozen=True)
class PropertyScore:
    """How well a condition on a property (its id) is fulfilled, from 0 to 1."""

    property: str
    kind: str
    value: float


@dataclass(frozen=True)
class Score:
    """A score from 0 to 100 and the features that it is made of."""

    score: float
    features: Mapping[str, float | bool] = field(default_factory=dict)


def name_score(text: str, names: EntityNames) -> Score:
    """The score of a text for the name, or the quotation, of an entity that is most like the text."""
    wanted, turned = folded(text), folded(inverted(text))
    called = (*names.labels, *names.also, *names.spellings)
    features: dict[str, float | bool] = {
        "identifier": text.strip() in names.identifiers,
        "name-exact": wanted in map(folded, names.labels),
        "name-alternative": wanted in map(folded, names.also),
        "name-spelling": wanted in map(folded, names.spellings),
        "name-inverted": bool(turned) and turned in map(folded, called),
        "name-initials": any(agree_by_initials(inverted(text) or text, inverted(name) or name) for name in called),
    }
    compared = [similarity(wanted, folded(name)) for name in called]
    best = max(compared, key=similarity_score, default=dict.fromkeys(NAME_WEIGHTS, 0.0))
    features |= {part: round(value, 1) for part, value in best.items()}
    points = next((points for feature, points in EXACT.items() if features[feature]), similarity_score(best))
    if names.quotations:
        ratio = max(fuzz.ratio(wanted, folded(words)) for words in names.quotations)
        features["quotation"] = round(ratio, 1)
        points = max(points, QUOTATION_EXACT if ratio == 100 else ratio * QUOTATION_SIMILAR)
    return Score(points, features)


def agreement(
    wanted: Iterable[str], values: Sequence[Value], kind: str, quantifier: Quantifier, exactly: bool
) -> float:
    """How well values agree with the wanted ones, from 0 to 1: with the best, the worst, or none of them."""
    each = [max((_agrees(text, value, kind, exactly) for value in values), default=0.0) for text in wanted]
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


def total_score(name: Score | None, agreements: Sequence[PropertyScore], typed: bool | None, unnamed: bool) -> Score:
    """The score of the name, if the query has one, and of the properties; ``typed`` is None without a type."""
    features = dict(name.features) if name else {}
    weighed = [(1.0, name.score)] if name else []
    for agreed in agreements:
        weighed.append((WEIGHTS.get(agreed.kind, OTHER_WEIGHT), 100 * agreed.value))
        features[f"property-{agreed.property}"] = round(100 * agreed.value, 1)
    total = sum(weight for weight, _ in weighed)
    score = sum(weight * points for weight, points in weighed) / total if total else 0.0
    if typed is not None:
        features["type"] = typed
        score *= 1.0 if typed else OTHER_TYPE
    if unnamed:
        features["unnamed"] = True
    return Score(round(score, 2), features)


def is_match(scores: Sequence[Score]) -> bool:
    """Whether the first of some rivals, which are the best first, can be taken without being looked at.

    Never an unnamed source: “sources” in two places are two sources unless the text says that they are the same.
    """
    first, second = scores[0], (scores[1].score if len(scores) > 1 else 0.0)
    if first.features.get("identifier"):
        return True
    fit = first.features.get("type", True) and not first.features.get("unnamed")
    return bool(fit) and first.score >= MATCH and first.score - second >= MARGIN
