"""Claims in words and with content, the acts of inner levels, and the readings of ambiguous chains, as YAML is read."""

from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from quoth.claim.checking.anchors import Texts
from quoth.claim.checking.check import check
from quoth.claim.model.namespaces import CERTAINTY, CODING, OA, POLARITY, PROV, QUOTH, RDF, RDFS, SPEECH_ACT, VOICE
from quoth.claim.model.triple_index import TripleIndex
from quoth.claim.reading.document import read
from quoth.claim.rules.publication import Facts, derive, rules

BASE = "http://localhost:8000/"
CLAIM = f"{BASE}id/claim/harbour/"
TERMS = ox.NamedNode(QUOTH.iri + "terms")  # QUOTH.terms are the terms of the namespace
SOURCES = ["id/org/harbour-office", "id/person/mara-lind", "id/source/harbour/two-dockers", "id/person/orrin-tay"]
LATE = """
  - id: ferry-late
    source: id/org/harbour-office
    speechAct: said
    words: {exact: "the ferry was late", prefix: "— ", start: 14, end: 32}
"""
CONTENT = """
    content: {eventType: schedule, affected: {type: Thing, label: the ferry}, attribute: late}
"""


@pytest.fixture(scope="module")
def head(harbour: Path) -> str:
    """The harbour's document up to its topics, without its comments, which take long to parse."""
    lines = harbour.read_text("utf-8").partition("\ntopics:\n")[0].splitlines()
    return "\n".join(line.partition(" # ")[0] for line in lines if not line.startswith("#"))


def write(tmp_path: Path, head: str, claims: str, defaults: str = "") -> Path:
    path = tmp_path / "harbour.yaml"
    path.write_text(f"{head}\n{defaults}\nclaims:\n{claims}", "utf-8")
    return path


def quads(path: Path) -> list[ox.Quad]:
    return list(read(path, BASE).quads)


def published(path: Path) -> TripleIndex:
    authored = quads(path)
    return TripleIndex([*authored, *derive(authored, BASE)])


def test_four_lines_are_a_claim_in_words(tmp_path: Path, head: str, texts: Texts) -> None:
    path = write(tmp_path, head, LATE)
    report, _ = check([path], BASE, texts)
    assert [str(f) for f in report.findings if f.severity == "Violation"] == []
    index, claim = published(path), CLAIM + "ferry-late"
    assert index.values(claim, QUOTH.coding) == [CODING.inWords.value]
    assert index.values(claim, RDFS.label) == ["The harbour office said: “the ferry was late”."]
    for absent in (QUOTH.content, QUOTH.certainty, QUOTH.polarity, QUOTH.realis, QUOTH.tense, QUOTH.informationStatus):
        assert not index.values(claim, absent)
    levels = index.having(QUOTH.source)
    assert not any(index.values(level, p) for level in levels for p in (QUOTH.stance, QUOTH.scope))


@pytest.mark.parametrize(
    ("act", "words", "label"),
    [
        ("said", "was late", "The harbour office said: “was late”."),
        ("declinedToComment", "declined to comment", "The harbour office declined to comment."),
        ("declinedToComment", "would not say why", "The harbour office declined to comment: “would not say why”."),
    ],
)
def test_a_label_does_not_say_twice_that_nobody_answered(
    tmp_path: Path, head: str, act: str, words: str, label: str
) -> None:
    path = write(tmp_path, head, f"  - {{id: late, source: id/org/harbour-office, speechAct: {act}, words: {words}}}\n")
    assert published(path).values(CLAIM + "late", RDFS.label) == [label]


def test_a_claim_goes_from_words_to_content_without_another_iri(tmp_path: Path, head: str, texts: Texts) -> None:
    defaults = "defaults: {certainty: certain, polarity: positive, realis: actual, tense: past}"
    late = LATE + '    cue: {exact: "the harbour office said", start: 81, end: 104}\n'
    in_words = set(quads(write(tmp_path, head, late, defaults)))
    path = write(
        tmp_path,
        head,
        f"{late}    stance: endorses\n    scope: explicit\n    informationStatus: atIssue\n{CONTENT}",
        defaults,
    )
    assert in_words < set(quads(path))
    assert published(path).values(CLAIM + "ferry-late", QUOTH.coding) == [CODING.withContent.value]
    assert [str(f) for f in check([path], BASE, texts)[0].findings if f.severity == "Violation"] == []


def test_defaults_are_for_claims_with_content_and_yield_to_values(tmp_path: Path, head: str) -> None:
    defaults = "defaults: {certainty: certain, tense: past, stance: endorses, scope: explicit, speechAct: denied}"
    other = LATE.replace("ferry-late", "other")
    index = TripleIndex(quads(write(tmp_path, head, f"{LATE}    tense: future\n{CONTENT}{other}", defaults)))
    late = CLAIM + "ferry-late"
    assert index.value(late, QUOTH.certainty).endswith("#certain")
    assert index.values(late, QUOTH.tense) == ["https://w3id.org/quoth/ns/tense#future"]
    assert index.values(late + "#attribution", QUOTH.speechAct) == [SPEECH_ACT.said.value]
    assert index.value(late + "#attribution", QUOTH.stance).endswith("#endorses")
    assert not index.values(CLAIM + "other", QUOTH.certainty)
    assert not index.values(CLAIM + "other#attribution", QUOTH.stance)


MISTAKES = {
    "words twice": (LATE + "    anchor: the ferry\n", "", "words and an anchor"),
    "attribution twice": (LATE + "    attribution: {source: id/article/harbour}\n", "", "has an attribution"),
    "words in a level": (LATE + "    within: {source: id/person/mara-lind, words: x}\n", "", "no key 'words' here"),
    "a default of nothing": (LATE, "defaults: {label: x}", "label has no default"),
    "defaults in a list": (LATE, "defaults: [x]", "keys with values"),
}


@pytest.mark.parametrize(("claims", "defaults", "words"), MISTAKES.values(), ids=MISTAKES)
def test_a_short_form_that_would_be_lost_is_refused(
    claims: str, defaults: str, words: str, tmp_path: Path, head: str
) -> None:
    [finding] = check([write(tmp_path, head, claims, defaults)], BASE)[0].findings
    assert finding.rule == "syntax"
    assert words in finding.message
    assert finding.line > 1
    assert finding.remedy


# ---------------------------------------------------------------- acts

OFFER = """
  - id: a-boat
    source: id/org/velm-salt
    speechAct: offered
    addressee: id/org/pilots-guild
    cue: {exact: "Velm Salt has offered", start: 753, end: 774}
    words: {exact: "the guild a new boat", start: 775, end: 795}
    within: {source: id/source/harbour/two-dockers, speechAct: said}
"""


def test_an_inner_act_becomes_a_claim(tmp_path: Path, head: str, texts: Texts) -> None:
    path = write(tmp_path, head, OFFER)
    authored = quads(path)
    act, level = CLAIM + "a-boat-act", CLAIM + "a-boat#attribution"
    index = TripleIndex(authored)
    assert index.values(level, QUOTH.act) == [act]
    assert index.values(act, QUOTH.content) == [act + "#content"]
    assert index.values(act + "#anchor-quote", OA.exact) == ["Velm Salt has offered"]
    content = {(q.predicate, q.object) for q in authored if q.graph_name == ox.NamedNode(act + "#content")}
    assert {
        (QUOTH.speechAct, SPEECH_ACT.offered),
        (QUOTH.agent, ox.NamedNode(BASE + "id/org/velm-salt")),
        (QUOTH.addressee, ox.NamedNode(BASE + "id/org/pilots-guild")),
        (TERMS, ox.NamedNode(CLAIM + "a-boat")),
    } <= content
    made = published(path)
    assert made.values(act, PROV.wasAttributedTo) == [BASE + "id/source/harbour/two-dockers"]
    assert made.values(CLAIM + "a-boat", PROV.wasAttributedTo) == [BASE + "id/source/harbour/two-dockers"]
    assert (
        made.value(CLAIM + "a-boat", RDFS.label) == "Two dockers said that Velm Salt offered: “the guild a new boat”."
    )
    offer = "Velm Salt offered something to Pilots’ Guild"
    assert made.value(act, RDFS.label) == f"Two dockers said that {offer}: “Velm Salt has offered”."
    assert [str(f) for f in check([path], BASE, texts)[0].findings if f.severity == "Violation"] == []


GUILD, BOAT = "addressee: id/org/pilots-guild", "“Velm Salt has offered”."
SELF = "addressee: id/source/harbour/two-dockers"
BY_LIND = "said, within: {source: id/person/mara-lind, speechAct: said}"


@pytest.mark.parametrize(
    ("act", "addressee", "around", "label"),
    [
        ("offered", "", "said", "Two dockers said that Velm Salt offered something"),
        ("accused", GUILD, "said", "Two dockers said that Velm Salt accused Pilots’ Guild of something"),
        ("accused", "", "said", "Two dockers said that Velm Salt accused somebody of something"),
        ("urged", GUILD, "said", "Two dockers said that Velm Salt urged Pilots’ Guild to do something"),
        ("requested", GUILD, "said", "Two dockers said that Velm Salt requested something of Pilots’ Guild"),
        ("argued", "", "said", "Two dockers said that Velm Salt argued"),
        ("offered", SELF, "said", "Two dockers said that Velm Salt offered something to them"),
        ("warned", SELF, "said", "Two dockers said that Velm Salt warned them of something"),
        (
            "offered",
            GUILD,
            "warned",
            "Two dockers warned, the article reports, saying that Velm Salt offered something to Pilots’ Guild",
        ),
        ("offered", "", BY_LIND, "Mara Lind said, citing two dockers, that Velm Salt offered something"),
        (
            *("offered", "", "said, scope: ambiguous"),
            "Two dockers, or the article itself, said that Velm Salt offered something",
        ),
    ],
)
def test_the_label_of_an_act_says_who_did_what_to_whom(
    tmp_path: Path, head: str, act: str, addressee: str, around: str, label: str
) -> None:
    claim = OFFER.replace("speechAct: offered", f"speechAct: {act}").replace(GUILD, addressee)
    made = published(write(tmp_path, head, claim.replace("speechAct: said}", f"speechAct: {around}}}")))
    assert made.value(CLAIM + "a-boat-act", RDFS.label) == f"{label}: {BOAT}"


def test_one_person_whom_a_source_spoke_to_is_not_called_them(tmp_path: Path, head: str) -> None:
    claim = OFFER.replace(GUILD, SELF).replace("id/source/harbour/two-dockers", "id/person/mara-lind")
    label = published(write(tmp_path, head, claim)).value(CLAIM + "a-boat-act", RDFS.label)
    assert label == f"Mara Lind said that Velm Salt offered something to Mara Lind: {BOAT}"


@pytest.mark.parametrize(
    ("claim", "label"),
    [
        ("source: id/org/velm-salt, speechAct: offered", "Velm Salt offered, the article reports"),
        (
            "source: id/org/velm-salt, speechAct: offered, within: "
            "{source: id/person/mara-lind, speechAct: said, scope: ambiguous}",
            "Mara Lind, or the article itself, said that Velm Salt offered",
        ),
        (
            "source: id/org/velm-salt, speechAct: offered, within: {source: id/person/mara-lind, speechAct: said, "
            "scope: ambiguous, within: {source: id/org/harbour-office, speechAct: said}}",
            "The harbour office said, perhaps citing Mara Lind, that Velm Salt offered",
        ),
        (
            "source: id/org/velm-salt, speechAct: offered, scope: ambiguous, within: "
            "{source: id/person/mara-lind, speechAct: said}",
            "Mara Lind said, perhaps citing Velm Salt",
        ),
        (
            "source: id/org/velm-salt, speechAct: said, scope: ambiguous, within: "
            "{source: id/person/mara-lind, speechAct: said, scope: ambiguous}",
            "Mara Lind, or the article itself, said, perhaps citing Velm Salt",
        ),
    ],
)
def test_a_label_has_every_level_and_marks_those_of_some_readings(
    tmp_path: Path, head: str, claim: str, label: str
) -> None:
    words = '{exact: "the guild a new boat", start: 775, end: 795}'
    made = published(write(tmp_path, head, f"  - {{id: a-boat, words: {words}, {claim}}}\n"))
    assert made.value(CLAIM + "a-boat", RDFS.label) == f"{label}: “the guild a new boat”."


def test_an_aside_in_a_name_is_in_brackets_in_a_label(tmp_path: Path, head: str) -> None:
    named = head.replace("label: two dockers", "label: 'two dockers, not named'")
    assert named != head
    words = '{exact: "the guild a new boat", start: 775, end: 795}'
    claim = f"  - {{id: a-boat, words: {words}, source: id/source/harbour/two-dockers, speechAct: said}}\n"
    label = published(write(tmp_path, named, claim)).value(CLAIM + "a-boat", RDFS.label)
    assert label == "Two dockers (not named) said: “the guild a new boat”."


def test_the_label_of_an_act_that_is_not_certain_leaves_it_to_the_words(tmp_path: Path, head: str) -> None:
    defaults = "defaults: {certainty: certain, polarity: positive, realis: actual, tense: past}"
    authored = quads(write(tmp_path, head, f"{OFFER}{CONTENT}", defaults))
    act = ox.NamedNode(CLAIM + "a-boat-act")
    for predicate, value in ((QUOTH.certainty, CERTAINTY.possible), (QUOTH.polarity, POLARITY.negative)):
        changed = [q for q in authored if (q.subject, q.predicate) != (act, predicate)] + [
            ox.Quad(act, predicate, value)
        ]
        label = TripleIndex(derive(changed, BASE)).value(act.value, RDFS.label)
        assert label == f"Two dockers said: {BOAT}"


def test_an_act_is_coded_as_the_claim_is(tmp_path: Path, head: str, texts: Texts) -> None:
    coding = (QUOTH.certainty, QUOTH.polarity, QUOTH.realis, QUOTH.tense)
    in_words = write(tmp_path, head, OFFER)
    index = TripleIndex(quads(in_words))
    assert not any(index.values(CLAIM + "a-boat-act", p) for p in coding)
    assert [f.rule for f in check([in_words], BASE, texts)[0].findings if f.severity == "Violation"] == []
    defaults = "defaults: {certainty: probable, polarity: negative, realis: proposed, tense: future}"
    with_content = quads(
        write(tmp_path, head, f"{OFFER}    stance: endorses\n    scope: explicit\n{CONTENT}", defaults)
    )
    index = TripleIndex(with_content)
    assert [index.value(CLAIM + "a-boat-act", p).partition("#")[2] for p in coding] == [
        *("certain", "positive", "actual", "past"),
    ]
    uncoded = [q for q in with_content if (q.subject.value, q.predicate) != (f"{CLAIM}a-boat-act", QUOTH.tense)]  # type: ignore[union-attr]
    [rule] = [rule for rule in rules("check") if rule.name == "uncoded-act"]
    assert [v["focus"] for v in Facts(uncoded, BASE).violations(rule)] == [CLAIM + "a-boat-act"]


def test_a_level_put_between_renames_no_act(tmp_path: Path, head: str) -> None:
    def acts_of(within: str) -> dict[str, str]:
        authored = quads(write(tmp_path, head, OFFER.partition("    within")[0] + f"    within: {within}\n"))
        return {
            q.graph_name.value.removesuffix("#content").removeprefix(CLAIM): getattr(q.object, "value", "")
            for q in authored
            if q.predicate == QUOTH.agent and isinstance(q.graph_name, ox.NamedNode)
        }

    outer = "{source: id/person/mara-lind, speechAct: said}"
    dockers = f"{{source: id/source/harbour/two-dockers, speechAct: said, within: {outer}}}"
    between = f"{{source: id/person/orrin-tay, speechAct: said, within: {dockers}}}"
    before, after = acts_of(dockers), acts_of(between)
    assert before == {
        "a-boat-act": f"{BASE}id/org/velm-salt",
        "a-boat-act-two-dockers": f"{BASE}id/source/harbour/two-dockers",
    }
    assert after == before | {"a-boat-act-orrin-tay": f"{BASE}id/person/orrin-tay"}


def test_what_is_ambiguous_is_whether_a_source_says_it_and_not_whether_it_did_its_act(
    tmp_path: Path, head: str
) -> None:
    made = published(write(tmp_path, head, OFFER + "    scope: ambiguous\n"))
    dockers = [f"{BASE}id/source/harbour/two-dockers"]
    assert made.values(CLAIM + "a-boat", QUOTH.possiblyCreditedTo) == [f"{BASE}id/org/velm-salt"]
    assert made.values(CLAIM + "a-boat-act", PROV.wasAttributedTo) == dockers
    assert not made.values(CLAIM + "a-boat-act", QUOTH.otherAttribution)


def test_what_a_claim_says_is_understood_is_so_of_its_act(tmp_path: Path, head: str) -> None:
    guild, salt = "id/org/pilots-guild", "id/org/velm-salt"
    made = published(write(tmp_path, head, f"{OFFER}    understood: [{guild}, {salt}, id/person/mara-lind]\n"))
    assert set(made.values(CLAIM + "a-boat-act", QUOTH.understoodEntity)) == {BASE + guild, BASE + salt}


def test_claims_may_share_an_act(tmp_path: Path, head: str) -> None:
    shared = OFFER + "    act: offer-made\n"
    authored = quads(write(tmp_path, head, shared + shared.replace("a-boat", "two-boats")))
    act = ox.NamedNode(CLAIM + "offer-made#content")
    terms = {q.object for q in authored if q.graph_name == act and q.predicate == TERMS}
    assert terms == {ox.NamedNode(CLAIM + "a-boat"), ox.NamedNode(CLAIM + "two-boats")}


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        (LATE.replace("ferry-late", "offer-made"), "the act of this level is the claim"),
        (
            OFFER.replace("a-boat", "b") + LATE.replace("ferry-late", "b-act"),
            "would be the claim id/claim/harbour/b-act",
        ),
        (
            OFFER.replace("a-boat", "x").replace("speechAct: offered", "speechAct: denied\n    act: offer-made"),
            "is used for another act elsewhere",
        ),
    ],
    ids=["said twice", "name taken", "another act"],
)
def test_an_act_is_one_act(extra: str, words: str, tmp_path: Path, head: str) -> None:
    [finding] = check([write(tmp_path, head, f"{OFFER}    act: offer-made\n{extra}")], BASE)[0].findings
    assert finding.rule == "syntax"
    assert words in finding.message


level = st.fixed_dictionaries(
    {"source": st.sampled_from(SOURCES), "speechAct": st.sampled_from(["said", "offered", "denied", "recorded"])},
    optional={
        "addressee": st.sampled_from(SOURCES),
        "scope": st.sampled_from(["explicit", "inherited", "ambiguous"]),
        "stance": st.sampled_from(["endorses", "neutral"]),
        "cue": st.just({"exact": "the harbour office said", "start": 81, "end": 104}),
    },
)
chain = st.lists(level, min_size=1, max_size=5)


def as_claim(slug: str, levels: list[dict[str, Any]], with_content: bool) -> dict[str, Any]:
    inside = None
    for one in reversed(levels):
        inside = {**one, **({"within": inside} if inside else {})}
    assert inside
    claim = {"id": slug, **inside, "words": {"exact": "the ferry was late", "prefix": "— ", "start": 14, "end": 32}}
    coded = {"certainty": "certain", "polarity": "negative", "realis": "actual", "tense": "past"}
    content = {"content": {"eventType": "schedule", "affected": {"type": "Thing", "label": "the ferry"}}}
    return {**claim, **(coded | content if with_content else {})}


def as_yaml(path: Path, head: str, claims: list[dict[str, Any]]) -> Path:
    with path.open("w", encoding="utf-8") as file:
        file.write(head + "\n")
        YAML(typ="safe").dump({"claims": claims}, file)
    return path


def levels_of(index: TripleIndex, at: str) -> list[str]:
    found = []
    while at:
        found.append(at)
        at = index.value(at, QUOTH.within)
    return found


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(chains=st.lists(st.tuples(chain, st.booleans()), min_size=1, max_size=3))
def test_nothing_of_an_inner_act_is_asserted(
    chains: list[tuple[list[dict[str, Any]], bool]], head: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever the chains: no level but the article's own and the one inside it has an act or an addressee in the
    default graph; both are in the content of the level's act, and the rules find nothing wrong."""
    path = tmp_path_factory.getbasetemp() / "chains.yaml"
    claims = [as_claim(f"c{n}", levels, coded) for n, (levels, coded) in enumerate(chains)]
    authored = quads(as_yaml(path, head, claims))
    index = TripleIndex(authored)
    article = [f"{BASE}id/article/harbour"]
    for claim in range(len(chains)):
        of_claim = [at for at in index.subjects(RDF.type, QUOTH.Attribution) if at.startswith(f"{CLAIM}c{claim}#")]
        vouched = {at for at in of_claim if index.values(at, QUOTH.source) == article}
        vouched.add(levels_of(index, f"{CLAIM}c{claim}#attribution")[-2])
        for at in set(of_claim) - vouched:
            assert not index.values(at, QUOTH.speechAct)
            assert not index.values(at, QUOTH.addressee)
    for n, (levels, _) in enumerate(chains):
        own = levels_of(index, f"{CLAIM}c{n}#attribution")
        assert len(own) == len(levels) + 1
        for at, written in list(zip(own, levels, strict=False))[:-1]:
            [act] = index.values(at, QUOTH.act)
            content = {
                (q.predicate, getattr(q.object, "value", ""))
                for q in authored
                if q.graph_name == ox.NamedNode(f"{act}#content")
            }
            assert (QUOTH.speechAct, SPEECH_ACT.iri + written["speechAct"]) in content
            assert (TERMS, f"{CLAIM}c{n}") in content
            assert ("addressee" in written) == any(p == QUOTH.addressee for p, _ in content)
    facts = Facts(authored, BASE)
    # the generated values need not be plausible
    free = {
        "claim-twice",
        "cue-source",
        "denied-positive",
        "explicit-cue",
        "offer-agent",
        "own-addressee",
        "recorded-source",
        "role-twice",
        "source-within-itself",
        "terms-realis",
        "terms-stance",
        "uncoded-level",
    }
    found = {rule.name for rule in rules("check") if rule.name not in free and any(facts.violations(rule))}
    assert {name for name in found if not name.startswith("label")} == set()

    first = as_yaml(path, head, claims[:1])
    alone = {q for q in quads(first) if q.graph_name == ox.DefaultGraph()}
    assert alone <= set(authored), "the IRIs of acts do not depend on other claims"


@pytest.mark.parametrize("named", [False, True], ids=["the reader's", "the author's"])
def test_an_act_that_the_article_reports_in_one_reading_alone_stays_a_claim(
    named: bool, tmp_path: Path, head: str
) -> None:
    """The level of the other reading names the claim of the act: that the article itself reports the act is not said in
    the reading in which another source does, so neither the act nor its addressee stands in the default graph."""
    act = {"speechAct": "offered", "addressee": "id/org/pilots-guild"}
    level = "act: guild-offer" if named else "speechAct: offered\n    addressee: id/org/pilots-guild"
    deed = f"""
  - id: guild-offer
    words: {{exact: "Velm Salt has offered", start: 753, end: 774}}
    label: The harbour office says that Velm Salt has made an offer.
    source: id/org/harbour-office
    content:
      {{eventType: offer, speechAct: {act["speechAct"]}, agent: id/org/velm-salt, addressee: {act["addressee"]}}}
"""
    terms = f"""
  - id: boat
    words: {{exact: "the guild a new boat", start: 775, end: 795}}
    source: id/org/velm-salt
    {level}
    within: {{source: id/org/harbour-office, speechAct: said, scope: ambiguous}}
"""
    path = write(tmp_path, head, (deed if named else "") + terms)
    index = published(path)
    [reading] = index.values(CLAIM + "boat", QUOTH.otherAttribution)
    [whole] = index.values(CLAIM + "boat", QUOTH.attribution)
    for level in (reading, whole):
        assert index.values(level, QUOTH.source) == [f"{BASE}id/org/velm-salt"]
        assert index.values(level, QUOTH.act) == [CLAIM + ("guild-offer" if named else "boat-act")]
        assert not index.values(level, QUOTH.speechAct)
        assert not index.values(level, QUOTH.addressee)


@settings(max_examples=40, deadline=None)
@given(levels=chain, coded=st.booleans())
def test_what_is_derived_is_what_all_readings_share(
    levels: list[dict[str, Any]], coded: bool, head: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = as_yaml(tmp_path_factory.getbasetemp() / "readings.yaml", head, [as_claim("c", levels, coded)])
    index, claim, article = published(path), CLAIM + "c", f"{BASE}id/article/harbour"
    starts = index.values(claim, QUOTH.attribution) + index.values(claim, QUOTH.otherAttribution)
    readings = [levels_of(index, start) for start in starts]
    ambiguous = [one for one in levels if one.get("scope") == "ambiguous"]
    assert len({tuple(reading) for reading in readings}) == 1 + len(ambiguous)
    assert all(index.values(reading[-1], QUOTH.source) == [article] for reading in readings)
    sources = [{s for at in reading for s in index.values(at, QUOTH.source)} for reading in readings]
    shared = set.intersection(*sources)
    assert set(index.values(claim, QUOTH.creditedTo)) == shared
    assert set(index.values(claim, QUOTH.possiblyCreditedTo)) == set.union(*sources) - shared
    depths = {len(reading) for reading in readings}
    assert index.values(claim, QUOTH.depth) == ([str(len(levels) + 1)] if len(depths) == 1 else [])
    voices = {len(reading) == 1 for reading in readings}
    voice = VOICE.unclear if len(voices) > 1 else VOICE.own if voices.pop() else VOICE.reported
    assert index.values(claim, QUOTH.voice) == [voice.value]
    vouched = set(index.values(claim, PROV.wasAttributedTo))
    assert vouched <= {BASE + levels[-1]["source"]}
    assert bool(vouched) == (levels[-1].get("scope") != "ambiguous")
    assert not index.values(claim, RDFS.label)[0].startswith("The ferry"), "a label never asserts"
