"""A corpus whose author means harm: the fictional article with script in every literal, and more."""

from collections.abc import Iterator

import pyoxigraph as ox

from quoth.claim.model.namespaces import PROV, QUOTH, RDF, RDFS, SCHEMA, SKOS, XSD

BASE = "http://localhost:8000/"
SCRIPT = (
    "\"'><script>window.ran=1</script></script></title></style></textarea><!--<img src=x onerror=window.ran=2>"
    "<svg onload=window.ran=3>{{7*7}}{%x%}${7*7}]]>&lt;&#60;\u202e\u2066\ufeff"
)
NOT_OURS = "http://hostile.example/"
IRIS = (
    "javascript:window.ran=4",
    "JaVaScRiPt:window.ran=5",
    "data:text/html,window.ran=6",
    "vbscript:window.ran",
    "file:///etc/passwd",
    "//hostile.example/x",
    f"{NOT_OURS}?a='onmouseover='window.ran=7'&b=1",
    f"{NOT_OURS}#:~:text=</script>".replace("<", "%3C").replace(">", "%3E"),
    f"{NOT_OURS}{'a' * 100_000}",
    f"http://[::1{NOT_OURS}",
)
LONG = "long " * 200_000
"""A literal of a megabyte."""

NAMES = (
    "x'onmouseover='window.ran=9'",
    "a+b",
    "a%2Fb",
    "a%23b",
    "a%22b",
    "%3Cscript%3E",
    "é\u202eb",
    "z" * 3_000,
)
"""Names of resources."""

CONTROLS = "".join(chr(n) for n in (*range(1, 9), 11, 12, *range(14, 32), 127, 0x85, 0x2028, 0x2029, 0xFFFE))


def quads(authored: list[ox.Quad]) -> Iterator[ox.Quad]:
    """The quads, their literals armed, and more besides."""
    for quad in authored:
        value = quad.object
        if isinstance(value, ox.Literal) and value.datatype.value in (XSD.string.value, RDF.langString.value):
            text = value.value + SCRIPT
            armed = ox.Literal(text, language=value.language) if value.language else ox.Literal(text)
            yield ox.Quad(quad.subject, quad.predicate, armed, quad.graph_name)
        else:
            yield quad
    yield from _more(authored)


def _more(authored: list[ox.Quad]) -> Iterator[ox.Quad]:
    claims = sorted({q.subject.value for q in authored if q.predicate == RDF.type and q.object == QUOTH.Claim})  # type: ignore[union-attr]
    claim, other, article = (
        ox.NamedNode(claims[0]),
        ox.NamedNode(claims[1]),
        next(q.subject for q in authored if q.predicate == RDF.type and q.object == SCHEMA.NewsArticle),
    )
    eve = ox.NamedNode(BASE + "id/person/eve")
    yield ox.Quad(eve, RDF.type, ox.NamedNode("http://xmlns.com/foaf/0.1/Person"))
    yield ox.Quad(eve, RDFS.label, ox.Literal(SCRIPT, language="en"))
    yield ox.Quad(eve, SKOS.altLabel, ox.Literal(CONTROLS, language="en"))
    yield ox.Quad(eve, RDFS.comment, ox.Literal(SCRIPT, datatype=ox.NamedNode(f"{NOT_OURS}'onclick='window.ran=8'")))
    for subject in (eve, claim, article):
        for iri in IRIS:
            if _legal(iri):
                yield ox.Quad(subject, RDFS.seeAlso, ox.NamedNode(iri))
                yield ox.Quad(subject, ox.NamedNode(SKOS.iri + "exactMatch"), ox.NamedNode(iri))
                yield ox.Quad(subject, PROV.wasDerivedFrom, ox.NamedNode(iri))
                yield ox.Quad(subject, SCHEMA.about, ox.NamedNode(iri))
    for name in NAMES:
        topic = ox.NamedNode(f"{BASE}id/topic/{name}")
        yield ox.Quad(topic, RDF.type, QUOTH.Topic)
        yield ox.Quad(topic, RDFS.label, ox.Literal(name + SCRIPT, language="en"))
        yield ox.Quad(eve, RDFS.seeAlso, topic)
    yield ox.Quad(other, RDFS.label, ox.Literal(LONG, language="en"))
    yield ox.Quad(eve, RDFS.comment, ox.Literal(LONG, language="en"))


def _legal(iri: str) -> bool:
    try:
        ox.NamedNode(iri)
    except ValueError:
        return False
    return True
