"""``quoth releases``: the releases in a folder, and which of them is current."""

from contextlib import suppress
from pathlib import Path

import click

from quoth.cli.console import RELEASES, print_rows
from quoth.config import Settings
from quoth.errors import UnavailableError
from quoth.release.release import Release, Releases


@click.command("releases")
@RELEASES
def releases_command(releases: Path | None) -> None:
    """List the releases: number, time, how much they hold, bytes on disk, and which is current."""
    known = Releases(Settings.from_environment(releases=releases).releases)
    current: Release | None = None
    with suppress(UnavailableError):
        current = known.current()
    if current is None and not known.numbers():
        known.current()  # says why there is none
    columns = ("release", "made", "claims", "articles", "quads", "bytes", "")
    rows = [_row(release, current) for release in known.all()]
    print_rows(columns, rows, ["\t".join(columns), *("\t".join(row) for row in rows)])


def _row(release: Release, current: Release | None) -> tuple[str, ...]:
    manifest = release.manifest
    held = sum(file.stat().st_size for file in release.path.rglob("*") if file.is_file())
    numbers = (manifest.claims, manifest.articles, manifest.quads, held)
    mark = "current" if current is not None and release.number == current.number else ""
    return str(release.number), manifest.created, *map(str, numbers), mark
