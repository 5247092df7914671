"""The command ``quoth``. Exit codes are those of errors.py: 0 done, 1 findings, 2 usage, 3 unreadable, 4, 5."""

import json
import os
import re
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import click

from quoth import __version__
from quoth.claim.authoring import draft, fill_offsets
from quoth.claim.checking import anchors
from quoth.claim.checking import check as checking
from quoth.claim.checking.anchors import Texts
from quoth.claim.model.report import Finding, Report
from quoth.claim.rules import publication
from quoth.cli.console import print_report, print_results, progress
from quoth.cli.link import link
from quoth.config import DEFAULT_BASE, Settings
from quoth.engine.api.interface import Engine, Query, Wanted
from quoth.engine.remote import RemoteEngine
from quoth.errors import CheckError, DocumentError, QuothError, UsageError
from quoth.formats import RDF_FORMATS, RESULT_FORMATS, by_name
from quoth.release.open import open_current
from quoth.release.publish import publish
from quoth.release.release import Release, Releases
from quoth.resources import folder, write
from quoth.server.serve import serve

PATHS = click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
TEXTS = click.option("--texts", type=click.Path(path_type=Path), help="Directory of the articles' texts.")
BASE = click.option("--base", help="Dataset base that relative IRIs resolve against.")
RELEASES = click.option("--releases", type=click.Path(path_type=Path), help="Directory of the releases.")


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
    text, filled, findings = fill_offsets.fill(file, settings.base, Texts(settings.texts))
    if findings:
        _list(findings)
        raise CheckError(f"{len(findings)} quotations could not be placed; nothing was written", where=str(file))
    _write(text, output or file)
    click.echo(f"{file}: {filled} anchors were given their offsets", err=True)


@cli.command("check")
@PATHS
@TEXTS
@BASE
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "turtle"]),
    default="text",
    show_default=True,
    help="What to print: text for people, or a report for programs.",
)
def check_command(paths: tuple[Path, ...], texts: Path | None, base: str | None, form: str) -> None:
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
    if not report.conforms:
        sys.exit(CheckError.exit_code)


def _check(paths: Sequence[Path], settings: Settings) -> tuple[Report, list[Any]]:
    texts = Texts(settings.texts) if settings.texts else None
    with progress() as tell:
        report, quads = checking.check(paths or [folder("data")], settings.base, texts, tell)
    if not report.documents and not report.findings:
        raise UsageError("no documents there", remedy="name files or directories of .trig, .ttl, .yaml …")
    return report, quads


@cli.command("publish")
@PATHS
@TEXTS
@BASE
@RELEASES
@click.option("--force", is_flag=True, help="Build a release even if nothing changed since the current one.")
def publish_command(
    paths: tuple[Path, ...], texts: Path | None, base: str | None, releases: Path | None, force: bool
) -> None:
    """Check documents (default: the shipped data) and publish them as a new release, all or nothing."""
    settings = Settings.from_environment(texts=texts, base=base, releases=releases)
    release = _publish(paths, settings, force)
    verb = "is unchanged and stays current" if release.reused else "is published"
    click.echo(f"release {release.number} {verb}: {release.manifest.quads} quads, {release.path}")


def _publish(paths: Sequence[Path], settings: Settings, force: bool = False) -> Release:
    report, authored = _check(paths, settings)
    if not report.conforms:
        print_report(report)
        if report.unreadable:
            raise DocumentError("a document cannot be read; nothing was published")
        raise CheckError("nothing was published", remedy="mend what is listed above")
    for finding in report.findings:
        click.echo(f"quoth: warning: {finding}", err=True)
    if settings.base == DEFAULT_BASE:
        click.echo(
            f"quoth: note: the IRIs of this release begin with {DEFAULT_BASE}: it is for this machine, not for sharing."
            " Give --base with your own URL before you share it.",
            err=True,
        )
    with progress() as tell:
        tell("deriving", 0, 0)
        return publish(
            publication.published_quads(authored, settings.base),
            releases=settings.releases,
            base=settings.base,
            report_ttl=report.as_turtle(),
            report_json=json.dumps(report.as_json(), indent=2, ensure_ascii=False),
            progress=tell,
            force=force,
        )


@cli.command("serve")
@RELEASES
@BASE
@click.option("--public-url", help="URL at which the server is reached from outside.")
@click.option("--engine", help="URL of a SPARQL 1.1 endpoint that holds the release; default: the embedded engine.")
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=int, help="Port to listen on.")
def serve_command(**given: Any) -> None:
    """Serve the current release; if there is none, publish the shipped data first."""
    settings = Settings.from_environment(**given)
    if not Releases(settings.releases).numbers():
        click.echo("quoth: nothing is published yet: publishing the shipped data", err=True)
        release = _publish((), settings)
        click.echo(f"quoth: release {release.number} is published: {release.manifest.quads} quads", err=True)
    serve(settings, open_current, announce=click.echo)


@cli.command("query")
@click.argument("query", required=False)
@click.option("-f", "--file", type=click.Path(path_type=Path), help="File that holds the query.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", *(f.name for f in RESULT_FORMATS), *(f.name for f in RDF_FORMATS)]),
    help="Format of the result; default: a table on a terminal, else CSV or Turtle.",
)
@click.option("--engine", help="URL of a SPARQL 1.1 endpoint to ask instead of the current release.")
@RELEASES
def query_command(
    query: str | None, file: Path | None, form: str | None, engine: str | None, releases: Path | None
) -> None:
    """Ask the current release in SPARQL: QUERY, or -f FILE, or standard input. Relative IRIs are the dataset's."""
    settings = Settings.from_environment(engine=engine, releases=releases)
    if query is not None and file is not None:
        raise UsageError("give the query or a file with it, not both")
    text = anchors.read_text(file) if file else sys.stdin.read() if query is None else query
    if form is None:
        form = "table" if sys.stdout.isatty() else ""
    result = "json" if form == "table" else form or "csv"
    wanted = Wanted(
        solutions=result if by_name(RESULT_FORMATS, result) else None,
        boolean=result if by_name(RESULT_FORMATS, result) else None,
        graph=form if by_name(RDF_FORMATS, form) else "turtle" if form in ("", "table") else None,
    )
    source, base = _asked(settings)
    with closing(source), source.answer(Query(text, base_iri=base), wanted) as answer:
        if form == "table" and answer.kind != "graph":
            print_results(b"".join(answer.chunks))
            return
        last = b""
        for last in answer.chunks:
            sys.stdout.buffer.write(last)
        if not last.endswith(b"\n"):
            sys.stdout.buffer.write(b"\n")
        sys.stdout.buffer.flush()


def _asked(settings: Settings) -> tuple[Engine, str]:
    """The engine to ask and its dataset base. An engine elsewhere needs no release here."""
    if settings.engine:
        return RemoteEngine(settings.engine, settings.query_time_limit_s), settings.base
    engine, release = open_current(settings)
    return engine, release.manifest.base


cli.add_command(link)


def _list(findings: Sequence[Finding]) -> None:
    for finding in findings:
        click.echo(str(finding))


def _write(text: str, output: Path | None) -> None:
    """To standard output, or to the file as a whole or not at all."""
    if output is None:
        click.echo(text, nl=False)
        return
    write(text, output)


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
