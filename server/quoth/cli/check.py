"""``quoth check``, and the check that precedes every publication."""

import json
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urljoin

import click

from quoth.claim.checking import checked, stored
from quoth.claim.checking.anchors import Texts
from quoth.claim.checking.checked import Checked
from quoth.claim.checking.workers import cores
from quoth.claim.model.licences import Passages
from quoth.claim.model.report import Finding, Report
from quoth.claim.reading import document
from quoth.cli.console import BASE, JOBS, NO_CACHE, PATHS, REFERENCE, STRICT, TEXTS, print_report, progress
from quoth.config import Settings
from quoth.corpus import quoth_toml
from quoth.errors import CheckError, DocumentError, UsageError
from quoth.release import questions
from quoth.resources import folder


@click.command("check")
@PATHS
@TEXTS
@BASE
@STRICT
@REFERENCE
@NO_CACHE
@JOBS
@click.option("--verbose", "-v", is_flag=True, help="Also list the sentences that no claim quotes.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "turtle"]),
    default="text",
    show_default=True,
    help="What to print: text for people, or a report for programs.",
)
def check_command(
    paths: tuple[Path, ...],
    texts: Path | None,
    base: str | None,
    strict: bool,
    reference: bool,
    no_cache: bool,
    jobs: int | None,
    verbose: bool,
    format_: str,
) -> None:
    """Check documents (default: the corpus): syntax, anchors, shapes, and rules across all of them.

    A document of a corpus is checked together with those that describe what articles share, such as entities.yaml.

    A violation has to be corrected; a warning is for a person to judge, and can be accepted in the document.

    Exit codes: 0 no violation (with --strict: no warning that is not accepted, either), 1 findings, 2 wrong usage, 3 a
    document cannot be read.
    """
    settings = Settings.from_environment(paths=paths, texts=texts, base=base)
    shared = shared_documents(paths)
    with checked_documents([*paths, *shared], settings, reference, no_cache, jobs) as outcome:
        report = _without(outcome.report, shared)
    if format_ == "json":
        click.echo(json.dumps(report.as_json(), indent=2, ensure_ascii=False))
    elif format_ == "turtle":
        click.echo(report.as_turtle(), nl=False)
    else:
        print_report(report, Texts(settings.texts) if verbose and settings.texts else None)
    if report.unreadable:
        sys.exit(DocumentError.exit_code)
    if not report.passes(strict):
        sys.exit(CheckError.exit_code)


def shared_documents(paths: Sequence[Path]) -> list[Path]:
    """The documents of the corpus that ``paths`` are a part of, but not in them, which are of no article: they describe
    what its articles share."""
    corpora = [corpus for path in paths if (corpus := quoth_toml.find(path))]
    if len(corpora) < len(paths) or any((path / quoth_toml.NAME).is_file() for path in paths):
        return []
    named = {path.resolve() for path in document.files(paths)}
    articles = {corpus.values.get("articles", corpus.folder / "articles").resolve() for corpus in corpora}
    return [
        path
        for path in document.files({corpus.folder: None for corpus in corpora})
        if path.resolve() not in named
        and articles.isdisjoint(path.resolve().parents)
        and not _OF_ARTICLES.search(path.read_bytes())
    ]


_OF_ARTICLES = re.compile(rb"\bid/(article|claim)/|^claims:", re.MULTILINE)


def _without(report: Report, shared: Sequence[Path]) -> Report:
    """The report without the findings in ``shared`` documents; that one cannot be read may explain other findings."""
    asked = [f for f in report.findings if Path(f.file) not in shared]
    if any(f.severity == "Violation" for f in asked):
        asked = [f for f in report.findings if f.rule == "syntax" or f in asked]
    return replace(report, findings=tuple(asked), unreadable=any(f.rule == "syntax" for f in asked))


def check_documents(paths: Sequence[Path], settings: Settings) -> Report:
    """The report of ``checked_documents``."""
    with checked_documents(paths, settings) as outcome:
        return outcome.report


@contextmanager
def checked_documents(
    paths: Sequence[Path], settings: Settings, reference: bool = False, no_cache: bool = False, jobs: int | None = None
) -> Iterator[Checked]:
    """The outcome for the documents in ``paths`` (none: the shipped data) and their questions.

    If ``reference``, pySHACL validates; if ``no_cache``, all is checked, whatever is known from earlier checks;
    ``jobs`` is the number of processes (None: one for each core).

    Raises UsageError where there are no documents.
    """
    texts = Texts(settings.texts) if settings.texts else None
    named, cache = paths or [folder("data")], settings.cache or stored.default_directory()
    with (
        progress() as tell,
        checked.checked(
            named, settings.base, texts, tell, reference, None if no_cache else cache, jobs or cores(), _passages(named)
        ) as outcome,
    ):
        _, findings = questions.check(named, settings.base, outcome.names)
        findings = [*findings, *_publisher(named, settings.base, outcome)]
        report = replace(outcome.report, findings=(*outcome.report.findings, *findings))
        if not report.documents and not report.findings:
            raise UsageError("no documents there", remedy="name files or directories of .trig, .ttl, .yaml …")
        yield replace(outcome, report=report)


def _passages(paths: Sequence[Path]) -> Passages:
    """How much of a text may be quoted, as the corpus of these documents has it."""
    corpus = quoth_toml.find_one(paths)
    values = corpus.values if corpus else {}
    return Passages(values.get("quoted_percent", Passages.percent), tuple(values.get("open_licences", ())))


def _publisher(paths: Sequence[Path], base: str, outcome: Checked) -> Iterator[Finding]:
    """A warning, where ``paths`` are a whole corpus whose quoth.toml names a publisher that no document describes."""
    corpus = quoth_toml.find_one(paths)
    if corpus is None or [path.resolve() for path in paths] != [corpus.folder.resolve()]:
        return
    publisher = corpus.settings.get("publisher", "")
    iri = urljoin(base, publisher)
    if publisher and iri.startswith(base) and not outcome.describes(iri):
        file, _, line = corpus.where("publisher").rpartition(":")
        remedy = "describe it under entities of a document, such as entities.yaml, or correct its id here"
        message = f"the publisher {publisher} is not described anywhere"
        yield Finding(message, "publisher", "Warning", value=iri, remedy=remedy, file=file, line=int(line))
