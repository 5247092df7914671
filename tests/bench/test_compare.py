"""The comparison asks all servers the same, compares their answers by value, and reports ratios of rates."""

import itertools
import json
import socket
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import pyoxigraph as ox
import pytest
from tests.bench import load
from tests.bench.compare import compare, report
from tests.bench.compare.answers import disagreeing, solutions
from tests.bench.compare.workload import CONNECTIONS, Query, queries


def _body(*terms: dict[str, str]) -> bytes:
    return json.dumps({"results": {"bindings": [{"x": term} for term in terms]}}).encode()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            {"type": "literal", "value": "a"},
            {"type": "literal", "value": "a", "datatype": "http://www.w3.org/2001/XMLSchema#string"},
        ),
        (
            {"type": "typed-literal", "value": "7", "datatype": "http://www.w3.org/2001/XMLSchema#integer"},
            {"type": "literal", "value": "7.0", "datatype": "http://www.w3.org/2001/XMLSchema#decimal"},
        ),
        (
            {"type": "literal", "value": "a", "xml:lang": "en-GB"},
            {"type": "literal", "value": "a", "xml:lang": "en-gb"},
        ),
        ({"type": "bnode", "value": "b1"}, {"type": "bnode", "value": "b2"}),
    ],
)
def test_terms_of_one_value_are_the_same_answer(one: dict[str, str], other: dict[str, str]) -> None:
    assert solutions(_body(one)) == solutions(_body(other))


@pytest.mark.parametrize(
    "other",
    [
        {"type": "uri", "value": "7"},
        {"type": "literal", "value": "8"},
        {"type": "literal", "value": "7", "xml:lang": "en"},
    ],
)
def test_other_terms_are_another_answer(other: dict[str, str]) -> None:
    seven = {"type": "literal", "value": "7"}
    assert solutions(_body(seven)) != solutions(_body(other))
    assert solutions(_body(seven)) != solutions(_body(seven, seven))  # solutions are counted


class Answers(NamedTuple):
    """A server that answers all queries with the same."""

    peer: SimpleNamespace
    body: bytes | Exception

    def ask(self, text: str) -> bytes:
        if isinstance(self.body, Exception):
            raise self.body
        return self.body


def test_a_server_that_does_not_answer_is_not_measured_and_ends_nothing() -> None:
    query = Query("one", "One", "page", "SELECT * { ?s ?p ?o }")
    seven = _body({"type": "literal", "value": "7"})
    bodies: dict[str, bytes | Exception] = {"a": TimeoutError(), "b": seven, "c": b"<html>", "d": _body(), "e": seven}
    servers: Any = [Answers(SimpleNamespace(name=name), body) for name, body in bodies.items()]
    assert disagreeing(servers, query, {}, 1) == ["a", "c", "d"]


def test_what_a_silent_server_was_asked_has_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "STALL_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        requests = itertools.repeat(b"GET / HTTP/1.1\r\n\r\n")
        burst = load.burst(silent.getsockname()[1], requests, 3, 0.1)
    assert (burst.failures, burst.latencies, burst.rate) == (3, [], 0)


def test_subjects_are_drawn_by_rank_and_no_query_is_asked_twice() -> None:
    query = Query("one", "One", "page", "ASK { {entity} ?p ?o }", "/claims?about={entity}")
    subjects = {"entity": [ox.NamedNode(f"http://localhost:8000/id/org/{n}") for n in range(1000)]}
    filled = list(itertools.islice(query.filled(subjects, 1, "a"), 4000))
    assert len({text for text, _ in filled}) == 4000
    drawn = Counter(page for _, page in filled)
    # The first of 1,000 is drawn with 1 / H(1000) = 0.1336, twice as often as the second.
    assert 450 <= drawn["/claims?about=org/0"] <= 620
    assert 1.5 <= drawn["/claims?about=org/0"] / drawn["/claims?about=org/1"] <= 2.6
    other = itertools.islice(query.filled(subjects, 1, "b"), 4000)
    assert [page for _, page in other] == [page for _, page in filled]


@pytest.mark.slow
@pytest.mark.long
def test_the_servers_agree_and_each_query_is_measured(tmp_path: Path) -> None:
    lines: list[dict[str, Any]] = list(
        compare.run(tmp_path, "tiny", ["oxigraph", "quoth"], rounds=1, seconds=0.02, loads=1)
    )
    names = {query.name for query in queries()}
    checked = [line for line in lines if line["step"] == "answers"]
    assert {line["query"]: (line["compared"], line["wrong"]) for line in checked} == dict.fromkeys(names, (2, []))
    asked = [line for line in lines if line["step"] == "query"]
    assert {(line["peer"], line["query"]) for line in asked if not line["page"]} == {
        (peer, name) for peer in ("oxigraph", "quoth") for name in names
    }
    assert {line["query"] for line in asked if line["page"]} == {query.name for query in queries() if query.page}
    assert all(line["requests"] and not line["failures"] and line["p50_ms"] <= line["p99_ms"] for line in asked)
    counted = [line for line in lines if line["step"] == "counted"]
    assert len(counted) == 4
    assert all(line["agrees"] for line in counted)
    loaded = [line for line in lines if line["step"] == "load"]
    assert [line["peer"] for line in loaded] == ["oxigraph", "oxigraph", "quoth-store", "quoth-publish"]
    assert all(line["quads"] > 8000 and line["disk_mb"] > 0 for line in loaded)


def test_a_report_tells_ratios_of_rounds_and_the_counts_of_pages(tmp_path: Path) -> None:
    lines: list[dict[str, Any]] = [{"step": "load", "peer": "oxigraph", "quads": 1000, "wall_s": 2.0}]
    lines[0] |= {"cpu_s": 1.0, "peak_mb": 50.0, "disk_mb": 3.0}
    lines.append({**lines[0], "peer": "quoth-store", "wall_s": 4.0, "stages": {"verify": 2.0}})
    lines.append({"step": "counted", "query": "count-about", "p50_ms": 0.05})
    for query in queries():
        for peer, rates, page in (
            ("oxigraph", [100.0, 200.0, 400.0], False),
            ("virtuoso", [50.0, 50.0, 50.0], False),
            ("quoth", [50.0, 100.0, 200.0], False),
            ("quoth", [10.0, 10.0, 10.0], True),
        ):
            times = {"p50_ms": 3.0 if page else 2.0, "p99_ms": 9.0, "cpu_ms": 1.0 if peer == "oxigraph" else 4.0}
            line = {"step": "query", "query": query.name, "group": query.group, "peer": peer, "page": page}
            failures = 2 if peer == "virtuoso" and query.name in ("claim", "count-about") else 0
            lines.append({**line, "rates": rates, "failures": failures, **times})
    lines += [{"step": "memory", "peer": peer, "own_mb": 10.0} for peer in ("oxigraph", "virtuoso", "quoth")]
    lines += [{"step": "left out", "peer": "fuseki", "why": "there is no java"}]
    machine = {"size": "tiny", "at": "2036-01-01", "commit": "abc1234", "cores": 2, "load": 0.5}
    file = tmp_path / "compare.jsonl"
    file.write_text("".join(json.dumps(line | machine) + "\n" for line in lines))
    text = report.write(file, tmp_path / "compare").read_text("utf-8")
    half = " | ".join(["0.50 (0.50–0.50) · 0.50"] * len(CONNECTIONS))
    assert f"| Quoth | {half} | 10.0 |" in text
    assert f"| Quoth | {' | '.join(['4.00'] * len(CONNECTIONS))} |" in text
    # In each round the rate of Virtuoso is half, a quarter or an eighth: the medians of all are no ratio of one round.
    assert "| Virtuoso | 0.25 (0.12–0.50) · 0.25 |" in text
    assert "- left out: Fuseki (TDB2): there is no java" in text
    assert "- Virtuoso failed 4 requests: claim, count-about" in text
    assert "| `/claims.json?limit=1&about={entity}` | 0.0500 | 4.00 | 4.00 | 1.00 | 4.00 |" in text
    assert "| oxigraph serve (disk) | 1 | 2.00 | 1.00 | 50.0 | 3.00 | 1.00 | – |" in text
    assert "| Quoth: the store of a release | 1 | 4.00 | 1.00 | 50.0 | 3.00 | 0.500 | 1.00 |" in text
    assert "Fuseki" not in (tmp_path / "compare" / "tiny-ratios.svg").read_text("utf-8")
