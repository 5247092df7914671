"""On every route, errors included: HEAD is GET without its body, and any origin may read."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from quoth.release.release import Release

from ..conftest import BASE
from ..serving import Reply, Server, serving

PLACES = """
/ /favicon.ico /id/claim/harbour/no-ties /doc/claim/harbour/no-ties /doc/claim/harbour/no-ties.nq /ns /ns.ttl
/ns/certainty /ns/terms.json /context.jsonld /shapes/claims.ttl /queries /queries/quotations-in-text-order
/changes /changes.atom /changes.feed /changes/1 /changes/activities /changes/activities/1 /changes/ldes /changes/ldes/1
/claims/changes /releases/1/changes /releases/1/changes.csv /timemap/claim/harbour/no-ties
/releases/1/sparql /releases/1/sparql?query=ASK%7B%7D /releases/1/notices /releases/1/notices.ttl /releases/9/sparql
/releases/1 /releases/1.ttl /releases/current.json /releases/1/store/CURRENT /index.ttl /shapes.ttl /catalog
/graphs /graphs?default /graphs?graph=urn:nothing /graphs?graph=x
/.well-known/void /guide /guide/errors /static/quoth.css /sparql /sparql?query=ASK%7B%7D
/embed/claim/harbour/no-ties /embed/claim/nothing /oembed /oembed?url=http://localhost:8000/doc/claim/harbour/no-ties
/doc/claim/harbour/no-ties.md /doc/article/harbour.csl.json /claims.jsonl?limit=2 /claims.xlsx?limit=2
/sources.parquet
/llms.txt /.well-known/ai-catalog.json /mcp/server-card
/openapi.json /proof /proof?of=topic/velm-pilot-payment /proof.md?of=x /releases/1/proof.jsonld?of=org/velm-salt
/health /ready /doc/nothing /queries/nothing /sparql?query=SELEC /sparql?query=CLEAR%20ALL
/nowhere
"""
THERE = """
/claims /ns /ns/certainty /shapes /shapes/claims /releases /releases/1 /queries /guide /guide/errors /catalog
/.well-known/void /entities /search /openapi.json
"""
NOWHERE = """
//evil.example/ //evil.example/claims/ /claims// //claims/ /nowhere/ /claims%2F /%2Fevil.example/ /\\evil.example/
/id/ /doc/ /releases/1/doc/ /releases/1/claims.nq.gz/ /releases/x/ /http://evil.example/ /static/
"""
FLEETING = ("date",)


@pytest.fixture(scope="module")
def server(release: Release) -> Iterator[Server]:
    with serving(release.path.parent, access_log="off") as server:
        yield server


def fields(got: Reply) -> dict[str, str]:
    return {k: v for k, v in got.headers.items() if k not in FLEETING}


@pytest.mark.parametrize("target", PLACES.split())
def test_head_is_get_without_its_body(server: Server, target: str) -> None:
    head, get = server.fetch(target, "HEAD"), server.fetch(target)
    assert head.status == get.status
    assert head.body == b""
    assert fields(head) == {k: v for k, v in fields(get).items() if k != "transfer-encoding"}
    assert head.headers["content-length"] == str(len(get.body))


@pytest.mark.parametrize("target", PLACES.split())
@pytest.mark.parametrize("method", ["GET", "PUT", "OPTIONS"])
def test_any_origin_may_read_every_answer(client: FlaskClient, target: str, method: str) -> None:
    headers = {"Origin": "https://example.org", "Access-Control-Request-Method": "GET"}
    answer = client.open(target, method=method, headers=headers)
    assert answer.status_code < 500
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert "Retry-After" in answer.headers["Access-Control-Expose-Headers"]
    if method == "OPTIONS":
        assert "GET" in answer.headers["Access-Control-Allow-Methods"]
        assert "Content-Type" in answer.headers["Access-Control-Allow-Headers"]
        found = target.partition("?")[0] not in ("/nowhere",)
        assert answer.status_code in ((200, 204) if found else (404,))
    if answer.status_code == 405:
        assert "GET" in answer.headers["Allow"]
    if allowed := answer.headers.get("Allow"):
        assert allowed.split(", ") == sorted(set(allowed.split(", ")))


@pytest.mark.parametrize("path", THERE.split())
def test_a_trailing_slash_redirects_to_the_page(client: FlaskClient, moved: FlaskClient, path: str) -> None:
    for method in ("GET", "HEAD"):
        answer = client.open(f"{path}/?q=a%20b&x=%C3%A9", method=method)
        assert answer.status_code == 308
        assert answer.headers["Location"] == f"{BASE}{path[1:]}?q=a%20b&x=%C3%A9"
    assert client.get(f"{path}/").headers["Location"] == BASE + path[1:]
    assert client.get(path, headers={"Accept": "text/html"}).status_code == 200
    for there in (f"/claims{path}/", f"{path}/"):  # a proxy may take the public path off, or not
        if path != "/claims":
            assert moved.get(there).headers["Location"] == f"https://example.org/claims{path}"


@pytest.mark.parametrize("path", NOWHERE.split())
def test_a_slash_redirects_to_no_other_place(client: FlaskClient, path: str) -> None:
    answer = client.get(path, environ_overrides={"REQUEST_URI": path})
    assert answer.status_code == 404
    assert "Location" not in answer.headers


def test_a_redirect_takes_only_path_and_query_from_the_request(client: FlaskClient) -> None:
    headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    answer = client.get("/claims/?a=%0D%0ASet-Cookie:x", headers=headers)
    assert answer.headers["Location"] == BASE + "claims?a=%0D%0ASet-Cookie:x"
    assert "Set-Cookie" not in answer.headers
