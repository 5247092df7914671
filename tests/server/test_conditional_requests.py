"""Conditional requests, over real connections: RFC 9110 §13."""

import http.client
import json
from collections.abc import Iterator
from typing import Any

import pytest

from quoth.config import Settings
from quoth.http.message import Request, Response
from quoth.release.open import open_current
from quoth.release.release import Release
from quoth.server.current_release import CurrentRelease
from quoth.server.encoding_middleware import ContentEncoding
from quoth.server.response_cache import ResponseCache
from quoth.server.wsgi_bridge import WsgiBridge
from quoth.web.core import variants

from .. import loop
from ..serving import Server, serving

ASK = "/sparql?query=ASK%7B%7D"
LONG = "/sparql?format=tsv&query=SELECT*%7B%3Fs%20%3Fp%20%3Fo.%3Fa%20%3Fb%20%3Fc%7DLIMIT%2030000"
DOCUMENT = "/doc/claim/harbour/no-ties.ttl"
FILE = "/releases/1/claims.nq.gz"
TAGGED = (ASK, DOCUMENT, "/", "/queries/timeline?format=csv", FILE)
DATED = (DOCUMENT, FILE)
OLD, LATE, NO_DATE = "Mon, 01 Jan 2001 00:00:00 GMT", "Fri, 01 Jan 2100 00:00:00 GMT", "yesterday"
OTHER, OWN, WEAK = '"other"', "{tag}", "W/{tag}"


@pytest.fixture(scope="module")
def server(release: Release) -> Iterator[Server]:
    with serving(release.path.parent) as server:
        yield server


def ask(server: Server, target: str, method: str = "GET", **fields: str) -> tuple[int, dict[str, str], bytes]:
    """``{tag}`` in a field is the ETag of the target."""
    connection = http.client.HTTPConnection(server.host, server.port, timeout=20)
    try:
        if any("{tag}" in value for value in fields.values()):
            connection.request("GET", target)
            response = connection.getresponse()
            tag = response.headers["ETag"]
            response.read()
            fields = {name: value.replace("{tag}", tag) for name, value in fields.items()}
        connection.request(method, target, headers={k.replace("_", "-"): v for k, v in fields.items()})
        response = connection.getresponse()
        return response.status, {k.lower(): v for k, v in response.getheaders()}, response.read()
    finally:
        connection.close()


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
def test_what_a_condition_gives(server: Server, target: str, method: str, fields: dict[str, str], status: int) -> None:
    for _ in range(2):  # from the application, and where it can be from the cache
        found, _, body = ask(server, target, method, **fields)
        assert found == status
        assert bool(body) == (method == "GET" and status != 304)


@pytest.mark.parametrize("target", TAGGED)
def test_a_date_counts_where_there_is_one(server: Server, target: str) -> None:
    dated = "last-modified" in ask(server, target)[1]
    assert dated or target not in DATED
    assert ask(server, target, If_Unmodified_Since=OLD)[0] == (412 if dated else 200)
    assert ask(server, target, If_Modified_Since=LATE)[0] == (304 if dated else 200)


@pytest.mark.parametrize("target", [ASK, DOCUMENT, FILE, LONG])
def test_a_condition_that_does_not_hold_is_a_problem(server: Server, target: str) -> None:
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
        pytest.param({"If_Modified_Since": LATE}, 304, id="If-Modified-Since"),
        pytest.param({"If_Match": OWN, "If_Range": OTHER}, 200, id="If-Range comes last"),
    ],
)
def test_conditions_come_before_a_range(server: Server, fields: dict[str, str], status: int) -> None:
    found, answered, body = ask(server, FILE, Range="bytes=0-4", **fields)
    assert found == status
    assert (len(body) == 5) == (status == 206)
    assert ("content-range" in answered) == (status == 206)


def test_a_range_is_for_get_alone(server: Server) -> None:
    assert ask(server, FILE, "HEAD", Range="bytes=0-4", If_Match=OWN)[0] == 200
    assert ask(server, FILE, "HEAD", Range="bytes=0-4", If_None_Match=OWN)[0] == 304


def test_an_error_goes_before_a_condition(server: Server) -> None:
    assert ask(server, "/doc/org/nobody", If_Match=OTHER)[0] == 404
    assert ask(server, "/sparql?query=SELEC", If_Match=OTHER)[0] == 400
    assert ask(server, "/id/claim/harbour/no-ties", If_Match=OTHER)[0] == 303


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_post_of_nothing_is_not_answered_from_the_cache(server: Server, method: str) -> None:
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


@pytest.mark.parametrize("coding", [b"", b"br", b"gzip"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_the_client_has_is_not_made(
    current: CurrentRelease, monkeypatch: pytest.MonkeyPatch, coding: bytes, method: str
) -> None:
    made: list[object] = []
    make = variants._made

    def spy(*given: Any) -> Any:
        made.append(given)
        return make(*given)

    monkeypatch.setattr(variants, "_made", spy)

    def ask(**conditions: bytes) -> Response:
        """Answered by layers that have nothing in their cache."""
        fields = {name.replace("_", "-").lower().encode(): value for name, value in conditions.items()}
        request = Request(method, DOCUMENT, DOCUMENT.encode(), b"", {b"accept-encoding": coding, **fields})
        cache = ResponseCache(WsgiBridge(ContentEncoding(current)), current, 1 << 20)
        return loop.run(cache(request))

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
        found = ask(**conditions)
        assert (found.status, found.body, len(made)) == (304, b"", 1)
        # The last is known only once the document is made.
        of_a_body = (b"content-type", b"content-length", b"content-encoding", b"x-total-count")
        assert sorted(found.fields) == sorted(field for field in whole.fields if field[0] not in of_a_body)
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
