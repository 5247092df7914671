"""A plan in words is short, and harmless to a terminal."""

from pathlib import Path

from quoth.claim.model.namespaces import RDFS, SKOS
from quoth.cli import changes
from quoth.release.history import diff
from quoth.release.plan import Plan

from ..conftest import BASE
from ..release.publishing import release

LINK = f"<{BASE}id/org/a> {SKOS.exactMatch} <https://e.org/{{}}> .\n"
LABEL = f'<{BASE}id/{{}}> {RDFS.label} "{{}}"@en .\n'


def test_the_first_of_each_kind_are_named_and_the_others_counted(tmp_path: Path) -> None:
    new = [LABEL.format(f"claim/a/{n:02}", rf"Claim {n}\u001B[31m\nof it") for n in range(13)]
    new += [LABEL.format("org/a", "The Body"), *map(LINK.format, range(11))]
    plan = Plan.of(release(tmp_path), diff.compare([], sorted(line.encode() for line in new), BASE))
    lines = [*changes.plan_in_words(plan)]
    assert lines[0] == "+ id/claim/a/00: Claim 0 [31m of it"
    assert lines[9:12] == ["+ id/claim/a/09: Claim 9 [31m of it", "+ and 3 more claims", "+ id/org/a: The Body"]
    assert lines[12] == "+ id/org/a: The Body: exactMatch https://e.org/0"
    assert lines[21:] == ["+ id/org/a: The Body: exactMatch https://e.org/8", "+ and 1 more link"]
    assert changes.summary(plan.difference, BASE, plan.links) == "13 claims, 11 links and 1 entity added"
