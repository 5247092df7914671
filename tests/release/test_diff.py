"""The difference of two sets of lines, whatever they are."""

import pyoxigraph as ox
from hypothesis import given
from hypothesis import strategies as st

from quoth.claim.model.namespaces import DCTERMS, QUOTH, RDFS
from quoth.release.dumps import nquads
from quoth.release.history import diff

BASE = "http://e/"
NAMES = [f"{BASE}id/claim/a/{name}" for name in ("x", "x-b", "xy", "x#part", "x#content")]
SUBJECTS = st.sampled_from([*map(ox.NamedNode, NAMES), ox.NamedNode("http://elsewhere/t")])
PREDICATES = st.sampled_from([RDFS.label, RDFS.comment, QUOTH.withdraws, DCTERMS.isReplacedBy])
VALUES = st.one_of(SUBJECTS, st.builds(ox.Literal, st.text(' \n"\\>é.#<', max_size=4)))
GRAPHS = st.sampled_from([ox.DefaultGraph(), ox.NamedNode(f"{NAMES[0]}#content"), ox.NamedNode("http://elsewhere/g")])
DATASETS = st.frozensets(st.builds(ox.Quad, SUBJECTS, PREDICATES, VALUES, GRAPHS), max_size=12)


def described(quads: frozenset[ox.Quad]) -> set[str]:
    """The resources that a release of these quads has a document for."""
    return {
        q.subject.value
        for q in quads
        if isinstance(q.subject, ox.NamedNode)
        and q.subject.value.startswith(f"{BASE}id/")
        and "#" not in q.subject.value
        and q.graph_name == ox.DefaultGraph()
        and q.predicate not in (QUOTH.withdraws, DCTERMS.isReplacedBy)
    }


@given(DATASETS, DATASETS)
def test_a_difference_is_what_sets_say(before: frozenset[ox.Quad], after: frozenset[ox.Quad]) -> None:
    old, new = (sorted(nquads.to_lines(quads)) for quads in (before, after))
    found = diff.compare(old, new, BASE)
    assert found.removed_lines == [line for line in old if line not in new]
    assert found.added_lines == [line for line in new if line not in old]
    assert set(found.added) == described(after) - described(before)
    assert set(found.withdrawn) == described(before) - described(after)
    values = {
        (change.property, change.graph, iri + change.part if change.part.startswith("#") else change.part or iri)
        for iri, changes in found.changed.items()
        for change in changes
    }
    differing = {
        (q.predicate.value, getattr(q.graph_name, "value", ""), getattr(q.subject, "value", "")) for q in before ^ after
    }
    assert values <= differing
    ours = {d for d in differing if d[2].startswith(f"{BASE}id/") or d[1].startswith(f"{BASE}id/")}
    gone_or_new = {*found.added, *found.withdrawn}

    def whole(difference: tuple[str, str, str]) -> str:
        return next(i for i in difference[1:] if i.startswith(f"{BASE}id/")).partition("#")[0]

    assert values == {d for d in ours if whole(d) not in gone_or_new}
