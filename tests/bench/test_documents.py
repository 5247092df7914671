"""The invented corpora of the measurements: documents that pass the check, and the same ones again."""

from collections import Counter
from pathlib import Path

import pytest
from tests.bench.documents import DEPTHS, article, entity, stem, write

from quoth.claim.checking.anchors import Texts
from quoth.claim.checking.check import check
from quoth.claim.model.namespaces import PROV

BASE = "http://localhost:8000/"


@pytest.mark.parametrize("depth", DEPTHS)
def test_the_documents_pass_the_check_without_a_finding(tmp_path: Path, depth: str) -> None:
    write(tmp_path, 3, depth)
    report, quads = check([tmp_path], BASE, Texts(tmp_path / "texts"))
    assert [f"{f.file}:{f.line} {f.rule} {f.message}" for f in report.findings] == []
    claims = Counter(q.object for q in quads if q.predicate == PROV.wasQuotedFrom)
    assert len(claims) == 3
    assert all(25 <= number <= 37 for number in claims.values()), claims


def test_a_corpus_is_enlarged_and_files_that_exist_stay(tmp_path: Path) -> None:
    assert write(tmp_path, 2, "words") == 2
    files = {path: path.read_bytes() for path in tmp_path.rglob("*.*")}
    changed = next(path for path in files if path.parent.name == "articles")
    changed.write_text("kept")
    gone = next(path for path in files if path.parent.name == "articles" and path != changed)
    gone.unlink()
    assert write(tmp_path, 4, "words") == 3
    assert gone.read_bytes() == files[gone]
    assert changed.read_text() == "kept"


def test_articles_differ_and_share_entities() -> None:
    documents = [article(number, "contents") for number in range(40)]
    assert len({text for _, text in documents}) == 40
    named = Counter(iri for document, _ in documents for iri in {entity(n).iri for n in range(250)} if iri in document)
    assert max(named.values()) > 4 * sorted(named.values())[len(named) // 2]
    assert article(7, "words", seed=1) != article(7, "words", seed=2)


def test_another_edition_has_the_same_text_and_another_headline() -> None:
    (before, text), (after, same) = article(5, "contents"), article(5, "contents", edition=2)
    assert text == same
    assert before != after
    assert ", edition 2" in after


def test_no_two_numbers_have_one_name() -> None:
    numbers = [*range(150_000), *range(1_000_000, 1_006_000), *range(2_500_000, 2_530_000)]
    assert len({stem(number) for number in numbers}) == len(numbers)
