"""The agreement of encodings: attributions are the same where their cues overlap, and most of their words."""

import pytest

from quoth.claim.model.agreement import Marks, agreements, aligned, pairs

SAID = Marks("a1", [(20, 40)], [(10, 14)], [(0, 8)])


def test_of_several_with_one_cue_those_with_most_words_in_common_are_the_same() -> None:
    one = [Marks("a1", [(20, 40)], [(10, 14)]), Marks("a2", [(45, 60)], [(10, 14)])]
    other = [Marks("b1", [(45, 58)], [(10, 14)]), Marks("b2", [(20, 40)], [(5, 14)])]
    assert pairs(one, other) == [(0, 1), (1, 0)]


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (Marks("b", [(20, 40)], [(10, 14)]), True),
        (Marks("b", [(70, 90)], [(8, 12)]), True),  # the cue decides
        (Marks("b", [(20, 40)], [(41, 45)]), False),
        (Marks("b", [(12, 40)]), True),  # without a cue, the words are held against the cue of the other
        (Marks("b", [(20, 40)]), False),
        (Marks("b", [(500, 600)], [(495, 500)]), False),
    ],
)
def test_attributions_are_the_same_where_their_cues_overlap(other: Marks, same: bool) -> None:
    assert pairs([SAID], [other]) == ([(0, 0)] if same else [])


def test_the_figures_of_two_encodings() -> None:
    one = [SAID, Marks("a2", [(100, 110)], [(90, 95)], (), frozenset({"the mayor"}))]
    other = [
        Marks("b1", [(30, 40)], [(10, 14)], [(2, 8)]),
        Marks("b2", [(100, 110)], [(90, 95)], (), frozenset({"the pilots"})),
        Marks("b3", [(300, 310)], [(290, 295)]),
    ]
    [found] = agreements("ferry", {"one": one, "other": other})
    assert (found.numbers, found.cues, found.sources) == ((2, 3), 2, 1)
    assert found.f1 == pytest.approx(0.8)
    assert found.words == pytest.approx((2 * 10 + 2 * 10) / (20 + 10 + 10 + 10))


def test_the_attributions_of_all_encodings_stand_in_the_order_of_the_text() -> None:
    late = Marks("c1", [(200, 220)], [(190, 194)])
    rows = aligned({"x": [SAID], "y": [late, SAID], "z": [Marks("c0", [(1, 5)]), late]})
    assert [sorted(row) for row in rows] == [["z"], ["x", "y"], ["y", "z"]]
