"""The plan of a publication."""

from pathlib import Path

import pytest

from quoth.errors import ReleaseError
from quoth.release import current
from quoth.release.dumps import nquads
from quoth.release.history import diff
from quoth.release.history.diff import Difference
from quoth.release.plan import NAMED, Link, Plan
from quoth.release.publish import publish
from quoth.release.release import Release

from ..conftest import BASE
from .publishing import release as published

LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
MATCH = "http://www.w3.org/2004/02/skos/core#{}Match"


def line(subject: str, predicate: str, value: str, graph: str = "") -> bytes:
    """A line about a path below ``id/``; a value that is no URL is a text."""
    term = f"<{value}>" if ":" in value else f'"{value}"@en'
    return f"<{BASE}id/{subject}> <{predicate}> {term}{graph} .\n".encode()


def withdrawal(path: str) -> bytes:
    return line(f"{path}#withdrawal", "https://w3id.org/quoth/ns#withdraws", f"{BASE}id/{path}")


BEFORE = [
    line("article/a", LABEL, "A"),
    line("claim/a/one", LABEL, "One"),
    line("claim/a/two", LABEL, "Two"),
    line("org/x", LABEL, "X"),
    line("org/x", MATCH.format("close"), "https://e.org/1"),
    line("org/x", MATCH.format("exact"), "https://e.org/2"),
    line("source/a/s", LABEL, "S"),
    withdrawal("claim/a/old"),
    withdrawal("claim/a/again"),
]
AFTER = [
    line("article/a", LABEL, "B"),
    line("claim/a/again", LABEL, "Again"),
    line("org/x", LABEL, "X"),
    line("org/x", MATCH.format("exact"), "https://e.org/1"),
    line("org/x", MATCH.format("exact"), "https://e.org/3"),
    line("org/x", MATCH.format("exact"), "https://e.org/4", f" <{BASE}id/claim/a/again#content>"),
    withdrawal("claim/a/two"),
]


def difference(most: int = 1000) -> Difference:
    return diff.compare(sorted(BEFORE), sorted(AFTER), BASE, most)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return published(tmp_path_factory.mktemp("releases"))


@pytest.mark.parametrize("most", [1000, 3], ids=["all lines", "cut"])
def test_a_plan_has_what_is_gone_without_a_notice_and_the_links(first: Release, most: int) -> None:
    plan = Plan.of(first, difference(most))
    assert plan.unnoticed == [f"{BASE}id/claim/a/one", f"{BASE}id/source/a/s"]
    assert plan.unsaid == [f"{BASE}id/claim/a/old"]
    assert plan.silent == [f"{BASE}id/claim/a/one", f"{BASE}id/claim/a/old"]
    entity, close, exact = f"{BASE}id/org/x", MATCH.format("close"), MATCH.format("exact")
    assert plan.links == {
        "added": [Link(entity, "https://e.org/3", (), (exact,))],
        "changed": [Link(entity, "https://e.org/1", (close,), (exact,))],
        "withdrawn": [Link(entity, "https://e.org/2", (exact,), ())],
    }


def test_a_difference_of_many_lines_keeps_few_of_them() -> None:
    whole, cut = difference(), difference(3)
    assert (whole.cut, cut.cut) == (False, True)
    assert (cut.added, cut.withdrawn, [*cut.changed]) == (whole.added, whole.withdrawn, [*whole.changed])
    assert not any(cut.changed.values())
    for lines, all_lines in ((cut.removed_lines, whole.removed_lines), (cut.added_lines, whole.added_lines)):
        assert lines == [line for line in all_lines if b"Match> " in line or b"withdraws> " in line]


def test_a_plan_is_held_against_the_current_release_or_else_the_last(tmp_path: Path) -> None:
    plans: list[Plan] = []

    def publish_lines(count: int) -> None:
        quads = nquads.from_lines(BEFORE[:count])
        publish(quads, releases=tmp_path, base=BASE, report_ttl="", report_json="{}", approve=plans.append)

    publish_lines(1)
    publish_lines(3)
    current.switch(tmp_path, 1)
    publish_lines(2)
    (tmp_path / "current").unlink()
    publish_lines(1)
    names = [(p.before and p.before.number, p.difference.added, p.difference.withdrawn) for p in plans]
    article, one, two = (f"{BASE}id/{path}" for path in ("article/a", "claim/a/one", "claim/a/two"))
    assert names == [(None, [article], []), (1, [one, two], []), (1, [one], []), (3, [], [one])]


def test_the_plan_of_a_first_release_names_the_first_and_counts_the_others() -> None:
    lines = [line(f"claim/a/{n:02}", LABEL, f"Claim {n}") for n in range(12)]
    lines += [line(f"claim/a/{n:02}#part", LABEL, "Part") for n in range(12)]
    lines += [line(f"claim/a/{n:02}", LABEL, "Said", f" <{BASE}id/claim/a/{n:02}#content>") for n in range(15)]
    lines += [line("org/x", MATCH.format("exact"), f"https://e.org/{n:02}") for n in range(8)]
    lines += [line("org/x", MATCH.format("close"), "https://e.org/00"), withdrawal("claim/a/old")]
    lines += [line("person/y", LABEL, "Y"), line("person/y", LABEL, "Said", f" <{BASE}id/claim/a/00#content>")]
    lines += [line("person/y", MATCH.format("exact"), f"https://e.org/{n:02}") for n in range(4)]
    lines += [line("person/z", LABEL, "Z"), b"<urn:a> <urn:b> <urn:c> .\n"]
    nothing, plan = Plan.of_first([], BASE), Plan.of_first(sorted(lines), BASE)
    assert (nothing.difference, nothing.links["added"], nothing.more) == (Difference(), [], {})
    all_lines = diff.compare([], sorted(lines), BASE)
    claims = [f"{BASE}id/claim/a/{n:02}" for n in range(NAMED)]
    assert plan.difference.added == [*claims, *(f"{BASE}id/{path}" for path in ("org/x", "person/y", "person/z"))]
    assert [iri for iri in all_lines.added if iri in plan.difference.added] == plan.difference.added
    assert plan.more == {"claim": len(all_lines.added) - len(plan.difference.added), "link": 2}
    links = [(link.entity.rpartition("/")[2], link.target[-2:], len(link.after)) for link in plan.links["added"]]
    assert links == [
        *(("x", f"{n:02}", 2 if n == 0 else 1) for n in range(8)),
        *(("y", f"{n:02}", 1) for n in range(2)),
    ]
    assert diff.labels(plan.difference, None) == {
        **{claim: f"Claim {n}" for n, claim in enumerate(claims)},
        **{f"{BASE}id/person/{name}": name.upper() for name in "yz"},
    }
    assert (plan.silent, plan.unnoticed, plan.unsaid) == ([], (), ())


@pytest.mark.parametrize("name", ["manifest.json", "segments"])
def test_where_the_current_release_is_damaged_the_plan_is_held_against_the_newest_whole_one(
    tmp_path: Path, name: str
) -> None:
    plans: list[Plan] = []
    notes: list[str] = []

    def publish_lines(count: int, *, force: bool = False) -> Release:
        quads = nquads.from_lines(BEFORE[:count])
        options = {"releases": tmp_path, "base": BASE, "report_ttl": "", "report_json": "{}", "force": force}
        return publish(quads, approve=plans.append, note=notes.append, **options)  # type: ignore[arg-type]

    def damage(number: int) -> None:
        path = tmp_path / str(number) / name
        for file in [path] if path.is_file() else path.iterdir():
            file.unlink()
            file.write_bytes(b"{")

    for count in (1, 2):
        publish_lines(count)
    assert notes == []
    damage(2)
    assert publish_lines(3).number == 3
    assert [(plan.before and plan.before.number, plan.difference.added) for plan in plans[2:]] == [
        (1, [f"{BASE}id/claim/a/one", f"{BASE}id/claim/a/two"])
    ]
    # A history that is whole goes on, whatever else is damaged.
    history = ["release 2 is damaged: the history of the next one goes on"] if name == "manifest.json" else []
    assert [note.partition(" from release 1")[0] for note in notes] == [
        "release 2 is damaged: the plan is what changes",
        *history,
    ]
    for number in (1, 3):
        damage(number)
    with pytest.raises(ReleaseError, match=r"release \d.* cannot be read") as caught:
        publish_lines(3)
    assert "quoth publish --force" in str(caught.value)
    assert publish_lines(3, force=True).number == 4
    assert [plan.before for plan in plans[3:]] == [None]
