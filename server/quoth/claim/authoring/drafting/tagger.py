"""A linear-chain tagger: which tokens of a paragraph are a cue, a source or a content.

The weights are data (``weights.json``); ``tests/bench/draft_weights.py`` says how they were learned. The best
sequence of tags is found by the algorithm of Viterbi.
"""

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

TAGS = ("O", "Q", "S<", "S>", "C<", "C>")
"""Outside, cue; source and content, each before its cue (<) or behind it (>)."""

OUTSIDE, CUE = 0, 1

SCALE = 100
"""Weights are whole numbers, in hundredths."""


@dataclass(frozen=True)
class Weights:
    """The weights of each feature for each tag (by TAGS), those of a tag after another, the grade of each lemma: how
    often it attributes (h, m, l, z), and the weights of the links of ``attributions``."""

    states: Mapping[str, tuple[int, ...]]
    transitions: tuple[tuple[int, ...], ...]
    grades: Mapping[str, str]
    links: Mapping[str, Mapping[str, float]]


@functools.cache
def weights() -> Weights:
    """The weights that are shipped."""
    return parsed(json.loads(files(__package__).joinpath("weights.json").read_text("utf-8")))


def parsed(data: Mapping[str, object]) -> Weights:
    """Weights out of the JSON of their file."""
    states = {feature: tuple(row) for feature, row in data["states"].items()}  # type: ignore[attr-defined]
    grades = {lemma: grade for grade, lemmas in data["grades"].items() for lemma in lemmas.split()}  # type: ignore[attr-defined]
    transitions = tuple(tuple(row) for row in data["transitions"])  # type: ignore[attr-defined]
    return Weights(states, transitions, grades, data["links"])  # type: ignore[arg-type]


def tag(rows: list[list[str]], model: Weights, bias: int = 0) -> list[int]:
    """The best tags of a sequence of tokens with these features; ``bias`` (in SCALE) is added for each token of a cue."""
    states, transitions = model.states, tuple(zip(*model.transitions, strict=True))
    numbers = range(len(TAGS))
    back: list[list[int]] = []
    scores: list[int] = []
    for row in rows:
        known = [states[feature] for feature in row if feature in states]
        emitted = [sum(column) for column in zip(*known, strict=True)] or [0] * len(TAGS)
        emitted[CUE] += bias
        if not scores:
            scores = emitted
            continue
        origins, following = [], []
        for number in numbers:
            reached = [score + step for score, step in zip(scores, transitions[number], strict=True)]
            best = max(reached)
            origins.append(reached.index(best))
            following.append(best + emitted[number])
        back.append(origins)
        scores = following
    if not scores:
        return []
    last = scores.index(max(scores))
    path = [last]
    for origins in reversed(back):
        last = origins[last]
        path.append(last)
    return path[::-1]
