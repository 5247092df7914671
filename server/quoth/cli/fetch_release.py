"""``quoth fetch-release``: the releases of another folder, web server or object storage, for a server of their own."""

from pathlib import Path

import click

from quoth.claim.model.report import counted
from quoth.cli.console import RELEASES, print_in_use, print_note, progress
from quoth.config import Settings
from quoth.release.fetch.fetch import fetch
from quoth.release.fetch.source import source_of


@click.command("fetch-release")
@click.argument("source")
@click.argument("number", type=click.IntRange(min=1), required=False)
@RELEASES
def fetch_release_command(source: str, number: int | None, releases: Path | None) -> None:
    """Make the folder of releases a copy of SOURCE, or fetch release NUMBER from there and make it current.

    SOURCE is a folder of releases, or the URL of one: on a web server, in an object storage, or of a server of Quoth
    (https://claims.example.org/releases). Only what differs is read, and compared with the hashes in the manifests. A
    release is seen once it is whole; a running server follows within seconds. Releases that SOURCE keeps no longer are
    removed here too, and with QUOTH_KEEP_RELEASES all but the newest ones. A command that was stopped goes on where it
    was.

    Exit codes: 0 done, also where nothing is new; 2 SOURCE is neither a folder nor a URL; 4 it has no release NUMBER; 5
    it cannot be reached or is damaged, is another dataset, or the disk is full: the current release stays.
    """
    settings = Settings.from_environment(releases=releases)
    place = source_of(source)
    try:
        with progress() as tell:
            copied = fetch(settings.releases, place, number, settings.keep_releases, tell, print_note)
    finally:
        place.close()
    took, pruned = copied.fetched, copied.pruned
    fetched = f"{counted(took.files, 'file')} fetched, {took.bytes} bytes; {took.linked} were here"
    click.echo(f"release {copied.release.number} is current: {fetched if copied.releases else 'nothing is new'}")
    if pruned.removed:
        click.echo(f"removed: {', '.join(map(str, pruned.removed))}")
    print_in_use(pruned.in_use)
