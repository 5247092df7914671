"""Labels for the claims that have none: made of the chain, the acts and the words, beginning with the speaker.

A label says that somebody said something, and never that it is so. What readings of the text differ in, it leaves open:
``The harbour office said: “the ferry was late”.``, ``Mara Lind said, citing the report: “…”.``, ``The report, or the
article itself, said: “…”.``
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

import pyoxigraph as ox

from quoth.claim.model.claim_summary import ClaimSummary, Step, acts, summarize
from quoth.claim.model.namespaces import QUOTH, RDF, RDFS, SKOS, SPEECH_ACT
from quoth.claim.model.ontology import TO_ADDRESSEE, ontology_quads
from quoth.claim.model.triple_index import TripleIndex

CITED = frozenset({"said", "stated", "reported", "recorded"})
"""The acts of a source that another one cites. Who offered or denied something is reported to have done so instead."""

Name = Callable[[str], str]
"""The name of a source or of a speech act."""


def labels(quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    """A label for each claim in ``quads`` that has none."""
    quads = list(quads)
    index = TripleIndex(quads)
    claims = [iri for iri in index.subjects(RDF.type, QUOTH.Claim) if not index.values(iri, RDFS.label)]
    if not claims:
        return
    terms = TripleIndex(ontology_quads())
    known_acts = acts(quads)

    def name(iri: str) -> str:
        found = index.value(iri, RDFS.label) or index.value(iri, SKOS.prefLabel) or terms.value(iri, SKOS.prefLabel)
        return found or iri.rpartition("/")[2].rpartition("#")[2]

    for iri in claims:
        text = label(summarize(index, iri, known_acts), name)
        yield ox.Quad(ox.NamedNode(iri), RDFS.label, ox.Literal(text, language="en"))


def label(claim: ClaimSummary, name: Name) -> str:
    """The label of a claim without one. ``name`` gives the names of IRIs."""
    words = " … ".join(quote.exact for quote in claim.quotes).replace("“", "‘").replace("”", "’")
    telling = _telling(claim, name)
    told = telling.casefold().endswith(f" {words.casefold()}")  # “The court declined to comment” needs no quotation
    text = f"{telling}." if told else f"{telling}: “{words}”."
    return text[:1].upper() + text[1:]


def _telling(claim: ClaimSummary, name: Name) -> str:
    readings = [claim.steps, *claim.readings]
    speakers = list(dict.fromkeys(_speaker(reading, name) for reading in readings))
    if len(speakers) > 1:
        return f"{', or '.join(speakers)}, said"
    if len(claim.steps) < 2:
        return "the article says"
    outer, *inner = reversed(claim.steps[:-1]) if not claim.readings else claim.steps[:1]
    words = f"{_named(outer.sources, name)} {_verb(outer, name)}"
    if outer.addressees:
        words += " ".join(["", *filter(None, [TO_ADDRESSEE.get(outer.act, "to")]), _named(outer.addressees, name)])
    for step in inner:
        source = _named(step.sources, name)
        words += f", citing {source}" if step.act in CITED or not step.act else f" that {source} {_verb(step, name)}"
    return words


def _speaker(steps: Sequence[Step], name: Name) -> str:
    return _named(steps[0].sources, name) if len(steps) > 1 else "the article itself"


def _verb(step: Step, name: Name) -> str:
    return name(SPEECH_ACT.iri + step.act) if step.act else "said"


def _named(sources: Sequence[str], name: Name) -> str:
    names = [name(source) for source in sources]
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
