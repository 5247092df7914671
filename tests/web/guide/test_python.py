"""The guide's page on Python: its code runs, from top to bottom, against a real server."""

import ast
import contextlib
import io
import re
import warnings
from pathlib import Path
from typing import Any

import pytest

from quoth.claim.checking import check
from quoth.claim.checking.anchors import Texts
from quoth.claim.rules import publication
from quoth.release.publish import publish
from quoth.web.guide import chapters

from ...serving import free_port, serving

PAGE = (Path(chapters.__file__).parent / "python.md").read_text("utf-8")
BLOCKS = [t.content for t in chapters.examples(PAGE) if t.info == "python run"]


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory, harbour: Path, texts: Texts) -> dict[str, Any]:
    """The output of the page's code, a text for each block, and the names that it defined."""
    port = free_port()
    base = f"http://127.0.0.1:{port}/"
    releases = tmp_path_factory.mktemp("python") / "releases"
    _, authored = check.check([harbour.parent], base, texts)
    publish(publication.published_quads(authored, base), releases=releases, base=base, report_ttl="", report_json="{}")
    names: dict[str, Any] = {}
    outputs = []
    with serving(releases, port), warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        warnings.simplefilter("ignore", ResourceWarning)
        for block in BLOCKS:
            out = io.StringIO()
            with contextlib.redirect_stdout(out):
                exec(compile(ast.parse(block.replace("http://localhost:8000/", base)), "python.md", "exec"), names)
            outputs.append(out.getvalue())
    return {**names, "outputs": outputs}


def test_the_table_has_every_claim(printed: dict[str, Any]) -> None:
    assert len(printed["claims"]) == 27
    assert "the harbour office" in printed["outputs"][0].lower()


def test_the_frame_counts_claims_by_source(printed: dict[str, Any]) -> None:
    assert printed["frame"]["claim"].nunique() == 27
    assert "Velm Salt" in printed["outputs"][1]


def test_the_claim_is_followed_to_its_content_and_its_source(printed: dict[str, Any]) -> None:
    said = printed["outputs"][2]
    assert "it is claimed:" in said
    assert re.search(r"^said by [A-Za-z].*(?<!None)$", said, re.MULTILINE)


def test_the_download_conforms(printed: dict[str, Any]) -> None:
    assert re.fullmatch(r"\d{3,} triples conform\n", printed["outputs"][3])


def test_the_download_can_fail(printed: dict[str, Any]) -> None:
    asserted = printed["asserted"]
    claim = next(c for c in asserted.subjects(printed["QUOTH"].certainty) if str(c).endswith("/ferry-late"))
    asserted.remove((claim, printed["QUOTH"].certainty, None))
    conforms, _, words = printed["pyshacl"].validate(asserted, shacl_graph=printed["shapes"])
    assert not conforms
    assert "certainty" in words
