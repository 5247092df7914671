"""A proof tells what was withdrawn, corrected and changed, is cut into pages, and compares contents by itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from quoth.claim.reading import document as reading
from quoth.claim.rules import publication
from quoth.config import Settings
from quoth.http.pagination import Page
from quoth.release.publish import publish
from quoth.web.core.archive import archive
from quoth.web.core.site import Site, current_site
from quoth.web.proof import proof as proving
from quoth.web.proof import proof_views
from quoth.web.proof.comparison import compare
from quoth.web.proof.proof import Proof, prove
from quoth.web.proof.record import gather, plain

from ...conftest import BASE, CORPUS, application
from ...small_article import BEAM, MONTH, checked, document

WRONG, LATER = "The text says broke.", "It was coded as said."
NOTICE = (
    f"\nwithdrawn: [{{id: beam-cracked, reason: {WRONG}, by: id/org/quoth, date: 2026-11-25, replacedBy: a-month}}]\n"
)
CORRECTED = MONTH.replace(
    "speechAct: warned", f"speechAct: said, correction: {{reason: {LATER}, by: id/org/quoth, date: 2026-11-26}}"
)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application over three releases: in the second a claim is withdrawn, in the third another one corrected."""
    folder: Path = tmp_path_factory.mktemp("told")
    for number, text in enumerate((document(BEAM + MONTH), document(MONTH) + NOTICE, document(CORRECTED) + NOTICE)):
        report, quads = checked(folder / f"documents-{number}", text)
        assert report.conforms, [str(finding) for finding in report.findings]
        published = publication.published_quads(quads, BASE)
        publish(published, releases=folder / "releases", base=BASE, report_ttl="", report_json="{}")
    with application(folder / "releases") as app:
        yield app


def told(site: Site, subject: str) -> list[str]:
    asked, number = proof_views.read(site, {"of": subject})
    return [plain(sentence) for sentence in prove(site, asked, number).updates]


def test_a_withdrawal_is_told_of_what_it_concerned(app: Flask) -> None:
    with app.test_request_context():
        [words] = told(current_site(), "the council")
        assert words.startswith("The council said: “a beam had cracked”. was withdrawn on 2026-11-25 in release 2")
        assert words.endswith(f": {WRONG}")
        earlier = told(archive().site(1), "the council")
        assert earlier == [f"The council said: “a beam had cracked” [1] was withdrawn on 2026-11-25 by Quoth: {WRONG}"]


def test_corrections_and_replacements_of_the_claims_are_told(app: Flask) -> None:
    with app.test_request_context():
        words = told(current_site(), "Ada Roke")
        assert [line for line in words if LATER in line] == [
            f"Ada Roke said: “the repair would take a month” [1] was corrected on 2026-11-26 by Quoth: {LATER}"
        ]
        assert any(f"{WRONG} It is replaced by: Ada Roke said" in line for line in words)
        assert told(archive().site(1), "Ada Roke") == []


def test_what_is_known_of_the_article_is_no_gap(app: Flask) -> None:
    with app.test_request_context():
        asked, number = proof_views.read(current_site(), {"of": "Ada Roke"})
        made = prove(current_site(), asked, number)
    [(article, published)] = made.record.articles
    assert (article.label, published.day, [a.label for a in published.authors]) == (
        "Mill bridge shut",
        "2026-11-20",
        ["Ada Quill"],
    )
    gaps = [plain(sentence) for sentence in made.gaps]
    assert not any("not on record" in gap for gap in gaps)
    assert "How certain the source is has not been coded: 1 claim." in gaps


@pytest.fixture(scope="module")
def denied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application over the fictional corpus, in which the dockers deny what the office says."""
    folder: Path = tmp_path_factory.mktemp("denied")
    written = (CORPUS / "harbour.yaml").read_text("utf-8")
    cue = '    cue: {exact: "also said that", start: 242, end: 256}\n'
    (folder / "harbour.yaml").write_text(written.replace(cue, cue + "    polarity: negative\n"), "utf-8")
    quads = reading.read(folder / "harbour.yaml", BASE).quads
    publish(
        publication.published_quads(quads, BASE), releases=folder / "out", base=BASE, report_ttl="", report_json="{}"
    )
    with application(folder / "out") as app:
        yield app


@pytest.mark.parametrize(("name", "apart"), [("app", False), ("denied", True)])
def test_the_same_content_is_found_without_a_relation(
    name: str, apart: bool, denied: Flask, settings: Settings
) -> None:
    iris = [f"{BASE}id/claim/harbour/{claim}" for claim in ("ferry-late", "dockers-late", "pilots-ashore")]

    def compared(site: Site) -> list[tuple[bool, int, str, int]]:
        made = compare(site, gather(site, Page(iris, 1, 100, 3, "proof"), ()), [])
        pairs = [(False, bearing) for bearing in made.together] + [(True, bearing) for bearing in made.apart]
        return [(is_apart, b.one.number, b.words, b.other.number) for is_apart, b in pairs]

    if apart:
        with denied.test_request_context():
            assert compared(current_site()) == [(True, 1, "has the same content, negated, as", 2)]
    else:
        with application(settings.releases) as app, app.test_request_context():
            assert compared(current_site()) == [(False, 1, "has the same content as", 2)]


def test_a_long_proof_is_cut_into_pages(denied: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proving, "PAGE_CLAIMS", 5)

    def page(number: int) -> Proof:
        return prove(current_site(), proof_views.read(current_site(), {"of": "article/harbour"})[0], number)

    with denied.test_request_context():
        pages = [page(number) for number in range(1, 7)]
    assert [len(made.record.entries) for made in pages] == [5, 5, 5, 5, 5, 2]
    assert [e.number for made in pages for e in made.record.entries] == list(range(1, 28))
    assert len({e.claim.ref.iri for made in pages for e in made.record.entries}) == 27
    assert {plain(made.summary[0]) for made in pages} == {"27 claims in 1 article, by 10 sources."}
    bounds = [plain(sentence) for sentence in pages[1].method if "Shown here" in plain(sentence)]
    assert bounds == [
        "Shown here: claims 6 to 10 of 27, in the order of the articles and of their texts; the others are on the other"
        " 5 pages."
    ]
    reply = denied.test_client().get("/proof.md?of=article/harbour&page=2")
    assert reply.headers["X-Total-Count"] == "27"
    assert 'rel="next"' in reply.headers["Link"]
    assert f"[Next page]({BASE}proof.md?of=article%2Fharbour&page=3)" in reply.text
