"""The options that commands share, and their output for people: reports and results as tables, progress."""

import dataclasses
import json
import logging
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.progress import Progress as ProgressLine
from rich.progress import SpinnerColumn, TextColumn
from rich.table import Table
from rich.text import Text

from quoth.claim.checking.anchors import Texts
from quoth.claim.model.excerpts import excerpt
from quoth.claim.model.report import Progress, Report, Severity, counted
from quoth.config import PREFIX, Settings, flag
from quoth.corpus import quoth_toml
from quoth.resources import folder

if TYPE_CHECKING:
    from quoth.release.deploy.staging import Staging


class _Path(click.Path):
    """A path that is not empty: ``Path("")`` is the current folder, which nobody has named."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path. Raises BadParameter for an empty one, as from a variable of a shell that is not set."""
        if value == "":
            self.fail("the path is empty: name a file or a folder; . is the current folder", param, ctx)
        return super().convert(value, param, ctx)


PATH = _Path(path_type=Path)


def corpus_paths(paths: Sequence[Path] = ()) -> tuple[Path, ...]:
    """The folder of the corpus that ``paths`` or the current folder are in, else the corpus that is shipped."""
    corpus = quoth_toml.find_one(paths)
    return (corpus.folder if corpus else folder("data"),)


def _paths(context: click.Context, parameter: click.Parameter, paths: tuple[Path, ...]) -> tuple[Path, ...]:
    """The paths that are named, or else the corpus of the current folder; none for the shipped data."""
    corpus = None if paths else quoth_toml.find(Path())
    return (corpus.folder,) if corpus else paths


PATHS = click.argument("paths", nargs=-1, type=PATH, callback=_paths)
TEXTS = click.option("--texts", type=PATH, help="Directory of the articles' texts.")
BASE = click.option("--base", help="Dataset base that relative IRIs resolve against.")
STRICT = click.option("--strict", is_flag=True, help="Also fail on warnings that the documents do not accept.")
REFERENCE = click.option("--reference", is_flag=True, help="Validate with pySHACL, the reference, which takes longer.")
NO_CACHE = click.option("--no-cache", is_flag=True, help="Check everything, also what was checked before.")
JOBS = click.option("--jobs", type=click.IntRange(1, 256), help="Processes that check many documents; else the cores.")
RELEASES = click.option("--releases", type=PATH, help="Directory of the releases.")


def settings_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options for each setting of a server, with what the table of settings says of it. They give texts, which
    ``Settings.from_environment`` converts."""
    for f in reversed(dataclasses.fields(Settings)):
        if f.metadata["serves"]:
            default = "" if f.default in ("", None, ()) else f"  [default: {f.default}]"
            metavar = "NUMBER" if isinstance(f.default, int | float) else None
            kind = PATH if f.default is None or isinstance(f.default, Path) else str
            text = f.metadata["help"] + default
            if quoth_toml.SETTINGS.get(f.name) is bool:
                option = click.option(f"--{flag(f.name)}/--no-{flag(f.name)}", default=None, help=text)
            else:
                option = click.option(f"--{flag(f.name)}", type=kind, metavar=metavar, help=text)
            command = option(command)
    return command


def base_is_given(option: str | None, paths: Sequence[Path] = ()) -> bool:
    """Whether somebody has named a dataset base: by the option, in the environment, or in quoth.toml."""
    corpus = quoth_toml.find_one(paths)
    return bool(option or os.environ.get(f"{PREFIX}BASE") or (corpus and "base" in corpus.settings))


def print_note(text: str) -> None:
    """A note to standard error, beside the line of the progress."""
    print(f"quoth: note: {text}", file=sys.stderr)  # click.echo would write into the line of the progress


def print_in_use(numbers: Sequence[int]) -> None:
    """A note about the releases that could not be removed yet, if there are any."""
    if numbers:
        print_note(f"a server still serves release {', '.join(map(str, numbers))}: it stays until the next time")


def engine_of(settings: Settings, note: Callable[[str], None] = print_note) -> "Staging | None":
    """The engine into which the settings have releases loaded; None where there is none. Raises UsageError."""
    if not settings.engine:
        return None
    from quoth.release.deploy.staging import staging  # the HTTP client takes a while to import

    logging.getLogger("quoth.engine").addHandler(logging.NullHandler())  # what it says is in the error
    return staging(settings, note)


_COLOURS: dict[Severity, str] = {"Violation": "red", "Warning": "yellow", "Info": "blue"}


def print_rows(columns: Sequence[str], rows: Sequence[Sequence[str | Text]], lines: Iterable[object]) -> None:
    """Rows to standard output, as a table on a terminal, else as these lines."""
    if Console().is_terminal and rows:
        _print_table(Table(*columns, show_lines=True), rows)
    else:
        for line in lines:
            click.echo(str(line))


def _print_table(table: Table, rows: Iterable[Sequence[str | Text]]) -> None:
    for row in rows:
        table.add_row(*(Text(cell) if isinstance(cell, str) else cell for cell in row))  # a plain string is markup
    Console().print(table)


def print_report(report: Report, texts: Texts | None = None) -> None:
    """Findings to standard output, the violations first, as a table on a terminal; counts and coverage to standard
    error, with the sentences that carry no claim if their ``texts`` are given.

    A mistake in a level that several claims name is printed once, and how often it was found."""
    findings = sorted(report.findings, key=lambda f: list(_COLOURS).index(f.severity))
    numbers, distinct = Counter(map(str, findings)), {str(f): f for f in findings}
    times = {line: f" (found {number} times)" if number > 1 else "" for line, number in numbers.items()}
    rows = [(Text(f.where, _COLOURS[f.severity]), f.words + times[line], f.advice) for line, f in distinct.items()]
    print_rows(("where", "what", "what to do"), rows, [line + times[line] for line in distinct])
    for coverage in report.coverage:
        click.echo(str(coverage), err=True)
        text = (texts and texts.get(coverage.sha256)) or ""
        for sentence in coverage.bare if text else ():
            words = excerpt(text[sentence.start : sentence.end], 100)
            click.echo(f"  no claim in sentence {sentence.number}, at {sentence.start}: {words}", err=True)
    if report.validator.endswith(")"):
        click.echo(f"quoth: note: validated with {report.validator}", err=True)
    verdict = "conforms" if report.conforms else "does not conform"
    click.echo(
        f"{counted(len(report.documents), 'document')}, {counted(report.claims, 'claim')},"
        f" {counted(report.quads, 'quad')}: {report.tally()}; {verdict}",
        err=True,
    )


def print_results(results: bytes) -> None:
    """SPARQL 1.1 Query Results JSON as a table on standard output; an ASK as yes or no."""
    parsed: dict[str, Any] = json.loads(results)
    if "boolean" in parsed:
        click.echo("yes" if parsed["boolean"] else "no")
        return
    names, solutions = parsed["head"]["vars"], parsed["results"]["bindings"]
    rows = [[solution[name]["value"] if name in solution else "" for name in names] for solution in solutions]
    _print_table(Table(*names), rows)
    click.echo(f"{len(rows)} rows", err=True)


@contextmanager
def progress() -> Iterator[Progress]:
    """A function ``tell(stage, done, total)`` that shows a line on standard error if that is a terminal."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda stage, done, total: None
        return
    with ProgressLine(SpinnerColumn(), TextColumn("{task.description}"), console=console, transient=True) as line:
        task = line.add_task("starting", total=None)
        yield lambda stage, done, total: line.update(
            task, description=f"{stage}: {done} of {total}" if total else stage
        )
