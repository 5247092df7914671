"""Labels for the claims that have none: made of the chain, the acts and the words, beginning with the speaker.

A label says that somebody said something, and never that it is so. What readings of the text differ in, it leaves open:
``The harbour office said: “the ferry was late”.``, ``Mara Lind said, citing the report: “…”.``, ``The report, or the
article itself, said: “…”.`` Of a claim that somebody's act took place it says who did what to whom, as the words of the
source around: ``Two dockers said that Velm Salt offered something to the guild: “Velm Salt has offered”.``
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

import pyoxigraph as ox

from quoth.claim.model.claim_summary import Act, ClaimSummary, Step, acts, summarize
from quoth.claim.model.namespaces import CERTAINTY, POLARITY, QUOTH, RDF, RDFS, REALIS, SKOS, SPEECH_ACT, TENSE
from quoth.claim.model.ontology import OF_TERMS, TO_ADDRESSEE, ontology_quads
from quoth.claim.model.triple_index import TripleIndex

CITED = frozenset({"said", "stated", "reported", "recorded"})
"""The acts of a source that another one cites. Who offered or denied something is reported to have done so instead."""

_CODING = tuple(v.value for v in (CERTAINTY.certain, POLARITY.positive, REALIS.actual, TENSE.past))
"""The coding of the claim of an act that took place; another one, “may have offered”, is left to the words."""

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
        act = known_acts.get(iri) if index.subjects(QUOTH.act, iri) else None
        text = label(summarize(index, iri, known_acts), name, act)
        yield ox.Quad(ox.NamedNode(iri), RDFS.label, ox.Literal(text, language="en"))


def label(claim: ClaimSummary, name: Name, act: Act | None = None) -> str:
    """The label of a claim without one. ``name`` gives the names of IRIs; ``act``: that which the claim is of."""
    words = " … ".join(quote.exact for quote in claim.quotes).replace("“", "‘").replace("”", "’")
    telling = _telling(claim, name)
    if act and act.agents and (claim.certainty, claim.polarity, claim.realis, claim.tense) == _CODING:
        telling += _that(claim, telling) + _act(act, name)
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


def _that(claim: ClaimSummary, telling: str) -> str:
    """The words between who tells and what is told."""
    if telling.endswith((" said", " says")) or (len(claim.steps) == 2 and claim.steps[0].act in CITED):
        return " that "
    return ", that " if claim.steps[0].act in CITED else ", saying that "


def _act(act: Act, name: Name) -> str:
    """``Velm Salt offered something to the guild``."""
    verb, to = name(SPEECH_ACT.iri + act.speech_act), TO_ADDRESSEE.get(act.speech_act, "to")
    terms = OF_TERMS.get(act.speech_act, "something" if act.speech_act in SPEECH_ACT.terms else "")
    whom = _named(act.addressees, name)
    if not to:
        words = [whom or ("somebody" if act.speech_act in OF_TERMS else ""), terms]
    else:
        words = [terms, to, whom] if whom else [terms]
    return " ".join(filter(None, [_named(act.agents, name), verb, *words]))


def _speaker(steps: Sequence[Step], name: Name) -> str:
    return _named(steps[0].sources, name) if len(steps) > 1 else "the article itself"


def _verb(step: Step, name: Name) -> str:
    return name(SPEECH_ACT.iri + step.act) if step.act else "said"


def _named(sources: Sequence[str], name: Name) -> str:
    names = [name(source) for source in sources]
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
