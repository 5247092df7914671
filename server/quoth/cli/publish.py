"""``quoth publish``: documents that pass the check become a release."""

import contextlib
import functools
import json
import sys
from collections.abc import Callable, Sequence, Set
from dataclasses import replace
from pathlib import Path

import click

from quoth.claim.authoring.withdrawals import reason
from quoth.claim.model.report import Report
from quoth.claim.rules import proposal, publication
from quoth.cli import withdrawals
from quoth.cli.approval import Approval, PlanShown, SilentWithdrawalError
from quoth.cli.check import checked_documents
from quoth.cli.console import (
    BASE,
    JOBS,
    NO_CACHE,
    PATHS,
    REFERENCE,
    RELEASES,
    STRICT,
    TEXTS,
    base_is_given,
    engine_of,
    print_note,
    print_report,
    progress,
)
from quoth.cli.releases import print_pruned
from quoth.config import DEFAULT_BASE, Settings
from quoth.corpus.bases import Bases, every
from quoth.errors import CheckError, DocumentError, ReleaseError, UnavailableError, UsageError
from quoth.release import questions
from quoth.release.plan import Plan
from quoth.release.publish import publish, publish_parts
from quoth.release.release import Release, Releases
from quoth.resources import folder


@click.command("publish")
@PATHS
@TEXTS
@BASE
@RELEASES
@STRICT
@REFERENCE
@NO_CACHE
@JOBS
@click.option(
    "--proposed", is_flag=True, help="Include the claims of encodings that nobody has reviewed, marked as such."
)
@click.option("--engine", help="Where to load the release, like fuseki+http://localhost:3030/velm; else the settings.")
@click.option("--force", is_flag=True, help="Build a release even if nothing changed, or with another base.")
@click.option("--plan", "--dry-run", "plan_only", is_flag=True, help="Say what would change, and publish nothing.")
@click.option("--withdraw", metavar="REASON", help="Write into the documents that what is gone from them is withdrawn.")
@click.option("--withdraw-by", metavar="IRI", help="Who withdraws it; default: who made all the encodings.")
@click.option(
    "--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True, help="What to print."
)
def publish_command(
    paths: tuple[Path, ...],
    texts: Path | None,
    base: str | None,
    releases: Path | None,
    strict: bool,
    reference: bool,
    no_cache: bool,
    jobs: int | None,
    proposed: bool,
    engine: str | None,
    force: bool,
    plan_only: bool,
    withdraw: str | None,
    withdraw_by: str | None,
    format_: str,
) -> None:
    """Check documents (default: the corpus) and publish them as a new release, all or nothing.

    Where the setting engine (or --engine) has a dialect, the release is loaded into that server and verified there
    before it is current; a failure leaves nothing.

    The plan says what is added, changed and withdrawn, by name; it is shown first, and printed after. Nothing is
    carried over from the last release: a claim or an article that is gone from the documents needs a notice (under
    withdrawn in a document), or --withdraw, which writes these notices.

    Exit codes: 0 published, nothing changed, or a plan that can be published; 1 findings, or claims that are gone
    without a notice; 2 wrong usage; 3 a document cannot be read; 5 no release can be built.
    """
    settings = Settings.from_environment(paths=paths, texts=texts, base=base, releases=releases, engine=engine)
    if engine and not engine_of(settings):
        remedy = "say which server it is, like fuseki+http://localhost:3030/velm"
        raise UsageError("nothing is loaded into an engine whose URL has no dialect", where="--engine", remedy=remedy)
    if plan_only:  # which loads nothing, even where nothing has changed
        settings = replace(settings, engine="")
    settings = _with_base(settings, paths, given=base_is_given(base, paths), force=force)
    if withdraw_by and withdraw is None:
        raise UsageError("there is no reason", where="--withdraw-by", remedy="give --withdraw REASON, too")
    if withdraw is not None and not paths:
        detail = "nothing is written into the shipped data"
        raise UsageError(detail, where="--withdraw", remedy="go to your corpus, or name your documents")
    why = None if withdraw is None else reason(withdraw)
    approval, release = Approval(plan_only, why), None
    publish_ = functools.partial(
        publish_documents,
        *(paths, settings, force, strict, proposed, reference, no_cache, jobs),
        approve=approval,
        note=functools.cache(print_note),  # each once, though documents may be checked twice
    )
    try:
        # What is printed for people must not be in the way of a program that reads JSON.
        with contextlib.redirect_stdout(sys.stderr) if format_ == "json" else contextlib.nullcontext():
            release = _publish(publish_, approval, paths, why, withdraw_by, plan_only)
    finally:
        if format_ == "json":
            click.echo(json.dumps(approval.as_json(release), indent=2, ensure_ascii=False))
    if format_ == "text":
        for line in approval.outcome(release):
            click.echo(line)
    if release is not None and settings.keep_releases:
        try:
            print_pruned(settings, settings.keep_releases, err=format_ == "json")
        except (ReleaseError, UnavailableError) as error:  # the publication has not failed
            print_note(str(error))


def _publish(
    publish_: Callable[[], Release],
    approval: Approval,
    paths: Sequence[Path],
    why: str | None,
    by: str | None,
    plan_only: bool,
) -> Release | None:
    """The release that is published; None where there is a plan alone. What is gone without a notice gets one, if there
    is a reason ``why``, before the documents are published."""
    try:
        return publish_()
    except PlanShown:
        return None
    except SilentWithdrawalError as error:
        if why is None:
            raise
        approval.notices = withdrawals.with_notices(error.before, error.plan, error.silent, paths, why, by)
        if plan_only:
            return None
        with withdrawals.written(approval.notices):
            return publish_()


def _with_base(settings: Settings, paths: Sequence[Path], given: bool, force: bool) -> Settings:
    """The settings with the base of the last release, unless another one is ``given``: a dataset keeps its IRIs.

    Raises CheckError for another one without ``force``: nothing of the release would be there any more.
    """
    last = _last(Releases(settings.releases))
    if last is None:
        return settings
    number, base = last.number, last.manifest.base
    if str(base) == str(settings.base):
        return _with_former(settings, last, force)
    if given:
        gone = f"the IRIs of release {number} begin with {base}: none of them is in the new one, whose IRIs begin with"
        if not force:
            raise CheckError(
                f"nothing was published: {gone} {settings.base}",
                remedy="leave the base as it is, publish into another folder with --releases, or give up all these"
                " addresses with --force",
            )
        print_note(f"{gone} {settings.base}")
        return settings
    print_note(f"IRIs begin with {base}, as in release {number}; --base gives them another")
    return _with_former(settings.with_base(str(base), paths), last, force)


def _with_former(settings: Settings, last: Release, force: bool) -> Settings:
    """The settings with the bases that corpora in the last release had, too: their addresses say what became of it.

    Raises CheckError, without ``force``, where a path would lead to another base.
    """
    former = {
        path: base for path, base in every(last.manifest.base)[1:] if base not in dict(every(settings.base)).values()
    }
    others = dict(every(settings.base)[1:])
    if (taken := former.keys() & others.keys()) and not force:
        path = min(taken)
        raise CheckError(
            f"nothing was published: the path {path} leads to {former[path]} in release {last.number}, and would lead"
            f" to {others[path]}",
            remedy="give the other corpus another path, or give up the addresses of the first with --force",
        )
    return replace(settings, base=Bases(settings.base, former | others))


def _last(releases: Releases) -> Release | None:
    """The current release, or else the last one that can be read."""
    numbers: list[int | None] = [None]
    with contextlib.suppress(UnavailableError):  # publication says what is wrong with the folder
        numbers += reversed(releases.numbers())
    for number in numbers:
        with contextlib.suppress(UnavailableError, ReleaseError):
            return releases.current() if number is None else releases.open(number)
    return None


def publish_documents(
    paths: Sequence[Path],
    settings: Settings,
    force: bool = False,
    strict: bool = False,
    proposed: bool = False,
    reference: bool = False,
    no_cache: bool = False,
    jobs: int | None = None,
    approve: Callable[[Plan, Report, Set[str]], None] | None = None,
    note: Callable[[str], None] = print_note,
) -> Release:
    """Check the documents in ``paths`` (none: the shipped data) and publish them; claims of proposed encodings only if
    ``proposed``. If ``reference``, pySHACL validates; if ``no_cache``, all is checked; ``jobs`` is the number of
    processes (None: one for each core). ``approve`` is asked with the plan, the report and the parts that are only
    proposed and left out; ``note`` tells people what they may not expect.

    Raises DocumentError or CheckError, and publishes nothing, where the check fails; if ``strict``, for a warning that
    is not accepted, too.
    """
    with checked_documents(paths, settings, reference, no_cache, jobs) as outcome:
        report = outcome.report
        if not report.passes(strict):
            print_report(report)
            if report.unreadable:
                raise DocumentError("a document cannot be read; nothing was published")
            raise CheckError("nothing was published", remedy="fix what is listed above")
        asked = questions.check(paths or [folder("data")], settings.base)[0]
        examples = questions.graph(asked, settings)
        if outcome.parts is not None and (proposed or not outcome.proposes):
            parts = outcome.parts
            every = [*parts.all(), parts.of_quads(examples)]
            make: Callable[..., Release] = functools.partial(publish_parts, every, parts.recall, questions=asked)
            return _release(make, settings, report, frozenset(), force, approve, note)
        authored, left_out = outcome.quads(), frozenset[str]()
        if not proposed and (left_out := proposal.proposed_parts(authored, settings.base)):
            alone = proposal.described_alone((d.quads for d in outcome.documents()), left_out)
            authored = proposal.without(authored, left_out, alone)
            claims = report.claims
            report = report.without(left_out, len(authored))
            claims -= report.claims
            note(
                f"{claims} proposed {'claim is' if claims == 1 else 'claims are'} left out, with what their encodings"
                " mention and infer: nobody has reviewed them yet. quoth publish --proposed includes them, marked as"
                " proposed."
            )
        quads = [*publication.published_quads(authored, settings.base), *examples]
        make = functools.partial(publish, quads, questions=asked)
        return _release(make, settings, report, left_out, force, approve, note)


def _release(
    make: Callable[..., Release],
    settings: Settings,
    report: Report,
    left_out: Set[str],
    force: bool,
    approve: Callable[[Plan, Report, Set[str]], None] | None,
    note: Callable[[str], None],
) -> Release:
    """The release that ``make`` makes: ``publish`` or ``publish_parts`` with what they publish."""
    if report.count()["Warning"]:
        note(f"{report.tally()}; quoth check lists them")
    if str(settings.base) == DEFAULT_BASE:
        note(
            f"the IRIs of this release begin with {DEFAULT_BASE}: it is for this machine, not for sharing."
            " Before you share it, give it your own URL: as base in quoth.toml, or with --base."
        )
    staging = engine_of(settings, note)
    with progress() as tell:
        tell("deriving", 0, 0)
        return make(
            releases=settings.releases,
            base=settings.base,
            report_ttl=report.as_turtle(),
            validator=report.validator,
            report_json=json.dumps(report.as_json(), indent=2, ensure_ascii=False),
            progress=tell,
            force=force,
            note=note,
            stage=staging.stage if staging else None,
            approve=None if approve is None else lambda plan: approve(plan, report, left_out),
        )
