"""Conditional requests, over real connections: RFC 9110 §13."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from quoth.config import Settings
from quoth.http.message import Request, Response
from quoth.release.open import open_current
from quoth.release.release import Release
from quoth.server.current_release import CurrentRelease
from quoth.server.response_cache import ResponseCache
from quoth.server.wsgi_bridge import ContentEncoding, WsgiBridge
from quoth.web.core import variants

from .. import loop
from ..serving import Reply, Server

ASK = "/sparql?query=ASK%7B%7D"
LONG = "/sparql?format=tsv&query=SELECT*%7B%3Fs%20%3Fp%20%3Fo.%3Fa%20%3Fb%20%3Fc%7DLIMIT%2030000"
DOCUMENT = "/doc/claim/harbour/no-ties.ttl"
FILE = "/releases/1/claims.nq.gz"
TAGGED = (ASK, DOCUMENT, "/", "/queries/timeline?format=csv", FILE)
DATED = (DOCUMENT, FILE)
OLD, LATE, NO_DATE = "Mon, 01 Jan 2001 00:00:00 GMT", "Fri, 01 Jan 2100 00:00:00 GMT", "yesterday"
OTHER, OWN, WEAK = '"other"', "{tag}", "W/{tag}"


def ask(server: Server, target: str, method: str = "GET", **fields: str) -> Reply:
    """``{tag}`` in a field is the ETag of the target."""
    if any("{tag}" in value for value in fields.values()):
        tag = server.get(target).headers["etag"]
        fields = {name: value.replace("{tag}", tag) for name, value in fields.items()}
    return server.fetch(target, method, None, **fields)


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        pytest.param({"If_Match": OTHER}, 412, id="another"),
        pytest.param({"If_Match": OWN}, 200, id="its own"),
        pytest.param({"If_Match": f"{OTHER}, {OWN}"}, 200, id="one of two"),
        pytest.param({"If_Match": "*"}, 200, id="any"),
        pytest.param({"If_Match": WEAK}, 412, id="weak"),
        pytest.param({"If_Match": "other"}, 412, id="no tag"),
        pytest.param({"If_Match": OWN, "If_Unmodified_Since": OLD}, 200, id="the tag before the date"),
        pytest.param({"If_Match": OTHER, "If_None_Match": OWN}, 412, id="If-Match before If-None-Match"),
        pytest.param({"If_Match": OWN, "If_None_Match": OWN}, 304, id="both hold"),
        pytest.param({"If_None_Match": WEAK}, 304, id="If-None-Match is weak"),
        pytest.param({"If_None_Match": OTHER, "If_Modified_Since": LATE}, 200, id="If-None-Match before its date"),
        pytest.param({"If_Unmodified_Since": LATE}, 200, id="not since"),
        pytest.param({"If_Unmodified_Since": NO_DATE}, 200, id="no date"),
    ],
)
@pytest.mark.parametrize("target", TAGGED)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_status_of_a_conditional_request(
    server: Server, target: str, method: str, fields: dict[str, str], status: int
) -> None:
    for _ in range(2):  # from the application, and where it can be from the cache
        code, _, body = ask(server, target, method, **fields)
        assert code == status
        assert bool(body) == (method == "GET" and status != 304)


@pytest.mark.parametrize("target", TAGGED)
def test_date_conditions_count_where_there_is_last_modified(server: Server, target: str) -> None:
    modified = ask(server, target)[1].get("last-modified")
    dated = modified is not None
    assert dated or target not in DATED
    assert ask(server, target, If_Unmodified_Since=OLD)[0] == (412 if dated else 200)
    assert ask(server, target, If_Modified_Since=modified or OLD)[0] == (304 if dated else 200)
    assert ask(server, target, If_Modified_Since=LATE)[0] == 200  # a wrong clock gave that date


@pytest.mark.parametrize("target", [ASK, DOCUMENT, FILE, LONG])
def test_a_failed_precondition_is_a_problem_document(server: Server, target: str) -> None:
    status, fields, body = ask(server, target, If_Match=OTHER, Accept_Encoding="gzip")
    problem = json.loads(body)
    assert (status, problem["status"], fields["content-type"]) == (412, 412, "application/problem+json")
    assert problem["remedy"]
    assert int(fields["content-length"]) == len(body)
    assert fields["cache-control"] == "no-store"
    assert fields["access-control-allow-origin"] == "*"
    assert "etag" not in fields
    assert ask(server, target)[0] == 200


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        pytest.param({"If_Match": OTHER}, 412, id="If-Match"),
        pytest.param({"If_Match": OWN}, 206, id="If-Match holds"),
        pytest.param({"If_Unmodified_Since": OLD}, 412, id="If-Unmodified-Since"),
        pytest.param({"If_None_Match": OWN}, 304, id="If-None-Match"),
        pytest.param({"If_Modified_Since": LATE}, 206, id="If-Modified-Since a time to come"),
        pytest.param({"If_Match": OWN, "If_Range": OTHER}, 200, id="If-Range comes last"),
    ],
)
def test_preconditions_are_evaluated_before_a_range(server: Server, fields: dict[str, str], status: int) -> None:
    code, answered, body = ask(server, FILE, Range="bytes=0-4", **fields)
    assert code == status
    assert (len(body) == 5) == (status == 206)
    assert ("content-range" in answered) == (status == 206)


def test_head_ignores_a_range(server: Server) -> None:
    assert ask(server, FILE, "HEAD", Range="bytes=0-4", If_Match=OWN)[0] == 200
    assert ask(server, FILE, "HEAD", Range="bytes=0-4", If_None_Match=OWN)[0] == 304


def test_errors_and_redirects_ignore_preconditions(server: Server) -> None:
    assert ask(server, "/doc/org/nobody", If_Match=OTHER)[0] == 404
    assert ask(server, "/sparql?query=SELEC", If_Match=OTHER)[0] == 400
    assert ask(server, "/id/claim/harbour/no-ties", If_Match=OTHER)[0] == 303


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_an_empty_post_is_not_answered_from_the_cache_of_get(server: Server, method: str) -> None:
    target = f"{ASK}%23{method}"
    assert ask(server, target, "POST")[0] == 415
    for _ in range(2):
        assert ask(server, target, method)[0] == 200
        assert ask(server, target, "POST")[0] == 415
    assert ask(server, target, "POST", Content_Type="application/x-www-form-urlencoded")[0] == 200


@pytest.fixture(scope="module")
def current(release: Release) -> Iterator[CurrentRelease]:
    current = CurrentRelease(Settings(releases=release.path.parent, query_workers=1), open_current)
    yield current
    current.close()


def uncached(current: CurrentRelease, request: Request) -> Response:
    """Answered by layers that have nothing in their cache."""
    cache = ResponseCache(WsgiBridge(ContentEncoding(current)), current, 1 << 20)
    return loop.run(cache(request))


@pytest.mark.parametrize(
    "target", ["/claims.nq", "/claims.csv?limit=2", "/entities", "/search.json?q=ferry", "/queries/timeline"]
)
def test_the_304_of_a_list_has_its_number_of_items(current: CurrentRelease, target: str) -> None:
    path, _, query = target.partition("?")
    request = Request("GET", path, path.encode(), query.encode(), {})
    whole = uncached(current, request)
    response = uncached(current, replace(request, fields={b"if-none-match": whole.value(b"etag")}))
    assert (whole.status, response.status, response.body) == (200, 304, b"")
    assert int(response.value(b"x-total-count")) > 0
    assert response.value(b"x-total-count") == whole.value(b"x-total-count")


@pytest.mark.parametrize("coding", [b"", b"br", b"gzip"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_304_is_answered_without_rendering(
    current: CurrentRelease, monkeypatch: pytest.MonkeyPatch, coding: bytes, method: str
) -> None:
    made: list[object] = []
    make = variants._made

    def spy(*given: Any) -> Any:
        made.append(given)
        return make(*given)

    monkeypatch.setattr(variants, "_made", spy)

    def ask(**conditions: bytes) -> Response:
        fields = {name.replace("_", "-").lower().encode(): value for name, value in conditions.items()}
        return uncached(
            current, Request(method, DOCUMENT, DOCUMENT.encode(), b"", {b"accept-encoding": coding, **fields})
        )

    whole = ask()
    assert (whole.status, len(made)) == (200, 1)
    tag, modified = whole.value(b"etag"), whole.value(b"last-modified")
    assert tag.endswith(b"-" + coding + b'"') or not coding
    for conditions in (
        {"If_None_Match": tag},
        {"If_None_Match": b'"other", W/' + tag},
        {"If_Modified_Since": modified},
        {"If_None_Match": tag, "If_Modified_Since": OLD.encode()},
    ):
        response = ask(**conditions)
        assert (response.status, response.body, len(made)) == (304, b"", 1)
        # The last is known only once the document is made.
        of_a_body = (b"accept-ranges", b"content-type", b"content-length", b"content-encoding", b"x-total-count")
        assert sorted(response.fields) == sorted(field for field in whole.fields if field[0] not in of_a_body)
    for status, conditions in (
        (200, {"If_None_Match": b'"other"'}),
        (200, {"If_None_Match": b'"other"', "If_Modified_Since": modified}),
        (200, {"If_Modified_Since": OLD.encode()}),
        (412, {"If_Match": b'"other"', "If_None_Match": tag}),
        (412, {"If_Unmodified_Since": OLD.encode(), "If_None_Match": tag}),
        (304, {"If_None_Match": b"*"}),
    ):
        made.clear()
        assert ask(**conditions).status == status
        assert len(made) <= 1
    other = b"gzip" if coding != b"gzip" else b"br"
    assert ask(If_None_Match=tag[:-1] + b"-" + other + b'"').status == 200
