"""The plan of a publication on the terminal: what is shown before, what is printed after, and what stops it."""

import os
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from pathlib import Path
from typing import Any

from quoth.claim.authoring.withdrawals import Amendment, article_of, articles
from quoth.claim.model.report import Report, counted
from quoth.cli import changes, withdrawals
from quoth.errors import CheckError
from quoth.release.plan import Plan, kind_of
from quoth.release.release import Release

LISTED = 20
"""Claims that are gone without a notice, as many as are named; the others are counted."""


class SilentWithdrawalError(CheckError):
    """Claims, articles or notices of the release ``before`` are gone: the plan, and the IRIs of which nothing says that
    they are withdrawn."""

    def __init__(self, before: Release, plan: Plan, silent: Sequence[str]) -> None:
        number = before.number
        kinds = Counter(kind_of(iri, plan.base) for iri in silent if iri not in plan.unsaid)
        kinds["notice"] = len(plan.unsaid)
        gone = changes.listed([counted(kinds[kind], kind) for kind in ("article", "claim", "notice") if kinds[kind]])
        remedy = "put them back; or say in their documents, under withdrawn, why they are withdrawn, or give --withdraw"
        remedy += " REASON. A release holds only the documents that are named: name every folder of the dataset"
        if kinds["article"] and kinds["article"] >= before.manifest.articles:
            remedy = f"these documents have no article of release {number}: publish them into a folder of their own,"
            remedy += (
                " with --releases FOLDER, or name the folder of the others too. --withdraw REASON withdraws all of it"
            )
        super().__init__(
            f"nothing was published: {gone} of release {number} {'is' if len(silent) == 1 else 'are'} gone from the"
            " documents, and nothing says why",
            remedy=remedy,
        )
        self.before, self.plan, self.silent = before, plan, silent


class PlanShown(Exception):
    """The plan was all that was asked for."""


class Approval:
    """Shows the plan of a publication, and stops it if it is ``plan_only``, or if claims would be gone without a
    notice; these are listed unless they get one then, with the reason ``withdraw``. ``notices`` are these,
    by their documents."""

    def __init__(self, plan_only: bool, withdraw: str | None) -> None:
        self._plan_only, self._withdraw = plan_only, withdraw
        self._plan: Plan | None = None
        self._lines: list[str] = []
        self.notices: Mapping[Path, Amendment] = {}

    def __call__(self, plan: Plan, report: Report, proposed: Set[str]) -> None:
        """Raises SilentWithdrawalError or PlanShown."""
        self._plan = plan
        silent = [iri for iri in plan.silent if iri not in proposed]
        self._lines = [*changes.plan_in_words(plan, proposed, self._withdraw)]
        if self._plan_only or not (silent and self._withdraw):
            known = f"compared with release {plan.before.number}" if plan.before else "no release to compare with"
            # Not click.echo, which would write into the line of the progress.
            lines = self._lines if self._plan_only or not silent else []
            out = sys.stdout if self._plan_only else sys.stderr
            print(f"{known}: {self._summary(plan)}", *lines, sep="\n", file=out)
        if plan.before and silent:
            if not self._withdraw:
                _list(plan, silent, report)
            raise SilentWithdrawalError(plan.before, plan, silent)
        if self._plan_only:
            raise PlanShown

    def outcome(self, release: Release | None) -> Iterator[str]:
        """The release that is published, and what that changed; or the notices that a plan alone would write. The names
        are left out on a terminal, which shows the plan."""
        if release is None:
            yield from withdrawals.in_words(self.notices, self._plan.base if self._plan else "")
            yield "nothing was published, as only the plan was asked for"
            return
        manifest = release.manifest
        verb = "is unchanged and stays current" if release.reused else "is published"
        yield f"release {release.number} {verb}: {manifest.quads} quads, {release.path}"
        if release.reused or self._plan is None:
            return
        if self._plan.before:
            yield f"release {self._plan.before.number} to {release.number}: {self._summary(self._plan)}"
        else:
            yield f"it has {changes.holdings(release)}"
        if not (sys.stdout.isatty() and sys.stderr.isatty()):
            yield from self._lines

    def as_json(self, release: Release | None) -> dict[str, Any]:
        """The number, the size and the path of the release, if there is one, the plan, and the notices that were or
        would be written."""
        known = release and {
            "release": release.number,
            "unchanged": release.reused,
            "quads": release.manifest.quads,
            "path": str(release.path),
        }
        plan = self._plan and changes.plan_as_json(self._plan)
        return {**(known or {"release": None}), "plan": plan, "notices": withdrawals.as_json(self.notices)}

    @staticmethod
    def _summary(plan: Plan) -> str:
        words = changes.summary(plan.difference, plan.base, plan.links, plan.more)
        return "the data are the same" if words == "nothing changed" else words


def _list(plan: Plan, silent: Sequence[str], report: Report) -> None:
    """Print what is gone without a notice, with the document of its article, if there is one."""
    known = articles(map(Path, report.documents), plan.base)
    for iri, name in changes.named(plan, silent[:LISTED]):
        where = os.fspath(known.get(article_of(iri, plan.base), "no document"))
        what = "was withdrawn, and its notice is gone" if iri in plan.unsaid else "is gone, and nothing says why"
        print(f"{where}: {name} {what}")
    if len(silent) > LISTED:
        print(f"and {len(silent) - LISTED} more")
