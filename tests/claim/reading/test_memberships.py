"""Offices and memberships of people and bodies, with their time: read, checked, and on their page."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from quoth.claim.model.namespaces import ORG, PROV, SCHEMA
from quoth.claim.reading.document import read
from quoth.claim.rules import publication
from quoth.web.core.site import WEB

from ...conftest import BASE
from ...small_article import BEAM, ENTITIES, MONTH, checked, document, site

LATER = "{organization: id/org/council, roleName: mayor, startDate: 2024-05-01, attributedTo: id/org/quoth}"
EARLIER = "{organization: id/org/council, roleName: treasurer, startDate: 2019-05-01, endDate: 2024-04-30}"


def with_memberships(*written: str) -> str:
    """The document, with memberships of Ada Roke."""
    old = "label: Ada Roke}"
    assert old in ENTITIES
    return document(
        BEAM + MONTH, entities=ENTITIES.replace(old, f"label: Ada Roke, memberships: [{', '.join(written)}]}}")
    )


def names(path: Path) -> dict[str, str]:
    """The IRI of each membership, as a path below the base, with the first day."""
    return {
        q.subject.value.removeprefix(BASE): q.object.value  # type: ignore[union-attr]
        for q in read(path, BASE).quads
        if q.predicate == SCHEMA.startDate
    }


def test_a_membership_has_its_organisation_its_role_and_its_time(tmp_path: Path) -> None:
    report, quads = checked(tmp_path, with_memberships(LATER, EARLIER))
    assert [str(f) for f in report.findings] == []
    name = ox.NamedNode(f"{BASE}id/person/ada-roke#membership-council-2024-05-01")
    said = {q.predicate: q.object for q in quads if q.subject == name}
    assert said[ORG.organization] == ox.NamedNode(f"{BASE}id/org/council")
    assert said[SCHEMA.roleName] == ox.Literal("mayor", language="en")
    assert said[PROV.wasAttributedTo] == ox.NamedNode(f"{BASE}id/org/quoth")
    assert {q.subject for q in quads if q.object == name} == {ox.NamedNode(f"{BASE}id/person/ada-roke")}


def test_a_membership_keeps_its_iri_when_another_is_written_before_it(tmp_path: Path) -> None:
    (path := tmp_path / "bridge.yaml").write_text(with_memberships(LATER), "utf-8")
    first = names(path)
    path.write_text(with_memberships(EARLIER, LATER), "utf-8")
    assert first.items() < names(path).items()


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (EARLIER.replace("2024-04-30", "2018-04-30"), "not after the last"),
        (EARLIER.replace("organization: id/org/council, ", ""), "a membership is of one organisation"),
        (EARLIER.replace("id/org/council", "id/person/ada-quill"), "a membership is of one organisation"),
        (EARLIER.replace("roleName: treasurer", "comment: a thief"), "a membership has only"),
    ],
)
def test_what_is_no_membership_is_found(tmp_path: Path, written: str, message: str) -> None:
    report, _ = checked(tmp_path, with_memberships(written))
    assert any(message in str(finding) for finding in report.findings), [str(f) for f in report.findings]


def test_memberships_are_on_the_person_s_page_the_last_first(tmp_path: Path) -> None:
    _, quads = checked(tmp_path, with_memberships(EARLIER, LATER))
    with site(tmp_path / "releases", quads) as client:
        page = client.get("/doc/person/ada-roke.html").text
    listed = page.partition('id="h-memberships"')[2].partition("</section>")[0]
    assert [
        listed.index(words) for words in ("mayor", "2024-05-01", "treasurer", "2019-05-01", "2024-04-30")
    ] == sorted(listed.index(words) for words in ("mayor", "2024-05-01", "treasurer", "2019-05-01", "2024-04-30"))
    assert "/doc/org/council" in listed
    assert "according to" in listed


def test_the_guide_s_query_finds_the_body_of_the_day_of_the_article(tmp_path: Path) -> None:
    past = EARLIER.replace("id/org/council", "id/org/evening-star")
    report, quads = checked(tmp_path, with_memberships(LATER, past))
    assert [str(f) for f in report.findings] == []
    store = ox.Store()
    store.extend(publication.published_quads(quads, BASE))
    page = (WEB / "guide" / "transcripts.md").read_text("utf-8")
    query = page.partition("```sparql\n")[2].partition("```")[0]
    found = [tuple(term.value for term in row) for row in store.query(query)]  # type: ignore[union-attr]
    assert found == [(f"{BASE}id/claim/bridge/a-month", f"{BASE}id/person/ada-roke", f"{BASE}id/org/council")]
