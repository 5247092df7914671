"""The id that is proposed for one that nothing describes."""

import pytest

from quoth.claim.checking.nearest_ids import PROPOSALS, NearestIds

DESCRIBED = ("id/org/brandt-quarries", "id/person/doe", "id/claim/a/late", "id/claim/a/late#ferry", "id/org/x")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("id/org/brand-quarries", "id/org/brandt-quarries"),
        ("id/org/brandt-quarry", "id/org/brandt-quarries"),
        ("id/person/deo", "id/person/doe"),
        ("id/source/a/doe", "id/person/doe"),
        ("id/source/a/Doe", "id/person/doe"),
        ("id/group/brandt-quarries", "id/org/brandt-quarries"),
        ("id/claim/a/lat", "id/claim/a/late"),
        ("id/claim/a/late#fery", "id/claim/a/late#ferry"),
        ("id/claim/b/lat", ""),
        ("id/org/y", ""),
        ("id/org/harbour-office", ""),
        ("id/org/", ""),
    ],
)
def test_the_nearest_id_of_its_kind_or_that_of_the_same_name_is_proposed(written: str, meant: str) -> None:
    assert NearestIds(lambda: DESCRIBED)(written) == meant


def test_there_is_an_end_to_proposals() -> None:
    near = NearestIds(lambda: DESCRIBED)
    proposed = [near("id/person/deo") for _ in range(PROPOSALS + 1)]
    assert proposed == ["id/person/doe"] * PROPOSALS + [""]
