"""/verify: what is taken, what is answered in which format, and that it leaves no trace in headers."""

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jsonschema
import pytest
from flask.testing import FlaskClient

from quoth.claim.checking import check
from quoth.claim.rules import publication
from quoth.release.publish import publish
from quoth.resources import folder
from quoth.verify.verdicts import VERDICTS

from ...conftest import application

TEXT = (
    "Tay said: “If the guild accepts, the ferry will sail thrice a day”. "
    "“<b>It</b> has been late eleven times”, he said."
)
FORM = "application/x-www-form-urlencoded"
PAGE = {"Accept": "text/html"}


def verdicts(report: dict[str, Any]) -> list[str]:
    return [finding["verdict"] for passage in report["passages"] for finding in passage["findings"]]


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        ("text/plain", TEXT.encode()),
        ("text/markdown; charset=UTF-8", TEXT.encode("utf-8-sig")),
        ("text/html", TEXT.encode()),
        ("application/json", json.dumps({"text": TEXT, "language": "en"}).encode()),
        ("application/json", json.dumps({"text": TEXT, "language": None}).encode()),
        (FORM, f"text={quote(TEXT)}&language=en".encode()),
    ],
)
def test_a_text_is_taken_in_each_of_the_media_types(client: FlaskClient, media_type: str, body: bytes) -> None:
    answer = client.post("/verify", data=body, content_type=media_type)
    assert answer.status_code == 200, answer.text
    assert verdicts(answer.get_json()) == ["altered", "verbatim"]


def test_the_answer_is_negotiated(client: FlaskClient) -> None:
    def ask(accept: str, parameters: str = "") -> Any:
        return client.post(f"/verify{parameters}", data=TEXT, content_type="text/plain", headers={"Accept": accept})

    report = ask("application/json")
    [schema] = re.findall(r'<http://localhost:8000(/[^>]*)>; rel="describedby"', report.headers["Link"])
    published = client.get(schema)
    assert published.mimetype == "application/schema+json"
    jsonschema.validate(report.get_json(), published.get_json(force=True))
    assert ask("*/*").mimetype == "application/json"
    assert ask("text/html,*/*;q=0.1").mimetype == "text/html"
    sarif = ask("application/sarif+json")
    assert sarif.get_json(force=True)["runs"][0]["results"][0]["ruleId"] == "altered"
    lines = ask("text/plain").text
    assert lines.startswith("text:1:12: altered (certain): “If the guild accepts")
    assert ask("application/json", "?format=text").text == lines
    assert ask("image/png").status_code == 406
    assert ask("*/*", "?format=unicorn").status_code == 400


@pytest.mark.parametrize(
    ("status", "media_type", "body", "told"),
    [
        (400, "text/plain", b"", "no words"),
        (400, "text/plain", b"\xff\xfe", "not UTF-8"),
        (400, "text/plain", "…—“”".encode(), "no words"),
        (400, "application/json", b"{", "not JSON"),
        (400, "application/json", b"[" * 100_000, "not JSON"),
        (400, "application/json", b'"secret"', "no object"),
        (400, "application/json", b'{"language": "en"}', "no object with a text"),
        (400, "application/json", b'{"text": 5}', "no string"),
        (400, "application/json", b'{"text": "a", "language": ["secret"]}', "no string"),
        (400, "application/json", b'{"text": "a", "secret": 1}', "other members"),
        (400, "application/json", b'{"text": "a", "language": "English"}', "language tag"),
        (400, FORM, b"language=en", "no text"),
        (400, FORM, b"text=a&text=b", "more than once"),
        (400, FORM, b"text=%FF", "not UTF-8"),
        (413, "text/plain", b"a" * 200_001, "200,001 characters"),
        (413, "text/plain", b"a" * 270_000, ""),
        (415, "", b"secret", "without a Content-Type"),
        (415, "application/pdf", b"secret", "not read"),
        (415, "text/plain; charset=utf-16", b"secret", "charset"),
    ],
)
def test_what_is_refused_says_why_and_has_nothing_of_the_text(
    client: FlaskClient, status: int, media_type: str, body: bytes, told: str
) -> None:
    answer = client.post("/verify", data=body, content_type=media_type)
    assert answer.status_code == status, answer.text
    problem = answer.get_json(force=True)
    assert (problem["status"], answer.mimetype) == (status, "application/problem+json")
    assert told in problem["detail"]
    assert "secret" not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_body_in_a_content_coding_is_refused(client: FlaskClient) -> None:
    answer = client.post("/verify", data=b"x", content_type="text/plain", headers={"Content-Encoding": "gzip"})
    assert answer.status_code == 415
    assert "text/markdown" in answer.headers["Accept-Post"]


QUOTES = [
    ("it has been late eleven times", ["typographic-variant"]),
    ("It has been late eleven times", ["verbatim"]),
    ("It has been late twelve times", ["altered"]),
    ("“It has been late twelve times”, the dockers said.", ["altered"]),
    ("Nobody ever saw the moon", ["not-on-record"]),
]


@pytest.mark.parametrize(("words", "expected"), QUOTES)
def test_one_quotation_is_in_the_address(client: FlaskClient, words: str, expected: list[str]) -> None:
    answer = client.get(f"/verify?quote={quote(words)}")
    assert verdicts(answer.get_json()) == expected
    private = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow"}
    assert private.items() <= dict(answer.headers).items()
    page = client.get(f"/verify?quote={quote(words)}", headers=PAGE)
    assert private.items() <= dict(page.headers).items()
    for name, value in (*answer.headers, *page.headers):
        assert "late" not in value, name
        assert name not in ("ETag", "Last-Modified", "Content-Location")


@pytest.mark.parametrize(
    "parameters", ["quote=", "quote=…", "quote=" + "a" * 1_001, "quote=a&quote=b", "quot=a", "quote=a&language=x!"]
)
def test_another_address_is_refused(client: FlaskClient, parameters: str) -> None:
    answer = client.get(f"/verify?{parameters}")
    assert answer.status_code == 400
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_a_quotation_of_a_thousand_characters_of_any_script_is_taken(client: FlaskClient) -> None:
    assert client.get(f"/verify?quote={quote('言葉' * 500)}").status_code == 200


def test_without_a_text_the_page_has_the_form_and_programs_are_told_what_to_send(client: FlaskClient) -> None:
    page = client.get("/verify", headers=PAGE)
    assert page.headers["Cache-Control"] == "no-cache"
    assert 'method="post"' in page.text
    assert all(verdict.label in html.unescape(page.text) for verdict in VERDICTS.values())
    told = client.get("/verify", headers={"Accept": "application/json"})
    assert told.status_code == 400
    assert "?quote=" in told.get_json(force=True)["remedy"]


HOSTILE = "Tay said: “</pre></textarea><script>alert(1)</script> \u202eevil\x00 {{7*7}} <img src=x onerror=alert(2)>”."


def test_nothing_of_a_text_becomes_markup(client: FlaskClient) -> None:
    for data in ({"text": HOSTILE, "language": "en"}, {"text": HOSTILE, "language": "x-<b>"}):
        answer = client.post("/verify", data=data, headers=PAGE)
        main = answer.text.partition("<main")[2].partition("</main>")[0]
        assert "<script" not in main
        assert "<img" not in main
        assert "49" not in main
    answer = client.post("/verify", data={"text": HOSTILE, "language": "und"}, headers=PAGE)
    assert answer.status_code == 200
    box = answer.text.partition("<textarea")[2].partition("</textarea>")[0]
    assert "\u202e" not in answer.text.replace(box, "")
    assert "There are no word lists for und" in answer.text


def test_halves_of_characters_are_replaced(client: FlaskClient) -> None:
    answer = client.post(
        "/verify", data=b'{"text": "He said: \\"\\ud800 it is so, they say\\""}', content_type="application/json"
    )
    assert answer.status_code == 200
    assert "�" in answer.get_json()["passages"][0]["text"]


def test_the_page_marks_the_text_and_shows_words_side_by_side(client: FlaskClient) -> None:
    answer = client.post("/verify", data={"text": TEXT}, headers=PAGE)
    assert (
        '<mark class="fails"><a href="#p1">If the guild accepts, the ferry will sail thrice a day</a></mark>'
        in answer.text
    )
    assert '<li id="p1">' in answer.text
    assert "the ferry will sail <mark>thrice</mark> a day" in answer.text
    assert "the ferry will sail <mark>twice</mark> a day" in answer.text
    assert 'href="http://localhost:8000/doc/claim/harbour/twice-a-day"' in answer.text
    assert "27 claims of release 1" in answer.text


def shown(client: FlaskClient) -> set[str]:
    """The verdicts on the example of the page."""
    page = client.get("/verify", headers=PAGE).text
    [example] = re.findall(r'name="text" value="([^"]*)"', page)
    assert html.unescape(example) in html.unescape(page.replace(example, "", 1))
    return set(verdicts(client.post("/verify", data={"text": html.unescape(example)}).get_json()))


def test_the_example_shows_at_least_four_verdicts(client: FlaskClient) -> None:
    assert shown(client) == {
        *("verbatim", "typographic-variant", "altered", "another-mouth", "scope-ambiguous", "not-on-record")
    }


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    base = "http://localhost:8000/"
    report, authored = check.check([folder("data")], base)
    releases: Path = tmp_path_factory.mktemp("shipped")
    publish(
        publication.published_quads(authored, base),
        releases=releases, base=base, report_ttl="", report_json="{}", validator=report.validator,
    )  # fmt: skip
    with application(releases) as app:
        yield app.test_client()


def test_the_example_of_the_shipped_article_does_too(shipped: FlaskClient) -> None:
    assert shown(shipped) >= {"verbatim", "altered", "scope-ambiguous", "not-on-record"}
    assert "Paste a text" in shipped.get("/", headers=PAGE).text
