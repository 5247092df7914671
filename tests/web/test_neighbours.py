"""Corpora with bases of their own in one release: every address, link, list and description of theirs."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from quoth.cli import cli
from quoth.config import Settings
from quoth.corpus import side_by_side
from quoth.engine.embedded import EmbeddedEngine
from quoth.engine.pool.pool import Limits
from quoth.release.release import Releases
from quoth.web.app import create_app

from ..conftest import Client
from ..neighbours import OWN, SPORT, TOWN, neighbours

CORPORA = {"sport": SPORT, "town": TOWN}
PILOTS = "{id: id/org/pilots, type: Organization, label: the pilots}"
"""Described by both corpora, each of which has some of its own."""
WITHDRAWN = """\
withdrawn:
  - {id: id/claim/ferry/on-time, reason: It was read wrongly., by: id/org/sport-news, date: 2026-11-29}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the releases: in the second, a claim of the sport is withdrawn."""
    both = neighbours(tmp_path_factory.mktemp("neighbours"))
    for path in CORPORA:
        article = both.parent / path / "articles" / "ferry.yaml"
        written = article.read_text("utf-8").replace(f"The ferry of {path} (fiction)", "The alpha ferry")
        article.write_text(written.replace("entities: [", f"entities: [{PILOTS}, "), "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(both)
        cli.main(["publish"], standalone_mode=False)
        article = both.parent / "sport" / "articles" / "ferry.yaml"
        lines = article.read_text("utf-8").splitlines(keepends=True)
        article.write_text("".join(line for line in lines if "on-time" not in line) + WITHDRAWN, "utf-8")
        cli.main(["publish"], standalone_mode=False)
    return both / "out"


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[FlaskClient]:
    """A client of the site, which is reached at the own base."""
    release = Releases(folder).current()
    engine = EmbeddedEngine(release.store_path, Limits(workers=1))
    app = create_app(Settings(releases=folder, public_url=OWN), engine, release)
    app.test_client_class = Client
    yield app.test_client()
    engine.close()


def get(client: FlaskClient, address: str, accept: str = "text/html, */*;q=0.1") -> tuple[int, str]:
    """The status and the text at an address of the site, redirections followed."""
    path, here = re.sub(f"^{OWN}", "/claims/", address), OWN.removesuffix("/claims/")
    reply = client.get(path, base_url=here, headers={"Accept": accept}, follow_redirects=True)
    return reply.status_code, reply.data.decode("utf-8", "replace")  # links lead to workbooks, too


@pytest.mark.parametrize("path", CORPORA)
@pytest.mark.parametrize("named", ["claim/ferry/late", "article/ferry"])
def test_every_iri_leads_to_its_document_in_every_format(client: FlaskClient, path: str, named: str) -> None:
    iri = f"{CORPORA[path]}id/{named}"
    for address in (f"{OWN}{path}/id/{named}", f"{OWN}id/{path}/{named}"):
        reply = client.get(address.replace(OWN, "/claims/"))
        assert (reply.status_code, reply.headers["Location"]) == (303, f"{OWN}doc/{path}/{named}")
    moved = client.get(f"/claims/{path}/doc/{named}.ttl?page=1")
    assert (moved.status_code, moved.headers["Location"]) == (308, f"{OWN}doc/{path}/{named}.ttl?page=1")
    status, page = get(client, f"{OWN}{path}/id/{named}")
    assert (status, f'href="{OWN}doc/{path}/{named}"' in page, iri in page) == (200, True, True)
    status, turtle = get(client, f"{OWN}{path}/id/{named}", "text/turtle")
    described = {getattr(t.subject, "value", "") for t in ox.parse(turtle.encode(), ox.RdfFormat.TURTLE)}
    assert (status, iri in described) == (200, True)
    other = {"sport": TOWN, "town": SPORT}[path]
    assert f"{other}id/{named}" not in described, "the namesake in the other corpus is another thing"
    status, text = get(client, f"{OWN}{path}/id/{named}", "application/ld+json")
    assert (status, json.loads(text)["id"]) == (200, iri)
    assert get(client, f"{OWN}releases/1/doc/{path}/{named}")[0] == 200
    assert f"doc/{path}/{named}>" in get(client, f"{OWN}timemap/{path}/{named}", "application/link-format")[1]


def test_every_link_of_the_pages_leads_somewhere(client: FlaskClient) -> None:
    pages, seen = ["/claims/claims", "/claims/changes"], set[str]()
    pages += [f"/claims/doc/{path}/{named}" for path in CORPORA for named in ("claim/ferry/late", "article/ferry")]
    for page in pages:
        reply = client.get(page, headers={"Accept": "text/html"})
        seen.update(link.replace("&amp;", "&") for link in re.findall(r'href="(/claims/[^"#]*)', reply.text))
    assert {"/claims/doc/sport/org/harbour-office", "/claims/doc/town/article/ferry"} <= seen
    broken = {link: get(client, link)[0] for link in seen if get(client, link)[0] != 200}
    assert broken == {}


def test_what_the_one_corpus_says_of_the_other_is_linked(client: FlaskClient) -> None:
    assert 'href="/claims/doc/sport/org/harbour-office"' in get(client, f"{OWN}doc/town/claim/ferry/late")[1]
    office = get(client, f"{OWN}doc/sport/org/harbour-office")[1]
    for path in CORPORA:
        cited = rf'<cite><a href="/claims/doc/{path}/article/ferry">The alpha ferry \({path}\)</a></cite>'
        assert re.search(cited, office), "a card names which article reports"


def test_lists_tell_namesakes_apart(client: FlaskClient) -> None:
    for path, base in CORPORA.items():
        claims = json.loads(get(client, f"{OWN}claims.json?article={path}/article/ferry")[1])["claims"]
        assert {claim["article"]["iri"] for claim in claims} == {f"{base}id/article/ferry"}
        found = json.loads(get(client, f"{OWN}search.json?q=late&article={base}id/article/ferry")[1])["results"]
        assert {result["iri"] for result in found} >= {f"{base}id/claim/ferry/late"}
        assert {result["article"]["iri"] for result in found if result["article"]} == {f"{base}id/article/ferry"}
        changes = json.loads(get(client, f"{OWN}changes.json?article={path}/article/ferry")[1])
        assert {change["iri"].startswith(base) for change in changes["changes"]} == {True}
        assert f"({path})" in get(client, f"{OWN}search.atom?q=late")[1]
        assert f"{base}id/claim/ferry/late" in get(client, f"{OWN}changes.atom?article={path}/article/ferry")[1]
        assert f"<loc>{OWN}doc/{path}/claim/ferry/late</loc>" in get(client, f"{OWN}sitemap.xml")[1]
        assert f"{base}id/claim/ferry/late" in get(client, f"{OWN}doc/{path}/claim/ferry/late.bib")[1]
        answer = json.loads(get(client, f"{OWN}reconcile?queries=" + quote(json.dumps({"a": {"query": "ferry"}})))[1])
        assert f"{path}/article/ferry" in {entity["id"] for entity in answer["a"]["result"]}
        assert get(client, f"{OWN}reconcile/view?id={path}/article/ferry")[0] == 200


def test_articles_and_things_of_one_name_are_told_apart_everywhere(client: FlaskClient) -> None:
    articles = {f"The alpha ferry ({path})" for path in CORPORA}
    for page in ("articles", "claims", "search?q=late", "changes", "changes.atom", "changes.feed", "claims.csv"):
        text = get(client, f"{OWN}{page}")[1]
        assert articles <= set(re.findall(r"The alpha ferry(?: \(\w+\))?", text)), page
    assert "The alpha ferry<" not in get(client, f"{OWN}articles")[1]
    listed = re.findall(r"The pilots(?: \(\w+\))?", get(client, f"{OWN}entities")[1])
    assert {*listed} == {f"The pilots ({path})" for path in CORPORA}
    assert "office (sport)" not in get(client, f"{OWN}sources")[1], "there is one harbour office alone"
    for path in CORPORA:
        assert f"({path})" in get(client, f"{OWN}doc/{path}/claim/ferry/late.bib")[1]
        title = f"<title>Changes: article The alpha ferry ({path}) ·"
        assert title in get(client, f"{OWN}changes.atom?article={path}/article/ferry")[1]
        assert title in get(client, f"{OWN}claims/changes.atom?article={path}/article/ferry")[1]
    withdrawn = json.loads(get(client, f"{OWN}changes.json?event=withdrawn")[1])["changes"]
    assert [change["label"].endswith(" (sport)") for change in withdrawn] == [True]


def test_queries_describe_each(client: FlaskClient) -> None:
    for base in CORPORA.values():
        query = f"DESCRIBE <{base}id/claim/ferry/late>"
        reply = client.get("/claims/sparql", query_string={"query": query}, headers={"Accept": "text/turtle"})
        subjects = {getattr(t.subject, "value", "") for t in ox.parse(reply.data, ox.RdfFormat.TURTLE)}
        assert {s for s in subjects if s.endswith("/ferry/late")} == {f"{base}id/claim/ferry/late"}
    answer = json.loads(get(client, f"{OWN}queries/of-sport?format=json&office=sport/id/org/harbour-office")[1])
    assert [row["claim"]["value"] for row in answer["results"]["bindings"]] == [f"{SPORT}id/claim/ferry/late"] + [
        f"{TOWN}id/claim/ferry/{name}" for name in ("late", "on-time")
    ]
    homes = json.loads(get(client, f"{OWN}ns/terms.json")[1])["homes"]
    assert [f"{SPORT}id/", "/claims/doc/sport/"] in homes


def test_the_descriptions_have_a_dataset_for_each_base(client: FlaskClient) -> None:
    void = {str(t) for t in ox.parse(get(client, f"{OWN}.well-known/void.nt")[1].encode(), ox.RdfFormat.N_TRIPLES)}
    spaces = {re.findall(r"<([^>]*)>", t)[0]: t for t in void if "#uriSpace" in t}
    assert set(spaces) == {f"{OWN}.well-known/void#corpus{end}" for end in ("", "-sport", "-town")}
    assert f'"{SPORT}"' in spaces[f"{OWN}.well-known/void#corpus-sport"]
    catalog = get(client, f"{OWN}catalog.nt")[1]
    assert catalog.count(f"<{OWN}.well-known/void#dataset> <http://purl.org/dc/terms/hasPart>") == 3
    assert f"{SPORT} (/sport)" in get(client, f"{OWN}releases/1")[1]


def test_what_is_withdrawn_in_one_corpus_stays_in_the_other(client: FlaskClient) -> None:
    gone = f"{OWN}sport/id/claim/ferry/on-time"
    assert [get(client, gone, accept)[0] for accept in ("text/html", "text/turtle", "*/*")] == [410, 410, 410]
    assert "It was read wrongly" in get(client, gone)[1]
    assert "the claim “ferry/on-time” of sport" in get(client, gone, "application/problem+json")[1]
    assert get(client, f"{OWN}releases/1/doc/sport/claim/ferry/on-time")[0] == 200
    assert get(client, f"{OWN}town/id/claim/ferry/on-time")[0] == 200
    [change] = json.loads(get(client, f"{OWN}changes.json?event=withdrawn")[1])["changes"]
    assert (change["iri"], change["reason"]) == (f"{SPORT}id/claim/ferry/on-time", "It was read wrongly.")


@pytest.mark.parametrize(
    "path", ["id/claim/ferry/late", "sport/id/claim/ferry/never", "port/id/claim/ferry/late", "port/doc/x", "sport/x"]
)
def test_what_no_corpus_has_is_not_found(client: FlaskClient, path: str) -> None:
    assert get(client, f"{OWN}{path}")[0] == 404


def test_no_path_of_the_site_can_be_that_of_a_corpus(client: FlaskClient) -> None:
    rules = client.application.url_map.iter_rules()
    first = {rule.rule.split("/")[1] for rule in rules}
    lists = set(re.findall(r"\w+", "articles entities sources topics"))
    plain = {name for name in first if name and "." not in name and "<" not in name} | lists
    assert plain <= side_by_side.RESERVED
