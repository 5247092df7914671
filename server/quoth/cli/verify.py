"""``quoth verify``: a text held against the record."""

import sys
from pathlib import Path

import click

from quoth.claim.model.report import counted
from quoth.cli.console import PATH, RELEASES
from quoth.config import Settings
from quoth.errors import CheckError, UsageError
from quoth.release.open import open_lists
from quoth.release.release import Releases
from quoth.resources import check_file, read_text
from quoth.verify import html_report, json_report, sarif, text_report
from quoth.verify.submitted import submitted
from quoth.verify.verify import MAX_CHARACTERS, verify

_EARLIER = 3
"""Earlier releases in which words are looked for that the current one does not have."""


@click.command("verify")
@click.argument("file", type=PATH, required=False)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "sarif", "html"]),
    default="text",
    show_default=True,
    help="What to print: lines for people, JSON, SARIF 2.1.0 for editors, a page of HTML.",
)
@click.option("--language", default="en", show_default=True, help="Language of the text (BCP 47).")
@click.option("--verbose", is_flag=True, help="Also name what is on record as it stands.")
@click.option("--schema", is_flag=True, help="Print the JSON Schema of --format json, and nothing else.")
@RELEASES
def verify_command(
    file: Path | None, format_: str, language: str, verbose: bool, schema: bool, releases: Path | None
) -> None:
    """Hold a text FILE (or -: standard input) against the record: what it quotes or attributes, and to whom.

    The text is plain, Markdown or HTML; nothing of it is kept. Exit codes: 0 all is on record as it stands, 1 findings,
    2 wrong usage, 5 nothing is published.
    """
    if schema:
        click.echo(json_report.schema(), nl=False)
        return
    if file is None:
        raise UsageError("which text?", remedy="name a file, or - for standard input")
    name = "stdin" if str(file) == "-" else str(file)
    text = (_standard_input() if name == "stdin" else _text(file)).removeprefix("\ufeff")
    known = Releases(Settings.from_environment(releases=releases).releases)
    current = known.current()
    lists, summaries = open_lists(current)
    numbers = [number for number in reversed(known.numbers()) if number < current.number][:_EARLIER]
    earlier = [(number, open_lists(known.open(number))[0]) for number in numbers]
    report = verify(text, lists, current.number, tag=language, summaries=summaries, earlier=earlier)
    if format_ == "json":
        click.echo(json_report.written(report), nl=False)
    elif format_ == "sarif":
        click.echo(sarif.written(report, name, submitted(text).line_and_column), nl=False)
    elif format_ == "html":
        click.echo(html_report.written(report, text), nl=False)
    else:
        for line in text_report.lines(report, name, verbose=verbose):
            click.echo(line)
    for note in report.notes:
        click.echo(f"quoth: note: {note}", err=True)
    click.echo(text_report.summary(report), err=True)
    if report.fails:
        number = sum(finding.fails_build for judged in report.passages for finding in judged.findings)
        raise CheckError(f"{counted(number, 'finding')}", where=name)


def _text(file: Path) -> str:
    check_file(file)
    return read_text(file)


def _standard_input() -> str:
    data = sys.stdin.buffer.read(4 * MAX_CHARACTERS + 1)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if len(data) > 4 * MAX_CHARACTERS:
            raise UsageError(f"the text has more than {MAX_CHARACTERS:,} characters", remedy="split it") from None
        raise UsageError(f"it is not UTF-8 (byte {error.start})", where="standard input") from None
