"""``quoth export``: the claims of documents as annotations or a table."""

import itertools
from pathlib import Path

import click

from quoth.claim.exporting import quotations, table, web_annotation
from quoth.claim.model.report import counted
from quoth.claim.reading import document
from quoth.cli.check import shared_documents
from quoth.cli.console import BASE, PATH, PATHS
from quoth.config import Settings
from quoth.errors import UsageError
from quoth.resources import folder, write

WRITERS = {"csv": table.written, "web-annotation": web_annotation.written}


@click.command("export")
@click.argument("format", type=click.Choice(sorted(WRITERS)))
@PATHS
@BASE
@click.option("--output", "-o", type=PATH, help="File to write; else the export is printed.")
def export_command(format: str, paths: tuple[Path, ...], base: str | None, output: Path | None) -> None:
    """Write the claims of documents (default: the corpus) in a FORMAT: their words, who says them, and by which act.

    Quoth imports them again. Contents, and the levels around the innermost one, are not in it.
    """
    settings = Settings.from_environment(paths=paths, base=base)
    folders = [path.resolve() for path in paths if path.is_dir()]
    is_document = output and document.suffix(output) in document.SUFFIXES
    if output and is_document and any(map(output.resolve().is_relative_to, folders)):
        remedy = "give it the suffix .json, or write it elsewhere"
        raise UsageError("it would be read as a document of the corpus", where=str(output), remedy=remedy)
    number = itertools.count()
    found = quotations.of_documents(paths or [folder("data")], settings.base, shared_documents(paths))
    pieces = WRITERS[format](quotation for quotation, _ in zip(found, number, strict=False))
    if output is None:
        for piece in pieces:
            click.echo(piece, nl=False)
    else:
        write(pieces, output)
    click.echo(counted(next(number), "claim"), err=True)
