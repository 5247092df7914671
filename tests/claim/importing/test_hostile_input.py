"""Whatever a file holds, its reader yields articles in form and misfits, or ends with an error of ours."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quoth.claim.importing.article import Article, Misfit
from quoth.claim.importing.imports import Import, Target
from quoth.errors import UsageError

from .runs import run

FILES = {"tei": "a.xml", "litbank": "a.ann", "table": "a.csv", "claim-review": "a.json", "web-annotation": "ferry.json"}
TEXT = "The ferry is late, the office said.\n"
BEGINNINGS = {
    "tei": ['<TEI xmlns="http://www.tei-c.org/ns/1.0"><text><body>', "<u who='", "<seg>", "</seg></u>", "<note/>"],
    "litbank": ["QUOTE\tQ1\t0\t0\t0\t1\tThe ferry", "ATTRIB\tQ1\tLind-1", "\t", "QUOTE", "-1"],
    "table": ["article,quotation,source,start,end,cue\n", "ferry,", "The ferry", '"', "\n", ";", "=1+1", "0", "'"],
}
KEYS = st.sampled_from(
    [
        *("@type", "@graph", "@value", "url", "claimReviewed", "author", "name", "sameAs", "itemReviewed"),
        *("reviewRating", "alternateName", "ratingValue", "bestRating", "inLanguage", "datePublished"),
        *("target", "source", "selector", "type", "exact", "quote", "start", "prefix", "suffix", "refinedBy"),
        *("body", "bodies", "purpose", "value", "tags", "creator", "user", "id", "uri", "document", "title"),
        *("items", "rows", "first"),
    ]
)
VALUES = st.sampled_from(
    [
        *("ClaimReview", "TextQuoteSelector", "The ferry", "ferry", "https://a.example/ferry", "late", "", "\ud800"),
        *("source:x", "act:said", "tagging", "quoth:cue"),
    ]
)
JSON = st.recursive(
    VALUES | st.none() | st.booleans() | st.integers() | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=8),
    max_leaves=25,
)
REVIEWS = st.dictionaries(KEYS, JSON, max_size=8).map(
    lambda odd: {"@type": "ClaimReview", "url": "https://a.example/", "claimReviewed": "Late."} | odd
)
NOTES = st.dictionaries(KEYS, JSON, max_size=8).map(
    lambda odd: {"target": {"source": "ferry", "selector": {"exact": "The ferry"}}} | odd
)


def check(format: str, data: bytes, at: Path) -> list[Article | Misfit]:
    (at / "ferry.txt").write_text(TEXT, "utf-8")
    (at / "a.txt").write_text(TEXT, "utf-8")
    (at / FILES[format]).write_bytes(data)
    try:
        found = run(format, at / FILES[format])
    except UsageError:
        return []
    return [*found.articles, *found.misfits]


@pytest.mark.parametrize("format", BEGINNINGS)
@settings(max_examples=120, deadline=None)
@given(data=st.data())
def test_text_of_any_kind_is_read_or_told(
    format: str, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    at = tmp_path_factory.getbasetemp() / f"any-{format}"
    at.mkdir(exist_ok=True)
    some = st.sampled_from(BEGINNINGS[format]) | st.text(max_size=20)
    text = BEGINNINGS[format][0] + "".join(data.draw(st.lists(some, max_size=12)))
    check(format, text.encode("utf-8", "surrogatepass") + data.draw(st.binary(max_size=3)), at)


@pytest.mark.parametrize("format", ["claim-review", "web-annotation"])
@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_json_of_any_kind_is_read_or_told(
    format: str, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    at = tmp_path_factory.getbasetemp() / f"json-{format}"
    (at / "corpus" / "articles").mkdir(parents=True, exist_ok=True)
    value = data.draw(JSON | st.lists(REVIEWS if format == "claim-review" else NOTES, max_size=3))
    found = check(format, json.dumps(value).encode(), at)
    target = Target(at / "corpus", at / "corpus" / "articles", at / "corpus" / "texts")
    Import(target, "words", dry=True).run(found)
