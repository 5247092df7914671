"""Of which encoding a claim is, and which of an article's encodings is counted."""

import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from quoth.claim.authoring import fill_offsets
from quoth.claim.checking import check
from quoth.claim.checking.anchors import Texts
from quoth.claim.model.namespaces import OA, PROV, QUOTH, RDF
from quoth.claim.rules.publication import derive
from quoth.errors import DocumentError

from ...conftest import BASE
from ...small_article import BEAM, MONTH, RECORD, checked, document, write

ARTICLE = ox.NamedNode(f"{BASE}id/article/bridge")


def counted(folder: Path, *documents: str) -> list[str]:
    _, quads = checked(folder, *documents)
    return [str(q.object) for q in derive(quads, BASE) if (q.subject, q.predicate) == (ARTICLE, QUOTH.countedEncoding)]


@pytest.mark.parametrize(
    ("first", "second", "chosen"),
    [
        (("2026-11-23", ""), ("2026-11-23", ""), "encoding"),
        (("2026-11-23", ""), ("2026-11-24", ""), "encoding-2"),
        (("2026-11-23", "status: reviewed"), ("2026-11-24", ""), "encoding"),
        (("2026-11-24", "status: proposed"), ("2026-11-23", ""), "encoding-2"),
        (("2026-11-24", "status: proposed"), ("2026-11-23", "status: reviewed"), "encoding-2"),
        (("2026-11-23", "status: reviewed"), ("2026-11-24", "status: reviewed"), "encoding-2"),
        (("2026-11-24", "status: proposed"), ("2026-11-24", "status: proposed"), "encoding"),
    ],
)
def test_reviewed_counts_before_proposed_then_the_latest_then_by_iri(
    tmp_path: Path, first: tuple[str, str], second: tuple[str, str], chosen: str
) -> None:
    one = document(BEAM, encoding=first[1]).replace("2026-11-23", first[0])
    two = document(MONTH, encoding=f'id: "#encoding-2"\n  {second[1]}').replace("2026-11-23", second[0])
    assert counted(tmp_path, one, two) == [f"<{ARTICLE.value}#{chosen}>"]


def test_an_encoding_without_claims_is_not_counted_where_another_has_some(tmp_path: Path) -> None:
    empty = document("  []", encoding="status: reviewed")
    coded = document(MONTH, encoding='id: "#encoding-2"\n  status: proposed')
    assert counted(tmp_path, empty, coded) == [f"<{ARTICLE.value}#encoding-2>"]


def without_encoding(quads: list[ox.Quad]) -> list[ox.Quad]:
    """The quads as a document in TriG may have them: no claim says of which encoding it is."""
    return [q for q in quads if q.predicate != QUOTH.encoding]


def test_a_claim_that_names_no_encoding_is_of_the_only_one(tmp_path: Path) -> None:
    _, quads = checked(tmp_path, document(BEAM + MONTH))
    derived = derive(without_encoding(quads), BASE)
    encoding = ox.NamedNode(f"{ARTICLE.value}#encoding")
    assert sum(q.predicate == QUOTH.encoding and q.object == encoding for q in derived) == 2
    assert ox.Quad(ARTICLE, QUOTH.countedEncoding, encoding) in derived


def test_an_encoding_is_an_entity_of_prov(tmp_path: Path) -> None:
    _, quads = checked(tmp_path, document(BEAM))
    encoding = ox.NamedNode(f"{ARTICLE.value}#encoding")
    assert ox.Quad(encoding, RDF.type, QUOTH.Encoding) in quads
    assert ox.Quad(encoding, RDF.type, PROV.Entity) in derive(quads, BASE)


def test_of_several_encodings_a_claim_names_its_own(tmp_path: Path) -> None:
    _, quads = checked(tmp_path / "yaml", document(BEAM), document(MONTH, encoding='id: "#encoding-2"'))
    path = tmp_path / "bridge.nq"
    path.write_bytes(ox.serialize(without_encoding(quads), format=ox.RdfFormat.N_QUADS) or b"")
    report, _ = check.check([path], BASE, None)
    assert {f.rule for f in report.findings} == {"encoding-unsaid"}
    assert len(report.findings) == 2


def test_two_encodings_share_no_claim(tmp_path: Path) -> None:
    report, _ = checked(tmp_path, document(BEAM), document(BEAM, encoding='id: "#encoding-2"'))
    assert [(f.rule, Path(f.file).name, f.value.partition("#")[2]) for f in report.findings] == [
        ("encoding-shared", "document-0.yaml", "encoding"),
        ("encoding-shared", "document-1.yaml", "encoding-2"),
    ]
    assert all("another id" in finding.remedy for finding in report.findings)


def test_the_text_of_a_second_encoding_is_that_of_the_document_beside_it(tmp_path: Path) -> None:
    second = document(MONTH, encoding='id: "#encoding-2"').replace(RECORD, "")
    write(tmp_path, document(BEAM), re.sub(r", start: \d+, end: \d+", "", second))
    lacking, texts = tmp_path / "document-1.yaml", Texts(tmp_path)
    assert [f.path for f in check.check([tmp_path], BASE, texts)[0].findings] == [OA.hasSelector.value]
    filled, count, findings = fill_offsets.fill(lacking, BASE, texts)
    assert (filled.strip(), count, findings) == (second.strip(), 1, [])
    (tmp_path / "document-0.yaml").unlink()
    with pytest.raises(DocumentError, match="another document of its folder") as caught:
        fill_offsets.fill(lacking, BASE, texts)
    assert "beside the document" in str(caught.value.remedy)


def test_an_encoding_of_another_article_is_no_claims(tmp_path: Path) -> None:
    other = document(MONTH).replace("id: id/article/bridge", "id: id/article/other\nreprints: id/article/bridge")
    other = other.replace("source: id/article/bridge", "source: id/article/other")
    wrong = document(BEAM).replace("speechAct: said", "codedIn: id/article/other#encoding, speechAct: said")
    report, _ = checked(tmp_path, wrong, other)
    assert [f.rule for f in report.findings] == ["foreign-encoding"]


@pytest.mark.parametrize(
    ("encoding", "words"),
    [("status: checked", "proposed or reviewed"), ('id: "#second"', "a part of its article, such as")],
)
def test_an_encoding_has_its_form(tmp_path: Path, encoding: str, words: str) -> None:
    report, _ = checked(tmp_path, document(BEAM, encoding=encoding))
    assert any(words in str(finding) for finding in report.findings)
