"""The encodings of two coders are not taken for one."""

from pathlib import Path

import pytest

from ...small_article import BEAM, MONTH, checked, document

SHARED = "is an encoding with an IRI of its own"


@pytest.mark.parametrize(
    ("identifier", "told"), [("", True), ('id: "#encoding-2"', False)], ids=["one IRI for both", "an IRI for each"]
)
def test_two_coders_need_two_iris(tmp_path: Path, identifier: str, told: bool) -> None:
    other = document(MONTH, encoding=identifier).replace("By hand.", "By another hand.")
    report, _ = checked(tmp_path, document(BEAM), other)
    assert (SHARED in "\n".join(map(str, report.findings))) is told
