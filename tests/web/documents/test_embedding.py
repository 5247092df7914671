"""A claim in the pages of others: the frame, what oEmbed says of it, and that nothing else may be framed."""

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote

import pytest
from defusedxml import ElementTree
from flask import Flask
from flask.testing import FlaskClient

from ...accept_headers import CHROME
from ...conftest import BASE
from ...small_article import BEAM, MONTH, checked, document, site

LATE = "claim/harbour/ferry-late"
FOREIGN = """
https://evil.example/doc/claim/harbour/ferry-late http://localhost:8000.evil.example/doc/claim/harbour/ferry-late
http://localhost:8001/doc/claim/harbour/ferry-late http://localhost:8000@evil.example/doc/claim/harbour/ferry-late
http://evil.example@localhost:8000/doc/claim/harbour/ferry-late ftp://localhost:8000/doc/claim/harbour/ferry-late
//localhost:8000/doc/claim/harbour/ferry-late javascript:alert(1) file:///etc/passwd http://[::1/ http://169.254.169.254/
http://localhost:8000/claims http://localhost:8000/doc/org/velm-salt http://localhost:8000/doc/claim/harbour/nothing
http://localhost:8000/doc/../doc/claim/harbour/ferry-late x
"""


class Tags(HTMLParser):
    """The start tags of a page with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def ask(client: FlaskClient, url: str, more: str = "") -> tuple[int, dict[str, object]]:
    answer = client.get(f"/oembed?url={quote(url, safe='')}{more}")
    return answer.status_code, answer.get_json(force=True)


def test_the_frame_shows_the_claim_and_runs_nothing(client: FlaskClient) -> None:
    answer = client.get(f"/embed/{LATE}")
    assert answer.status_code == 200
    policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
    assert policy["frame-ancestors"] == "*"
    assert policy["default-src"] == "'none'"
    assert "script-src" not in policy
    assert "X-Frame-Options" not in answer.headers
    assert "<script" not in answer.text
    for words in ("“the ferry was late”", "The harbour office says", "harbour office said", "Stated without hedging",
                  "Claim made in", "release 1"):  # fmt: skip
        assert words in answer.text
    [link] = [attributes for tag, attributes in Tags(answer.text).tags if tag == "a"]
    assert link == {"href": f"{BASE}doc/{LATE}", "target": "_blank", "rel": "noopener"}
    again = client.get(f"/embed/{LATE}", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_only_claims_have_a_frame(client: FlaskClient) -> None:
    for name in ("org/velm-salt", "article/harbour", "claim/harbour/nothing", "x"):
        answer = client.get(f"/embed/{name}")
        assert answer.status_code == 404
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_nothing_else_may_be_framed(app: Flask, client: FlaskClient) -> None:
    """Every route without parameters, and one of each other; errors, too."""
    rules = [str(rule) for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    plain = [rule for rule in rules if "<" not in rule]
    others = f"/doc/{LATE} /releases/1/doc/{LATE} /doc/{LATE}.md /id/{LATE} /queries/timeline /guide/start /claims.csv"
    others += " /ns/certainty /nowhere /static/quoth.css /oembed?url=x"
    assert len(plain) > 20
    for path in [*plain, *others.split()]:
        policy = client.get(path, headers={"Accept": CHROME}).headers["Content-Security-Policy"]
        # The previews of reconciliation are made for the pages of its clients.
        framed = path in ("/reconcile/preview", "/reconcile/v1/preview")
        assert framed or "frame-ancestors 'none'" in policy, path


def test_oembed_gives_the_frame(client: FlaskClient) -> None:
    status, embed = ask(client, f"{BASE}doc/{LATE}")
    assert status == 200
    assert (embed["type"], embed["version"]) == ("rich", "1.0")
    assert embed["title"] == "The harbour office says that the ferry was late."
    assert (embed["author_name"], embed["provider_name"], embed["provider_url"]) == (
        "the harbour office",
        "Quoth",
        BASE,
    )
    [(tag, attributes)] = Tags(str(embed["html"])).tags
    assert tag == "iframe"
    assert attributes["src"] == f"{BASE}embed/{LATE}"
    assert (attributes["width"], attributes["height"]) == ("600", "320") == (str(embed["width"]), str(embed["height"]))
    assert attributes["sandbox"] == "allow-popups allow-popups-to-escape-sandbox"


@pytest.mark.parametrize(
    "path", ["id/", "doc/", "releases/1/doc/", "embed/", "doc/{}.html", "doc/{}.ttl?x=1", "doc/{}#content"]
)
def test_any_address_of_the_claim_does(client: FlaskClient, path: str) -> None:
    address = path.format(LATE) if "{}" in path else path + LATE
    assert ask(client, BASE + address)[1]["html"] == ask(client, f"{BASE}doc/{LATE}")[1]["html"]


@pytest.mark.parametrize(
    ("more", "size"),
    [("&maxwidth=300", (300, 320)), ("&maxwidth=9999&maxheight=100", (600, 100)), ("&maxwidth=1&maxheight=1", (1, 1))],
)
def test_the_size_is_at_most_what_is_asked_for(client: FlaskClient, more: str, size: tuple[int, int]) -> None:
    _, embed = ask(client, f"{BASE}doc/{LATE}", more)
    assert (embed["width"], embed["height"]) == size
    assert f'width="{size[0]}" height="{size[1]}"' in str(embed["html"])


@pytest.mark.parametrize("more", ["&maxwidth=0", "&maxheight=-1", "&maxwidth=1e3", "&maxwidth=%D9%A3", "&maxheight=x"])
def test_a_size_that_is_none_is_refused(client: FlaskClient, more: str) -> None:
    assert ask(client, f"{BASE}doc/{LATE}", more)[0] == 400


def test_xml_says_the_same(client: FlaskClient) -> None:
    url = quote(f"{BASE}doc/{LATE}", safe="")
    answer = client.get(f"/oembed?url={url}&format=xml")
    assert answer.content_type == "text/xml; charset=utf-8"
    root = ElementTree.fromstring(answer.data)
    assert root.tag == "oembed"
    embed = client.get(f"/oembed?url={url}").get_json()
    assert {child.tag: child.text for child in root} == {name: str(value) for name, value in embed.items()}


def test_another_format_is_not_implemented(client: FlaskClient) -> None:
    assert ask(client, f"{BASE}doc/{LATE}", "&format=yaml")[0] == 501


def test_an_address_is_needed_once(client: FlaskClient) -> None:
    assert client.get("/oembed").status_code == 400
    assert client.get(f"/oembed?url={BASE}&url={BASE}").status_code == 400


@pytest.mark.parametrize("url", FOREIGN.split())
def test_an_address_that_is_of_no_claim_of_ours_is_not_found(client: FlaskClient, url: str) -> None:
    assert ask(client, url)[0] == 404


def test_the_page_of_the_claim_leads_there(client: FlaskClient) -> None:
    page = client.get(f"/doc/{LATE}", headers={"Accept": CHROME}).text
    found = {
        a.get("type"): a["href"] for tag, a in Tags(page).tags if tag == "link" and "oembed" in (a.get("type") or "")
    }
    assert set(found) == {"application/json+oembed", "text/xml+oembed"}
    for address in found.values():
        assert client.get(str(address).removeprefix(BASE.rstrip("/"))).status_code == 200
    # What to copy: Markdown, and the frame.
    assert "&gt; “the ferry was late”" in page
    assert f"embed/{LATE}&#34;" in page


def test_under_a_path_and_another_host(moved: FlaskClient) -> None:
    status, embed = ask(moved, f"https://example.org/claims/doc/{LATE}")
    assert status == 200
    assert f'src="https://example.org/claims/embed/{LATE}"' in str(embed["html"])
    for url in (f"https://example.org/doc/{LATE}", f"{BASE}doc/{LATE}", f"https://example.org/claimsdoc/{LATE}"):
        assert ask(moved, url)[0] == 404
    assert "https://example.org/claims/doc" in moved.get(f"/claims/embed/{LATE}").text


@pytest.fixture(scope="module")
def withdrawn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    notice = 'withdrawn:\n  - {id: beam-broke, reason: "It says <b>cracked</b>.", by: id/org/quoth, date: 2026-11-28}\n'
    path: Path = tmp_path_factory.mktemp("withdrawn")
    _, quads = checked(path, f"{document(BEAM + MONTH)}\n{notice}")
    with site(path / "releases", quads) as client:
        yield client


def test_a_withdrawn_claim_says_so(withdrawn: FlaskClient) -> None:
    answer = withdrawn.get("/embed/claim/bridge/beam-broke")
    assert answer.status_code == 410
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
    assert "<strong>Withdrawn.</strong>" in answer.text
    assert "It says &lt;b&gt;cracked&lt;/b&gt;." in answer.text
    assert "<blockquote" not in answer.text
    status, embed = ask(withdrawn, f"{BASE}doc/claim/bridge/beam-broke")
    assert status == 200
    assert str(embed["title"]).startswith("[withdrawn]")
    assert json.dumps(embed).count("beam-broke") == 1
