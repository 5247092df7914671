"""Clients take turns: one that asks much leaves a place and half of the queue to others."""

import asyncio

import pytest

from quoth.engine.api.client import Caller
from quoth.errors import ClientLeftError, UnavailableError
from quoth.mcp.turns import Turns


def test_one_client_leaves_a_place_and_half_of_the_queue_to_others() -> None:
    async def scenario() -> list[str]:
        turns, told, go = Turns(3, 4, 5.0), list[str](), asyncio.Event()

        async def ask(client: str) -> None:
            try:
                async with turns.turn(Caller(client)):
                    told.append(client)
                    await go.wait()
            except UnavailableError:
                told.append(f"not {client}")

        asked = [asyncio.create_task(ask("greedy")) for _ in range(6)]
        await asyncio.sleep(0.01)
        asked.append(asyncio.create_task(ask("other")))
        await asyncio.sleep(0.01)
        first = [*told]
        go.set()
        await asyncio.gather(*asked)
        assert not turns._own
        return first

    assert sorted(asyncio.run(scenario())) == ["greedy", "greedy", "not greedy", "other"]


def test_a_turn_ends_its_waiting_and_a_client_that_left_gets_none() -> None:
    async def scenario() -> None:
        turns = Turns(1, 4, 0.05)
        async with turns.turn(Caller("a")):
            with pytest.raises(UnavailableError, match="too long"):
                async with turns.turn(Caller("b")):
                    pass
        gone = Caller("c")
        gone.presence.leave()
        with pytest.raises(ClientLeftError):
            async with turns.turn(gone):
                pass
        async with turns.turn(Caller("b")):
            pass

    asyncio.run(scenario())
