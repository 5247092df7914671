"""Claims by what their speakers were members of when they spoke."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from quoth.claim.reading.document import read
from quoth.claim.rules import publication
from quoth.index import build
from quoth.index.claims import ClaimIndex
from quoth.index.selection import Selection

BASE = "http://localhost:8000/"
PEOPLE = """entities:
  - {id: id/org/reds, type: Organization, label: Reds}
  - {id: id/org/blues, type: Organization, label: Blues}
  - {id: id/org/choir, type: Organization, label: Choir}
  - id: id/person/lind
    type: Person
    label: Mara Lind
    memberships:
      - {organization: id/org/reds, endDate: 2001-06-30}
      - {organization: id/org/blues, startDate: 2001-07-01, endDate: 2010-01-31}
      - {organization: id/org/blues, startDate: 2020-01-01}
      - {organization: id/org/choir}
"""
SITTING = """id: id/article/{name}
type: Article
label: {name}
language: en
{published}
claims:
  - {{id: one, source: id/person/lind, speechAct: said, words: It rains}}
  - {{id: two, words: The sun shines}}
"""


@pytest.mark.parametrize(
    ("published", "bodies"),
    [
        ("2001-06-30", {"reds", "choir"}),
        ("2001-07-01", {"blues", "choir"}),
        ("2001-07-01T09:00:00+02:00", {"blues", "choir"}),
        ("2001", {"reds", "blues", "choir"}),  # in some part of the year
        ("2010-01", {"blues", "choir"}),
        ("2015-05-05", {"choir"}),
        ("2026-11-29", {"blues", "choir"}),
        (None, {"choir"}),  # on a day that nobody knows
    ],
)
def test_a_claim_is_of_the_bodies_of_its_day(published: str | None, bodies: set[str], tmp_path: Path) -> None:
    (tmp_path / "people.yaml").write_text(PEOPLE, "utf-8")
    dated = f'datePublished: "{published}"' if published else ""
    (tmp_path / "a.yaml").write_text(SITTING.format(name="a", published=dated), "utf-8")
    quads = [quad for name in ("people", "a") for quad in read(tmp_path / f"{name}.yaml", BASE).quads]
    store = ox.Store()
    store.extend(publication.published_quads(quads, BASE))
    build.write(store, tmp_path / build.INDEX_FILE)
    index = ClaimIndex(tmp_path / build.INDEX_FILE, lambda name: pytest.fail(f"{name} is asked"))
    counts = dict(index.facet(Selection("all"), "memberOf"))
    assert counts == {f"{BASE}id/org/{name}": 1 for name in bodies}
    for name in bodies:
        narrowed = Selection("all", narrowed=(("memberOf", f"{BASE}id/org/{name}"),))
        assert index.claims(narrowed, first=0, size=9) == [f"{BASE}id/claim/a/one"]
