"""Hostile queries, clients that leave or stall, killed workers, and full queues."""

import contextlib
import gc
import json
import os
import shutil
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from quoth.engine.api.client import Caller, Presence
from quoth.engine.api.interface import Answer, Query, Wanted
from quoth.engine.embedded import EmbeddedEngine
from quoth.engine.pool import pool
from quoth.engine.pool.pool import Limits
from quoth.errors import ClientLeftError, Limit, QueryTimeoutError, QueryTooLargeError, QuothError, UnavailableError

from ...serving import until

pytestmark = pytest.mark.serial

EVERYTHING = "SELECT * { ?a <http://e/p1> ?b . ?c <http://e/p2> ?d . ?e <http://e/p0> ?f }"
BOMBS = {
    "cartesian COUNT": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "path": "SELECT (COUNT(*) AS ?n) { ?a (!<http://e/x>|^!<http://e/y>)* ?b . ?c (!<http://e/x>|^!<http://e/y>)* ?d }",
    "ORDER BY of a product": "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY CONCAT(STR(?c), STR(?f))",
    "DISTINCT of a product": "SELECT DISTINCT ?a ?c ?d ?f { ?a ?b ?c . ?d ?e ?f }",
    "CONSTRUCT of a product": "CONSTRUCT { ?a ?b ?f } { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "regex": (
        "SELECT (COUNT(*) AS ?n) { <http://e/regex> ?p ?x . ?a ?b ?c . ?d ?e ?f "
        "FILTER(REGEX(?x, CONCAT('(.*a){40}', ?c, ?f))) }"
    ),
}


def read(engine: EmbeddedEngine, text: str, time_limit_s: float | None = None) -> bytes:
    with engine.answer(Query(text), Wanted(), time_limit_s=time_limit_s) as answer:
        return b"".join(answer.chunks)


def works(engine: EmbeddedEngine) -> bool:
    """Whether a light query is answered, for which a process may have to be started first."""
    return read(engine, "ASK { ?s ?p ?o }", 30) == b'{"head":{},"boolean":true}'


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS.keys())
def test_a_bomb_is_stopped_at_the_deadline(store_path: Path, bomb: str) -> None:
    engine = EmbeddedEngine(store_path, Limits(time_s=1, workers=1, memory_mb=4096))
    assert works(engine)
    started = time.monotonic()
    with pytest.raises(QueryTimeoutError, match="1 s") as caught:
        read(engine, bomb)
    # Half a second late at most, as measured on a machine with other work; five times that here.
    assert 0.9 < time.monotonic() - started < 1 + 5 * 0.5
    assert caught.value.limit == Limit("query_time_limit_s", 1)
    assert works(engine)
    engine.close()


def exploding(engine: EmbeddedEngine, caller: Caller | None = None) -> tuple[threading.Thread, list[QuothError]]:
    """A bomb that runs in a thread of its own, and the error that it will have ended with."""
    ends: list[QuothError] = []

    def explode() -> None:
        try:
            with engine.answer(Query(BOMBS["cartesian COUNT"]), Wanted(), caller) as answer:
                b"".join(answer.chunks)
        except QuothError as error:
            ends.append(error)

    thread = threading.Thread(target=explode)
    thread.start()
    return thread, ends


def test_light_queries_are_answered_during_a_bomb(store_path: Path) -> None:
    engine = EmbeddedEngine(store_path, Limits(time_s=60, workers=2))
    assert works(engine)
    presence = Presence()
    thread, ends = exploding(engine, Caller("another", presence))
    until(lambda: engine.figures()["running"] + engine.figures()["long"] == 1)
    times = []
    for _ in range(150):
        started = time.monotonic()
        assert works(engine)
        times.append(time.monotonic() - started)
    assert thread.is_alive(), "the bomb ended before the light queries"
    assert sorted(times)[len(times) * 99 // 100] < 0.5
    presence.leave()
    thread.join()
    engine.close()
    assert isinstance(ends[0], ClientLeftError)


@pytest.mark.slow
def test_a_query_past_its_memory_is_stopped(store_path: Path) -> None:
    engine = EmbeddedEngine(store_path, Limits(time_s=30, workers=1, memory_mb=600))
    with pytest.raises(QueryTooLargeError, match="600 MB"):
        read(engine, BOMBS["ORDER BY of a product"])
    assert works(engine)
    engine.close()


def test_a_deadline_during_a_stream_raises_from_the_stream(store_path: Path) -> None:
    engine = EmbeddedEngine(store_path, Limits(time_s=0.7, workers=1))
    answer = engine.answer(Query(EVERYTHING), Wanted())
    started = time.monotonic()
    had: list[bytes] = []
    with pytest.raises(QueryTimeoutError):
        had.extend(answer.chunks)
    assert sum(map(len, had)) > 10_000
    assert time.monotonic() - started < 4
    assert works(engine)
    engine.close()


def test_a_large_result_streams_in_bounded_memory(store_path: Path) -> None:
    engine = EmbeddedEngine(store_path, Limits(time_s=60, workers=1))
    assert works(engine)
    pid = engine._pool._idle[0].pid
    with engine.answer(Query(EVERYTHING + " LIMIT 300000"), Wanted()) as answer:
        next(answer.chunks)
        assert engine.figures()["running"] + engine.figures()["long"] == 1, "the first chunk comes before the last row"
        # Nobody reads: the result has to go to a file, and not into memory.
        until(lambda: engine._pool.spool.held_mb > 8, 30)
        before = resident(pid), resident(os.getpid())
        largest = size = 0
        for number, chunk in enumerate(answer.chunks):
            largest = max(largest, len(chunk))
            size += len(chunk)
            if number % 100 == 0:
                assert resident(os.getpid()) < before[1] + 30 * 2**20
                with contextlib.suppress(OSError):  # it took long, so it is not used again
                    assert resident(pid) < before[0] + 30 * 2**20
    assert size > 50 * 2**20
    assert largest <= 2 * 65536
    engine.close()


def resident(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")


def left_half_way(engine: EmbeddedEngine) -> None:
    answer = engine.answer(Query(EVERYTHING), Wanted())
    next(answer.chunks)
    answer.close()


def dropped(engine: EmbeddedEngine) -> None:
    answer = engine.answer(Query(EVERYTHING), Wanted())
    next(answer.chunks)
    del answer
    gc.collect()


def killed_while_idle(engine: EmbeddedEngine) -> None:
    works(engine)
    worker = engine._pool._idle[0]
    os.kill(worker.pid, signal.SIGKILL)
    worker._process.wait()


def killed_while_busy(engine: EmbeddedEngine) -> None:
    answer = engine.answer(Query(EVERYTHING), Wanted())
    execution = next(iter(engine._pool._executions.values()))
    assert execution._worker is not None
    os.kill(execution._worker.pid, signal.SIGKILL)
    del execution
    with pytest.raises(UnavailableError, match="unexpectedly"):
        b"".join(answer.chunks)


@pytest.mark.parametrize("harm", [left_half_way, dropped, killed_while_idle, killed_while_busy])
def test_a_process_is_replaced_after_any_abuse(store_path: Path, harm: Callable[[EmbeddedEngine], None]) -> None:
    engine = EmbeddedEngine(store_path, Limits(time_s=30, workers=1, queue=1))
    for _ in range(3):
        harm(engine)
        assert works(engine)
    assert len(engine._pool._idle) == 1
    engine.close()


def test_a_stalled_reader_holds_no_process_and_loses_its_result_at_the_delivery_limit(store_path: Path) -> None:
    engine = EmbeddedEngine(store_path, Limits(time_s=30, workers=1, delivery_s=2))
    stalled = [engine.answer(Query(EVERYTHING + " LIMIT 4000"), Wanted()) for _ in range(6)]
    for answer in stalled:
        next(answer.chunks)
    assert works(engine)
    assert engine.figures()["ended"] == {}, "the light query was answered before the limit"
    until(lambda: engine.figures()["ended"] == {"delivery": 6}, 20)
    for answer in stalled:
        with pytest.raises(QueryTimeoutError, match="2 s to fetch") as caught:
            b"".join(answer.chunks)
        assert caught.value.limit == Limit("query_delivery_limit_s", 2)
    assert engine.figures()["ended"] == {"delivery": 6}
    assert engine._pool.spool.held_mb == 0
    assert works(engine)
    assert len(engine._pool._idle) == 1
    engine.close()


def test_spooled_results_have_a_limit_and_one_client_half_of_it(store_path: Path) -> None:
    engine = EmbeddedEngine(store_path, Limits(time_s=30, spool_mb=8))

    def waiting(client: str) -> Answer:
        answer = engine.answer(Query(EVERYTHING + " LIMIT 12000"), Wanted(), Caller(client))  # 3 MB, for which it has 4
        next(answer.chunks)
        until(lambda: engine.figures()["running"] + engine.figures()["long"] == 0)
        return answer

    first = waiting("a")
    with pytest.raises(UnavailableError, match="no room") as caught:
        b"".join(waiting("a").chunks)
    assert caught.value.limit == Limit("query_spool_mb", 8)
    second = waiting("b")
    with pytest.raises(UnavailableError, match="no room"):
        b"".join(waiting("c").chunks)
    assert works(engine)
    assert [len(b"".join(answer.chunks)) > 2 * 2**20 for answer in (first, second)] == [True, True]
    assert b"".join(waiting("c").chunks)
    assert engine._pool.spool.held_mb == 0
    engine.close()


def test_a_slow_reader_gets_its_result_whole(store_path: Path) -> None:
    engine = EmbeddedEngine(store_path, Limits(time_s=1, workers=1, delivery_s=30))
    size = 0
    started = time.monotonic()
    with engine.answer(Query(EVERYTHING + " LIMIT 4000"), Wanted()) as answer:
        for chunk in answer.chunks:
            size += len(chunk)
            time.sleep(0.1)
    assert time.monotonic() - started > 1.5
    assert size > 900_000
    engine.close()


def test_a_full_queue_refuses_a_query_without_waiting(store_path: Path) -> None:
    engine = EmbeddedEngine(store_path, Limits(time_s=5, workers=1, queue=1))
    holder = engine.answer(Query(EVERYTHING), Wanted())
    results: list[bool] = []
    thread = threading.Thread(target=lambda: results.append(works(engine)))
    thread.start()
    until(lambda: engine.figures()["waiting"] == 1)
    with pytest.raises(UnavailableError, match="busy"):
        works(engine)
    assert engine.figures()["waiting"] == 1, "the other query still waits"
    holder.close()
    thread.join()
    assert results == [True]
    engine.close()


def test_concurrent_threads_get_their_own_results(engine: EmbeddedEngine) -> None:
    wrong: list[str] = []

    def ask(number: int) -> None:
        for i in range(number, 3000, 150):
            results = read(engine, f"SELECT ?o {{ <http://e/s{i}> ?p ?o }}")
            if f'"value {i}"'.encode() not in results:
                wrong.append(str(results))

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_closing_the_engine_ends_running_queries(store_path: Path) -> None:
    engine = EmbeddedEngine(store_path, Limits(time_s=30, workers=1))
    thread, ends = exploding(engine)
    until(lambda: engine.figures()["running"] + engine.figures()["long"] == 1)
    started = time.monotonic()
    engine.close()
    thread.join()
    assert time.monotonic() - started < 10  # of the 30 that its query had
    assert isinstance(ends[0], UnavailableError)
    with pytest.raises(UnavailableError, match="shutting down"):
        works(engine)


def test_a_worker_ends_itself_at_its_deadline(store_path: Path) -> None:
    engine = EmbeddedEngine(store_path, Limits(time_s=1, workers=1))
    works(engine)
    worker = engine._pool._idle.pop()
    wanted = {"solutions": "json", "boolean": "json", "graph": "turtle"}
    request: dict[str, object] = {
        "text": BOMBS["cartesian COUNT"],
        "default_graphs": [],
        "named_graphs": [],
        "base_iri": None,
    }
    limits = {"size_limit": None, "row_limit": None, "until": time.monotonic() + 0.5}
    worker.send(json.dumps({**request, "wanted": wanted, **limits}).encode() + b"\n")
    assert worker._process.wait(20) == -signal.SIGALRM
    worker.close()
    engine.close()


def test_of_a_store_that_takes_the_place_of_another_no_process_has_the_other_one(
    store_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "LONG_S", 60.0)  # the process of a long query is not kept
    shutil.copytree(store_path, path := tmp_path / "store")
    ox.Store(str(tmp_path / "other")).flush()
    count = "SELECT (COUNT(*) AS ?n) { { SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT %d } }"
    engine = EmbeddedEngine(store_path, Limits(workers=2))
    old = EmbeddedEngine(path, beside=engine)
    assert works(old)  # the one process has it open
    counted: list[bytes] = []
    thread = threading.Thread(target=lambda: counted.append(read(old, count % 2_000_000, 60)))
    thread.start()
    until(lambda: bool(engine._pool._busy))
    assert thread.is_alive()
    old.close()
    path.rename(tmp_path / "old")
    (tmp_path / "other").rename(path)
    new = EmbeddedEngine(path, beside=engine)
    thread.join()
    assert b'"2000000"' in counted[0]
    assert b'"0"' in read(new, count % 9, 30)
    engine.close()
