"""``quoth import``: what others have annotated, as documents of the corpus."""

import json
from collections import Counter
from pathlib import Path

import click

from quoth.claim.importing import mapping as mappings
from quoth.claim.importing import readers
from quoth.claim.importing.imports import Import, Outcome, Target
from quoth.claim.importing.record import NAME
from quoth.claim.model.licences import Passages
from quoth.claim.model.report import counted
from quoth.cli.console import PATH
from quoth.corpus import quoth_toml
from quoth.errors import CheckError, UsageError
from quoth.resources import write

SHOWN = 10
"""Misfits of a kind that are printed; all are in the report."""


@click.command("import")
@click.argument("format")
@click.argument("path", type=PATH)
@click.option("--mapping", help="Mapping file (TOML), or the name of one that comes with Quoth.")
@click.option(
    "--report", type=PATH, help="File for all that did not fit, and how encodings of one text agree: JSON Lines."
)
@click.option("--dry-run", is_flag=True, help="Say what would be done, and write nothing.")
def import_command(format: str, path: Path, mapping: str | None, report: Path | None, dry_run: bool) -> None:
    """Import a file or folder PATH in a FORMAT into the corpus, as documents with claims in words.

    Importing again brings the documents up to the input, and leaves what a person has corrected. Ends with 1 where
    something did not fit.
    """
    corpus = quoth_toml.find(Path())
    if corpus is None:
        raise UsageError("the current folder is in no corpus", remedy="make one with quoth new DIR, and go there")
    reader = readers.get(format)
    if not path.exists():
        raise UsageError("there is no such file or folder", where=str(path))
    read = mappings.read(mapping, reader.KEYS, format) if mapping else mappings.Mapping()
    read = read.completed({"encoding.licence": corpus.values.get("licence", "")})
    values, folder = corpus.values, corpus.folder
    target = Target(
        folder,
        values.get("articles", folder / "articles"),
        values.get("texts", folder / "texts"),
        Passages(licences=tuple(values.get("open_licences", ()))),
    )
    outcome = Import(target, read.rule, dry=dry_run).run(reader.read(path, read, target.texts))
    if report:
        things = [*outcome.misfits, *outcome.agreements]
        lines = (json.dumps(thing.__dict__, ensure_ascii=False) + "\n" for thing in things)
        write("".join(lines), report)
    _print(outcome, dry_run)
    if unfit := sum(not misfit.declared for misfit in outcome.misfits):
        raise CheckError(f"{counted(unfit, 'thing')} of the input did not fit", where=str(path))


def _print(outcome: Outcome, dry: bool) -> None:
    kinds = Counter(misfit.kind for misfit in outcome.misfits if not misfit.declared)
    shown: Counter[str] = Counter()
    for misfit in outcome.misfits:
        shown[misfit.kind] += 1
        if shown[misfit.kind] <= SHOWN and not misfit.declared:
            click.echo(str(misfit))
    for kind, number in kinds.items():
        if number > SHOWN:
            click.echo(f"{kind}: {number - SHOWN} more (--report lists them)")
    for path in outcome.removed:
        click.echo(
            f"{path} was imported, and has been removed: it is left out (to have it again, take it out of {NAME})"
        )
    if outcome.agreements:
        mean = sum(each.f1 for each in outcome.agreements) / len(outcome.agreements)
        texts = counted(len({each.article for each in outcome.agreements}), "text")
        click.echo(
            f"{texts} in several encodings: two of one text agree in {mean:.0%} of their cues (F1, mean)", err=True
        )
    states = ", ".join(f"{number} {state}" for state, number in sorted(outcome.claims.items()) if number)
    click.echo(
        f"{counted(outcome.articles, 'encoding')}, {counted(outcome.attributions, 'attribution')}: claims: "
        f"{states or 'none'}; {counted(outcome.written, 'document')} {'would be ' if dry else ''}written",
        err=True,
    )
    for kind, number in kinds.most_common():
        click.echo(f"  did not fit: {kind} ({number})", err=True)
    declared: Counter[str] = Counter()
    for misfit in outcome.misfits:
        declared[misfit.kind] += misfit.number if misfit.declared else 0
    for kind, number in (+declared).most_common():
        click.echo(f"  {kind} ({number}, by the mapping)", err=True)
