"""Short queries that one process answers one after the other, on an event loop, without a thread.

To send a process its next query only when the last one is answered lets both sides go to sleep for each; to send
several keeps them awake while there is work. What turns out not to be short gets the process for itself, and those
behind it take their requests back and wait anew, each for a place of its own.
"""

import asyncio
from collections import deque
from collections.abc import Iterable
from typing import TYPE_CHECKING

from quoth.engine.pool.execution import reported, short
from quoth.engine.pool.handle import Frames, Worker, WorkerExitedError
from quoth.engine.pool.scheduler import TOGETHER
from quoth.engine.pool.ticket import Turn

if TYPE_CHECKING:
    from quoth.engine.pool.pool import Pool

PATIENCE_S = 0.025
"""Those behind a query that takes longer wait for it no more."""

LASTING_S = 0.25
"""After which nobody joins any more: others wait for the place too."""


class Batch:
    """The queries of a turn that shares its place, and of its companions, on a process that is ready.

    Each turn is told (Turn.decided) when it is sent back or has an outcome: a Short, a Run that goes on, or an error.
    """

    def __init__(self, pool: "Pool", worker: Worker, turn: Turn) -> None:
        self._pool = pool
        self._worker = worker
        self._turn = turn
        # In the order in which the process answers them; those that have an outcome are out.
        self._open = deque([turn, *turn.companions])
        self._loop = asyncio.get_running_loop()
        self._began = self._since = self._loop.time()
        self._usable = True

    async def run(self) -> None:
        """Send the requests, and wait until the turn is told; what its companions wait for goes on."""
        decided = asyncio.Event()
        self._turn.decided = decided.set
        self._timer = self._loop.call_later(PATIENCE_S, self._look)
        self._loop.add_reader(self._worker.fd, self._read)
        self._request(self._open)
        await decided.wait()

    def _request(self, turns: Iterable[Turn]) -> None:
        try:
            self._worker.request(*[turn.request for turn in turns if turn.request is not None])
        except WorkerExitedError:
            self._alone()

    def _read(self) -> None:
        alive = self._worker.read()
        while self._open and (frames := self._worker.next()) is not None:
            self._answered(self._open.popleft(), frames)
        self._usable = self._usable and alive
        if self._usable and len(self._open) <= TOGETHER // 2 and self._loop.time() - self._began < LASTING_S:
            # Before whoever has an answer makes a response of it: the process need not wait for that.
            more = self._pool.more(self._turn, TOGETHER - len(self._open))
            if more:
                self._open += more
                self._request(more)
                return
        if not self._open:
            self._end()
        elif self._worker.long or not self._usable:
            self._alone()

    def _answered(self, turn: Turn, frames: Frames) -> None:
        kind, payload = frames[-1]
        self._since = self._loop.time()
        if kind == b"X":
            error = reported(payload)
            self._pool.count(error.error)
            turn.outcome = error
        else:
            self._usable = self._usable and payload != b"old"
            turn.outcome = short(frames)
        turn.decided()

    def _look(self) -> None:
        """See whether the process gets on. One that has not even begun waits for a processor."""
        now = self._loop.time()
        begun = self._worker.waiting < len(self._open) or now - self._began > self._pool.limits.time_s
        if begun and now - self._since >= PATIENCE_S:
            self._alone()
        else:
            self._look_later()

    def _look_later(self) -> None:
        self._timer.cancel()
        self._timer = self._loop.call_later(PATIENCE_S, self._look)

    def _alone(self) -> None:
        """Let nobody wait any more for the query that the process has begun."""
        for _ in range(self._worker.take_back()):
            self._open.pop().send_back()
        if not self._open:  # it had begun none
            self._usable = False
            self._end()
        elif len(self._open) == 1:
            self._stop()
            self._go_on(self._open.pop())
        else:  # the first one's answer is on its way, as the second one's query has begun
            self._look_later()

    def _go_on(self, turn: Turn) -> None:
        if turn.gone:
            self._give_back(reuse=False)
        elif self._pool.hand_over(self._turn, turn):
            turn.outcome = self._pool.going_on(turn, self._worker)
            turn.decided()
        else:
            self._give_back(reuse=False)
            turn.send_back()

    def _end(self) -> None:
        self._stop()
        self._give_back(reuse=self._usable)

    def _stop(self) -> None:
        self._timer.cancel()
        self._loop.remove_reader(self._worker.fd)

    def _give_back(self, *, reuse: bool) -> None:
        if not reuse:
            self._worker.kill()  # else its own end would be awaited, on the loop
        self._pool.take_back(self._turn, self._worker, reuse=reuse)
