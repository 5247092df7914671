"""/claims: the same claims in every format, filtered as by SPARQL."""

import csv
import io
import json
import re
from collections.abc import Iterable
from html import unescape
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

import pyoxigraph as ox
import pytest
from flask import Flask
from flask.testing import FlaskClient

from quoth.claim.model import cells
from quoth.claim.model.namespaces import CERTAINTY, DCTERMS, QUOTH, RDF, RDFS, SCHEMA, SEM
from quoth.claim.rules import publication
from quoth.formats import NQUADS, RDF_FORMATS, Format
from quoth.release.publish import publish
from quoth.web.claims import claim_rows, table
from quoth.web.claims.table import OFFERS
from quoth.web.core.stream_slots import STREAMS, STREAMS_OF_ONE
from quoth.web.describe.self_description import HYDRA
from quoth.web.present.lists.table_request import BATCHES, NARROWING

from ...conftest import application
from ..rdf import parsed, texts

HARBOUR = "http://localhost:8000/id/claim/harbour/"
EVENT = "?claim quoth:content ?g . GRAPH ?g { ?situation sem:eventType %s }"
PREFIX = "PREFIX quoth: <https://w3id.org/quoth/ns#> PREFIX schema: <https://schema.org/> "
PREFIX += "PREFIX sem: <http://semanticweb.cs.vu.nl/2009/11/sem/> "


def rows(client: FlaskClient, **given: str) -> list[dict[str, str]]:
    response = client.get("/claims?" + urlencode(given))
    assert response.status_code == 200, response.text
    return list(csv.DictReader(io.StringIO(response.text)))


def asked(client: FlaskClient, where: str) -> set[str]:
    query = f"{PREFIX} SELECT DISTINCT ?claim {{ ?claim a quoth:Claim . {where} }}"
    answer = client.get("/sparql", query_string={"query": query}, headers={"Accept": "application/json"})
    return {row["claim"]["value"] for row in json.loads(answer.text)["results"]["bindings"]}


def test_a_program_that_names_no_type_gets_every_row_as_csv(client: FlaskClient) -> None:
    response = client.get("/claims")
    assert response.content_type == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(response.text)))
    assert list(rows[0]) == list(claim_rows.COLUMNS)
    assert {row["claim"] for row in rows} == asked(client, "")
    assert response.headers["X-Total-Count"] == str(len(rows))
    starts = [int(row["start"]) for row in rows if row["article_iri"].endswith("/harbour")]
    assert starts == sorted(starts)


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ({"certainty": "certain"}, "?claim quoth:certainty <https://w3id.org/quoth/ns/certainty#certain>"),
        ({"polarity": "negative"}, "?claim quoth:polarity <https://w3id.org/quoth/ns/polarity#negative>"),
        ({"voice": "own"}, "?claim quoth:voice <https://w3id.org/quoth/ns/voice#own>"),
        (
            {"source": "org/harbour-office"},
            "?claim quoth:attribution/quoth:source <http://localhost:8000/id/org/harbour-office>",
        ),
        ({"credited": "org/harbour-office"}, "?claim quoth:creditedTo <http://localhost:8000/id/org/harbour-office>"),
        ({"about": "org/harbour-office"}, "?claim schema:about <http://localhost:8000/id/org/harbour-office>"),
        ({"eventType": "payment"}, EVENT % "<https://w3id.org/quoth/ns/event-type#payment>"),
        (
            {"relation": "contradicts"},
            "GRAPH ?g { { ?claim quoth:contradicts ?o } UNION { ?o quoth:contradicts ?claim } }",
        ),
        ({"acts": "only"}, "FILTER EXISTS { ?level quoth:act ?claim }"),
        ({"acts": "none"}, "FILTER NOT EXISTS { ?level quoth:act ?claim }"),
        (
            {"certainty": "certain", "voice": "reported"},
            "?claim quoth:certainty <https://w3id.org/quoth/ns/certainty#certain> ;"
            " quoth:voice <https://w3id.org/quoth/ns/voice#reported>",
        ),
    ],
    ids=lambda v: "&".join(v) if isinstance(v, dict) else "",
)
def test_filters_give_the_claims_that_sparql_gives(client: FlaskClient, given: dict[str, str], where: str) -> None:
    wanted = asked(client, where)
    assert wanted
    assert {row["claim"] for row in rows(client, **given)} == wanted
    page = client.get("/claims.html?" + urlencode(given)).text
    assert all(claim.rpartition("/")[2] in page for claim in wanted)
    document = json.loads(client.get("/claims.json?" + urlencode(given)).text)
    assert {claim["claim"] for claim in document["claims"]} == wanted
    assert document["total"] == len(wanted)


def test_an_absolute_iri_filters_as_a_relative_one(client: FlaskClient) -> None:
    assert rows(client, about="http://localhost:8000/id/org/harbour-office") == rows(client, about="org/harbour-office")


def test_every_row_has_the_types_of_its_events(client: FlaskClient) -> None:
    query = "SELECT ?claim ?type { ?claim quoth:content ?g . GRAPH ?g { ?situation sem:eventType ?type } }"
    answer = client.get("/sparql", query_string={"query": PREFIX + query, "format": "json"})
    wanted: dict[str, set[str]] = {}
    for row in json.loads(answer.text)["results"]["bindings"]:
        wanted.setdefault(row["claim"]["value"], set()).add(row["type"]["value"])
    assert wanted
    for row, given in zip(rows(client), client.get("/claims.json?limit=1000").get_json()["claims"], strict=True):
        types = [re.sub("^.*#|^http://localhost:8000/id/", "", type) for type in sorted(wanted.get(row["claim"], ()))]
        coded = row["coding"] == "withContent"
        assert row["event_type"] == (" | ".join(types) if coded else "not coded")
        assert given["eventTypes"] == (types if coded else None)


def test_a_type_of_the_dataset_s_own_is_named_relative_to_the_dataset(tmp_path: Path) -> None:
    one, base = ox.NamedNode("http://localhost:8000/id/claim/x/one"), "http://localhost:8000/"
    graph, boycott = ox.NamedNode(f"{one.value}#content"), ox.NamedNode(f"{base}id/concept/boycott")
    situation = ox.NamedNode(f"{one.value}#situation")
    quads = [
        ox.Quad(one, RDF.type, QUOTH.Claim),
        ox.Quad(one, QUOTH.content, graph),
        ox.Quad(one, RDFS.label, ox.Literal("somebody says one", language="en")),
        ox.Quad(situation, RDF.type, QUOTH.Situation, graph),
        ox.Quad(situation, SEM.eventType, boycott, graph),
    ]
    publish(publication.published_quads(quads, base), releases=tmp_path, base=base, report_ttl="", report_json="{}")
    with application(tmp_path) as app:
        client = app.test_client()
        assert [row["event_type"] for row in rows(client, eventType="concept/boycott")] == ["concept/boycott"]
        assert rows(client, eventType=boycott.value) == rows(client)
        assert "<span>Boycott</span>" in client.get("/claims.html?eventType=concept/boycott").text


def test_the_page_says_how_choices_combine_and_divides_by_relations(client: FlaskClient) -> None:
    page = client.get("/claims.html").text
    assert "needs any of the values you tick; across headings, it has to match them all" in page
    assert '<input type="checkbox" name="relation" value="contradicts"> <span>Contradicts</span>' in page
    assert {row["relation"] for row in rows(client, relation="contradicts")} == {"contradicts"}


def test_the_page_divides_by_types_of_events(client: FlaskClient) -> None:
    page = client.get("/claims.html").text
    assert "What is said to happen" in page
    assert '<input type="checkbox" name="eventType" value="payment">' in page


def test_the_page_leads_to_the_acts_and_to_the_others(client: FlaskClient) -> None:
    links = ['href="/claims?acts=only"', 'href="/claims?acts=none"']
    page = client.get("/claims.html").text
    assert all(link in page for link in links)
    assert (
        f'<p class="note">{len(rows(client, acts="only"))} of these say only that somebody said, offered or asked for'
        in page
    )
    assert len(rows(client, acts="only")) + len(rows(client, acts="none")) == len(rows(client))
    for narrowed in ("acts=only", "acts=none", "polarity=negative&acts=only"):
        page = client.get(f"/claims.html?{narrowed}").text
        assert "what another one has" not in page
        assert "cts of other claims’ sources" in page


def test_nquads_hold_the_contents(client: FlaskClient) -> None:
    response = client.get("/claims.nq?certainty=certain")
    quads = set(ox.parse(response.data, format=ox.RdfFormat.N_QUADS))
    for row in rows(client, certainty="certain"):
        content = ox.NamedNode(row["claim"] + "#content")
        assert any(quad.graph_name == content for quad in quads), row["claim"]


def test_pages_lead_to_each_other(client: FlaskClient) -> None:
    every = [row["claim"] for row in rows(client)]
    url, claims = "/claims.json?limit=7", []
    for _ in range(len(every)):
        response = client.get(url)
        document = json.loads(response.text)
        claims += [claim["claim"] for claim in document["claims"]]
        if document["next"] is None:
            break
        assert 'rel="next"' in response.headers["Link"]
        url = document["next"].removeprefix("http://localhost:8000")
    assert claims == every


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("nonsense=1", "the parameters are source, memberOf, credited"),
        ("certainty=perhaps", "certain"),
        ("about=org/nobody", "org/harbour-office"),
        ("relation=supports", "contradicts, inTensionWith, corroborates"),
        ("relation=certainty", "contradicts, inTensionWith, corroborates"),
        ("naming=anonymous", "article, named, unnamed, unclear"),
        ("acts=yes", "only"),
        ("limit=0", "whole number"),
        ("limit=99999", "whole number"),
        ("page=x", "whole number"),
        ("format=docx", "csv"),
        ("q=%21%3F", "letter"),
        ("q=ferry&q=late", "once"),
        ("&".join(f"certainty=certain{n}" for n in range(26)), "25 times"),
        ("published=2026-13", "2026-11"),
        ("page=1&page=2", "once"),
        ("published-from=2026-12&published-to=2026-11-30", "swap"),
    ],
)
def test_unknown_parameters_are_refused(client: FlaskClient, query: str, said: str) -> None:
    response = client.get(f"/claims?{query}", headers={"Accept": "application/json"})
    assert response.status_code == 400
    assert said in json.loads(response.text)["remedy"]


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("eventType=negotiation", "talks"),
        ("eventType=talk", "talks"),
        ("speechAct=denyed", "denied"),
        ("certainty=probably", "probable"),
        ("topic=delays", "topic/velm-ferry-delay"),
        ("eventType=zzzz", None),
    ],
)
def test_a_value_that_is_nearly_one_is_told_the_nearest(client: FlaskClient, query: str, meant: str | None) -> None:
    told = json.loads(client.get(f"/claims.csv?{query}", headers={"Accept": "application/json"}).text)
    assert [choice["value"] for choice in told.get("choices", [])] == ([meant] if meant else [])
    assert told["remedy"].startswith(f"did you mean {meant}? the values are" if meant else "the values are")


@pytest.mark.parametrize(
    ("displayed", "written"),
    [
        ("certainty=Certain", "certainty=certain"),
        ("voice=Reported", "voice=reported"),
        ("voice=REPORTED", "voice=reported"),
        ("informationStatus=At issue", "informationStatus=atIssue"),
        ("naming=The article itself", "naming=article"),
        ("naming=Unclear who", "naming=unclear"),
        ("speechAct=Denied", "speechAct=denied"),
        ("relation=Contradicts", "relation=contradicts"),
        ("certainty=Not coded", "certainty=not-coded"),
        ("language=English", "language=en"),
        ("status=Proposed", "status=proposed"),
    ],
)
def test_values_are_accepted_as_pages_display_them(client: FlaskClient, displayed: str, written: str) -> None:
    tables = [client.get(f"/claims.json?{query}") for query in (displayed, written)]
    assert [table.status_code for table in tables] == [200, 200], tables[0].text
    named, plain = ({k: v for k, v in table.get_json().items() if k != "without_claims"} for table in tables)
    assert named == plain


def test_pages_are_the_same_with_and_without_summaries(client: FlaskClient, app: Flask) -> None:
    """The same bytes for every format and list, from what was kept at publication and from the engine."""
    lists = app.extensions["quoth"].claim_index
    addresses = [
        *("/claims.csv", "/claims.json?limit=1000", "/claims.html", "/claims.csv?voice=reported&limit=5&page=2"),
        *("/doc/org/harbour-office.html", "/doc/article/harbour.html", "/doc/claim/harbour/ferry-late.html"),
    ]
    assert lists.summaries([HARBOUR + "ferry-late"])
    bodies = {address: client.get(address).data for address in addresses}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lists, "_has_summaries", False)
        assert not lists.summaries([HARBOUR + "ferry-late"])
        assert {address: client.get(address).data for address in addresses} == bodies


def test_urls_are_those_of_the_public_url(moved: FlaskClient) -> None:
    rows = list(csv.DictReader(io.StringIO(moved.get("/claims/claims.csv").text)))
    assert rows
    assert all(row["claim"].startswith("http://localhost:8000/id/claim/") for row in rows)
    assert all(row["document"].startswith("https://example.org/claims/doc/claim/") for row in rows)


def test_nquads_have_the_quads_of_the_documents(client: FlaskClient) -> None:
    said = set(ox.parse(client.get("/claims.nq").data, format=ox.RdfFormat.N_QUADS))
    documents: set[ox.Quad] = set()
    for row in rows(client):
        address = row["document"].removeprefix("http://localhost:8000")
        quads = ox.parse(client.get(f"{address}.nq").data, format=ox.RdfFormat.N_QUADS)
        own = ("<http://localhost:8000/doc/", "<http://localhost:8000/changes/")  # the documents, and their history
        documents |= {q for q in quads if not str(q.subject).startswith(own) and q.predicate != DCTERMS.hasVersion}
    assert said == documents
    paged = [client.get(f"/claims.nq?limit=9&page={n}").data for n in (1, 2, 3)]
    every = [q for part in paged for q in ox.parse(part, format=ox.RdfFormat.N_QUADS)]
    assert without_paging(every) == said
    assert without_paging(ox.parse(client.get("/claims.trig?limit=1000").data, format=ox.RdfFormat.TRIG)) == said


def without_paging(quads: Iterable[ox.Quad]) -> set[ox.Quad]:
    """The quads but those about the list itself."""
    return {q for q in quads if not str(q.subject).startswith("<http://localhost:8000/claims")}


@pytest.mark.parametrize("format", RDF_FORMATS, ids=lambda format: format.name)
def test_the_body_of_every_rdf_format_leads_to_all_pages(client: FlaskClient, format: Format) -> None:
    address: str | None = f"/claims.{format.suffix}?limit=10"
    members: list[str] = []
    while address is not None:
        response = client.get(address)
        assert response.content_type == format.content_type
        quads = parsed(response.data, format)
        assert format.quads or all(q.graph_name == ox.DefaultGraph() for q in quads)
        collection = "http://localhost:8000/claims?limit=10"
        members += texts(quads, collection, HYDRA.member)
        assert texts(quads, collection, HYDRA.totalItems) == [response.headers["X-Total-Count"]] == ["27"]
        [view] = texts(quads, collection, HYDRA.view)
        assert view == f"http://localhost:8000{address}"
        following = texts(quads, view, HYDRA.next)
        address = following[0].removeprefix("http://localhost:8000") if following else None
    assert len(members) == len(set(members)) == 27


def test_values_of_one_facet_are_alternatives(client: FlaskClient) -> None:
    def claims(query: str) -> set[str]:
        return {row["claim"] for row in csv.DictReader(io.StringIO(client.get(f"/claims.csv?{query}").text))}

    office, dockers = claims("source=org/harbour-office"), claims("source=source/harbour/two-dockers")
    either = "source=source/harbour/two-dockers&source=org/harbour-office"
    assert min(len(office), len(dockers)) > 0 == len(office & dockers)
    assert claims(either) == office | dockers
    past = claims("tense=past")
    assert claims(f"tense=past&{either}") == (office | dockers) & past < office | dockers
    # The order of the request does not matter to addresses, and a choice does not narrow the counts of its own facet.
    page = client.get(f"/claims.html?tense=past&{either}&source=org/harbour-office").text
    canonical = "claims?source=org%2Fharbour-office&amp;source=source%2Fharbour%2Ftwo-dockers&amp;tense=past"
    assert f'<link rel="canonical" href="http://localhost:8000/{canonical}">' in page
    options = re.findall(r'name="source" value="([^"]+)"( checked)?>.*?class="count">(\d+)<', page, re.DOTALL)
    assert {value for value, checked, _ in options if checked} == {"org/harbour-office", "source/harbour/two-dockers"}
    for value, _, count in options:
        assert int(count) == len(claims(f"tense=past&source={value}"))
    assert len(options) > 2
    chips = re.findall(r'<a class="chip" href="([^"]+)"', page)
    assert len(chips) == 3
    assert len({client.get(unescape(chip), headers={"Accept": "text/html"}).text for chip in chips}) == 3


def test_no_claims_no_such_value_and_no_sense_are_told_apart(client: FlaskClient) -> None:
    """Of each facet with a scheme, a concept that no claim of the corpus has; of others, things in another role."""
    for query, named in (
        ("speechAct=praised", "speechAct=https://w3id.org/quoth/ns/speech-act#praised"),
        ("source=place/quay-4", "source=http://localhost:8000/id/place/quay-4"),
        ("published=1999-01", "published=1999-01"),
    ):
        response = client.get(f"/claims.json?{query}")
        assert response.status_code == 200, query
        assert (response.get_json()["total"], response.get_json()["without_claims"]) == (0, [named])
        assert "exists, but no claim matches it" in client.get(f"/claims.html?{query}").text
        for format in OFFERS:
            answer = client.get(f"/claims.{format.suffix}?{query}")
            assert parse_qsl(answer.headers["X-Without-Claims"]) == [tuple(named.split("=", 1))]
            assert answer.headers["X-Total-Count"] == "0"
        assert f"{named} exists, but no claim matches it" in client.get(f"/claims.ttl?{query}").text
    none_together = client.get("/claims.json?source=org/harbour-office&q=seagull").get_json()
    assert (none_together["total"], "without_claims" in none_together) == (0, False)
    assert "X-Without-Claims" not in client.get("/claims.csv?source=org/harbour-office&q=seagull").headers
    details = set()
    for query in ("source=org/nobody", "published=soon", "sauce=org/harbour-office"):
        response = client.get(f"/claims?{query}", headers={"Accept": "application/json"})
        assert response.status_code == 400
        details.add(re.sub(r"'.*?'", "", json.loads(response.text)["detail"]))
    assert len(details) == 3


def test_columns_of_what_the_index_knows(client: FlaskClient) -> None:
    every = {row["claim"]: row for row in rows(client)}
    for claim in client.get("/claims.json?limit=1000").get_json()["claims"]:
        row = every[claim["claim"]]
        acts = {chain[0]["act"] for chain in [claim["chain"], *claim["readings"]]}
        assert set(row["speech_act"].split(" | ")) == set(claim["speechAct"]) == acts
        assert row["topic_iri"].split(" | ") == [topic["iri"] for topic in claim["topics"]] or not claim["topics"]
        assert row["relation_iri"].split(" | ") == [r["claim"] for r in claim["relations"]] or not claim["relations"]
        if row["voice"] == "own":
            assert row["source_kind"] == "article"
        speakers = row["speaker_iri"].split(" | ")
        assert len(speakers) == len(row["speaker"].split(" | "))
        for speaker in filter(None, speakers):
            document = client.get(speaker.removeprefix("http://localhost:8000").replace("/id/", "/doc/") + ".nt").text
            assert ("AnonymousSource>" in document) <= ("unnamed" in row["source_kind"])
    assert {"named", "unnamed", "article"} <= {row["source_kind"] for row in every.values()}
    pairs = [(a["claim"], a["relation"], a["relation_iri"]) for a in every.values() if a["relation"] == "contradicts"]
    assert pairs
    assert all(claim in every[other]["relation_iri"] for claim, _, other in pairs), "both say so"


def test_rows_say_what_is_out_of_the_ordinary(client: FlaskClient) -> None:
    page = client.get("/claims.html?certainty=certain&polarity=positive&realis=actual").text
    assert page.count("<tr>") > 2
    assert '<ul class="attributes">' not in page
    assert ">negated<" in client.get("/claims.html?polarity=negative").text


@pytest.mark.parametrize("suffix", ["csv", "nq"])
def test_a_streamed_table_equals_its_pages(client: FlaskClient, monkeypatch: pytest.MonkeyPatch, suffix: str) -> None:
    format = next(f for f in OFFERS if f.suffix == suffix)
    for query in ("", "?about=org/harbour-office", "?q=ferry"):
        whole = client.get(f"/claims.{suffix}{query}")
        with monkeypatch.context() as patch:
            patch.setattr(table, "MOST_ROWS", 2)
            patch.setitem(BATCHES, format, 3)
            streamed = client.get(f"/claims.{suffix}{query}")
        assert whole.headers["X-Total-Count"] == streamed.headers["X-Total-Count"]
        assert set(streamed.data.splitlines()) == set(whole.data.splitlines())
        assert suffix != "csv" or streamed.data == whole.data
        assert suffix != "nq" or len(streamed.data.splitlines()) == len(set(streamed.data.splitlines()))


@pytest.mark.parametrize("query", ["", "?certainty=certain"])
def test_a_stream_has_relations_between_claims_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    """Each claim is in a batch of its own; the first two are of the narrowed selection, the third is not. A part of the
    first points at the second, and one that nothing leads to, too."""
    one, two, three = (ox.NamedNode(f"http://localhost:8000/id/claim/x/{name}") for name in ("one", "two", "three"))
    quads = [ox.Quad(claim, SCHEMA.about, other) for claim in (one, two, three) for other in (one, two, three)]
    level, lost = ox.NamedNode(f"{one.value}#attribution"), ox.NamedNode(f"{one.value}#lost")
    quads += [ox.Quad(one, QUOTH.attribution, level), ox.Quad(level, QUOTH.act, two), ox.Quad(lost, QUOTH.act, two)]
    for claim, certainty in ((one, CERTAINTY.certain), (two, CERTAINTY.certain), (three, CERTAINTY.unknown)):
        quads += [ox.Quad(claim, RDF.type, QUOTH.Claim), ox.Quad(claim, QUOTH.certainty, certainty)]
        quads.append(ox.Quad(claim, RDFS.label, ox.Literal(f"somebody says {claim.value[-3:]}", language="en")))
    base = "http://localhost:8000/"
    publish(publication.published_quads(quads, base), releases=tmp_path, base=base, report_ttl="", report_json="{}")
    with application(tmp_path) as app:
        whole = app.test_client().get(f"/claims.nq{query}").data
        monkeypatch.setattr(table, "MOST_ROWS", 1)
        monkeypatch.setitem(BATCHES, NQUADS, 1)
        streamed = app.test_client().get(f"/claims.nq{query}").data
    assert sorted(streamed.splitlines()) == sorted(whole.splitlines())
    assert whole.count(b"/id/claim/x/three> <https://schema.org/about>") == 3 - bool(query)
    assert whole.count(b"<https://w3id.org/quoth/ns#act>") == 2


def test_concurrent_streams_are_limited(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "MOST_ROWS", 2)
    slow = app.test_client()
    begun = [FlaskClient.open(slow, "/claims.csv") for _ in range(STREAMS_OF_ONE)]
    refused = client.get("/claims.nq", headers={"Accept": "application/json"})
    assert refused.status_code == 503
    assert int(refused.headers["Retry-After"]) > 0
    assert json.loads(refused.text)["limit"] == {"name": "whole_tables_of_one_client", "value": STREAMS_OF_ONE}
    assert client.get("/claims.csv?limit=2").status_code == 200
    others = [FlaskClient.open(slow, "/claims.csv", environ_base={"REMOTE_ADDR": f"10.0.0.{n}"}) for n in range(2)]
    assert [r.status_code for r in (*begun, *others)] == [200] * STREAMS
    late = client.get("/claims.csv", environ_base={"REMOTE_ADDR": "10.0.0.9"})
    assert json.loads(late.text)["limit"]["name"] == "whole_tables"
    for response in (*begun, *others):
        response.close()
    assert client.get("/claims.csv").status_code == 200
    assert client.head("/claims.csv").status_code == 200
    assert table._slots._held.total() == 0


def test_a_page_past_the_last_is_not_found(client: FlaskClient) -> None:
    assert client.get("/claims.json?page=9999").status_code == 404


def test_a_formula_is_escaped_in_csv(client: FlaskClient) -> None:
    assert cells.harmless('=HYPERLINK("http://example.org")').startswith("'=")
    assert cells.harmless("the ferry") == "the ferry"


@pytest.mark.parametrize("parameter", NARROWING)
def test_every_parameter_is_in_the_guide(client: FlaskClient, parameter: str) -> None:
    assert f"<code>{parameter}</code>" in client.get("/guide/tables", headers={"Accept": "text/html"}).text


@pytest.mark.parametrize("column", claim_rows.COLUMNS)
def test_every_column_is_in_the_guide(client: FlaskClient, column: str) -> None:
    assert f"<code>{column}</code>" in client.get("/guide/tables", headers={"Accept": "text/html"}).text
