"""Labels for the claims that have none: made of the chain, the acts and the words, beginning with the speaker.

A label says that somebody said something, and never that it is so. What readings of the text differ in, it leaves open:
``The harbour office said: “the ferry was late”.``, ``Mara Lind said, citing the report: “…”.``, ``The report, or the
article itself, said: “…”.`` Of a claim that somebody's act took place it says who did what to whom, as the words of the
source around: ``Two dockers said that Velm Salt offered something to the guild: “Velm Salt has offered”.``

Every level stands in it, that of some readings alone as possible: ``The report said, perhaps citing a director: “…”.``
That the outermost source did more than say something is left to the article: ``Velm Salt offered to the guild, the
article reports: “a new boat”.``
"""

from collections.abc import Callable, Container, Iterable, Iterator, Sequence

import pyoxigraph as ox

from quoth.claim.model.claim_summary import Act, ClaimSummary, Step, acts, common, summarize, undone
from quoth.claim.model.excerpts import beginning
from quoth.claim.model.namespaces import CERTAINTY, FOAF, POLARITY, QUOTH, RDF, RDFS, REALIS, SKOS, SPEECH_ACT, TENSE
from quoth.claim.model.ontology import OF_TERMS, TO_ADDRESSEE, enacted, ontology_quads
from quoth.claim.model.quotation_marks import quoted
from quoth.claim.model.triple_index import TripleIndex

WORDS_LIMIT = 240
"""Characters of the words that a label quotes; where there are more, it has their beginning."""

ENDS = (".", "!", "?", "…")
"""The ends of words that are a sentence: behind them a label has no full stop of its own."""

CITED = frozenset({"said", "stated", "reported", "recorded"})
"""The acts of a source that another one cites. Who offered or denied something is reported to have done so instead."""

_CODINGS = (tuple(v.value for v in (CERTAINTY.certain, POLARITY.positive, REALIS.actual, TENSE.past)), ("",) * 4)
"""The codings of the claim of an act that took place; another one, “may have offered”, is left to the words."""

_PARTICLES = frozenset(
    [
        "al",
        "bin",
        "da",
        "das",
        "de",
        "del",
        "den",
        "der",
        "di",
        "do",
        "dos",
        "du",
        "el",
        "ibn",
        "la",
        "le",
        "van",
        "von",
    ]
)
"""Words in lower case with which a part of a name may begin."""

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
    known_acts, people = acts(quads), index.subjects(RDF.type, FOAF.Person)

    def name(iri: str) -> str:
        found = index.value(iri, RDFS.label) or index.value(iri, SKOS.prefLabel) or terms.value(iri, SKOS.prefLabel)
        return found or iri.rpartition("/")[2].rpartition("#")[2]

    for iri in claims:
        act = known_acts.get(iri) if index.subjects(QUOTH.act, iri) else None
        text = label(summarize(index, iri, known_acts), name, act, people)
        yield ox.Quad(ox.NamedNode(iri), RDFS.label, ox.Literal(text, language="en"))


def label(claim: ClaimSummary, name: Name, act: Act | None = None, people: Container[str] = ()) -> str:
    """The label of a claim without one. ``name`` gives the names of IRIs; ``act``: that which the claim is of;
    ``people``: who is one person."""
    words = " ".join(" … ".join(quote.exact for quote in claim.quotes).split())
    telling, joint = _telling(claim, name)
    if act and act.agents and (claim.certainty, claim.polarity, claim.realis, claim.tense) in _CODINGS:
        tellers = claim.steps[0].sources if len(claim.steps) == 2 and not claim.readings else ()
        tellers = tellers if len(tellers) > 1 or not any(teller in people for teller in tellers) else ()
        telling += joint + _act(act, name, tellers)
    told = telling.casefold().endswith(f" {words.casefold()}")  # “The court declined to comment” needs no quotation
    ended = words[-1:] in ENDS
    text = f"{telling}." if told else f"{telling}: {quoted(beginning(words, WORDS_LIMIT))}{'' if ended else '.'}"
    return text[:1].upper() + text[1:]


def _telling(claim: ClaimSummary, name: Name) -> tuple[str, str]:
    """The one who tells, with those it came through, and the words between that and what is told."""
    keys = {tuple(map(_key, chain)): chain for chain in (claim.steps, *claim.readings)}
    shared = common([*keys]) if len(keys) > 1 else 0
    ways = [chain[shared:] for chain in keys.values()]
    tellers = {_key(way[-2]) if len(way) > 1 else None: way[-2:-1] for way in ways}
    if not any(tellers.values()):
        return "the article says", " that "
    names = [_named(step[0].sources, name) if step else "the article itself" for step in tellers.values()]
    pause, act = "", "said"
    if len(names) > 1:
        words = f"{', or '.join(names)}, said"
    else:
        [[outer]] = tellers.values()
        words, act = f"{names[0]} {_verb(outer, name)}", outer.act or act
        if outer.addressees:
            to = TO_ADDRESSEE.get(outer.act, "to")
            words += " ".join(["", *filter(None, [to]), _named(outer.addressees, name)])
        if act not in SPEECH_ACT.terms or enacted(act) != enacted("said"):  # an event of its own, or the dataset's act
            words, pause = f"{words}, the article reports", ","
    inner = {_key(step): step for way in ways for step in reversed(way[:-1])}
    inner |= {_key(step): step for step in reversed(claim.steps[:shared])}
    for key, step in inner.items():
        if key in tellers:
            continue
        source, certain = _named(step.sources, name), all(key in chain for chain in keys)
        if certain and step.act and (step.act not in CITED or undone(step.act, step.cue)):
            words, pause, act = f"{words}{pause} that {source} {_verb(step, name)}", "", step.act
        else:
            words, pause, act = f"{words}, {'' if certain else 'perhaps '}citing {source}", ",", "said"
    return words, f"{pause} that " if act in CITED else ", saying that "


def _key(step: Step) -> tuple[tuple[str, ...], str]:
    return tuple(step.sources), step.act


def _act(act: Act, name: Name, tellers: Sequence[str]) -> str:
    """``Velm Salt offered something to the guild``; the addressees that tell it themselves are “them”, if they
    are several: of one person this would be taken for others, so the name is repeated."""
    verb, to = name(SPEECH_ACT.iri + act.speech_act), TO_ADDRESSEE.get(act.speech_act, "to")
    terms = OF_TERMS.get(act.speech_act, "something" if act.speech_act in SPEECH_ACT.terms else "")
    others = [addressee for addressee in act.addressees if addressee not in tellers]
    whom = " and ".join(filter(None, ["them" if len(others) < len(act.addressees) else "", _named(others, name)]))
    if not to:
        words = [whom or ("somebody" if act.speech_act in OF_TERMS else ""), terms]
    else:
        words = [terms, to, whom] if whom else [terms]
    return " ".join(filter(None, [_named(act.agents, name), verb, *words]))


def _verb(step: Step, name: Name) -> str:
    """The act; where the cue says that it was not done, its words: ``The mayor “has not confirmed”: “…”.``"""
    if words := undone(step.act, step.cue):
        return quoted(" ".join(words.split()))
    return name(SPEECH_ACT.iri + step.act) if step.act else "said"


def _named(sources: Sequence[str], name: Name) -> str:
    names = [_closed(name(source)) for source in sources]
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def _closed(name: str) -> str:
    """A name whose aside after a comma is in brackets, so that a verb may follow it.

    >>> _closed("US agencies, not named"), _closed("Smith, de Vries and Partners"), _closed("Velm Salt")
    ('US agencies (not named)', 'Smith, de Vries and Partners', 'Velm Salt')
    """
    head, comma, aside = name.partition(", ")
    is_name = not aside[:1].islower() or aside.split(" ")[0] in _PARTICLES
    return name if not comma or is_name else f"{head} ({aside})"
