"""Queries begun on an event loop: each gets its own result, whatever happens to the others."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from quoth.engine.api.client import Caller, Presence
from quoth.engine.api.interface import Answer, Query, Short, Wanted
from quoth.engine.embedded import EmbeddedEngine
from quoth.engine.pool.pool import Limits
from quoth.errors import (
    QuerySyntaxError,
    QueryTimeoutError,
    QueryTooLargeError,
    QuothError,
    UnavailableError,
)

from ... import loop

pytestmark = pytest.mark.serial

BOMB = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
MEMORY_BOMB = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY CONCAT(STR(?c), STR(?f), STR(?i))"
LONG = "SELECT * { ?s ?p ?o . ?a ?b ?c } LIMIT 20000"
"""Too long to be awaited whole."""

WORKERS = 3
TOGETHER = 24
"""Queries that are asked at the same time."""

CSV = Wanted("csv", "csv", "ntriples")


@pytest.fixture
def engine(store_path: Path) -> Iterator[EmbeddedEngine]:
    engine = EmbeddedEngine(store_path, Limits(time_s=1.5, workers=WORKERS, queue=500, memory_mb=600))
    yield engine
    engine.close()


@pytest.fixture
def patient(store_path: Path) -> Iterator[EmbeddedEngine]:
    """An engine whose time limit is met only by queries that never end."""
    engine = EmbeddedEngine(store_path, Limits(time_s=30, workers=WORKERS, queue=500, memory_mb=600))
    yield engine
    engine.close()


def number(n: int) -> str:
    return f"SELECT ({n} AS ?n) {{}}"


async def ask(engine: EmbeddedEngine, text: str, caller: Caller | None = None) -> bytes | QuothError:
    """The whole result of a query, or its error."""

    def rest(begun: Callable[[], Answer]) -> bytes:
        with begun() as answer:
            return b"".join(answer.chunks)

    try:
        begun = await engine.begin(Query(text), CSV, caller or Caller("somebody"))
        return begun.body if isinstance(begun, Short) else await asyncio.to_thread(rest, begun)
    except QuothError as error:
        return error


def together(engine: EmbeddedEngine, texts: Sequence[str], *more: Coroutine[Any, Any, Any]) -> list[Any]:
    """The results or errors of queries that are asked at the same time, once processes are ready."""

    async def every() -> list[Any]:
        for _ in range(3):
            assert set(await asyncio.gather(*(ask(engine, number(0)) for _ in range(6)))) == {b"n\r\n0\r\n"}
        return await asyncio.gather(*(ask(engine, text) for text in texts), *more)

    return loop.run(every())


def answers(numbers: Iterable[int]) -> list[bytes]:
    return [f"n\r\n{n}\r\n".encode() for n in numbers]


def test_concurrent_queries_get_their_own_results(engine: EmbeddedEngine) -> None:
    results = together(engine, [number(n) for n in range(200)])
    assert results == answers(range(200))
    assert engine.figures()["running"] == engine.figures()["waiting"] == 0


@pytest.mark.parametrize("place", range(0, TOGETHER, 5))
@pytest.mark.parametrize(
    ("text", "error"),
    [
        (BOMB, QueryTimeoutError),
        (MEMORY_BOMB, (QueryTooLargeError, QueryTimeoutError)),
        ("SELECT nonsense", QuerySyntaxError),
        ("SELECT (<http://e/unknown>(1) AS ?x) { ?s ?p ?o", QuerySyntaxError),
        ("INSERT DATA { <a:a> <a:a> <a:a> }", QuerySyntaxError),
    ],
    ids=["slow", "large", "wrong", "unfinished", "update"],
)
def test_an_error_reaches_only_its_own_query(
    engine: EmbeddedEngine, text: str, error: type[QuothError] | tuple[type[QuothError], ...], place: int
) -> None:
    texts = [number(n) for n in range(TOGETHER)]
    texts[place] = text
    results = together(engine, texts)
    assert isinstance(results[place], error)
    others = [n for n in range(len(texts)) if n != place]
    assert [results[n] for n in others] == answers(others)


def test_long_results_among_short_ones_are_whole(patient: EmbeddedEngine) -> None:
    expected = together(patient, [LONG])[0]
    assert expected.count(b"\r\n") == 20_001
    texts = [LONG if n % 6 == 1 else number(n) for n in range(24)]
    results = together(patient, texts)
    assert results == [expected if n % 6 == 1 else f"n\r\n{n}\r\n".encode() for n in range(24)]


def test_short_queries_do_not_wait_for_a_slow_one(engine: EmbeddedEngine) -> None:
    order: list[str] = []

    async def one(text: str) -> None:
        await ask(engine, text)
        order.append(text)

    together(engine, [], *(one(text) for text in (BOMB, *[number(n) for n in range(40)])))
    assert order[-1] == BOMB


def test_a_dying_process_fails_one_query_at_most(store_path: Path) -> None:
    engine = EmbeddedEngine(store_path, Limits(time_s=10, workers=WORKERS, queue=500))

    async def murder() -> None:
        for _ in range(3):
            await asyncio.sleep(0.005)
            for worker in list(engine._pool._busy)[:1]:
                with contextlib.suppress(ProcessLookupError):  # the last one is not yet cleared away
                    os.kill(worker.pid, signal.SIGKILL)

    results = together(engine, [number(n) for n in range(200)], murder())[:-1]
    errors = [one for one in results if not isinstance(one, bytes)]
    assert len(errors) <= 3
    assert all(isinstance(one, UnavailableError) for one in errors)
    assert all(one == f"n\r\n{n}\r\n".encode() for n, one in enumerate(results) if isinstance(one, bytes))
    assert together(engine, [number(n) for n in range(30)]) == answers(range(30))
    assert engine.figures()["running"] == 0
    engine.close()


def test_a_client_that_leaves_does_not_disturb_others(engine: EmbeddedEngine) -> None:
    presences = [Presence() for _ in range(10)]

    async def leaving(presence: Presence) -> None:
        asyncio.get_running_loop().call_later(0.01, presence.leave)
        await ask(engine, BOMB, Caller("another", presence))

    results = together(engine, [number(n) for n in range(50)], *(leaving(presence) for presence in presences))
    assert results[:50] == answers(range(50))
    assert engine.figures()["running"] == 0


def test_many_queries_do_not_give_a_client_more_places(patient: EmbeddedEngine) -> None:
    presence = Presence()
    greedy = Caller("greedy", presence)

    async def modest() -> int:
        while (figures := patient.figures())["running"] + figures["waiting"] < TOGETHER:
            await asyncio.sleep(0)
        assert figures["long"] == 0
        for n in range(5):
            assert await ask(patient, number(n), Caller("modest")) == f"n\r\n{n}\r\n".encode()
        presence.leave()
        running: int = figures["running"]
        return running

    running = together(patient, [], modest(), *(ask(patient, BOMB, greedy) for _ in range(TOGETHER)))[0]
    assert running == WORKERS - 1
