"""Queries whose answer is another one each time."""

import pytest

from quoth.sparql.determinism import volatile


@pytest.mark.parametrize(
    "text",
    [
        "SELECT (NOW() AS ?t) {}",
        "SELECT (now ( ) AS ?t) {}",
        "SELECT (NOW#\n() AS ?t) {}",
        "SELECT (MIN(DISTINCTNOW()) AS ?t) {}",
        "SELECT * { ?s ?p ?o } ORDER BYRAND() LIMIT 1",
        "SELECT (STRUUID() AS ?t) (UUID() AS ?u) {}",
        "SELECT (\\u004eOW() AS ?t) {}",
        "SELECT * { SERVICE <http://x/> { ?s ?p ?o } }",
        "SELECT * { ?s ?p trueSERVICE <http://x/> { ?s ?p ?o } }",
    ],
)
def test_these_are(text: str) -> None:
    assert volatile(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?known ?now ?rand }",
        "SELECT * { <urn:uuid:1> ?p 'Rand Corporation' }",
        "SELECT * { <http://x/service/1> ?p ?o }",
        "PREFIX service: <http://x/> SELECT * { ?s service:a ?o }",
    ],
)
def test_these_are_not(text: str) -> None:
    assert not volatile(text)
