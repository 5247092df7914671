"""Citations: what they say, that nothing in a claim can break their format, and that they are served."""

import dataclasses
import re

import pytest
from flask.testing import FlaskClient

from quoth.web.present import citation
from quoth.web.present.citation import Citation

from ...conftest import SCRIPT

CLAIM = "/doc/claim/harbour/ferry-late"
CITED = Citation(
    name="harbour/ferry-late",
    sentence="The harbour office says that the ferry was late.",
    quotes=["the ferry was late"],
    encoder="Quoth",
    article="The late ferry",
    article_date="",
    release=3,
    issued="2026-11-23",
    url="https://example.org/releases/3/doc/claim/harbour/ferry-late",
    iri="https://example.org/id/claim/harbour/ferry-late",
)
HOSTILE = [
    SCRIPT,
    "}, title = {owned",
    "100% & $5 #1 a_b ~x ^y \\input{/etc/passwd}",
    "two\nlines\u2028three\x00",
    '"',
]

CSL_TYPES = {"entry", "webpage", "dataset", "article", "article-newspaper"}
"""The types of csl-data.json (1.0.2) that fit a claim."""
CSL_STRINGS = {"title", "container-title", "version", "URL", "note", "language", "type"}
CSL_ORIGINAL = {"original-title", "original-author", "original-publisher", "original-date"}


def test_the_text_quotes_the_article_alone_and_has_release_day_and_address() -> None:
    assert citation.text(CITED) == (
        "The harbour office says that the ferry was late. Claim made in “The late ferry”: “the ferry was late”. "
        "Quoth, release 3, encoded by Quoth, 2026-11-23. "
        "https://example.org/releases/3/doc/claim/harbour/ferry-late"
    )


def fields(entry: str) -> dict[str, str]:
    """The fields of one BibTeX entry, by counting braces as BibTeX does: an escaped brace counts too."""
    head = re.match(r"@misc\{([A-Za-z0-9-]+),\n", entry)
    assert head
    found, place = {}, head.end()
    while match := re.compile(r"  ([a-z]+) = \{").match(entry, place):
        depth, start = 1, match.end()
        place = start
        while depth:
            depth += {"{": 1, "}": -1}.get(entry[place], 0)
            place += 1
        found[match[1]] = entry[start : place - 1]
        assert entry[place : place + 2] == ",\n"
        place += 2
    assert entry[place:] == "}\n"
    return found


def test_bibtex_has_what_a_bibliography_needs() -> None:
    entry = fields(citation.bibtex(CITED))
    assert (entry["author"], entry["year"], entry["month"], entry["day"]) == ("{Quoth}", "2026", "11", "23")
    assert entry["url"] == CITED.url
    assert "“" not in entry["title"]
    assert entry["note"].startswith("Claim made in “The late ferry”: “the ferry was late”. The title is a summary, not")
    assert CITED.iri in entry["note"]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_text_breaks_bibtex(text: str) -> None:
    cited = dataclasses.replace(CITED, sentence=text, quotes=[text], encoder=text, article=text, name=text)
    entry = fields(citation.bibtex(cited))
    assert set(entry) == {"title", "author", "howpublished", "year", "month", "day", "url", "note"}
    for value in (entry["title"], entry["note"]):
        assert not re.search(r"(?<!\\)[$&#%_]", value)
        assert not re.search(r"\\(?!text[a-z]+\{\}|[$&#%_])", value)
        assert "\n" not in value
        assert "\x00" not in value


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_csl_keeps_to_its_schema(text: str) -> None:
    [item] = citation.csl(dataclasses.replace(CITED, sentence=text, quotes=[text], encoder=text, article=text))
    assert citation.SUMMARY in item["note"]
    assert {"id", "type"} <= set(item), "what csl-data.json requires"
    assert item["type"] in CSL_TYPES
    assert set(item) <= {"id", "author", "issued", *CSL_STRINGS, *CSL_ORIGINAL}, "it allows no other properties"
    assert all(isinstance(item[name], str) for name in CSL_STRINGS)
    assert item["author"] == [{"literal": item["author"][0]["literal"]}]
    assert item["issued"] == {"date-parts": [[2026, 11, 23]]}


def test_quotation_marks_within_others_are_single_and_then_double_again() -> None:
    cited = dataclasses.replace(CITED, quotes=["he said “a ‘deal’, the pilots’ own”", 'the "deal"'])
    assert cited.made.endswith(": “he said ‘a “deal”, the pilots’ own’” … “the ‘deal’”.")


def test_the_articles_date_is_given_only_where_the_data_have_one() -> None:
    assert "2020" not in CITED.note
    assert "“The late ferry”, 2020-11-30: " in dataclasses.replace(CITED, article_date="2020-11-30").note


@pytest.mark.parametrize(
    ("suffix", "content_type"), [("bib", "application/x-bibtex; charset=utf-8"), ("csl.json", citation.CSL_TYPE)]
)
@pytest.mark.parametrize("prefix", ["", "/releases/1"])
def test_citations_are_files(client: FlaskClient, prefix: str, suffix: str, content_type: str) -> None:
    response = client.get(f"{prefix}{CLAIM}.{suffix}")
    assert (response.status_code, response.content_type) == (200, content_type)
    assert f"/releases/1{CLAIM}" in response.text
    again = client.get(f"{prefix}{CLAIM}.{suffix}", headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304
    assert client.get(f"/releases/1{CLAIM}").status_code == 200, "the address that it gives"


@pytest.mark.parametrize(
    "path", ["/doc/claim/harbour/none.bib", "/doc/org/velm-salt.bib", "/releases/1/doc/nothing.csl.json"]
)
def test_only_claims_have_citations(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404
