"""A mention is in the claims of its encoding in one of whose anchors its words lie, wherever these lie."""

import pyoxigraph as ox
from hypothesis import given
from hypothesis import strategies as st

from quoth.claim.model.namespaces import OA, PROV, QUOTH, RDF, SCHEMA
from quoth.claim.model.triple_index import TripleIndex
from quoth.claim.rules.mentions import mentioned_in

EX = "http://example.org/"
ARTICLES = (1, 2)
Place = tuple[int, int, int, str]
"""Article, start, end, and the encoding (none: "")."""

places = st.tuples(st.sampled_from(ARTICLES), st.integers(0, 9), st.integers(1, 9), st.sampled_from(["", "a", "b"]))
spans = places.map(lambda place: (place[0], place[1], place[1] + place[2], place[3]))


def named(name: object) -> ox.NamedNode:
    return ox.NamedNode(f"{EX}{name}")


def at(target: str, place: Place, thing: str) -> list[ox.Quad]:
    """The words of a target, and the encoding of the thing whose words they are."""
    number = ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer")
    offsets = [(OA.start, place[1]), (OA.end, place[2])]
    quads = [ox.Quad(named(f"{target}-words"), p, ox.Literal(str(n), datatype=number)) for p, n in offsets]
    quads.append(ox.Quad(named(target), OA.hasSelector, named(f"{target}-words")))
    return quads + ([ox.Quad(named(thing), QUOTH.encoding, named(place[3]))] if place[3] else [])


@given(st.lists(spans, max_size=8), st.lists(spans, max_size=8))
def test_a_mention_is_in_the_claims_around_it(mentions: list[Place], anchors: list[Place]) -> None:
    quads = [ox.Quad(named(f"article-{n}"), SCHEMA.encoding, named(f"text-{n}")) for n in ARTICLES]
    for number, place in enumerate(mentions):
        mention = f"mention-{number}"
        quads += [ox.Quad(named(mention), RDF.type, QUOTH.Mention), *at(mention, place, mention)]
        quads.append(ox.Quad(named(mention), OA.hasSource, named(f"text-{place[0]}")))
    for number, place in enumerate(anchors):
        claim = f"claim-{number}"
        quads += [ox.Quad(named(claim), QUOTH.anchor, named(f"{claim}-anchor")), *at(f"{claim}-anchor", place, claim)]
        quads.append(ox.Quad(named(claim), PROV.wasQuotedFrom, named(f"article-{place[0]}")))
    assert set(mentioned_in(TripleIndex(quads))) == {
        ox.Quad(named(f"mention-{m}"), QUOTH.mentionedIn, named(f"claim-{c}"))
        for m, (article, start, end, encoding) in enumerate(mentions)
        for c, (other, from_, to, whose) in enumerate(anchors)
        if article == other and from_ <= start and end <= to and (not encoding or not whose or encoding == whose)
    }
