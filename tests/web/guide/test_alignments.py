"""The queries of the guide's chapter on other models give what those models ask for."""

from collections import Counter, defaultdict
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox
import pytest

from quoth.claim.checking import check
from quoth.claim.checking.anchors import Texts
from quoth.claim.model.namespaces import OA, PROV, QUOTH, RDF
from quoth.claim.rules.publication import published_quads
from quoth.web.core.site import WEB

CHAPTER = (WEB / "guide" / "alignments.md").read_text("utf-8")
SECTIONS = [section.partition("\n") for section in CHAPTER.split("\n## ")[1:]]
QUERIES = {title: text.split("```sparql run\n")[1].split("```")[0] for title, _, text in SECTIONS}
GRASP = "http://groundedannotationframework.org/grasp#"
NP = "http://www.nanopub.org/nschema#"
BASE = "http://localhost:8000/"
CLAIM = f"{BASE}id/claim/harbour"


@pytest.fixture(scope="module")
def store(harbour: Path, texts: Texts) -> ox.Store:
    _, authored = check.check([harbour], BASE, texts)
    store = ox.Store()
    store.bulk_extend(published_quads(authored, BASE))
    return store


@pytest.fixture(scope="module")
def claims(store: ox.Store) -> set[str]:
    return {text(q.subject) for q in store.quads_for_pattern(None, RDF.type, QUOTH.Claim, ox.DefaultGraph())}


class Statement(NamedTuple):
    """The IRIs or texts of a triple."""

    subject: str
    predicate: str
    object: str


def text(term: object) -> str:
    return str(getattr(term, "value", ""))


def triples(store: ox.Store, model: str) -> list[Statement]:
    result = store.query(QUERIES[model])
    assert isinstance(result, ox.QueryTriples)
    return [Statement(*map(text, (t.subject, t.predicate, t.object))) for t in result]


def rows(store: ox.Store, query: str) -> list[dict[str, str]]:
    result = store.query(query)
    assert isinstance(result, ox.QuerySolutions)
    names = [v.value for v in result.variables]
    return [{name: text(row[name]) for name in names} for row in result]


def subjects(made: list[Statement], predicate: str, value: str) -> set[str]:
    return {t.subject for t in made if t.predicate == predicate and t.object == value}


def test_every_model_of_the_table_has_a_query() -> None:
    named = {row.split("|")[1].strip().lower() for row in CHAPTER.splitlines() if row.startswith("| ")} - {"model"}
    assert named == {title.lower() for title in QUERIES}


def test_an_annotation_has_a_body_and_targets_whose_selectors_are_whole(store: ox.Store, claims: set[str]) -> None:
    made = triples(store, "Web Annotation")
    annotations = subjects(made, RDF.type.value, f"{OA.iri}Annotation")
    assert len(annotations) == len(claims)
    bodies = {t.object for t in made if t.predicate == f"{OA.iri}hasBody"}
    assert bodies == claims
    targets = {t.object for t in made if t.predicate == f"{OA.iri}hasTarget"}
    selectors: dict[str, set[str]] = defaultdict(set)
    for t in made:
        if t.predicate == OA.hasSelector.value:
            selectors[t.subject].add(t.object)
    assert set(selectors) == targets
    properties: dict[str, Counter[str]] = defaultdict(Counter)
    for t in made:
        properties[t.subject][t.predicate] += 1
    for pair in selectors.values():
        both = sum((properties[s] for s in pair), Counter())
        assert both[OA.exact.value] == both[OA.start.value] == both[OA.end.value] == 1


def test_whom_the_article_vouches_for_has_the_act_as_role(store: ox.Store) -> None:
    made = triples(store, "PROV-O")
    [level] = {t.object for t in made if t.subject == f"{CLAIM}/company-paid-nobody" and "qualified" in t.predicate}
    facts = {(t.predicate.rpartition("#")[2], t.object) for t in made if t.subject == level}
    assert ("agent", f"{BASE}id/org/velm-salt") in facts
    assert ("hadRole", "https://w3id.org/quoth/ns/speech-act#denied") in facts


def test_each_level_is_a_view_according_to_its_sources(store: ox.Store) -> None:
    made = triples(store, "SEM")
    quoth = "PREFIX quoth: <https://w3id.org/quoth/ns#> "
    levels = rows(store, quoth + "SELECT DISTINCT ?l { ?c quoth:attribution/quoth:within* ?l }")
    assert {t.subject for t in made if t.predicate.endswith("accordingTo")} == {row["l"] for row in levels}


def test_a_situation_is_denoted_by_words_that_are_attributed(store: ox.Store) -> None:
    made = triples(store, "GRaSP")
    denoted = {t.object for t in made if t.predicate.endswith("denotedBy")}
    attributed = {t.subject for t in made if t.predicate == f"{GRASP}hasAttribution"}
    assert denoted == attributed
    assert f"{CLAIM}/ferry-late#anchor" in denoted


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("ferry-late", "CT+"),
        ("nobody-hurt", "CT-"),
        ("crates-hold-tea", "PS+"),
        ("on-time-again", "PR+"),
        ("offer-boat", "Uu"),
    ],
)
def test_certainty_and_polarity_are_factbank_s(claim: str, value: str, store: ox.Store) -> None:
    found = {r["factuality"] for r in rows(store, QUERIES["FactBank"]) if r["claim"] == f"{CLAIM}/{claim}"}
    assert found == {value}


def test_a_schema_claim_appears_in_the_words_of_its_article(store: ox.Store, claims: set[str]) -> None:
    made = triples(store, "schema.org")
    assert subjects(made, RDF.type.value, "https://schema.org/Claim") == claims
    words = [t.object for t in made if t.subject == f"{CLAIM}/ferry-late#anchor" and t.predicate.endswith("text")]
    assert words == ["the ferry was late"]


def test_a_nanopublication_has_its_four_graphs_and_the_assertion_is_the_content(store: ox.Store) -> None:
    quads: dict[str, set[Statement]] = defaultdict(set)
    for row in rows(store, QUERIES["Nanopublications"]):
        quads[row["g"]].add(Statement(row["s"], row["p"], row["o"]))
    whole = f"{CLAIM}/ferry-late#nanopublication"
    head = {t.predicate.rpartition("#")[2]: t.object for t in quads[f"{whole}-head"]}
    assert set(head) == {"type", "hasAssertion", "hasProvenance", "hasPublicationInfo"}
    content = store.quads_for_pattern(None, None, None, ox.NamedNode(head["hasAssertion"]))
    said = {Statement(text(q.subject), text(q.predicate), text(q.object)) for q in content}
    assert said
    assert quads[head["hasAssertion"]] == said
    provenance = quads[head["hasProvenance"]]
    assert {t.subject for t in provenance} == {head["hasAssertion"]}
    assert PROV.wasQuotedFrom.value in {t.predicate for t in provenance}
    information = quads[head["hasPublicationInfo"]]
    assert {t.subject for t in information} == {whole}
    assert {t.predicate.rpartition("/")[2] for t in information} >= {"created", "license"}
