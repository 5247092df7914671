"""``quoth diff``: what changed from one release to another."""

import json
import sys
from pathlib import Path

import click

from quoth.cli import changes
from quoth.cli.console import RELEASES
from quoth.config import Settings
from quoth.errors import UsageError
from quoth.release.history import diff
from quoth.release.release import Releases


@click.command("diff")
@click.argument("before", type=int, required=False)
@click.argument("after", type=int, required=False)
@RELEASES
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "patch"]),
    default="text",
    show_default=True,
    help="What to print: text for people, JSON, or an RDF Patch.",
)
def diff_command(before: int | None, after: int | None, releases: Path | None, format_: str) -> None:
    """Say what changed from release BEFORE to release AFTER (default: from the one before the current one to it).

    Exit codes: 0 done, 2 wrong usage, 4 there is no such release.
    """
    known = Releases(Settings.from_environment(releases=releases).releases)
    new = known.current() if after is None else known.open(after)
    if before is None:
        before = max((n for n in known.numbers() if n < new.number), default=None)
    if before is None:
        raise UsageError(f"there is no release before {new.number}", remedy="publish twice, or name two releases")
    old, base = known.open(before), new.manifest.base
    if str(old.manifest.base) != str(base):
        raise UsageError(
            f"the IRIs of release {old.number} begin with {old.manifest.base}, those of {new.number} with {base}",
            remedy="compare two releases of one base",
        )
    if format_ == "patch":
        sys.stdout.buffer.writelines(diff.patch(old, new))
        return
    found = diff.between(old, new)
    labels, reasons = diff.labels(found, old), diff.reasons(found)
    if format_ == "json":
        numbers = {"before": old.number, "after": new.number}
        click.echo(json.dumps(numbers | changes.as_json(found, base, labels, reasons), indent=2, ensure_ascii=False))
        return
    for line in changes.in_words(found, base, labels, reasons):
        click.echo(line)
    click.echo(f"release {old.number} to {new.number}: {changes.summary(found, base)}", err=True)
