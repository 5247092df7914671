"""Several encodings of one article stand side by side, with how far they agree, by where their words stand."""

import json
import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from ...small_article import BEAM, MONTH, checked, claim, document, site

PAGE = {"Accept": "text/html"}
BESIDE = "/encodings/article/bridge"
"""The path of the comparison."""


@pytest.fixture(scope="module")
def bridge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """The first encoding has two claims; the second one has the first of these alike, and another one."""
    folder = tmp_path_factory.mktemp("bridge")
    shut = claim("shut", "id/org/council", "said", "The mill bridge was shut")
    second = document(BEAM.replace("beam-cracked", "beam-cracked-2") + shut, encoding='id: "#encoding-2"')
    report, quads = checked(folder / "data", document(BEAM + MONTH), second)
    assert [str(finding) for finding in report.findings] == []
    with site(folder / "releases", quads) as client:
        yield client


def test_the_figures_are_those_of_attributions_that_both_have(bridge: FlaskClient) -> None:
    told = json.loads(bridge.get(f"{BESIDE}.json").text)
    assert {e["iri"].partition("#")[2] for e in told["encodings"].values()} == {"encoding", "encoding-2"}
    [agreement] = told["agreement"]
    assert (agreement["attributions"], agreement["both"], agreement["f1"]) == ([2, 2], 1, 0.5)
    assert (agreement["same_source"], agreement["words_f1"]) == (1, 1.0)
    assert sorted(len(row) for row in told["attributions"]) == [1, 1, 2]


def test_the_page_shows_what_both_have_and_what_only_one_has(bridge: FlaskClient) -> None:
    page = bridge.get(BESIDE, headers=PAGE).text
    assert "agree in 50 % of their attributions" in page
    assert sorted(re.findall(r"in (\d) of 2", page)) == ["1", "1", "2"]
    assert page.count("Not found") == 2
    assert page.count("all 2") == 1


def test_the_page_of_the_article_leads_there(bridge: FlaskClient) -> None:
    page = bridge.get("/doc/article/bridge", headers=PAGE).text
    assert f'<a href="{BESIDE}">' in page
    assert "3 attributions together, 1 of which all of them have" in page


@pytest.mark.parametrize("path", ["/encodings/article/none", "/encodings/org/council", f"{BESIDE}?page=9"])
def test_nothing_is_compared_where_there_are_not_several_encodings(bridge: FlaskClient, path: str) -> None:
    assert bridge.get(path, headers=PAGE).status_code == 404
