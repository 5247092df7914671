"""``quoth verify-release``: whether a release is still what was published."""

from pathlib import Path

import click

from quoth.cli.console import RELEASES, engine_of
from quoth.config import Settings
from quoth.release.release import Releases


@click.command("verify-release")
@click.argument("number", type=int, required=False)
@RELEASES
def verify_release_command(number: int | None, releases: Path | None) -> None:
    """Compare every file of release NUMBER (default: the current one) with what was published.

    Where it was loaded into an engine, what that holds is compared, too, quad by quad. An earlier release need not be
    there, the current one has to.

    Exit codes: 0 it is whole, 4 there is no such release, 5 it is damaged.
    """
    settings = Settings.from_environment(releases=releases)
    known = Releases(settings.releases)
    release = known.current() if number is None else known.open(number)
    release.verify()
    files = len(release.manifest.files) + len(release.manifest.store or ())
    held = ""
    if staging := engine_of(settings):
        dataset = staging.verify(release)
        held = f", and {dataset}" if dataset else "; the engine does not have it"
    click.echo(f"release {release.number} is what was published: {files} files{held}")
