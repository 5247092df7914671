"""Dataset IRIs and public URLs."""

import pytest

from quoth.web.core.urls import Iris, is_web, readable

IRIS = Iris("http://data.example/q/", "https://example.org/claims/")


@pytest.mark.parametrize(
    ("iri", "href"),
    [
        pytest.param("http://data.example/q/id/claim/a/b", "/claims/doc/claim/a/b", id="dataset"),
        pytest.param("http://data.example/q/id/claim/a/b#content", "/claims/doc/claim/a/b#content", id="part"),
        pytest.param("http://data.example/q/id/topic/a%2Fb+c", "/claims/doc/topic/a%2Fb+c", id="encoding-intact"),
        pytest.param("http://data.example/q/id/topic/café", "/claims/doc/topic/caf%C3%A9", id="non-ascii"),
        pytest.param("https://w3id.org/quoth/ns#Claim", "/claims/ns#Claim", id="ontology"),
        pytest.param("https://w3id.org/quoth/ns/scope#explicit", "/claims/ns/scope#explicit", id="scheme"),
        pytest.param("https://w3id.org/quoth/nsx", "https://w3id.org/quoth/nsx", id="not-the-ontology"),
        pytest.param("http://www.w3.org/ns/prov#Entity", "http://www.w3.org/ns/prov#Entity", id="other"),
        pytest.param("javascript:alert(1)", None, id="javascript"),
        pytest.param("JavaScript:alert(1)", None, id="javascript-case"),
        pytest.param("data:text/html,x", None, id="data"),
        pytest.param("http:javascript", None, id="no-host"),
        pytest.param('http://x/"><script>', None, id="markup"),
        pytest.param("http://[x/", None, id="malformed"),
        pytest.param("urn:isbn:1", None, id="urn"),
    ],
)
def test_href(iri: str, href: str | None) -> None:
    assert IRIS.href(iri) == href


def test_web() -> None:
    assert is_web("https://example.org/?a=1&b='x'")
    assert not is_web("https://exa mple.org/")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        pytest.param("a%2Fb%23%3F", "a%2Fb%23%3F", id="reserved-stay"),
        pytest.param("caf%C3%A9", "café", id="letters"),
        pytest.param("%7Ea%2db", "~a-b", id="unreserved"),
        pytest.param("%FF%20", "%FF%20", id="not-utf-8"),
        pytest.param("100%", "100%", id="stray-percent"),
    ],
)
def test_readable(path: str, expected: str) -> None:
    assert readable(path) == expected


def test_unescaped_spellings_are_tried_last() -> None:
    """encodeURIComponent and urllib's quote encode sub-delims, the colon and @, too (RFC 3986 §3.3)."""
    candidates = list(Iris("http://x/", "http://x/").candidates("id/a%28b%29%3A%40%2Fé"))
    assert candidates[0] == "http://x/id/a%28b%29%3A%40%2Fé"
    assert candidates[-2:] == ["http://x/id/a(b):@%2Fé", "http://x/id/a(b):@%2F%C3%A9"]


@pytest.mark.parametrize("asked", ["id/caf%C3%A9", "id/caf%c3%a9", "id/café", "id/%63af%C3%a9"])
def test_equivalent_spellings_of_a_path_find_the_same_iri(asked: str) -> None:
    """RFC 3986 §6.2.2, RFC 3987 §5.3.2: encoded or not, in either case."""
    candidates = list(Iris("http://localhost:8000/", "http://localhost:8000/").candidates(asked))
    assert {"http://localhost:8000/id/café", "http://localhost:8000/id/caf%C3%A9"} <= set(candidates)
    assert len(candidates) == len(set(candidates))
