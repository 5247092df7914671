"""A synthetic corpus of claims for the benchmarks, of any size, and the same for the same size."""

import argparse
import random
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from quoth.claim.model.namespaces import OA, PROV, QUOTH, RDF, RDFS, SCHEMA, SEM, XSD
from quoth.claim.rules import publication
from quoth.release.publish import publish
from quoth.release.release import Release

BASE = "http://localhost:8000/"
QUADS_A_CLAIM = 52
CLAIMS_AN_ARTICLE = 40
_WORDS = "harbour ferry pilots salt convoy bridge ministry talks offer guild report border grain fever "
_WORDS += "strike envoy charter ledger warden storm quarry council signal depot"
WORDS = tuple(_WORDS.split())
ACTS = ("said", "confirmed", "denied", "assessed", "reported", "accused")


def iri(path: str) -> ox.NamedNode:
    """An IRI of the dataset."""
    return ox.NamedNode(BASE + path)


def entity(number: int) -> str:
    """The path of an entity: an organisation, a person or a place."""
    return f"id/{('org', 'person', 'place')[number % 3]}/entity-{number}"


def claim(number: int) -> str:
    """The path of a claim."""
    return f"id/claim/article-{number // CLAIMS_AN_ARTICLE}/claim-{number}"


def entities(claims: int) -> int:
    """How many entities a corpus of that many claims names."""
    return max(20, claims // 10)


def _concept(scheme: str, name: str) -> ox.NamedNode:
    return ox.NamedNode(f"https://w3id.org/quoth/ns/{scheme}#{name}")


def _entities(count: int, random: random.Random) -> Iterator[ox.Quad]:
    classes = ("http://www.w3.org/ns/org#Organization", "http://xmlns.com/foaf/0.1/Person", "https://schema.org/Place")
    for number in range(count):
        node = iri(entity(number))
        yield ox.Quad(node, RDF.type, ox.NamedNode(classes[number % 3]))
        yield ox.Quad(node, RDFS.label, ox.Literal(" ".join(random.choices(WORDS, k=3)), language="en"))


def _anchor(node: str, source: ox.NamedNode, text: str, start: int) -> Iterator[ox.Quad]:
    anchor, quote, position = (iri(node + end) for end in ("", "-quote", "-position"))
    yield ox.Quad(anchor, RDF.type, OA.SpecificResource)
    yield ox.Quad(anchor, OA.hasSource, source)
    yield ox.Quad(anchor, OA.hasSelector, quote)
    yield ox.Quad(anchor, OA.hasSelector, position)
    yield ox.Quad(quote, RDF.type, OA.TextQuoteSelector)
    yield ox.Quad(quote, OA.exact, ox.Literal(text))
    yield ox.Quad(position, RDF.type, OA.TextPositionSelector)
    yield ox.Quad(position, OA.start, ox.Literal(str(start), datatype=XSD.integer))
    yield ox.Quad(position, OA.end, ox.Literal(str(start + len(text)), datatype=XSD.integer))


def _claim(number: int, known: int, random: random.Random) -> Iterator[ox.Quad]:
    path = claim(number)
    node, content, article = iri(path), iri(f"{path}#content"), iri(f"id/article/article-{number // CLAIMS_AN_ARTICLE}")
    whole = iri(f"{article.value}#text")
    # A few entities are in everything and most in little, as it is with real ones.
    speaker, party, affected = (iri(entity(int(known * random.random() ** 3))) for _ in range(3))
    text = " ".join(random.choices(WORDS, k=9))
    start = number % CLAIMS_AN_ARTICLE * 120
    yield ox.Quad(node, RDF.type, QUOTH.Claim)
    yield ox.Quad(node, RDFS.label, ox.Literal(f"Entity {number % known} says that {text}.", language="en"))
    yield ox.Quad(node, PROV.wasQuotedFrom, article)
    yield ox.Quad(node, QUOTH.content, content)
    yield ox.Quad(content, RDF.type, QUOTH.Content)
    for property, scheme, values in (
        (QUOTH.certainty, "certainty", ("certain", "probable", "possible", "unknown")),
        (QUOTH.polarity, "polarity", ("positive", "negative")),
        (QUOTH.realis, "realis", ("actual", "proposed", "predicted")),
        (QUOTH.tense, "tense", ("past", "present", "future")),
    ):
        yield ox.Quad(node, property, _concept(scheme, random.choice(values)))
    yield ox.Quad(node, QUOTH.anchor, iri(f"{path}#anchor"))
    yield from _anchor(f"{path}#anchor", whole, text, start)
    inner, outer = iri(f"{path}#attribution"), iri(f"{path}#attribution-2")
    yield ox.Quad(node, QUOTH.attribution, inner)
    yield ox.Quad(inner, QUOTH.within, outer)
    for level, source, act in ((inner, speaker, random.choice(ACTS)), (outer, article, "reported")):
        yield ox.Quad(level, RDF.type, QUOTH.Attribution)
        yield ox.Quad(level, QUOTH.source, source)
        yield ox.Quad(level, QUOTH.speechAct, _concept("speech-act", act))
        yield ox.Quad(level, QUOTH.stance, _concept("stance", "endorses" if level == inner else "neutral"))
        yield ox.Quad(level, QUOTH.scope, _concept("scope", "explicit"))
    yield ox.Quad(inner, QUOTH.cue, iri(f"{path}#cue"))
    yield from _anchor(f"{path}#cue", whole, "they said", start + 100)
    situation = iri(f"{path}#situation")
    yield ox.Quad(situation, RDF.type, QUOTH.Situation, content)
    yield ox.Quad(situation, SEM.eventType, _concept("event-type", "talk"), content)
    yield ox.Quad(situation, QUOTH.party, party, content)
    yield ox.Quad(situation, QUOTH.affected, affected, content)


def quads(claims: int) -> Iterator[ox.Quad]:
    """The quads of an encoder: about QUADS_A_CLAIM quads a claim once publication has derived the rest."""
    chance = random.Random(claims)
    known = entities(claims)
    yield from _entities(known, chance)
    for number in range(-(-claims // CLAIMS_AN_ARTICLE)):
        article = iri(f"id/article/article-{number}")
        yield ox.Quad(article, RDF.type, SCHEMA.NewsArticle)
        yield ox.Quad(article, RDF.type, QUOTH.Source)
        yield ox.Quad(article, RDFS.label, ox.Literal(f"Article {number} (synthetic)", language="en"))
    for number in range(claims):
        yield from _claim(number, known, chance)


def build(releases: Path, claims: int) -> Release:
    """Publish a corpus of that many claims; the same one is not published twice."""
    whole = publication.published_quads(quads(claims), BASE)
    return publish(whole, releases=releases, base=BASE, report_ttl="", report_json="{}")


def main() -> None:
    """Build a corpus from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("releases", type=Path, help="directory of the releases")
    parser.add_argument("--quads", type=int, default=200_000, help="size, roughly")
    given = parser.parse_args()
    release = build(given.releases, max(1, given.quads // QUADS_A_CLAIM))
    print(f"release {release.number}: {release.manifest.quads} quads, {release.manifest.claims} claims")


if __name__ == "__main__":
    main()
