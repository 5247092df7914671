"""/search, /suggest and /opensearch.xml."""

import json
import re
import xml.etree.ElementTree as ET
from urllib.parse import quote_plus

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

ATOM = "{http://www.w3.org/2005/Atom}"
OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


def results(client: FlaskClient, query: str) -> list[dict[str, str]]:
    hits: list[dict[str, str]] = json.loads(client.get(f"/search.json?{query}").text)["results"]
    return hits


def test_entities_and_claims_are_found(client: FlaskClient) -> None:
    hits = results(client, "q=harbour")
    assert {"organisation", "claim"} <= {hit["kind"] for hit in hits}
    assert all(client.get(hit["document"].removeprefix("http://localhost:8000")).status_code == 200 for hit in hits)


def test_filters_are_plain_links(client: FlaskClient) -> None:
    page = client.get("/search?q=ferry", headers={"Accept": "text/html"}).text
    assert 'href="/search?q=ferry&amp;kind=claim"' in page
    assert {hit["kind"] for hit in results(client, "q=ferry&kind=claim")} == {"claim"}


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("kind=unicorn", "organisation"),
        ("source=org/nobody", "org/harbour-office"),
        ("certainty=perhaps", "certain"),
        ("article=article/none", "article/harbour"),
        ("q=late", "once"),
    ],
)
def test_unknown_parameters_are_refused(client: FlaskClient, query: str, said: str) -> None:
    response = client.get(f"/search.json?q=ferry&{query}", headers={"Accept": "application/json"})
    assert response.status_code == 400
    document = json.loads(response.text)
    assert document["where"] == query.partition("=")[0]
    assert said in document["remedy"]


@pytest.mark.parametrize(
    ("text", "respelt", "thing"),
    [
        ("harbor offce", "harbour office", "the harbour office"),
        ("Velm slat", "Velm salt", "Velm Salt"),
        ("feryy", "ferry", None),
        ("ferry pilts zzzz", None, "the ferry's pilots"),
    ],
)
def test_a_misspelt_search_is_told_what_may_be_meant(
    client: FlaskClient, text: str, respelt: str | None, thing: str | None
) -> None:
    """Words that no release has are not in the way of a name that is nearly the one typed."""
    meant = json.loads(client.get("/search.json", query_string={"q": text}).text)["did_you_mean"]
    assert meant["q"] == respelt
    assert thing in [one["label"] for one in meant["things"]] or thing is None
    page = client.get("/search", query_string={"q": text, "kind": "claim"}, headers={"Accept": "text/html"}).text
    for one in meant["things"]:
        assert f'href="{one["document"].removeprefix("http://localhost:8000")}"' in page.partition("Did you mean")[2]
    feed = ET.fromstring(client.get("/search.atom", query_string={"q": text}).data)
    corrections = [q.get("searchTerms") for q in feed.iter(OPENSEARCH + "Query") if q.get("role") == "correction"]
    assert corrections == ([respelt] if respelt else [])
    if respelt:
        assert results(client, f"q={quote_plus(respelt)}")


@pytest.mark.parametrize(
    ("text", "concept", "query"),
    [
        ("negotiations", "talks", "eventType=talks"),
        ("negotiation", "talks", "eventType=talks"),
        ("zzzz negotiation", "talks", "eventType=talks"),
        ("repudiated", "denied", "speechAct=denied"),
    ],
)
def test_the_words_of_concepts_lead_to_their_claims(client: FlaskClient, text: str, concept: str, query: str) -> None:
    meant = json.loads(client.get("/search.json", query_string={"q": text}).text)["did_you_mean"]
    [offered] = [c for c in meant["claims"] if c["label"] == concept]
    assert offered["url"] == f"http://localhost:8000/claims?{query}"
    assert int(client.get(f"/claims.json?{query}").headers["X-Total-Count"]) == offered["count"] > 0
    page = client.get("/search", query_string={"q": text}, headers={"Accept": "text/html"}).text
    assert f'<a href="/claims?{query}">' in page
    feed = ET.fromstring(client.get("/search.atom", query_string={"q": text}).data)
    assert offered["url"] in [link.get("href") for link in feed.iter(ATOM + "link") if link.get("rel") == "related"]


def test_a_concept_that_no_claim_has_is_not_offered(client: FlaskClient) -> None:
    meant = json.loads(client.get("/search.json", query_string={"q": "earthquake"}).text).get("did_you_mean", {})
    assert not meant.get("claims")


def test_a_corrected_search_keeps_its_filters(client: FlaskClient) -> None:
    page = client.get("/search?q=feryy&kind=claim", headers={"Accept": "text/html"}).text
    assert 'href="/search?q=ferry&amp;kind=claim"' in page


@pytest.mark.parametrize("text", ["ferry", "harb", "harbour-office", "org/harbour-office", "zzzz", "ab"])
def test_what_is_found_by_name_or_is_like_nothing_is_no_misspelling(client: FlaskClient, text: str) -> None:
    assert "did_you_mean" not in json.loads(client.get("/search.json", query_string={"q": text}).text)
    page = client.get("/search", query_string={"q": text}, headers={"Accept": "text/html"}).text
    assert "Did you mean" not in page


def test_matches_are_marked_and_text_is_escaped(client: FlaskClient) -> None:
    page = client.get("/search?q=script", headers={"Accept": "text/html"}).text
    assert "<script>alert" not in page
    assert "&lt;<mark>script</mark>&gt;alert(1)" in page


@pytest.mark.parametrize("path", ["search", "claims"])
def test_a_parameter_of_spaces_is_an_empty_one(client: FlaskClient, path: str) -> None:
    blank, none = (client.get(f"/{path}.html{query}").text for query in ("?q=%20&certainty=+", ""))
    assert "active</span>" not in blank
    assert blank.partition("<main")[2] == none.partition("<main")[2]


@pytest.mark.parametrize("path", ["search", "claims"])
def test_an_error_about_the_words_keeps_them_in_the_box(client: FlaskClient, path: str) -> None:
    page = client.get(f"/{path}?q=*%22%3C%3E&certainty=certain&page=2", headers={"Accept": "text/html"})
    assert page.status_code == 400
    assert page.text.count('role="search"') == 1
    form = page.text.partition(f'<form class="search" action="/{path}"')[2].partition("</form>")[0]
    assert 'name="q" value="*&#34;&lt;&gt;"' in form
    assert re.findall('name="([a-z]+)" value="certain"|name="(page)"', form) == [("certainty", "")]


def test_atom(client: FlaskClient) -> None:
    response = client.get("/search.atom?q=the")
    assert response.content_type.startswith("application/atom+xml")
    feed = ET.fromstring(response.data)
    assert feed.tag == ATOM + "feed"
    total = int(feed.findtext(OPENSEARCH + "totalResults") or "")
    assert total > int(feed.findtext(OPENSEARCH + "itemsPerPage") or "") == len(feed.findall(ATOM + "entry"))
    for needed in ("id", "title", "updated", "author"):
        assert feed.find(ATOM + needed) is not None
    for entry in feed.iter(ATOM + "entry"):
        assert all(entry.findtext(ATOM + needed) for needed in ("id", "title", "updated"))
    links = {link.get("rel"): link.get("href", "") for link in feed.findall(ATOM + "link")}
    following = ET.fromstring(client.get(links["next"].removeprefix("http://localhost:8000")).data)
    assert following.findtext(OPENSEARCH + "startIndex") == "21"


def test_control_characters_stay_out_of_xml(client: FlaskClient) -> None:
    assert ET.fromstring(client.get("/search.atom?q=ferry%07").data).find(ATOM + "entry") is not None


def test_suggestions(client: FlaskClient) -> None:
    response = client.get("/suggest?q=harb")
    assert response.content_type.startswith("application/x-suggestions+json")
    text, names = json.loads(response.text)
    assert text == "harb"
    assert any("harbour" in name.lower() for name in names)
    assert json.loads(client.get("/suggest?q=%22").text) == ['"', []]


def test_opensearch_leads_to_the_search(client: FlaskClient) -> None:
    response = client.get("/opensearch.xml")
    assert response.content_type.startswith("application/opensearchdescription+xml")
    for url in ET.fromstring(response.data).findall(OPENSEARCH + "Url"):
        template = url.get("template", "").removeprefix("http://localhost:8000")
        response = client.get(template.replace("{searchTerms}", "ferry").replace("{startPage?}", "1"))
        assert response.status_code == 200
        kind = url.get("type", "")
        assert kind == "text/html" or response.content_type.startswith(kind)


def test_pages_link_to_opensearch(client: FlaskClient) -> None:
    assert 'rel="search"' in client.get("/", headers={"Accept": "text/html"}).text


def test_a_search_without_results_gives_advice(client: FlaskClient) -> None:
    page = client.get("/search?q=xylophone", headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "fewer words" in page.text


@pytest.mark.parametrize(
    ("text", "entity"),
    [
        ("Velm_Salt", "id/org/velm-salt"),
        ("http://register.example/firm/Velm_Salt", "id/org/velm-salt"),
        ("https://www.register.example/firm/Velm_Salt?lang=en", "id/org/velm-salt"),
        ("Gd.12", "id/org/pilots-guild"),
        ("gd. 12", "id/org/pilots-guild"),
        ("http://localhost:8000/id/org/velm-salt", "id/org/velm-salt"),
        ("/doc/org/velm-salt", "id/org/velm-salt"),
        ("id/org/velm-salt", "id/org/velm-salt"),
    ],
)
def test_an_identifier_or_an_address_finds_its_thing_first(client: FlaskClient, text: str, entity: str) -> None:
    response = client.get("/search.json", query_string={"q": text})
    document = json.loads(response.text)
    assert document["results"][0]["iri"] == "http://localhost:8000/" + entity
    assert document["total"] >= len(document["results"])
    assert entity.removeprefix("id/") in client.get("/search.atom", query_string={"q": text}).text


def test_what_is_named_and_what_has_the_words_are_one_list(client: FlaskClient) -> None:
    """The pages of a search hold each result once, whatever comes first."""
    hits, target = list[dict[str, str]](), "q=the"
    total = json.loads(client.get(f"/search.json?{target}").text)["total"]
    for page in range(1, 1 + -(-total // 20)):
        hits += results(client, f"{target}&page={page}")
    assert len({hit["iri"] for hit in hits}) == len(hits) == total


@pytest.mark.parametrize(("q", "where"), [("???", "q"), ("“ ”", "q"), ("x" * 501, "q")])
@pytest.mark.parametrize("path", ["/search", "/search.json", "/search.atom"])
def test_a_search_that_cannot_be_understood_is_refused(client: FlaskClient, path: str, q: str, where: str) -> None:
    response = client.get(path, query_string={"q": q}, headers={"Accept": "application/json"})
    assert (response.status_code, response.get_json(force=True)["where"]) == (400, where)
    page = client.get(path, query_string={"q": q}, headers={"Accept": "text/html"})
    assert page.status_code == 400
    assert "<h1>" in page.text


@pytest.mark.parametrize("target", ["/search", "/search.json", "/search.atom?q=", "/search.json?kind=person"])
def test_data_about_a_search_for_nothing_is_refused(client: FlaskClient, target: str) -> None:
    response = client.get(target)
    assert (response.status_code, response.get_json(force=True)["where"]) == (400, "q")
    told = client.get(target, headers={"Accept": "text/html"})
    assert told.status_code == (200 if target == "/search" else 400)
    page = client.get("/search", headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "search.json" not in page.headers["Link"] + page.text


def test_a_search_without_results_says_what_was_searched_with_an_example_of_this_release(client: FlaskClient) -> None:
    response = client.get("/search?q=xylophone", headers={"Accept": "text/html"})
    assert "The search covers names, spellings, quoted words" in response.text
    [(beginning, word)] = re.findall(r"<q>(\w+)</q> finds <q>(\w+)</q>", response.text)
    assert word.lower().startswith(beginning)
    assert any(word.lower() in hit["label"].lower() for hit in results(client, f"q={beginning}"))
    assert json.loads(client.get("/search.json?q=xylophone").text)["total"] == 0


@settings(max_examples=60, deadline=2000, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=700))
@pytest.mark.parametrize("path", ["/search", "/search.html", "/search.atom", "/suggest", "/claims.json"])
def test_any_text_is_harmless(client: FlaskClient, path: str, text: str) -> None:
    response = client.get(path, query_string={"q": text})
    assert response.status_code in (200, 400)
    if path.endswith("atom") and response.status_code == 200:
        ET.fromstring(response.data)


def test_the_filters_stand_folded_above_the_results_and_say_how_many_values_they_have(client: FlaskClient) -> None:
    text = client.get("/search.html?q=ferry").text
    assert 0 < text.index('<details class="filter"><summary>Filter</summary>') < text.index('class="claim-row"')
    facets = re.findall(r'<h2>[^<]+<span class="count">(\d+) values?</span></h2><ul>(.*?)</ul>', text, re.DOTALL)
    assert facets
    assert all(options.count("<li>") == int(count) for count, options in facets)
