"""Words of an article in another language than the page's are marked with it, wherever they stand (WCAG 3.1.2)."""

import hashlib
from collections.abc import Iterator

import pytest
from flask import Flask

from quoth.claim.checking.anchors import Texts
from quoth.claim.checking.check import check
from quoth.claim.rules import publication
from quoth.release.publish import publish

from ...conftest import BASE, application

TEXT = "قال الحارس إن السفينة تأخرت. ثم غادر."
NEWS = f"""\
"@context": https://w3id.org/quoth/context.jsonld
id: id/article/news
type: NewsArticle
label: {{"@value": "خبر السفينة", "@language": ar}}
language: ar
text: {{sha256: "{hashlib.sha256(TEXT.encode()).hexdigest()}", length: {len(TEXT)}}}
encoding:
  attributedTo: id/org/coders
  created: 2026-01-02
  method: By hand.
  licence: https://creativecommons.org/licenses/by/4.0/
entities:
  - {{id: id/org/coders, type: Organization, label: The coders}}
sources:
  - id: id/source/news/guard
    type: [AnonymousSource, Person]
    label: {{"@value": "الحارس", "@language": ar}}
    warrant: الحارس
claims:
  - id: id/claim/news/late
    label: {{"@value": "الحارس يقول إن السفينة تأخرت.", "@language": ar}}
    anchor: {{exact: "إن السفينة تأخرت", start: {TEXT.index("إن")}, end: {TEXT.index("إن") + 16}}}
    source: id/source/news/guard
    speechAct: said
    stance: endorses
    scope: explicit
    cue: {{exact: "قال الحارس", start: 0, end: 10}}
    certainty: certain
    polarity: positive
    realis: actual
    tense: past
    content:
      eventType: schedule
      attribute: late
      affected: {{type: Thing, label: {{"@value": "السفينة", "@language": ar}}}}
  - id: id/claim/news/left
    anchor: {{exact: "ثم غادر", start: {TEXT.index("ثم")}, end: {TEXT.index("ثم") + 7}}}
    certainty: certain
    polarity: positive
    realis: actual
    tense: past
    content:
      eventType: schedule
      attribute: gone
      affected: {{type: Thing, label: {{"@value": "السفينة", "@language": ar}}}}
"""

MARK = 'lang="ar" dir="auto"'
QUOTED, CUE, NAME = "إن السفينة تأخرت", "قال الحارس", "الحارس"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder, releases = tmp_path_factory.mktemp("dataset"), tmp_path_factory.mktemp("releases")
    (folder / "news.yaml").write_text(NEWS, "utf-8")
    (folder / "news.txt").write_text(TEXT, "utf-8")
    report, quads = check([folder / "news.yaml"], BASE, Texts(folder))
    assert report.conforms, report.findings
    publish(
        publication.published_quads(quads, BASE),
        releases=releases,
        base=BASE,
        report_ttl=report.as_turtle(),
        report_json="{}",
    )
    with application(releases) as app:
        yield app


@pytest.mark.parametrize(
    ("path", "element"),
    [
        ("/doc/claim/news/late", f"<blockquote {MARK}><p><span"),
        ("/doc/claim/news/late", f"<q {MARK}>{CUE}</q>"),
        ("/doc/claim/news/late", f"<h1 {MARK}>الحارس يقول إن السفينة تأخرت.</h1>"),
        ("/doc/claim/news/late", f'<g class="box words" {MARK}>'),
        ("/doc/claim/news/late", f'“<span {MARK}>السفينة</span>”'),
        ("/doc/claim/news/left", f"<blockquote {MARK}><p>"),
        ("/doc/article/news", f"<h1 {MARK}>"),
        ("/doc/article/news", f"<q {MARK}>{QUOTED}</q>"),
        ("/doc/article/news", f'aria-hidden="true" {MARK}>'),
        ("/doc/source/news/guard", f"<h1 {MARK}>{NAME}</h1>"),
        ("/doc/source/news/guard", f"in the article’s words: <q {MARK}>{NAME}</q>"),
        ("/doc/source/news/guard", f"<q {MARK}>{QUOTED}</q>"),
        ("/claims", f"<q {MARK}>{QUOTED}</q>"),
        ("/search?q=السفينة", f'<q {MARK}>إن <mark>السفينة</mark> تأخرت</q>'),
        ("/search.atom?q=السفينة", f'<content type="text" xml:lang="ar">{QUOTED}</content>'),
        ("/sources", f"{MARK}>{NAME}</a>"),
        ("/", f"<q {MARK}>{QUOTED}</q>"),
        ("/reconcile/preview?id=claim/news/late", f"<q {MARK}>{QUOTED}</q>"),
    ],
)  # fmt: skip
def test_words_of_the_article_have_its_language(app: Flask, path: str, element: str) -> None:
    response = app.test_client().get(path, headers={"Accept": "text/html"})
    assert response.status_code == 200
    assert element in response.get_data(as_text=True)


def test_a_generated_label_is_english(app: Flask) -> None:
    page = app.test_client().get("/doc/claim/news/left", headers={"Accept": "text/html"}).get_data(as_text=True)
    assert "<h1>The article says: " in page


def test_words_in_the_language_of_the_page_have_no_mark(app: Flask) -> None:
    page = app.test_client().get("/doc/org/coders", headers={"Accept": "text/html"}).get_data(as_text=True)
    assert "<h1>The coders</h1>" in page
