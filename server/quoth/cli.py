"""The command ``quoth``. Exit codes are those of errors.py: 0 done, 1 findings, 2 usage, 3 unreadable, 4, 5."""

import json
import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn

from quoth import __version__
from quoth.claim import anchors, draft, offsets
from quoth.claim import check as checking
from quoth.claim.anchors import Texts
from quoth.claim.finding import Finding, Report
from quoth.config import Settings
from quoth.errors import CheckFailed, DocumentError, QuothError, UsageError
from quoth.report_table import print_report
from quoth.resources import folder

PATHS = click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
TEXTS = click.option("--texts", type=click.Path(path_type=Path), help="Directory of the articles' texts.")
BASE = click.option("--base", help="Dataset base that relative IRIs resolve against.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="quoth")
def cli() -> None:
    """Publish attributed claims: who said it, on whose authority, how surely, in which words."""


@cli.command("draft")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--anchors", "fill", is_flag=True, help="FILE is a document: give its anchors their offsets.")
@click.option("--slug", help="Short name of the article in IRIs; default: the file's name.")
@click.option("--language", default="en", show_default=True, help="Language of the text (BCP 47).")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File to write; default: standard output.")
@TEXTS
@BASE
def draft_command(
    file: Path,
    fill: bool,
    slug: str | None,
    language: str,
    output: Path | None,
    texts: Path | None,
    base: str | None,
) -> None:
    """Start a document from a plain text FILE, one claim stub a sentence; or fill in offsets."""
    settings = Settings.from_environment(texts=texts, base=base)
    if fill:
        _fill(file, output, settings)
        return
    slug = slug or re.sub(r"[^a-z0-9]+", "-", file.stem.lower()).strip("-")
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug):
        raise UsageError(f"{slug!r} is no slug", remedy="give --slug: lower-case words with hyphens")
    text = anchors.read_text(file)
    if not text.strip():
        raise UsageError("the text is empty", where=str(file))
    if output and output.exists():
        raise UsageError("it exists already, and a draft overwrites nothing", where=str(output))
    _write(draft.draft(text, slug, language), output)


def _fill(file: Path, output: Path | None, settings: Settings) -> None:
    if settings.texts is None:
        raise UsageError("where are the texts?", remedy="give --texts DIRECTORY or set QUOTH_TEXTS")
    if not file.is_file():
        raise UsageError("there is no such file", where=str(file))
    text, filled, findings = offsets.fill(file, settings.base, Texts(settings.texts))
    if findings:
        _list(findings)
        raise CheckFailed(f"{len(findings)} quotations could not be placed; nothing was written", where=str(file))
    _write(text, output or file)
    click.echo(f"{file}: {filled} anchors were given their offsets", err=True)


@cli.command("check")
@PATHS
@TEXTS
@BASE
@click.option("--format", "form", type=click.Choice(["text", "json", "turtle"]), default="text", show_default=True)
@click.option("--strict", is_flag=True, help="Let warnings fail the check too.")
def check_command(paths: tuple[Path, ...], texts: Path | None, base: str | None, form: str, strict: bool) -> None:
    """Check documents (default: the shipped data): syntax, anchors, shapes, rules over the whole.

    Exit codes: 0 no finding, 1 findings, 2 wrong usage, 3 a document cannot be read.
    """
    settings = Settings.from_environment(texts=texts, base=base)
    report, _ = _check(paths, settings)
    if form == "json":
        click.echo(json.dumps(report.as_json(), indent=2, ensure_ascii=False))
    elif form == "turtle":
        click.echo(report.as_turtle(), nl=False)
    else:
        print_report(report)
    if report.unreadable:
        sys.exit(DocumentError.exit_code)
    if not report.conforms or (strict and report.findings):
        sys.exit(CheckFailed.exit_code)


def _check(paths: Sequence[Path], settings: Settings) -> tuple[Report, list[Any]]:
    texts = Texts(settings.texts) if settings.texts else None
    with _progress() as tell:
        report, quads = checking.check(paths or [folder("data")], settings.base, texts, tell)
    if not report.documents and not report.findings:
        raise UsageError("no documents there", remedy="name files or directories of .trig, .ttl, .yaml …")
    return report, quads


def _list(findings: Sequence[Finding]) -> None:
    for finding in findings:
        click.echo(str(finding))


def _write(text: str, output: Path | None) -> None:
    """To standard output, or to the file as a whole or not at all."""
    if output is None:
        click.echo(text, nl=False)
        return
    partial = output.with_name(f".{output.name}.{os.getpid()}")
    try:
        partial.write_bytes(text.encode("utf-8"))
        partial.replace(output)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise UsageError(error.strerror or "it cannot be written", where=str(output)) from None


@contextmanager
def _progress() -> Iterator[Any]:
    """A line of progress on a terminal's standard error, and nothing anywhere else."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda stage, done, total: None
        return
    with Progress(SpinnerColumn(), TextColumn("{task.description}"), console=console, transient=True) as progress:
        task = progress.add_task("starting", total=None)

        def tell(stage: str, done: int, total: int) -> None:
            progress.update(task, description=f"{stage} {done} of {total}" if total else stage)

        yield tell


def main() -> None:
    """Runs the command; a QuothError becomes one message and its exit code."""
    try:
        cli.main(standalone_mode=False)
    except QuothError as error:
        click.echo(f"quoth: {error}", err=True)
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(UsageError.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
