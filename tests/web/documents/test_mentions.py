"""Pages show every place where somebody or something is mentioned, with the words and the claims in which they lie."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask

from quoth.claim.checking import check
from quoth.claim.checking.anchors import Texts
from quoth.claim.rules import publication
from quoth.release.publish import publish
from quoth.web.present import mention_list

from ...accept_headers import CHROME
from ...claim.mentioned import DOCUMENT
from ...conftest import BASE, application

TWICE = "  - {of: id/org/velm-salt, exact: The company, start: 425, end: 436}\n"
"""The words that also name the source of a level: one place, listed twice."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, texts: Texts) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("mentions")
    path = folder / "m.yaml"
    path.write_text(DOCUMENT.replace("mentions:\n", f"mentions:\n{TWICE}"), "utf-8")
    report, quads = check.check([path], BASE, texts)
    assert report.conforms
    publish(
        publication.published_quads(quads, BASE),
        releases=folder / "releases",
        base=BASE,
        report_ttl=report.as_turtle(),
        report_json="{}",
    )
    with application(folder / "releases") as app:
        yield app


def mentions(site: Flask, path: str) -> list[str]:
    """The groups of mentions on a page: tags taken out, spaces made one."""
    text = site.test_client().get(path, headers={"Accept": CHROME}).text
    groups = re.findall(r'<details class="mentions">(.*?)</details>', text, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]*>", " ", group).split()) for group in groups]


def test_an_article_shows_whom_it_mentions_and_where(site: Flask) -> None:
    company, guild = mentions(site, "/doc/article/harbour")
    assert company.startswith("Velm Salt 2 times")
    assert "from character 425 The company" in company
    assert "from character 488 it from context In Velm Salt says that it has no ties" in company
    assert guild.startswith("Pilots’ Guild 1 time")


def test_an_entity_shows_its_mentions_by_article(site: Flask) -> None:
    [article] = mentions(site, "/doc/org/velm-salt")
    assert article.startswith("In The late ferry of Port Velm (fiction) 2 times")
    assert article.count("The company") == 1
    assert mentions(site, "/doc/org/quoth") == []


def test_a_long_list_says_that_it_is_cut(site: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mention_list, "LIMITS", dict.fromkeys(mention_list.LIMITS, 1))
    assert len(mentions(site, "/doc/article/harbour")) == 1
    assert "For the rest" in site.test_client().get("/doc/article/harbour", headers={"Accept": CHROME}).text


def test_the_document_of_an_entity_leads_to_its_mentions(site: Flask) -> None:
    text = site.test_client().get("/doc/org/velm-salt", headers={"Accept": "text/turtle"}).text
    assert "refersTo" in text


def test_the_stored_question_finds_them(site: Flask) -> None:
    path = "/queries/mentions-of-an-entity?entity=id/org/velm-salt"
    rows = site.test_client().get(path, headers={"Accept": "application/sparql-results+json"}).get_json()
    found = {(int(b["start"]["value"]), b["words"]["value"], "claim" in b) for b in rows["results"]["bindings"]}
    assert found == {(425, "The company", False), (488, "it", True)}
