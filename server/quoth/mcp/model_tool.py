"""The tool that explains the model: its rules in words, and what the classes, properties and concepts mean."""

import functools

import pyoxigraph as ox
from pydantic import Field

from quoth.claim.model.namespaces import ONTOLOGY_IRI, OWL, PREFIXES, QUOTH, RDF, RDFS, SKOS
from quoth.claim.model.ontology import local, ontology_quads
from quoth.claim.model.triple_index import TripleIndex
from quoth.errors import UsageError
from quoth.mcp.answers import Answer, ModelAnswer, Term
from quoth.mcp.call import Call, Paged
from quoth.mcp.statuses import Status

RULES = (
    "What a source said is never asserted: this data says that it was said, by whom, through whom, and where.",
    "A claim has a chain of levels: quoth:attribution leads to the innermost source, quoth:within outwards, to the"
    " article. Never tell a chain as testimony: name every hand.",
    "The default graph holds claims, sources, entities, topics and vocabularies. What is claimed is in a named graph"
    " for each claim, its quoth:content; ask for it with GRAPH ?content { … }.",
    "What we infer (a topic, a contradiction, a corroboration) is in graphs of its own, each a prov:Bundle.",
    "certainty is how sure the source is, not how true it is. `not coded` says nothing about the text.",
    "Where a claim has several readings, the text leaves open who says it: say so.",
    "The words in quotations are the article's, letter by letter. The sentence of a claim is the encoders'.",
    "Nothing found means that this corpus has nothing, never that it is false or that nobody said it.",
)
"""What there is to know before a claim is used or a query is written."""

_USED = ("quoth", "rdf", "rdfs", "skos", "prov", "schema", "oa", "sem", "org", "foaf", "dcterms", "xsd")
_KINDS = {"classes": (OWL.Class,), "properties": (OWL.ObjectProperty, OWL.DatatypeProperty)}


class DescribeModel(Paged):
    part: str = Field(
        default="",
        max_length=60,
        description="classes, properties, or a scheme of concepts such as certainty or speech-act; empty: the rules.",
    )


def describe_model(call: Call, asked: DescribeModel) -> Answer:
    """The rules of the model, or the terms of a part of it."""
    manifest, known = call.site.release.manifest, parts()
    if not asked.part:
        counts = {"claims": manifest.claims, "articles": manifest.articles, "named graphs": manifest.graphs}
        return ModelAnswer.of(
            Status.FOUND,
            rules=[*RULES],
            base=call.site.iris.base,
            prefixes={prefix: PREFIXES[prefix] for prefix in _USED},
            counts=counts,
            parts=[*known],
        )
    if asked.part not in known:
        raise UsageError("there is no such part", where="part", remedy=f"the parts are {', '.join(known)}")
    terms = known[asked.part]
    return ModelAnswer.of(Status.FOUND, total=len(terms), terms=[*terms[call.first :][: asked.limit]])


@functools.cache
def parts() -> dict[str, tuple[Term, ...]]:
    """The parts of the model with their terms: classes, properties, and each scheme of concepts."""
    index = TripleIndex(ontology_quads())
    schemes = [iri for iri in index.subjects(RDF.type, SKOS.ConceptScheme) if iri.startswith(ONTOLOGY_IRI)]

    def terms(iris: list[str]) -> tuple[Term, ...]:
        return tuple(_term(index, iri) for iri in iris if iri.startswith(ONTOLOGY_IRI))

    kinds = {name: terms([iri for kind in of for iri in index.subjects(RDF.type, kind)]) for name, of in _KINDS.items()}
    return kinds | {local(scheme): terms(index.subjects(SKOS.inScheme, ox.NamedNode(scheme))) for scheme in schemes}


def _term(index: TripleIndex, iri: str) -> Term:
    definition = index.value(iri, SKOS.definition) or index.value(iri, RDFS.comment)
    name = f"quoth:{local(iri)}" if iri.startswith(QUOTH.iri) else local(iri)
    return Term(name=name, iri=iri, label=index.value(iri, RDFS.label), definition=definition)
