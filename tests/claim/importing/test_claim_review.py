"""ClaimReview: the reviewed claim and the verdict of each review, alone, in lists, graphs and feeds."""

import json
from pathlib import Path
from typing import Any

import pytest

from quoth.errors import UsageError

from .runs import ENCODING, Run, run

REVIEW: dict[str, Any] = {
    "@context": "https://schema.org",
    "@type": "ClaimReview",
    "url": "https://checks.example/2026/ferry",
    "claimReviewed": "The ferry  sank on\nMonday.",
    "author": {"@type": "Organization", "name": "Velm Checks"},
    "datePublished": "2026-11-20T08:00:00Z",
    "inLanguage": "en",
    "itemReviewed": {"@type": "Claim", "author": {"name": "Mara Lind", "sameAs": ["https://lind.example/", 7]}},
    "reviewRating": {"@type": "Rating", "ratingValue": "1", "bestRating": 5, "alternateName": "False"},
}


def read(folder: Path, data: object, mapping: str = ENCODING) -> Run:
    (folder / "reviews.json").write_text(json.dumps(data), "utf-8")
    return run("claim-review", folder / "reviews.json", mapping)


def test_a_review_has_the_claim_and_the_verdict_in_its_own_voice(tmp_path: Path) -> None:
    found = read(tmp_path, REVIEW)
    assert found.sayings() == {
        "reviewed": ("Mara Lind", "The ferry sank on Monday."),
        "verdict": ("(own)", "False"),
    }
    article = found.article
    assert article.slug == "checks-example-2026-ferry"
    assert dict(article.facts) == {
        "label": "Review: The ferry sank on Monday.",
        "url": "https://checks.example/2026/ferry",
        "datePublished": "2026-11-20",
    }
    assert [agent.label for agent in article.authors] == ["Velm Checks"]
    [lind] = [a.source for a in article.attributions if a.source]
    assert dict(lind.details) == {"seeAlso": ["https://lind.example/"]}


def test_the_mapping_says_which_entity_a_reviewer_is(tmp_path: Path) -> None:
    article = read(tmp_path, REVIEW, ENCODING + '[publishers]\n"Velm Checks" = "id/org/checks Checks"\n').article
    assert article.publisher
    assert (article.publisher.id, article.publisher.label) == ("id/org/checks", "Checks")
    assert article.authors == ()


@pytest.mark.parametrize(
    "around",
    [
        lambda reviews: reviews,
        lambda reviews: {"@context": "https://schema.org", "@graph": reviews},
        lambda reviews: {"@type": "DataFeed", "dataFeedElement": [{"item": [each]} for each in reviews]},
        lambda reviews: {"@type": "ItemList", "itemListElement": reviews},
        lambda reviews: [[reviews], None, 3],
    ],
)
def test_reviews_are_found_in_lists_graphs_and_feeds(tmp_path: Path, around: Any) -> None:
    other = REVIEW | {"@type": ["Review", "schema:ClaimReview"], "reviewRating": None, "itemReviewed": []}
    found = read(tmp_path, around([REVIEW, other]))
    assert [article.slug for article in found.articles] == [
        "checks-example-2026-ferry",
        "checks-example-2026-ferry-2",
    ]
    [attribution] = found.articles[1].attributions
    assert attribution.source
    assert attribution.source.type == "AnonymousSource"


@pytest.mark.parametrize(
    ("rating", "verdict"),
    [
        ({"ratingValue": 2, "bestRating": 5}, "2 of 5"),
        ({"ratingValue": 2}, None),
        ([{"name": "Half true"}], "Half true"),
        ({"alternateName": {"@value": "Falsch", "@language": "de"}}, "Falsch"),
        ("False", None),
    ],
)
def test_a_rating_is_in_words_or_has_its_scale(tmp_path: Path, rating: object, verdict: str | None) -> None:
    said = read(tmp_path, REVIEW | {"reviewRating": rating}).sayings()
    assert said.get("verdict") == (("(own)", verdict) if verdict else None)


def test_an_incomplete_review_is_told_by_its_number_and_loses_no_other(tmp_path: Path) -> None:
    without = [
        REVIEW | {"claimReviewed": ["", None, {}]},
        REVIEW | {"url": "javascript:alert(1)"},
        REVIEW | {"url": ["https://a.example/b c"], "@id": 3},
        REVIEW | {"author": 5, "datePublished": "soon", "inLanguage": "no language", "itemReviewed": {"author": {}}},
    ]
    found = read(tmp_path, without)
    assert found.told == [("incomplete", f"reviews.json#review {n}") for n in (1, 2, 3)]
    assert found.article.language == "en"
    assert "datePublished" not in dict(found.article.facts)


def test_a_file_that_is_no_json_or_has_no_review_loses_no_other(tmp_path: Path) -> None:
    (folder := tmp_path / "in").mkdir()
    (folder / "a.json").write_text('{"a":\n oops}', "utf-8")
    (folder / "b.json").write_text("[" * 100_000, "utf-8")
    (folder / "c.json").write_bytes(b"\xff")
    (folder / "d.json").write_text("{}", "utf-8")
    (folder / "e.json").write_text(json.dumps(REVIEW), "utf-8")
    found = run("claim-review", folder)
    assert found.told == [
        ("not JSON", "a.json:2:2"),
        ("not JSON", "b.json"),
        ("not read", "c.json:1"),
        ("without reviews", "d.json"),
    ]
    assert len(found.articles) == 1
    (tmp_path / "none").mkdir()
    with pytest.raises(UsageError, match="no file in it"):
        run("claim-review", tmp_path / "none")


def test_half_a_character_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(REVIEW | {"claimReviewed": "Late \ud83d."}), "utf-8")
    assert run("claim-review", tmp_path / "a.json").article.text == "Late ?.\nFalse\n"


def test_several_authors_and_claimants_are_all_named(tmp_path: Path) -> None:
    review = {
        "@type": "ClaimReview",
        "url": "https://checks.example/1",
        "claimReviewed": "The ferry sank.",
        "author": [{"name": "Ann"}, {"name": "Bob"}],
        "itemReviewed": {"author": [{"name": "Lind"}, "Berg"]},
        "inLanguage": {"@type": "Language", "name": "German", "alternateName": "de_AT"},
    }
    (tmp_path / "reviews.json").write_text(json.dumps(review), "utf-8")
    found = run("claim-review", tmp_path / "reviews.json").article
    assert [author.label for author in found.authors] == ["Ann", "Bob"]
    [said] = found.attributions
    assert said.source is not None
    assert (said.source.label, said.source.type, found.language) == ("Lind and Berg", "Group", "de-AT")
