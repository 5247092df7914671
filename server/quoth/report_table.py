"""A check's report for people: a table on a terminal, ``file:line: …`` lines elsewhere."""

import click
from rich.console import Console
from rich.table import Table

from quoth.claim.finding import Report


def print_report(report: Report) -> None:
    """Findings to standard output, counts and coverage to standard error."""
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
        f"{len(report.documents)} documents, {report.claims} claims, {report.quads} quads:"
        f" {count['Violation']} violations, {count['Warning']} warnings; {verdict}",
        err=True,
    )


def _plain(text: str) -> str:
    """The text with rich's markup taken literally."""
    return text.replace("[", r"\[")
