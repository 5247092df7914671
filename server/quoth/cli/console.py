"""The options that commands share, and their output for people: reports and results as tables, progress."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn
from rich.table import Table

from quoth.claim.model.report import Report

PATHS = click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
TEXTS = click.option("--texts", type=click.Path(path_type=Path), help="Directory of the articles' texts.")
BASE = click.option("--base", help="Dataset base that relative IRIs resolve against.")
RELEASES = click.option("--releases", type=click.Path(path_type=Path), help="Directory of the releases.")


def print_report(report: Report) -> None:
    """Findings to standard output, as a table on a terminal; counts and coverage to standard error."""
    console = Console()
    if console.is_terminal and report.findings:
        table = Table("where", "what", "what to do", show_lines=True)
        for finding in report.findings:
            colour = "yellow" if finding.severity == "Warning" else "red"
            table.add_row(f"[{colour}]{_plain(finding.where)}[/]", _plain(finding.message), _plain(finding.remedy))
        console.print(table)
    else:
        for finding in report.findings:
            click.echo(str(finding))
    for coverage in report.coverage:
        click.echo(str(coverage), err=True)
    count = report.count()
    verdict = "conforms" if report.conforms else "does not conform"
    click.echo(
        f"{_count(len(report.documents), 'document')}, {_count(report.claims, 'claim')},"
        f" {_count(report.quads, 'quad')}: {_count(count['Violation'], 'violation')},"
        f" {_count(count['Warning'], 'warning')}; {verdict}",
        err=True,
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _plain(text: str) -> str:
    """The text with rich's markup taken literally."""
    return text.replace("[", r"\[")


def print_results(results: bytes) -> None:
    """SPARQL 1.1 Query Results JSON as a table on standard output; an ASK as yes or no."""
    parsed: dict[str, Any] = json.loads(results)
    if "boolean" in parsed:
        click.echo("yes" if parsed["boolean"] else "no")
        return
    names = parsed["head"]["vars"]
    rows = parsed["results"]["bindings"]
    table = Table(*names)
    for row in rows:
        table.add_row(*(_plain(row[name]["value"]) if name in row else "" for name in names))
    Console().print(table)
    click.echo(f"{len(rows)} rows", err=True)


@contextmanager
def progress() -> Iterator[Callable[[str, int, int], None]]:
    """A function ``tell(stage, done, total)`` that shows a line on standard error if that is a terminal."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda stage, done, total: None
        return
    with Progress(SpinnerColumn(), TextColumn("{task.description}"), console=console, transient=True) as line:
        task = line.add_task("starting", total=None)
        yield lambda stage, done, total: line.update(
            task, description=f"{stage}: {done} of {total}" if total else stage
        )
