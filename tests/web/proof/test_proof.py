"""The written proof: the right claims, sources, relations and gaps, of the fictional article and of the shipped one."""

import json
import re
from collections.abc import Iterator

import pyoxigraph as ox
import pytest
from flask import Flask
from flask.testing import FlaskClient

from quoth.claim.reading import document
from quoth.claim.rules.publication import published_quads
from quoth.config import Settings
from quoth.errors import GoneError, NotFoundError, QuothError, UsageError
from quoth.release import questions
from quoth.release.publish import publish
from quoth.resources import folder, jsonld_context
from quoth.web.core.site import current_site
from quoth.web.proof import proof_views
from quoth.web.proof.proof import Proof, prove
from quoth.web.proof.record import Entry, plain

from ...conftest import BASE, SCRIPT, application


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application over the shipped data."""
    data, releases = folder("data"), tmp_path_factory.mktemp("shipped")
    paths = document.files([data / "entities.ttl", data / "vocabulary.yaml", data / "articles", data / "links"])
    quads = published_quads([quad for path in paths for quad in document.read(path, BASE).quads], BASE)
    asked, _ = questions.check([data], BASE)
    publish(quads, releases=releases, base=BASE, report_ttl="", report_json="{}", questions=asked)
    with application(releases) as app:
        yield app


def proof_of(app: Flask, subject: str, **values: str) -> Proof:
    with app.test_request_context():
        asked, number = proof_views.read(current_site(), {"of": subject, **values})
        return prove(current_site(), asked, number)


def names(entries: list[Entry] | tuple[Entry, ...]) -> list[str]:
    return [entry.claim.ref.iri.rpartition("/")[2] for entry in entries]


def heads(proof: Proof) -> list[tuple[list[str], list[str]]]:
    """Who says which claims."""
    return [([s.ref.label for s in v.speakers], names([*v.entries])) for v in proof.record.voices]


def test_a_topic_has_its_claims_by_who_says_so(app: Flask) -> None:
    proof = proof_of(app, "topic/velm-ferry-delay")
    assert heads(proof) == [
        (["the harbour office"], ["ferry-late", "late-because-ashore"]),
        (["two dockers"], ["dockers-late", "late-eleven-times"]),
        (["the mayor"], ["on-time-again"]),
    ]
    [_, dockers, _] = proof.record.voices
    assert [(s.unnamed, [*s.warrants]) for s in dockers.speakers] == [(True, ["who unload the boats at Quay 4"])]
    assert plain(proof.summary[0]) == "5 claims in 1 article, by 3 sources."
    assert plain(proof.summary[1]) == "3 by named sources and 2 by unnamed sources."


def test_each_claim_has_words_chain_hedges_and_citation(app: Flask) -> None:
    entry = proof_of(app, "delays of the Port Velm ferry").record.entry(BASE + "id/claim/harbour/on-time-again")
    assert entry
    assert [q.exact for q in entry.claim.quotes] == ["the ferry to be on time again before June 2024"]
    assert entry.claim.in_words == "The mayor forecast this, as the article reports."
    assert entry.hedges == "Stated as probably true, as a prediction. The article takes no side. Tense: future."
    assert entry.citation.url == BASE + "releases/1/doc/claim/harbour/on-time-again"


def test_what_supports_and_what_rests_on_one_source(app: Flask) -> None:
    proof = proof_of(app, "topic/velm-ferry-delay")
    [agree] = proof.comparison.together
    assert (*names([agree.one]), agree.words, *names([agree.other])) == ("dockers-late", "corroborates", "ferry-late")
    assert agree.reason.startswith("The dockers are another source")
    assert {title: names([*entries]) for title, entries in proof.rests} == {
        "On unnamed sources alone": ["late-eleven-times"],
        "On one named source": ["late-because-ashore", "on-time-again"],
    }


def test_what_pulls_apart_and_denials(app: Flask) -> None:
    proof = proof_of(app, "topic/velm-pilot-payment")
    [apart] = proof.comparison.apart
    assert names([apart.one, apart.other]) == ["company-paid-nobody", "company-paid-pilots"]
    assert (apart.words, apart.reason) == ("contradicts", "If Velm Salt paid nobody, it did not pay the pilots.")
    assert names([*proof.comparison.denials]) == ["company-paid-nobody"]
    gaps = [plain(sentence) for sentence in proof.gaps]
    assert "Nothing on record corroborates the claims shown here. That says nothing about whether they are so." in gaps
    assert not any("Nothing on record contradicts" in gap for gap in gaps)


def test_a_claim_beside_those_of_the_subject_is_cited_too(app: Flask) -> None:
    proof = proof_of(app, "group/ferry-pilots")
    assert "dockers-late" not in names([*proof.record.entries])
    numbers = [entry.number for entry in proof.cited]
    assert numbers == list(range(1, len(numbers) + 1))
    assert names([*proof.record.others]) == ["company-paid-nobody"]


def test_an_entity_has_the_claims_about_it_and_by_it(app: Flask) -> None:
    proof = proof_of(app, "org/velm-salt")
    found = names([*proof.record.entries])
    assert {"largest-employer", "company-paid-pilots", "company-paid-nobody", "offer-boat"} <= set(found)
    assert len(found) == len(set(found)) == proof.page.total
    starts = [entry.claim.start for entry in proof.record.entries]
    assert starts == sorted(starts)


def test_a_source_without_a_name_has_a_proof(app: Flask) -> None:
    proof = proof_of(app, "two dockers")
    assert names([*proof.record.entries]) == ["dockers-unload", "dockers-late", "late-eleven-times"]
    assert "No named source: no claim shown here is credited to somebody whom an article names." in map(
        plain, proof.gaps
    )


def test_ambiguities_are_told(app: Flask) -> None:
    told = [plain(sentence) for sentence in proof_of(app, "Mara Lind").ambiguous]
    assert any("the crates may hold untaxed tea" in words and "does not make clear" in words for words in told)


def test_the_shipped_question_has_the_claims_of_its_answer(shipped: Flask) -> None:
    proof = proof_of(shipped, "Who says that the Pakistan Army and the TTP are in talks?")
    assert (proof.subject.kind, proof.subject.parameters) == ("question", {"of": "queries/who-says-there-are-talks"})
    article = "Untitled article about the Pakistan army, the TTP and the Haqqani network"
    assert heads(proof) == [
        ([article], ["others-confirm"]),
        (["sources aware of the developments"], ["talks-army-ttp", "talks-last-few-months", "talks-over-modalities"]),
        (
            ["Ehsanullah Ehsan", "others beside Ehsanullah Ehsan (“Among others”)"],
            ["ehsan-talks", "ehsan-talks-last-few-months"],
        ),
    ]
    assert [names([b.one, b.other]) for b in proof.comparison.together] == [
        ["ehsan-talks", "talks-army-ttp"],
        ["ehsan-talks-last-few-months", "talks-last-few-months"],
    ]
    assert len(proof_of(shipped, "claims-in-tension").comparison.apart) == 10


def test_what_claims_of_the_shipped_article_replace_is_told(shipped: Flask) -> None:
    told = [plain(sentence) for sentence in proof_of(shipped, "org/ttp").updates]
    reason = "One merger of three, split in two."
    assert sum(reason in words for words in told) == 2
    assert told[0].startswith(("agreement to be in place", "haqqanis", "relationship", "ttp", "us"))


def test_searches_in_vain_are_gaps(shipped: Flask) -> None:
    gaps = [plain(sentence) for sentence in proof_of(shipped, "Ehsanullah Ehsan").gaps]
    vain = [gap for gap in gaps if gap.startswith("Ehsanullah Ehsan was looked for in ")]
    assert len(vain) == 2
    assert all(" and not found: " in gap for gap in vain)
    article = "Untitled article about the Pakistan army, the TTP and the Haqqani network"
    assert f"{article}: not on record: date of publication, author, publisher, address." in gaps


@pytest.mark.parametrize("format", ["md", "html", "jsonld"])
def test_no_format_calls_a_claim_untrue(shipped: Flask, format: str) -> None:
    text = shipped.test_client().get(f"/proof.{format}?of=topic/army-withdrawal").text
    assert "Nothing here says whether a claim is true." in text
    assert "false" not in text.lower().replace('"proof.css', "")


@pytest.mark.parametrize(
    ("subject", "error", "words"),
    [
        ("Port Vellm", NotFoundError, "no question, topic, entity, source or article 'Port Vellm'"),
        ("topic/nothing", NotFoundError, "no question"),
        ("claim/harbour/ferry-late", UsageError, "is a claim"),
        ("encoding-provenance", UsageError, "names no claims"),
        ("x" * 2001, UsageError, "longer than 2,000 characters"),
        ("<script>", NotFoundError, "no question"),
    ],
)
def test_what_is_no_subject_is_refused(app: Flask, subject: str, error: type[QuothError], words: str) -> None:
    with pytest.raises(error) as raised:
        proof_of(app, subject)
    assert words in raised.value.detail
    assert raised.value.remedy


def test_near_names_are_offered(app: Flask) -> None:
    for subject, meant in (("Port Vellm", "id/place/port-velm"), ("claims-in-tenson", "queries/claims-in-tension")):
        with pytest.raises(NotFoundError) as raised:
            proof_of(app, subject)
        assert meant in [choice.value for choice in raised.value.choices]


def test_what_was_withdrawn_is_gone(shipped: Flask) -> None:
    with pytest.raises(GoneError) as raised:
        proof_of(shipped, "source/army-ttp-talks/books-of-us-agencies")
    assert "In the books of” is an idiom" in raised.value.detail
    assert shipped.test_client().get("/proof?of=source/army-ttp-talks/books-of-us-agencies").status_code == 410


def test_parameters_belong_to_questions(app: Flask) -> None:
    proof = proof_of(app, "own-voice-and-reported", entity="Pilots’ Guild")
    assert proof.subject.iri == BASE + "queries/own-voice-and-reported?entity=Pilots%E2%80%99+Guild"
    assert "swimming-lesson" not in names([*proof.record.entries])
    assert "tay-in-guild" in names([*proof.record.entries])
    for subject in ("own-voice-and-reported", "Mara Lind"):
        with pytest.raises(UsageError, match="parameter"):
            proof_of(app, subject, nothing="x")


STATUS = {
    "/proof": 200,
    "/proof.md": 400,
    "/proof?of=": 200,
    "/proof?of=topic/none": 404,
    "/proof?of=topic/velm-pilot-payment&of=x": 400,
    "/proof?of=topic/velm-pilot-payment&page=0": 400,
    "/proof?of=topic/velm-pilot-payment&page=2": 404,
    "/proof.txt?of=topic/velm-pilot-payment": 404,
    "/proof.md?of=topic/velm-pilot-payment": 200,
    "/releases/1/proof?of=topic/velm-pilot-payment": 200,
    "/releases/9/proof?of=topic/velm-pilot-payment": 404,
}


@pytest.mark.parametrize("address", STATUS)
def test_the_status_of_an_address(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == STATUS[address]


ACCEPTED = {
    "*/*": "text/markdown; charset=utf-8",
    "text/html,*/*;q=0.8": "text/html; charset=utf-8",
    "application/ld+json": "application/ld+json",
}


@pytest.mark.parametrize("accept", ACCEPTED)
def test_the_format_is_negotiated(client: FlaskClient, accept: str) -> None:
    reply = client.get("/proof?of=topic/velm-pilot-payment", headers={"Accept": accept})
    assert reply.content_type == ACCEPTED[accept]
    again = client.get("/proof?of=topic/velm-pilot-payment", headers={"Accept": accept, "If-None-Match": "x"})
    assert again.data == reply.data
    held = {"Accept": accept, "If-None-Match": reply.headers["ETag"]}
    assert client.get("/proof?of=topic/velm-pilot-payment", headers=held).status_code == 304
    assert client.get("/proof?of=topic/velm-pilot-payment", headers={"Accept": "image/png"}).status_code == 406


def test_pages_lead_to_proofs(client: FlaskClient) -> None:
    for page, of in {
        "doc/topic/velm-pilot-payment": "topic/velm-pilot-payment",
        "doc/org/velm-salt": "org/velm-salt",
        "doc/article/harbour": "article/harbour",
        "queries/claims-in-tension": "queries/claims-in-tension",
    }.items():
        text = client.get(f"/{page}", headers={"Accept": "text/html"}).text
        assert f'href="/proof?of={of.replace("/", "%2F")}"' in text or f'href="/proof?of={of}"' in text, page
        assert client.get(f"/proof?of={of}").status_code == 200


@pytest.mark.long
def test_every_proof_that_the_form_offers_can_be_written(client: FlaskClient) -> None:
    form = client.get("/proof", headers={"Accept": "text/html"}).text
    offered = re.findall(r'href="(/proof\?of=[^"]+)"', form)
    assert len(offered) > 30
    assert "/proof?of=queries%2Fnegative-claims" in offered
    assert "/proof?of=queries%2Fentities-by-number-of-claims" not in offered, "its rows only count claims"
    assert {address: client.get(address).status_code for address in offered} == dict.fromkeys(offered, 200)


def test_a_pinned_proof_stays(client: FlaskClient) -> None:
    own, pinned = (client.get(f"{stem}/proof.html?of=topic/velm-pilot-payment").text for stem in ("", "/releases/1"))
    assert 'href="/releases/1/proof?of=topic%2Fvelm-pilot-payment"' in own
    assert 'href="/releases/1/doc/claim/harbour/company-paid-pilots"' in pinned
    assert (
        'href="/proof?of=topic%2Fvelm-pilot-payment"' in pinned or 'href="/proof?of=topic/velm-pilot-payment"' in pinned
    )


def test_the_json_ld_is_of_the_claims_and_flattens_nothing(client: FlaskClient) -> None:
    text = client.get("/proof.jsonld?of=topic/velm-pilot-payment").text
    assert json.loads(text)["id"] == BASE + "proof?of=topic%2Fvelm-pilot-payment"
    whole = json.loads(text) | {"@context": jsonld_context()}
    quads = list(ox.parse(json.dumps(whole).encode(), ox.RdfFormat.JSON_LD))
    own = {(q.predicate.value, getattr(q.object, "value", "")) for q in quads if "/proof?" in str(q.subject)}
    prov = "http://www.w3.org/ns/prov#"
    claims = {f"{BASE}id/claim/harbour/company-paid-{whom}" for whom in ("pilots", "nobody")}
    assert {o for p, o in own if p == f"{prov}wasDerivedFrom"} == claims
    assert ("http://www.w3.org/1999/02/22-rdf-syntax-ns#type", "https://schema.org/CreativeWork") in own
    assert ("https://schema.org/about", f"{BASE}id/topic/velm-pilot-payment") in own
    graphs = {q.graph_name.value for q in quads if isinstance(q.graph_name, ox.NamedNode)}
    assert {f"{claim}#content" for claim in claims} <= graphs
    default = [q for q in quads if q.graph_name == ox.DefaultGraph()]
    assert not any("#situation" in str(q.subject) for q in default)


@pytest.mark.parametrize("format", ["md", "html", "jsonld"])
def test_the_bytes_are_the_same_in_another_application(app: Flask, settings: Settings, format: str) -> None:
    with application(settings.releases) as other:
        for subject in ("org/velm-salt", "claims-in-tension", "topic/velm-guild-offer"):
            address = f"/proof.{format}?of={subject}"
            assert app.test_client().get(address).data == other.test_client().get(address).data


def test_a_page_without_claims_says_so(client: FlaskClient) -> None:
    text = client.get("/proof.md?of=person/eve").text
    assert "No claim on record concerns this. That does not show that nobody has made one." in text.replace("\\", "")
    page = client.get("/proof.html?of=person/eve").text
    assert SCRIPT not in page
    assert "<script>alert" not in page
