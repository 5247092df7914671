"""Limits on the length of requests, and the headers of every response."""

import http.client
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from quoth.release.release import Release
from quoth.web.core.request_target import FIELDS_BYTES, TARGET_BYTES

from ...serving import serving

PATHS = """/ /doc/topic/a+b /doc/topic/a+b.ttl /ns /guide /queries /sparql /sparql?query=ASK%7B%7D /releases/1
    /releases/1/claims.nq.gz /catalog /.well-known/void /sitemap.xml /robots.txt /nothing /static/quoth.css
    /context.jsonld /health"""


@pytest.mark.parametrize("path", PATHS.split())
def test_every_response_is_safe_to_open(client: FlaskClient, path: str) -> None:
    headers = client.get(path, headers={"Accept": "text/html, */*"}).headers
    policy = dict(part.strip().partition(" ")[::2] for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in policy.get("script-src", "")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert "geolocation=()" in headers["Permissions-Policy"]
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Set-Cookie" not in headers
    assert "Server" not in headers


def test_long_requests_over_a_real_connection(release: Release) -> None:
    """Each is refused with a problem that says what to do, and the next request is answered."""
    with serving(release.path.parent, access_log="off") as server:
        for target, fields, status in (
            ("/doc/" + "a" * (TARGET_BYTES - 10), {}, 404),
            ("/doc/" + "a" * TARGET_BYTES, {}, 414),
            ("/doc/" + "a" * 60_000, {}, 414),
            ("/queries/claims-in-tension?x=" + "a" * TARGET_BYTES, {}, 414),
            ("/?" + "a&" * TARGET_BYTES, {}, 414),
            ("/sparql?query=ASK%7B%7D%23" + "a" * TARGET_BYTES, {}, 200),
            ("/", {"X-Long": "a" * FIELDS_BYTES}, 431),
            ("/doc/topic/a+b", {"Accept": "a/b," * 10_000}, 406),
        ):
            code, headers, body = server.get(target, fields)
            assert code == status, target[:40]
            if status != 200:
                assert headers["content-type"] == "application/problem+json"
                assert b'"remedy"' in body
                assert len(body) < 60_000
        # The server below the application reads no more than that, and answers with a status alone.
        for target, fields, statuses in (
            ("/doc/" + "a" * 70_000, {}, (414,)),
            ("/sparql?query=" + "a" * 300_000, {}, (414, 431)),
            ("/doc/" + "a" * 1_000_000, {}, (414, 431)),
            ("/", {f"X-{n}": "a" * 100 for n in range(700)}, (431,)),
        ):
            assert server.get(target, fields)[0] in statuses, target[:40]
        for path, status in (("/sparql", 413), ("/", 405)):
            connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
            connection.request("POST", path, b"x" * 2_000_000, {"Content-Type": "application/sparql-query"})
            assert connection.getresponse().status == status
            connection.close()
        assert server.get("/")[0] == 200


@pytest.mark.parametrize(
    "path",
    [f"/releases/{number}{rest}" for number in ("01", "١", "%D9%A1", "+1", "1e0", "1.0", "0", "-1", "1" + "0" * 5_000)
     for rest in ("", "/claims.nq", "/doc/topic/a+b", "/doc/claim/harbour/no-ties.bib")]
    + ["/sitemap-01.xml", "/sitemap-%D9%A1.xml", "/releases/01.json"],
)  # fmt: skip
def test_a_number_in_a_path_has_one_spelling(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


@pytest.mark.parametrize("number", ["01", "١", "+1", "1e0", "1.0", "0", "-1", "1" + "0" * 5_000, " 1"])
@pytest.mark.parametrize(
    "path", ["/claims?page=", "/claims?limit=", "/search?q=the&page=", "/entities?page=", "/doc/topic/a+b?page="]
)
def test_a_number_in_a_parameter_has_one_spelling(client: FlaskClient, path: str, number: str) -> None:
    answer = client.get(path + quote(number))
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert answer.get_json(force=True)["remedy"]
