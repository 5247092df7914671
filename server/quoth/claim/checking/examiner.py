"""The check of units, in any process: a batch of them together, and by itself what is not sound."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quoth.claim.checking import readings
from quoth.claim.checking.anchors import Texts
from quoth.claim.checking.stored import Stored
from quoth.claim.checking.units import Options, Unit
from quoth.claim.checking.verdict import Case, Verdict, examine, suspects
from quoth.claim.reading.document import Document

BATCH = 16
"""Units that are checked together: to prepare some hundred queries and the shapes takes longer than to ask them of one
article; more units than this gain nothing, and need memory."""

at_hand: dict[Path | None, Texts | None] = {None: None}
"""The texts in a directory, which each process looks for once in a check."""


@dataclass(frozen=True)
class Task:
    """A unit to be checked: its documents by number, path and key, and its context by number, path and quads."""

    unit: Unit
    members: tuple[tuple[int, str, str], ...]
    context: tuple[tuple[int, Path, str], ...]


@dataclass(frozen=True)
class Examiner:
    """Checks units; verdicts that depend on nothing but their unit are kept."""

    options: Options
    kept: Stored

    def __call__(self, tasks: Sequence[Task]) -> list[Verdict | None]:
        """The verdicts; None for one that depends on the whole corpus, which is in one process alone."""
        cases = [self._case(task) for task in tasks]
        suspected = suspects(cases, self.options, self._texts())
        return [
            self._alone(task, case, n not in suspected) for n, (task, case) in enumerate(zip(tasks, cases, strict=True))
        ]

    def verdict(
        self,
        task: Task,
        described: Callable[[], Iterable[str]],
        owners: Callable[[set[str]], Iterable[tuple[int, Document]]],
    ) -> Verdict:
        """The verdict on a unit by itself."""
        return self._verdict(task, self._case(task), described, owners)

    def _alone(self, task: Task, case: Case, sound: bool) -> Verdict | None:
        try:
            return self._verdict(task, case, _no_corpus, _no_corpus, sound)
        except _NoCorpusError:
            return None

    def _verdict(
        self,
        task: Task,
        case: Case,
        described: Callable[[], Iterable[str]],
        owners: Callable[[set[str]], Iterable[tuple[int, Document]]],
        sound: bool = False,
    ) -> Verdict:
        verdict = examine(case, self.options, self._texts(), described, owners, sound)
        if verdict.lasting:
            self.kept.put(task.unit.key, verdict.as_json())
        return verdict

    def _case(self, task: Task) -> Case:
        base = self.options.base
        members = [(n, readings.loaded(path, key, base, self.kept)) for n, path, key in task.members]
        return Case(members, task.context, base)

    def _texts(self) -> Texts | None:
        if (directory := self.options.texts) not in at_hand:
            assert directory is not None, "it is at hand"
            at_hand[directory] = Texts(directory)
        return at_hand[directory]


class _NoCorpusError(Exception):
    pass


def _no_corpus(*_: object) -> Any:
    raise _NoCorpusError
