"""``quoth releases``: the releases in a folder and which is current, how many are kept, what is taken out."""

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import click
import pyoxigraph as ox

from quoth.claim.model.report import counted
from quoth.cli.console import RELEASES, print_rows
from quoth.config import Settings
from quoth.errors import UnavailableError
from quoth.release.redaction import redact
from quoth.release.redaction_record import Redaction
from quoth.release.release import Release, Releases
from quoth.release.retention import own_bytes, prune


def list_releases(releases: str | None) -> None:
    """Print a line for each release in that folder, or in that of the settings. Raises UnavailableError for none."""
    known = Releases(Settings.from_environment(releases=releases).releases)
    current: Release | None = None
    with suppress(UnavailableError):
        current = known.current()
    if current is None and not known.numbers():
        known.current()  # says why there is none
    columns = ("release", "made", "claims", "articles", "quads", "bytes", "own", "")
    kept = known.all()
    own = own_bytes([[release.path] for release in kept])
    rows = [_row(release, current, alone) for release, alone in zip(kept, own, strict=True)]
    print_rows(columns, rows, ["\t".join(columns), *("\t".join(row) for row in rows)])


def _row(release: Release, current: Release | None, own: int) -> tuple[str, ...]:
    manifest = release.manifest
    held = sum(file.stat().st_size for file in release.path.rglob("*") if file.is_file())
    numbers = (manifest.claims, manifest.articles, manifest.quads, held, own)
    mark = "current" if current is not None and release.number == current.number else ""
    return str(release.number), manifest.created, *map(str, numbers), mark


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
    if not print_pruned(settings.releases, keep, dry_run):
        click.echo("nothing to remove")


def print_pruned(releases: Path, keep: int, dry_run: bool = False, err: bool = False) -> bool:
    """Prune the folder, and say what was removed and what stays, if ``err`` on standard error; whether there was
    something to say."""
    pruned = prune(releases, keep, dry_run)
    if pruned.removed:
        numbers = ", ".join(map(str, pruned.removed))
        verb = "would be" if dry_run else "were" if len(pruned.removed) > 1 else "was"
        click.echo(
            f"{counted(len(pruned.removed), 'release')} {verb} removed: {numbers}; {pruned.freed} bytes freed", err=err
        )
    if pruned.in_use:
        numbers = ", ".join(map(str, pruned.in_use))
        click.echo(f"quoth: note: a server still serves release {numbers}: it stays until the next time", err=True)
    return bool(pruned.removed or pruned.in_use)


@click.command("redact")
@click.argument("claim")
@click.option("--reason", required=True, help="Why, in a sentence that is published.")
@click.option("--by", default="", help="The IRI of who ordered or did it.")
@RELEASES
@click.pass_obj
def redact_command(folder: str | None, claim: str, reason: str, by: str, releases: Path | None) -> None:
    """Take the words of CLAIM out of every release that is kept, for good.

    CLAIM is an IRI, or its end such as claim/harbour/x. A notice with the reason takes its place. Where another command
    was killed, the same one finishes.
    """
    settings = Settings.from_environment(releases=releases or folder)
    base = Releases(settings.releases, settings.base).current().manifest.base
    iri = claim if claim.startswith(base) else f"{base}id/{claim.removeprefix('id/')}"
    if not _is_iri(iri) or not iri.startswith(f"{base}id/claim/") or "#" in iri:
        raise click.UsageError(f"{claim} is not the IRI of a claim, such as {base}id/claim/ARTICLE/NAME")
    if by and not _is_iri(by):
        raise click.UsageError(f"{by} is not an IRI")
    today = datetime.now(UTC).date().isoformat()
    redacted = redact(settings.releases, Redaction(iri, " ".join(reason.split()), by, today))
    anew = ", ".join(map(str, redacted.releases)) or "none"
    click.echo(f"<{iri}> is redacted; releases made anew: {anew}")
    click.echo(
        "quoth: note: documents and texts, copies of the releases, what others downloaded and an engine at another"
        " server still have the words. Take the claim out of the documents: quoth publish refuses it.",
        err=True,
    )


def _is_iri(text: str) -> bool:
    try:
        return bool(ox.NamedNode(text))
    except ValueError:
        return False
