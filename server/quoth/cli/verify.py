"""``quoth verify``: a text held against the record."""

import sys
from pathlib import Path

import click

from quoth.claim.model.report import counted
from quoth.cli.console import PATH, RELEASES, TEXTS
from quoth.config import Settings
from quoth.errors import CheckError, UsageError
from quoth.resources import check_file, read_text
from quoth.verify import html_report, json_report, sarif, text_report
from quoth.verify.court import Court
from quoth.verify.findings import Report
from quoth.verify.submitted import submitted
from quoth.verify.verify import MAX_CHARACTERS


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
@TEXTS
@click.option("--base", metavar="URL", help="Send the text to the Quoth at this URL, and hold it against its record.")
def verify_command(
    file: Path | None,
    format_: str,
    language: str,
    verbose: bool,
    schema: bool,
    releases: Path | None,
    texts: Path | None,
    base: str | None,
) -> None:
    """Hold a text FILE (or -: standard input) against the record: what it quotes or attributes, and to whom.

    The text is plain, Markdown or HTML; nothing of it is kept. With --texts, words that no claim has are looked for in
    the whole texts of the articles, too. Exit codes: 0 all is on record as it stands, 1 findings, 2 wrong usage,
    5 nothing is published, or the server does not answer.
    """
    if schema:
        click.echo(json_report.schema(), nl=False)
        return
    if file is None:
        raise UsageError("which text?", remedy="name a file, or - for standard input")
    name = "stdin" if str(file) == "-" else str(file)
    text = (_standard_input() if name == "stdin" else _text(file)).removeprefix("\ufeff")
    if base is None:
        settings = Settings.from_environment(releases=releases, texts=texts)
        report = Court(settings.releases, settings.texts).verify(text, language)
    elif releases or texts:
        raise UsageError("the record is that of the server", where="--base", remedy="leave out --releases and --texts")
    else:
        report = _elsewhere(base, text, language, name)
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


def _elsewhere(url: str, text: str, language: str, name: str) -> Report:
    from quoth.verify.remote_court import RemoteCourt  # its HTTP library takes a while to import

    court = RemoteCourt(url)
    click.echo(f"quoth: sends {name}, {len(text):,} characters, to {court.where}", err=True)
    return court.verify(text, language)


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
