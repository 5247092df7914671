"""Content negotiation, with the headers that real clients send."""

import pytest

from quoth.errors import NotAcceptableError
from quoth.formats import HTML, RDF_FORMATS, RESULT_FORMATS, Format
from quoth.http.accept import best, choose, ranges

from ..accept_headers import (
    CHROME,
    COMUNICA,
    FIREFOX,
    JENA_DATASET,
    JENA_MODEL,
    JENA_RESULTS,
    LYNX,
    PYLD,
    RDFLIB,
    RDFLIB_ANY,
    RDFLIB_NTRIPLES,
    RDFLIB_STORE,
    SAFARI,
    W3M,
)

DOCUMENT = (*RDF_FORMATS, HTML)
RESULT = (*RESULT_FORMATS, HTML)


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        pytest.param(None, "turtle", id="missing"),
        pytest.param("", "turtle", id="empty"),
        pytest.param("*/*", "turtle", id="curl-requests"),
        pytest.param(CHROME, "html", id="chrome"),
        pytest.param(FIREFOX, "html", id="firefox"),
        pytest.param(SAFARI, "html", id="safari"),
        pytest.param(RDFLIB, "turtle", id="rdflib"),
        pytest.param(RDFLIB_ANY, "turtle", id="rdflib-all-types-alike"),
        pytest.param(LYNX, "html", id="lynx"),
        pytest.param(W3M, "html", id="w3m"),
        pytest.param(PYLD, "jsonld", id="pyld"),
        pytest.param("text/turtle, text/html", "html", id="html-wins-a-tie"),
        pytest.param("text/turtle, application/xhtml+xml", "html", id="xhtml-wins-a-tie"),
        pytest.param("text/turtle, text/html;q=0.99", "turtle", id="html-below-the-rest"),
        pytest.param("text/turtle;q=0.5, text/html;q=0.5, application/trig", "trig", id="a-tie-below-the-best"),
        pytest.param("text/*, application/*", "turtle", id="html-wins-no-tie-of-wildcards"),
        pytest.param(RDFLIB_NTRIPLES, "ntriples", id="rdflib-ntriples"),
        pytest.param(JENA_MODEL, "turtle", id="jena-model"),
        pytest.param(JENA_DATASET, "trig", id="jena-dataset"),
        pytest.param(COMUNICA, "nquads", id="comunica"),
        pytest.param("text/n3", "turtle", id="n3-alias"),
        pytest.param("application/xml", "rdfxml", id="xml-alias"),
        pytest.param("text/xml, text/html;q=0.9", "rdfxml", id="text-xml-alias"),
        pytest.param("text/turtle;q=0, text/n3, application/trig;q=0.1", "trig", id="zero-beats-alias"),
        pytest.param("text/turtle;q=0, text/n3", None, id="zero-beats-alias-alone"),
        pytest.param("text/turtle;q=0.4, text/n3, application/trig;q=0.5", "trig", id="proper-type-gives-the-quality"),
        pytest.param("text/turtle;charset=utf-8", "turtle", id="charset"),
        pytest.param('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', "jsonld", id="profile"),
        pytest.param('application/ld+json;profile="a,b;q=0";q=0.9,text/turtle;q=0.8', "jsonld", id="quoted-comma"),
        pytest.param("TEXT/TURTLE", "turtle", id="case"),
        pytest.param("text/turtle;q=0.4,application/trig;q=0.5", "trig", id="q-values"),
        pytest.param("text/turtle; q=0.4 , application/trig ; q=0.50", "trig", id="spaces"),
        pytest.param("text/turtle;q=0, */*", "trig", id="zero-excludes"),
        pytest.param("text/turtle;q=0,text/*", "html", id="zero-beats-wildcard"),
        pytest.param("application/*", "trig", id="subtypes"),
        pytest.param("text/html, */*", "html", id="named-beats-wildcard"),
        pytest.param("text/turtle;q=0.5, */*;q=0.9", "trig", id="specific-range-gives-the-quality"),
        pytest.param("text/turtle;q=x, application/trig;q=0.1", "trig", id="malformed-q-is-passed-over"),
        pytest.param("turtle, ;;, application/trig", "trig", id="malformed-range-is-passed-over"),
        pytest.param("image/png", None, id="nothing-fits"),
        pytest.param("text/turtle;q=0", None, id="nothing-left"),
    ],
)
def test_documents_are_negotiated(accept: str | None, expected: str | None) -> None:
    chosen = best(accept, DOCUMENT)
    assert (chosen.name if chosen else None) == expected


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        pytest.param(None, "json", id="missing"),
        pytest.param("*/*", "json", id="curl"),
        pytest.param(CHROME, "html", id="chrome"),
        pytest.param(RDFLIB_STORE, "xml", id="rdflib-store"),
        pytest.param(JENA_RESULTS, "json", id="jena"),
        pytest.param("application/json", "json", id="json-alias"),
        pytest.param("application/sparql-results+json;q=0, application/json, text/csv;q=0.1", "csv", id="refused"),
        pytest.param("text/csv", "csv", id="csv"),
        pytest.param("text/tab-separated-values, text/csv;q=0.9", "tsv", id="tsv"),
    ],
)
def test_results_are_negotiated(accept: str | None, expected: str) -> None:
    chosen = best(accept, RESULT)
    assert chosen is not None
    assert chosen.name == expected


def test_not_acceptable_names_what_is_on_offer() -> None:
    with pytest.raises(NotAcceptableError) as caught:
        choose("image/png", DOCUMENT)
    assert caught.value.remedy is not None
    for offer in DOCUMENT:
        assert offer.media_type in caught.value.remedy


def test_without_offers_nothing_is_chosen() -> None:
    nothing: tuple[Format, ...] = ()
    assert best(None, nothing) is None


def test_an_unclosed_quoted_string_takes_the_rest() -> None:
    assert [r.media_type for r in ranges('text/turtle, a/b;x="' + '"\\' * 100_000)] == ["text/turtle", "a/b"]
