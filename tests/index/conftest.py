"""The lists of the fictional article, shared by the tests of this room."""

from pathlib import Path

import pytest

from quoth.claim.checking import check
from quoth.claim.checking.anchors import Texts
from quoth.claim.rules import publication
from quoth.index.build import INDEX_FILE
from quoth.index.claims import ClaimIndex
from quoth.release.publish import publish

BASE = "http://localhost:8000/"


@pytest.fixture(scope="session")
def lists(tmp_path_factory: pytest.TempPathFactory, harbour: Path, texts: Texts) -> ClaimIndex:
    """The lists of the fictional article, out of their file."""
    report, authored = check.check([harbour], BASE, texts)
    release = publish(
        publication.published_quads(authored, BASE),
        releases=tmp_path_factory.mktemp("releases"),
        base=BASE,
        report_ttl=report.as_turtle(),
        report_json="{}",
    )
    return ClaimIndex(release.path / INDEX_FILE, lambda name: pytest.fail("the file is there"))
