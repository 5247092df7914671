"""Chapters as notebooks: their form, and that the one of the guide runs from top to bottom against a real server."""

import ast
import json
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib
import nbformat
import pytest
from flask.testing import FlaskClient

from quoth.claim.checking import check
from quoth.claim.checking.anchors import Texts
from quoth.claim.rules import publication
from quoth.release.publish import publish
from quoth.web.guide.notebooks import notebook

from ...serving import Server, free_port, serving

CLAIMS = 27


def test_text_and_examples_are_cells() -> None:
    made = json.loads(notebook("# A\n\ntext\n\n```python run\nx = 1\n```\n\n```sh\nls\n```\n\n```python run\nx\n```\n"))
    nbformat.validate(made)
    assert [(cell["cell_type"], cell["source"]) for cell in made["cells"]] == [
        ("markdown", "# A\n\ntext"),
        ("code", "x = 1"),
        ("markdown", "```sh\nls\n```"),
        ("code", "x"),
    ]


@pytest.mark.parametrize("name", ["notebook", "python"])
def test_a_chapter_that_runs_can_be_downloaded(client: FlaskClient, name: str) -> None:
    answer = client.get(f"/guide/{name}.ipynb")
    assert answer.content_type == "application/x-ipynb+json"
    nbformat.validate(answer.get_json(force=True))


@pytest.mark.parametrize("name", ["start", "errors", "nothing", "..%2Fnotebook"])
def test_others_have_none(client: FlaskClient, name: str) -> None:
    assert client.get(f"/guide/{name}.ipynb").status_code == 404


def test_it_asks_the_server_that_it_is_from(moved: FlaskClient) -> None:
    text = moved.get("/claims/guide/notebook.ipynb").text
    assert 'server = \\"https://example.org/claims/\\"' in text
    assert "localhost" not in text


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, harbour: Path, texts: Texts) -> Iterator[tuple[Server, str]]:
    port = free_port()
    base = f"http://127.0.0.1:{port}/"
    releases = tmp_path_factory.mktemp("notebook") / "releases"
    _, authored = check.check([harbour.parent], base, texts)
    publish(publication.published_quads(authored, base), releases=releases, base=base, report_ttl="", report_json="{}")
    with serving(releases, port) as server:
        yield server, base


@pytest.fixture(scope="module")
def ran(server: tuple[Server, str]) -> tuple[dict[str, Any], list[Any]]:
    """The names that the cells define, and what each shows: the value of its last expression."""
    matplotlib.use("Agg")
    names: dict[str, Any] = {}
    shown = []
    text = server[0].get("/guide/notebook.ipynb").body.decode().replace("http://localhost:8000/", server[1])
    cells = [cell["source"] for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for source in cells:
            module = ast.parse(source)
            last = module.body.pop() if isinstance(module.body[-1], ast.Expr) else None
            exec(compile(module, "notebook", "exec"), names)
            shown.append(eval(compile(ast.Expression(last.value), "notebook", "eval"), names) if last else None)
    return names, shown


def test_the_lines_become_a_table(ran: tuple[dict[str, Any], list[Any]], server: tuple[Server, str]) -> None:
    names, shown = ran
    rows = json.loads(server[0].get("/claims.json?acts=none&limit=1000").body)["claims"]
    assert [claim["claim"] for claim in rows] == list(names["claims"]["claim"])
    assert list(shown[0].columns) == ["who", "voice", "certainty", "words"]
    assert len(shown[0]) == 10


def test_the_table_counts_each_claim_once(ran: tuple[dict[str, Any], list[Any]]) -> None:
    names, shown = ran
    assert shown[1].to_numpy().sum() == len(names["claims"])
    assert dict(shown[1].sum(axis=1)) == dict(Counter(names["claims"]["who"]))


def test_the_chart_has_the_numbers_of_the_table(ran: tuple[dict[str, Any], list[Any]]) -> None:
    names, _ = ran
    bars = names["axes"].containers
    assert len(bars) == len(names["table"].columns)
    drawn = sum(patch.get_width() for bar in bars for patch in bar)
    assert drawn == names["table"].iloc[:12].to_numpy().sum()


def test_the_endpoint_counts_the_same_claims(ran: tuple[dict[str, Any], list[Any]]) -> None:
    assert 0 < ran[1][-1].to_numpy().sum() <= CLAIMS
    assert set(ran[1][-1].columns) <= {1, 2, 3, 4}
