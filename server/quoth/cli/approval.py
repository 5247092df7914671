"""The plan of a publication on the terminal: what is shown before, what is printed after, and what stops it."""

import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from pathlib import Path
from typing import Any

from quoth.claim.authoring.withdrawals import article_of, articles
from quoth.claim.model.report import Report, counted
from quoth.cli import changes
from quoth.errors import CheckError
from quoth.release.plan import Plan
from quoth.release.release import Release

LISTED = 20
"""Claims that are gone without a notice, as many as are named; the others are counted."""


class SilentWithdrawalError(CheckError):
    """Claims, articles or notices are gone: the plan, and the IRIs of which nothing says that they are withdrawn."""

    def __init__(self, plan: Plan, silent: Sequence[str]) -> None:
        base, number = plan.base, plan.before.number
        kinds = Counter(changes.kind_of(iri, base) for iri in silent if iri not in plan.unsaid)
        kinds["notice"] = len(plan.unsaid)
        gone = changes.listed([counted(kinds[kind], kind) for kind in ("article", "claim", "notice") if kinds[kind]])
        remedy = "put them back; or say in their documents, under withdrawn, why they are withdrawn, or give --withdraw"
        remedy += " REASON. A release holds only the documents that are named: name every folder of the dataset"
        if kinds["article"] and kinds["article"] >= plan.before.manifest.articles:
            remedy = f"these documents have no article of release {number}: publish them into a folder of their own,"
            remedy += (
                " with --releases FOLDER, or name the folder of the others too. --withdraw REASON withdraws all of it"
            )
        super().__init__(
            f"nothing was published: {gone} of release {number} {'is' if len(silent) == 1 else 'are'} gone from the"
            " documents, and nothing says why",
            remedy=remedy,
        )
        self.plan, self.silent = plan, silent


class PlanShown(Exception):
    """The plan was all that was asked for."""


class Approval:
    """Shows the plan of a publication, and stops it if it is ``plan_only``, or if claims would be gone without a
    notice; these are listed unless they are ``to_withdraw`` then."""

    def __init__(self, plan_only: bool, to_withdraw: bool) -> None:
        self._plan_only, self._to_withdraw = plan_only, to_withdraw
        self._plan: Plan | None = None
        self._lines: list[str] = []
        self._claims = 0

    def __call__(self, plan: Plan | None, report: Report, proposed: Set[str]) -> None:
        """Raises SilentWithdrawalError or PlanShown."""
        self._plan, self._claims = plan, report.claims
        silent = [] if plan is None else [iri for iri in plan.silent if iri not in proposed]
        if plan is not None:
            self._lines = [*changes.plan_in_words(plan, proposed)]
            if self._plan_only or not (silent and self._to_withdraw):
                head = f"compared with release {plan.before.number}: {self._summary(plan)}"
                # Not click.echo, which would write into the line of the progress.
                lines = self._lines if self._plan_only or not silent else []
                print(head, *lines, sep="\n", file=sys.stdout if self._plan_only else sys.stderr)
            if silent:
                if not self._to_withdraw:
                    _list(plan, silent, report)
                raise SilentWithdrawalError(plan, silent)
        if self._plan_only:
            raise PlanShown

    def outcome(self, release: Release | None) -> Iterator[str]:
        """The release that is published, and what that changed. The names are left out on a terminal, which shows the
        plan."""
        if release is None:
            new = "" if self._plan else f": the first release would have {counted(self._claims, 'claim')}"
            yield f"nothing was published, as only the plan was asked for{new}"
            return
        manifest = release.manifest
        verb = "is unchanged and stays current" if release.reused else "is published"
        yield f"release {release.number} {verb}: {manifest.quads} quads, {release.path}"
        if release.reused:
            return
        if self._plan is None:
            yield f"it has {changes.holdings(release)}"
            return
        yield f"release {self._plan.before.number} to {release.number}: {self._summary(self._plan)}"
        if not (sys.stdout.isatty() and sys.stderr.isatty()):
            yield from self._lines

    def as_json(self, release: Release | None) -> dict[str, Any]:
        """The number, the size and the path of the release, if there is one, and the plan, if there was a release."""
        known = release and {
            "release": release.number,
            "unchanged": release.reused,
            "quads": release.manifest.quads,
            "path": str(release.path),
        }
        return {**(known or {"release": None}), "plan": self._plan and changes.plan_as_json(self._plan)}

    @staticmethod
    def _summary(plan: Plan) -> str:
        words = changes.summary(plan.difference, plan.base, plan.links)
        return "the data are the same" if words == "nothing changed" else words


def _list(plan: Plan, silent: Sequence[str], report: Report) -> None:
    """Print what is gone without a notice, with the document of its article, if there is one."""
    base = plan.base
    known = articles(map(Path, report.documents), base)
    for iri, name in changes.named(plan, silent[:LISTED]):
        where = os.fspath(known.get(article_of(iri, base), "no document"))
        what = "was withdrawn, and its notice is gone" if iri in plan.unsaid else "is gone, and nothing says why"
        print(f"{where}: {name} {what}")
    if len(silent) > LISTED:
        print(f"and {len(silent) - LISTED} more")
