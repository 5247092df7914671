"""``quoth releases``: those in a folder and which is current, how many are kept, what is taken out, what an engine
holds."""

from datetime import UTC, datetime
from pathlib import Path

import click
import pyoxigraph as ox

from quoth.claim.authoring import withdrawals
from quoth.claim.checking.stored import default_directory
from quoth.claim.model.report import counted
from quoth.cli.console import RELEASES, engine_of, print_in_use, print_note, print_rows
from quoth.config import Settings
from quoth.corpus import bases
from quoth.errors import NewerReleaseError, ReleaseError, UnavailableError, UsageError
from quoth.release.deploy import record
from quoth.release.redaction.redaction import redact
from quoth.release.redaction.redaction_record import Redaction
from quoth.release.release import Releases
from quoth.release.retention import own_bytes, prune


def list_releases(releases: str | None) -> None:
    """Print a line for each release in that folder, or in that of the settings. Raises UnavailableError for none."""
    known = Releases(Settings.from_environment(releases=releases).releases)
    current, numbers = 0, known.numbers()
    try:
        current = known.current_number()
    except UnavailableError:  # which says why there is none
        if not numbers:
            raise
    columns = ("release", "made", "claims", "articles", "quads", "bytes", "own", "")
    own = own_bytes([[known.path / str(number)] for number in numbers])
    rows = [_row(known, number, alone, number == current) for number, alone in zip(numbers, own, strict=True)]
    print_rows(columns, rows, ["\t".join(columns), *("\t".join(row) for row in rows)])


def _row(known: Releases, number: int, own: int, current: bool) -> tuple[str, ...]:
    marks, counts = ["current"] if current else [], ("", "", "", "")
    try:
        manifest = known.open(number).manifest
        counts = (manifest.created, str(manifest.claims), str(manifest.articles), str(manifest.quads))
    except NewerReleaseError:
        raise
    except ReleaseError:
        marks.append("damaged")
    [held] = own_bytes([[known.path / str(number)]])
    return str(number), *counts, str(held), str(own), ", ".join(marks)


@click.command("load")
@RELEASES
@click.pass_obj
def load_command(folder: str | None, releases: Path | None) -> None:
    """Load the current release into the engine of the settings, unless that holds it."""
    settings = Settings.from_environment(releases=releases or folder)
    staging = engine_of(settings)
    if staging is None:
        remedy = "name one like fuseki+http://localhost:3030/velm"
        raise UsageError("there is no engine whose URL has a dialect", where="engine", remedy=remedy)
    release = staging.stage_current()
    click.echo(f"the engine holds release {release.number}: {release.manifest.quads} quads")


@click.command("prune")
@click.option(
    "--keep", type=click.IntRange(min=1), help="How many to keep, beside the current one; default: keep_releases."
)
@click.option("--dry-run", is_flag=True, help="Only say which would be removed.")
@RELEASES
@click.pass_obj
def prune_command(folder: str | None, keep: int | None, dry_run: bool, releases: Path | None) -> None:
    """Remove the oldest releases: all but the newest KEEP ones and the current one.

    A release that a server still serves stays until the next time. The history stays: it is in every release.
    """
    settings = Settings.from_environment(releases=releases or folder)
    keep = keep or settings.keep_releases
    if not keep:
        raise click.UsageError("say how many to keep, with --keep or QUOTH_KEEP_RELEASES")
    if not print_pruned(settings, keep, dry_run):
        click.echo("nothing to remove")


def print_pruned(settings: Settings, keep: int, dry_run: bool = False, err: bool = False) -> bool:
    """Prune the folder of releases, and their engine, and say what was removed and what stays, if ``err`` on standard
    error; whether there was something to say."""
    pruned = prune(settings.releases, keep, dry_run)
    if (staging := engine_of(settings)) and not dry_run:
        staging.sweep()
    if pruned.removed:
        numbers = ", ".join(map(str, pruned.removed))
        verb = "would be" if dry_run else "were" if len(pruned.removed) > 1 else "was"
        click.echo(
            f"{counted(len(pruned.removed), 'release')} {verb} removed: {numbers}; {pruned.freed} bytes freed", err=err
        )
    print_in_use(pruned.in_use)
    return bool(pruned.removed or pruned.in_use)


@click.command("redact")
@click.argument("claim")
@click.option("--reason", required=True, help="Why, in a sentence that is published.")
@click.option("--by", help="The IRI of who ordered or did it.")
@RELEASES
@click.pass_obj
def redact_command(folder: str | None, claim: str, reason: str, by: str | None, releases: Path | None) -> None:
    """Take the words of CLAIM out of every release that is kept, for good.

    CLAIM is an IRI, or its end such as claim/harbour/x. A notice with the reason takes its place. Where another command
    was killed, the same one finishes.
    """
    settings = Settings.from_environment(releases=releases or folder)
    base = Releases(settings.releases, settings.base).current().manifest.base
    iri = bases.meant(claim, base)
    if not _is_iri(iri) or not iri.startswith(bases.spaces(base, "claim/")) or "#" in iri:
        raise click.UsageError(f"{claim} is not the IRI of a claim, such as {base}id/claim/ARTICLE/NAME")
    if by is not None and not _is_iri(by):
        raise click.UsageError(f"{by!r} is not an IRI")
    today = datetime.now(UTC).date().isoformat()
    staging = engine_of(settings)
    redacted = redact(settings.releases, Redaction(iri, withdrawals.reason(reason), by or "", today))
    if staging:
        staging.exchange()
    for dataset, (number, _) in record.left(settings.releases).items():
        print_note(
            f"{dataset} still has release {number} with the words: delete it there, or name its server in engine for"
            " `quoth releases prune`"
        )
    anew = ", ".join(map(str, redacted.releases)) or "none"
    click.echo(f"<{iri}> is redacted; releases made anew: {anew}")
    for note in redacted.notes:
        click.echo(f"quoth: note: {note}", err=True)
    kept = settings.cache or default_directory()
    click.echo(
        "quoth: note: documents and texts, copies of the releases, what others downloaded and an engine at another"
        " server that quoth publish does not load still have the words, and so have the checks that are"
        f" kept{f' in {kept}' if kept else ''}: delete these. Take the claim out of the documents: quoth publish"
        " refuses it.",
        err=True,
    )


def _is_iri(text: str) -> bool:
    try:
        return bool(ox.NamedNode(text))
    except ValueError:
        return False
