"""``quoth rollback``: an earlier release becomes the current one again."""

from pathlib import Path

import click

from quoth.cli.console import RELEASES
from quoth.config import Settings
from quoth.release.current import roll_back


@click.command("rollback")
@click.argument("number", type=int, required=False)
@RELEASES
def rollback_command(number: int | None, releases: Path | None) -> None:
    """Make release NUMBER (default: the one before the current one) the current one again; no release is removed.

    Its files are compared with its manifest first. A running server follows within seconds. The next publication gets a
    number of its own, above all others.
    """
    release = roll_back(Settings.from_environment(releases=releases).releases, number)
    click.echo(f"release {release.number} is current: {release.manifest.quads} quads, {release.path}")
