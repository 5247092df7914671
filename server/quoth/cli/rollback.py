"""``quoth rollback``: an earlier release becomes the current one again."""

from pathlib import Path

import click

from quoth.cli.console import RELEASES, engine_of
from quoth.config import Settings
from quoth.release.current import roll_back


@click.command("rollback")
@click.argument("number", type=int, required=False)
@RELEASES
def rollback_command(number: int | None, releases: Path | None) -> None:
    """Make release NUMBER (default: the one before the current one) the current one again; no release is removed.

    Its files are compared with its manifest first; an engine that does not hold it is loaded with it. A running server
    follows within seconds. The next publication gets a number of its own, above all others.
    """
    settings = Settings.from_environment(releases=releases)
    staging = engine_of(settings)
    release = roll_back(settings.releases, number, *([staging.stage] if staging else []))
    click.echo(f"release {release.number} is current: {release.manifest.quads} quads, {release.path}")
