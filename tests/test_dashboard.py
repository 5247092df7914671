"""The dashboard for Grafana: its queries are PromQL, of metrics and labels that there are, in panels to read."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from quoth.ops import metrics

from .linters import CLIENTS, lint

DEPLOY = Path(__file__).parent.parent / "server" / "deploy"
BOARD = json.loads((DEPLOY / "grafana.json").read_text("utf-8"))


def samples() -> dict[str, set[str]]:
    """The names of the samples that /metrics has, with their labels."""
    families = list(metrics.REGISTRY.collect())
    suffixes = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count"), "gauge": ("",)}
    names = {}
    for family in families:
        collector = metrics.REGISTRY._names_to_collectors[family.name]
        labels = {*collector._labelnames}  # type: ignore[attr-defined]
        for suffix in suffixes[family.type]:
            names[family.name + suffix] = labels | ({"le"} if suffix == "_bucket" else set())
    return names


def expressions() -> Iterator[str]:
    yield from (target["expr"] for panel in BOARD["panels"] for target in panel["targets"])


@pytest.mark.slow
def test_every_query_of_the_dashboard_is_of_metrics_and_labels_that_there_are() -> None:
    known, asked = samples(), set()
    of_prometheus = {"job", "instance"}
    queries = [expression.replace("$__rate_interval", "5m") for expression in expressions()]
    done = lint("python", CLIENTS / "promql_selectors.py", said=json.dumps(queries))
    assert done.returncode == 0, done.stderr
    for expression, selectors in zip(queries, json.loads(done.stdout), strict=True):
        assert selectors, expression
        for name, labels in selectors:
            assert name in known, expression
            assert {*labels} <= known[name] | of_prometheus, expression
            asked.add(name)
    assert asked == known.keys(), "each metric is on the dashboard"
    for variable in BOARD["templating"]["list"]:
        assert set(re.findall(r"\bquoth_\w+", variable["query"])) <= known.keys()


@pytest.mark.slow
@pytest.mark.parametrize("wrong", ["sum(rate(x[5m])", "rate(x)", "sum by route (x)", "x{job}"])
def test_what_is_no_promql_is_refused(wrong: str) -> None:
    assert lint("python", CLIENTS / "promql_selectors.py", said=json.dumps([wrong])).returncode == 1


def test_panels_have_places_of_their_own_legends_and_units() -> None:
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in BOARD["panels"]]
    assert len({*places}) == len({panel["id"] for panel in BOARD["panels"]}) == len(places)
    for panel in BOARD["panels"]:
        assert panel["title"]
        assert panel["fieldConfig"]["defaults"]["unit"]
        for target in panel["targets"]:
            for label in re.findall(r"{{(\w+)}}", target["legendFormat"]):
                assert label in target["expr"], target
