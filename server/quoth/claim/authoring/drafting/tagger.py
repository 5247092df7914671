"""A linear-chain tagger: which tokens of a paragraph are a cue, a source or a content.

The weights are data (``weights.json``); ``tests/bench/draft_weights.py`` says how they were learned. The best
sequence of tags is found by the algorithm of Viterbi.
"""

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

TAGS = ("O", "Q", "S<", "S>", "C<", "C>")
"""Outside, cue; source and content, each before its cue (<) or behind it (>)."""

OUTSIDE, CUE = 0, 1

SCALE = 100
"""Weights are whole numbers, in hundredths."""


@dataclass(frozen=True)
class Weights:
    """The weights of each feature for each tag (by TAGS), those of a tag after another, and the grade of each lemma:
    how often it attributes (h, m, l, z)."""

    states: Mapping[str, list[int]]
    transitions: list[list[int]]
    grades: Mapping[str, str]


@functools.cache
def weights() -> Weights:
    """The weights that are shipped."""
    return parsed(json.loads(files(__package__).joinpath("weights.json").read_text("utf-8")))


def parsed(data: Mapping[str, Any]) -> Weights:
    """Weights out of the JSON of their file."""
    grades = {lemma: grade for grade, lemmas in data["grades"].items() for lemma in lemmas.split()}
    return Weights(data["states"], data["transitions"], grades)


def tag(rows: list[list[str]], model: Weights, bias: int = 0) -> list[int]:
    """The best tags of tokens with these features; ``bias`` (in SCALE) is added for each token of a cue."""
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
