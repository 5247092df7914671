"""``quoth query``: a SPARQL query to the current release, or to another endpoint."""

import logging
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import click

from quoth.cli.console import PATH, RELEASES, print_results
from quoth.config import Settings
from quoth.engine.api import empty_answers
from quoth.engine.api.interface import Engine, Query, Wanted
from quoth.errors import UsageError
from quoth.formats import RDF_FORMATS, RESULT_FORMATS, by_name
from quoth.release.open import open_current, open_remote
from quoth.resources import read_text


@click.command("query")
@click.argument("query", required=False)
@click.option("-f", "--file", type=PATH, help="File that contains the query.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["table", *(f.name for f in RESULT_FORMATS), *(f.name for f in RDF_FORMATS)]),
    help="Format of the result; default: a table on a terminal, otherwise CSV or Turtle.",
)
@click.option("--engine", help="URL of a SPARQL 1.1 endpoint to ask, whatever it holds.")
@RELEASES
def query_command(
    query: str | None, file: Path | None, format_: str | None, engine: str | None, releases: Path | None
) -> None:
    """Query the current release in SPARQL: QUERY, -f FILE, or standard input. Relative IRIs belong to the dataset."""
    settings = Settings.from_environment(engine=engine, releases=releases)
    logging.getLogger("quoth.engine").addHandler(logging.NullHandler())  # what it says is in the error
    if query is not None and file is not None:
        raise UsageError("give the query or a file with it, not both")
    text = query if query is not None else read_text(file) if file else _standard_input()
    text = text.removeprefix("\ufeff")  # as some editors begin a file
    try:
        text.encode()
    except UnicodeEncodeError:  # in an argument, what is not UTF-8 becomes half a character
        raise UsageError("the query is not UTF-8", remedy="write it into a file, and give -f FILE") from None
    if format_ is None:
        format_ = "table" if sys.stdout.isatty() else ""
    result = "json" if format_ == "table" else format_ or "csv"
    wanted = Wanted(
        solutions=result if by_name(RESULT_FORMATS, result) else None,
        boolean=result if by_name(RESULT_FORMATS, result) else None,
        graph=format_ if by_name(RDF_FORMATS, format_) else "turtle" if format_ in ("", "table") else None,
    )
    source, base = _engine(settings, verified=engine is None)
    asked = Query(text, base_iri=base)
    with closing(source), source.answer(asked, wanted) as answer:
        if format_ == "table" and answer.kind != "graph":
            first = b"".join(answer.chunks)
            print_results(first)
        else:
            first = _write(answer.chunks, table=format_ == "table")
        if empty_answers.holds_nothing(answer.kind, answer.format, first):
            for hint in empty_answers.hints(source, asked):
                click.echo(f"quoth: note: {hint}", err=True)


def _write(chunks: Iterator[bytes], *, table: bool) -> bytes:
    """Write a result to standard output; its beginning, or all of it where it is short."""
    first = last = b""
    for last in chunks:
        first += last if len(first) <= empty_answers.EMPTY_BYTES else b""
        sys.stdout.buffer.write(last)
    if table and not last:
        click.echo("0 statements", err=True)
    elif not last.endswith(b"\n"):
        sys.stdout.buffer.write(b"\n")
    sys.stdout.buffer.flush()
    return first


def _standard_input() -> str:
    if sys.stdin.isatty():
        click.echo("quoth: the query is read from here, up to Ctrl-D", err=True)
    try:
        return sys.stdin.buffer.read().decode("utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(f"it is not UTF-8 (byte {error.start})", where="standard input") from None


def _engine(settings: Settings, verified: bool) -> tuple[Engine, str]:
    """The engine to ask, and the dataset base. One that is not ``verified`` to hold the current release needs none on
    this machine."""
    if settings.engine and not verified:
        return open_remote(settings), settings.base
    engine, release = open_current(settings)
    return engine, release.manifest.base
