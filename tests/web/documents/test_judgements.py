"""A warning that a person accepted is published with the claim: on its page, and in its RDF."""

from pathlib import Path

from quoth.claim.authoring import fill_digests
from quoth.claim.checking.check import check
from quoth.claim.rules import publication
from quoth.release.publish import publish

from ...conftest import BASE, application


def test_an_accepted_warning_is_on_the_claim_s_page_and_in_its_rdf(harbour: Path, tmp_path: Path) -> None:
    label = "    label: The harbour office says that the ferry was late.\n"
    accepted = "    accepted: {rule: label-speaker, reason: It is a <b>test</b> of judgements., by: id/org/quoth}\n"
    document = tmp_path / "harbour.yaml"
    written = harbour.read_text("utf-8")
    assert label in written
    document.write_text(written.replace(label, "    label: They say that the ferry was late.\n" + accepted, 1), "utf-8")
    document.write_text(fill_digests.fill(document, BASE)[0], "utf-8")
    report, quads = check([document], BASE)
    assert [f.rule for f in report.findings if f.judgement] == ["label-speaker"]
    releases = tmp_path / "releases"
    publish(publication.published_quads(quads, BASE), releases=releases, base=BASE, report_ttl="", report_json="{}")
    with application(releases) as app:
        page = app.test_client().get("/doc/claim/harbour/ferry-late.html").text
        turtle = app.test_client().get("/doc/claim/harbour/ferry-late.ttl").text
        other = app.test_client().get("/doc/claim/harbour/dockers-late.html").text
    assert "Reviewed warnings" in page
    assert "It is a &lt;b&gt;test&lt;/b&gt; of judgements." in page
    assert "Reviewed warnings" not in other
    assert "quoth:Judgement" in turtle
    assert "It is a <b>test</b> of judgements." in turtle
