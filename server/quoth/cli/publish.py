"""``quoth publish``: documents that pass the check become a release."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import click
import pyoxigraph as ox

from quoth.claim.checking.check import read_all
from quoth.claim.model.namespaces import QUOTH
from quoth.claim.model.report import counted
from quoth.claim.rules import proposal, publication
from quoth.cli.check import check_documents
from quoth.cli.console import BASE, PATHS, REFERENCE, RELEASES, STRICT, TEXTS, base_is_given, print_report, progress
from quoth.cli.releases import print_pruned
from quoth.config import DEFAULT_BASE, Settings
from quoth.errors import CheckError, DocumentError, ReleaseError, UnavailableError
from quoth.release import questions, resource_counts
from quoth.release.publish import publish
from quoth.release.release import Release, Releases
from quoth.release.tables import GONE
from quoth.resources import folder


@click.command("publish")
@PATHS
@TEXTS
@BASE
@RELEASES
@STRICT
@REFERENCE
@click.option(
    "--proposed", is_flag=True, help="Include the claims of encodings that nobody has reviewed, marked as such."
)
@click.option("--force", is_flag=True, help="Build a release even if nothing changed since the current one.")
def publish_command(
    paths: tuple[Path, ...],
    texts: Path | None,
    base: str | None,
    releases: Path | None,
    strict: bool,
    reference: bool,
    proposed: bool,
    force: bool,
) -> None:
    """Check documents (default: the shipped data) and publish them as a new release, all or nothing."""
    settings = Settings.from_environment(texts=texts, base=base, releases=releases)
    settings = _with_base(settings, given=base_is_given(base))
    release = publish_documents(paths, settings, force, strict, proposed, reference)
    verb = "is unchanged and stays current" if release.reused else "is published"
    click.echo(f"release {release.number} {verb}: {release.manifest.quads} quads, {release.path}")
    if settings.keep_releases:
        print_pruned(settings.releases, settings.keep_releases)


def _with_base(settings: Settings, given: bool) -> Settings:
    """The settings with the base of the current release, unless another one is ``given``: a dataset keeps its IRIs."""
    try:
        current = Releases(settings.releases).current()
    except (UnavailableError, ReleaseError):
        return settings
    number, base = current.number, current.manifest.base
    if base == settings.base:
        return settings
    if given:
        click.echo(
            f"quoth: note: the IRIs of release {number} begin with {base}: none of them is in the new one, whose IRIs"
            f" begin with {settings.base}",
            err=True,
        )
        return settings
    click.echo(f"quoth: note: IRIs begin with {base}, as in release {number}; --base gives them another", err=True)
    return replace(settings, base=base)


def publish_documents(
    paths: Sequence[Path],
    settings: Settings,
    force: bool = False,
    strict: bool = False,
    proposed: bool = False,
    reference: bool = False,
) -> Release:
    """Check the documents in ``paths`` (none: the shipped data) and publish them; claims of proposed encodings only if
    ``proposed``. If ``reference``, pySHACL validates.

    Raises DocumentError or CheckError, and publishes nothing, where the check fails; if ``strict``, for a warning that
    is not accepted, too.
    """
    report, authored = check_documents(paths, settings, reference)
    if not report.passes(strict):
        print_report(report)
        if report.unreadable:
            raise DocumentError("a document cannot be read; nothing was published")
        raise CheckError("nothing was published", remedy="fix what is listed above")
    if not proposed and (left_out := proposal.proposed_parts(authored, settings.base)):
        documents, _ = read_all(paths or [folder("data")], settings.base)
        alone = proposal.described_alone((d.quads for d in documents), left_out)
        authored = proposal.without(authored, left_out, alone)
        claims = report.claims
        report = report.without(left_out, len(authored))
        claims -= report.claims
        click.echo(
            f"quoth: note: {claims} proposed {'claim is' if claims == 1 else 'claims are'} left out, with what their"
            " encodings mention and infer: nobody has reviewed them yet."
            " quoth publish --proposed includes them, marked as proposed.",
            err=True,
        )
    if report.count()["Warning"]:
        click.echo(f"quoth: note: {report.tally()}; quoth check lists them", err=True)
    if settings.base == DEFAULT_BASE:
        click.echo(
            f"quoth: note: the IRIs of this release begin with {DEFAULT_BASE}: it is for this machine, not for sharing."
            " Give --base with your own URL before you share it.",
            err=True,
        )
    with progress() as tell:
        tell("deriving", 0, 0)
        release = publish(
            publication.published_quads(authored, settings.base),
            releases=settings.releases,
            base=settings.base,
            report_ttl=report.as_turtle(),
            questions=questions.check(paths or [folder("data")], settings.base)[0],
            validator=report.validator,
            report_json=json.dumps(report.as_json(), indent=2, ensure_ascii=False),
            progress=tell,
            force=force,
        )
    _tell_what_is_gone(release, authored)
    return release


def _tell_what_is_gone(release: Release, authored: Iterable[ox.Quad]) -> None:
    """Name what the release before described and nothing does any more: so it looks where a folder was forgotten."""
    before = max((n for n in Releases(release.path.parent).numbers() if n < release.number), default=0)
    withdrawn = {getattr(q.object, "value", "") for q in authored if q.predicate == QUOTH.withdraws}
    gone = {iri for iri, _ in resource_counts.read(release, GONE, lambda number: number == before)}
    if (silent := sorted(gone - withdrawn)) and not release.reused:
        click.echo(
            f"quoth: note: {counted(len(silent), 'resource')} of release {before} will answer 410, since no"
            f" document describes or withdraws them any longer, such as <{silent[0]}>. A release holds only the"
            " documents that are named: name every folder of the dataset.",
            err=True,
        )
