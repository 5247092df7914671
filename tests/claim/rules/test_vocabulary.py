"""The words of the schemes, and which concept a near word means: never an opposite, and none where several fit."""

import re

import pyoxigraph as ox
import pytest

from quoth.claim.model.namespaces import ONTOLOGY_IRI, QUOTH, RDF, SKOS
from quoth.claim.model.ontology import local, ontology_quads
from quoth.claim.rules.publication import rules
from quoth.claim.rules.vocabulary import Vocabulary, our_vocabulary
from quoth.resources import jsonld_context

ACTS = f"{ONTOLOGY_IRI}/speech-act"
EVENTS = f"{ONTOLOGY_IRI}/event-type"

MEANT = {
    # another form, or another word for it
    ACTS: """
        advise advised, advising advised, adviced advised, advized advised, recommended advised
        accept accepted, accepts accepted, reject refused, rejected refused, refuses refused, refuted denied
        confirm confirmed, corroborated confirmed, deny denied, denies denied
        warns warned, cautioned warned, threatens threatened, menaced threatened
        pledged promised, vowed promised, exhorted urged, encouraged urged, instructed ordered, commanded ordered
        prohibited forbade, forbidden forbade, banned forbade, authorized permitted, allowed permitted
        praises praised, lauded praised, criticized criticised, condemned criticised, rebuked criticised
        apologize apologised, rectified corrected, recanted retracted, withdrew retracted
        noComment declinedToComment, didNotReply didNotRespond, unreachable couldNotBeReached
        found assessed, finds assessed
        predicted forecast, hoping hoped, worried feared, blamed accused, confessed admitted, leaked revealed
        """
    # misspelt
    """
        confirmd confirmed, acused accused, anounced announced, promissed promised, threatned threatened
        sugested suggested, proprosed proposed, requsted requested, permited permitted, rejcted refused
        testifed testified, instisted insisted, criticsed criticised, appologised apologised
        """
    # the opposite of what is listed, or nothing that is listed
    # a part of a longer name, beside the word of which it is another form; what an act makes
    """
        declined refused|declinedToComment, declining refused|declinedToComment, claimed said|claimedResponsibility
        declinedComment declinedToComment, couldNotReach couldNotBeReached, comment said, responsibility -
        threat threatened, threats threatened, denial denied, accusation accused, communication -
    """
    """
        defended -, unwelcomed -, undeclined -, undeclinedComment -, nonthreat -
        unconfirmed -, disagreed -, disallowed -, disapproved -, unadvised -, misreported -, unsaid -, nonsense -
        resignation -, discovery -, joked -, sang -, legal -, illegal -, arrive -, depart -, hire -, fire -
        """,
    EVENTS: """
        resign resignation, resigned resignation, discover discovery, found -, finding discovery
        hide concealment, concealed concealment, hire hiring, hired hiring, fire fire, fired dismissal, sacked dismissal
        open opening, opened opening, close closure, closed closure, shut closure, launch founding
        arrive movement, departed movement, buy purchase, bought purchase, sold sale, selling sale
        convicted conviction, acquitted acquittal, arrested arrest, freed release, detained detention
        rises increase, fell decrease, raised increase, lowered decrease, born birth, dies death, murdered killing
        evacuate evacuation, wounded injury, stolen theft, robbery theft, bribed bribery, sued lawsuit
        voting vote, elected election, appointed appointment, repaired repair, measured measurement
        flood disaster, earthquake disaster, blaze fire, walkout strike, demonstration protest
        merged merger, wedding marriage, forbidden prohibition, allowed permission, praise praise, criticise criticism
        """
    """
        resigntion resignation, discovry discovery, purchas purchase, mesure measurement, increse increase, deth death
        acquital acquittal, lawsit lawsuit, investigaton investigation, protets -, elction election
        """
    """
        legal -, illegal -, unopened -, disappointment -, dissapointment -, unprotected -, unpaid -,
        relocation -, inflation -, deflation -, inaction -, distrust -, arm -, disarm -, unarm -, happen -, which -
        contraction decrease, fallen decrease, misuse -, disarm -
        decrese -, unemployed -, admire -, sang -, mediocre -, disuse -
        """,
}
"""Scheme → words, each with the concept that is proposed, or - for none; two where it can be either."""

ROWS = [(s, *row.split()) for s, text in MEANT.items() for row in re.split(r",|\n", text) if row.strip()]


@pytest.mark.parametrize(("scheme", "word", "meant"), ROWS, ids=[f"{s[25:]}-{w}" for s, w, _ in ROWS])
def test_a_near_word_means_this_concept_or_none(scheme: str, word: str, meant: str) -> None:
    assert our_vocabulary().near(scheme, word) == ([] if meant == "-" else meant.split("|"))


def test_the_table_is_long() -> None:
    assert len(ROWS) >= 150


SCHEMES = sorted({str(getattr(q.object, "value", "")) for q in ontology_quads() if q.predicate == SKOS.inScheme})


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_name_of_a_concept_means_itself(scheme: str) -> None:
    concepts = our_vocabulary().concepts(scheme)
    assert {name: our_vocabulary().near(scheme, name) for name in concepts} == {name: [name] for name in concepts}


def test_no_two_concepts_of_a_scheme_have_one_name() -> None:
    for scheme in (ACTS, EVENTS):
        names = [name for c in our_vocabulary().concepts(scheme).values() for name in sorted(c.names)]
        assert len(names) == len(set(names))


def test_each_concept_says_when_to_use_it_and_what_to_use_instead() -> None:
    told = {(q.subject.value, q.predicate) for q in ontology_quads() if isinstance(q.subject, ox.NamedNode)}
    for scheme in (ACTS, EVENTS):
        for c in our_vocabulary().concepts(scheme).values():
            assert {(c.iri, SKOS.definition), (c.iri, SKOS.scopeNote)} <= told


def test_what_an_act_enacts_is_an_event_type_of_ours() -> None:
    events = {f"{EVENTS}#{name}" for name in our_vocabulary().concepts(EVENTS)}
    acts = {f"{ACTS}#{name}" for name in our_vocabulary().concepts(ACTS)}
    enacted = {(str(q.subject)[1:-1], str(q.object)[1:-1]) for q in ontology_quads() if q.predicate == QUOTH.enacts}
    assert {event for _, event in enacted} <= events
    assert len(enacted) == len(dict(enacted))
    assert {local(act) for act in acts - dict(enacted).keys()} == {
        *("stated", "reported", "declinedToComment", "didNotRespond", "couldNotBeReached")
    }
    pairs = {"offered": "offer", "requested": "request", "proposed": "proposal", "accepted": "acceptance"}
    pairs |= {"accused": "accusation", "confirmed": "confirmation", "warned": "warning", "said": "communication"}
    assert pairs.items() <= {(local(act), local(event)) for act, event in enacted}


def test_a_corpus_s_own_word_comes_before_ours() -> None:
    own = ox.NamedNode("http://localhost:8000/id/concept/hinted")
    quads = [
        ox.Quad(own, RDF.type, SKOS.Concept),
        ox.Quad(own, SKOS.broader, ox.NamedNode(f"{ACTS}#suggested")),
        ox.Quad(own, SKOS.prefLabel, ox.Literal("hinted", language="en")),
    ]
    vocabulary = Vocabulary(quads)
    assert vocabulary.near(ACTS, "hintd") == ["hinted"]
    assert our_vocabulary().near(ACTS, "hinting") == ["suggested"]
    assert [str(q.object) for q in vocabulary.membership()] == [f"<{ACTS}>"]


def test_a_circle_of_broader_concepts_is_in_no_scheme() -> None:
    a, b = (ox.NamedNode(f"http://localhost:8000/id/concept/{name}") for name in "ab")
    circle = [ox.Quad(x, SKOS.broader, y) for x, y in ((a, b), (b, a))]
    vocabulary = Vocabulary([*circle, *(ox.Quad(x, RDF.type, SKOS.Concept) for x in (a, b))])
    assert vocabulary.membership() == []


def test_the_context_leads_from_the_name_of_each_concept_to_the_concept() -> None:
    """A key of the context is a name in JSON-LD wherever a word is one (JSON-LD 1.1 §4.1.2), and would come first."""
    terms = jsonld_context()
    for definition in [d for d in terms.values() if isinstance(d, dict)]:
        scoped = definition.get("@context")
        if isinstance(scoped, dict) and str(scoped.get("@vocab", "")).startswith(f"{ONTOLOGY_IRI}/"):
            names = our_vocabulary().concepts(scoped["@vocab"].rstrip("#"))
            taken = {n for n in names if n in terms}
            assert {n: scoped.get(n) for n in taken} == {n: scoped["@vocab"] + n for n in taken}


@pytest.mark.parametrize(
    ("act", "words"), [("threatened", "He warned"), ("denied", "Rowe rejected"), ("refused", "Rowe rejected")]
)
def test_a_word_can_show_more_than_one_act(act: str, words: str) -> None:
    assert our_vocabulary().shows(f"{ACTS}#{act}", words)


@pytest.mark.parametrize(
    ("iri", "words"),
    [
        (f"{EVENTS}#dismissal", "About 140 people will lose their jobs"),
        (f"{EVENTS}#dismissal", "At least 30 lost their jobs"),
        (f"{EVENTS}#dismissal", "the job losses"),
        (f"{ACTS}#criticised", "called the closure a betrayal"),
    ],
)
def test_a_phrase_shows_an_act_or_an_event(iri: str, words: str) -> None:
    assert our_vocabulary().shows(iri, words)
    assert not our_vocabulary().shows(iri, "The union said that the ferry was late")


def test_the_rule_about_acts_and_types_says_what_the_ontology_says() -> None:
    [rule] = [rule for rule in rules("check") if rule.name == "act-type"]
    pairs = re.findall(r"\(speech-act:(\w+) event-type:(\w+)\)", rule.text)
    makes = {(local(q.subject.value), local(q.object.value)) for q in ontology_quads() if q.predicate == QUOTH.enacts}  # type: ignore[union-attr]
    assert pairs
    assert set(pairs) <= makes
