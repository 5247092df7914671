"""Long queries leave the interpreter to others."""

import threading

import pytest

from quoth.errors import UnavailableError
from quoth.sparql import query_limits
from quoth.sparql.query_limits import LARGE_QUERY_CHARS, MAX_WAITING, exclusive


def test_long_queries_are_read_one_after_another_and_few_wait() -> None:
    many = MAX_WAITING + 9
    begun, release = threading.Barrier(many), threading.Event()
    lock = threading.Lock()
    reads: list[int] = []
    refused: list[UnavailableError] = []
    inside = 0

    def read() -> None:
        nonlocal inside
        begun.wait(10)
        try:
            with exclusive("x" * (LARGE_QUERY_CHARS + 1)):
                inside += 1
                reads.append(inside)
                assert release.wait(10)
                inside -= 1
        except UnavailableError as error:
            with lock:
                refused.append(error)
                if len(refused) == many - MAX_WAITING - 1:
                    release.set()

    threads = [threading.Thread(target=read) for _ in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert reads == [1] * (MAX_WAITING + 1)
    assert len(refused) == many - MAX_WAITING - 1
    assert refused[0].status == 503


def test_a_short_query_does_not_wait_for_a_long_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(query_limits, "WAIT_S", 0.01)
    with exclusive("x" * (LARGE_QUERY_CHARS + 1)):
        with exclusive("x" * LARGE_QUERY_CHARS):
            pass
        with pytest.raises(UnavailableError), exclusive("x" * (LARGE_QUERY_CHARS + 1)):
            pytest.fail("two at once")
    with exclusive("x" * (LARGE_QUERY_CHARS + 1)):
        pass
