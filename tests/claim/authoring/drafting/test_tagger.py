"""The tagger finds the best sequence, and its shipped data are whole."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from quoth.claim.authoring.drafting.tagger import CUE, TAGS, Weights, tag, weights

NUMBERS = st.integers(-50, 50)
WEIGHTS = st.lists(NUMBERS, min_size=len(TAGS), max_size=len(TAGS))


@given(
    st.dictionaries(st.sampled_from("abc"), WEIGHTS),
    st.lists(WEIGHTS, min_size=len(TAGS), max_size=len(TAGS)),
    st.lists(st.lists(st.sampled_from("abcd"), max_size=3), min_size=1, max_size=3),
    NUMBERS,
)
def test_no_sequence_of_tags_is_better(
    states: dict[str, list[int]], transitions: list[list[int]], rows: list[list[str]], bias: int
) -> None:
    model = Weights(states, transitions, {})

    def score(path: tuple[int, ...]) -> int:
        own = sum(states[f][t] for row, t in zip(rows, path, strict=True) for f in row if f in states)
        return own + bias * path.count(CUE) + sum(transitions[a][b] for a, b in itertools.pairwise(path))

    best = max(map(score, itertools.product(range(len(TAGS)), repeat=len(rows))))
    assert score(tuple(tag(rows, model, bias))) == best


def test_no_token_has_no_tag() -> None:
    assert tag([], weights()) == []


def test_the_shipped_weights() -> None:
    model = weights()
    assert all(len(row) == len(TAGS) for row in (*model.states.values(), *model.transitions))
    assert model.grades["say"] == "h"
