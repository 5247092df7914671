"""``quoth recheck``: the quotations of documents held against new versions of their texts."""

import datetime
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from quoth.claim.authoring.outcomes import Change
from quoth.claim.authoring.recheck import Absence, Placed, Recheck, moved, rechecks
from quoth.claim.checking.anchors import Texts
from quoth.claim.model.excerpts import excerpt
from quoth.claim.model.report import Finding
from quoth.claim.reading import document
from quoth.cli.console import BASE, PATH, PATHS, TEXTS
from quoth.config import Settings
from quoth.errors import CheckError, DocumentError, UsageError
from quoth.resources import check_file, folder, write

_DOUBTFUL = (Change.ALTERED, Change.GONE, Change.AMBIGUOUS, Change.UNSEARCHED)


@click.command("recheck")
@PATHS
@TEXTS
@BASE
@click.option("--text", "file", type=PATH, help="A new version of one article's text, whatever its name.")
@click.option("--article", "slug", help="Short name of the article that --text is a version of.")
@click.option(
    "--write", "edit", is_flag=True, help="Move what is beyond doubt in the documents, and say what is moved."
)
@click.option(
    "--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True, help="What to print."
)
def recheck_command(
    paths: tuple[Path, ...],
    texts: Path | None,
    base: str | None,
    file: Path | None,
    slug: str | None,
    edit: bool,
    format_: str,
) -> None:
    """Hold the quotations of documents (default: the corpus) against new versions of their texts.

    A new version of an article's text is the file of its name in the directory of texts, if it has another SHA-256 than
    the document records. A quotation is the same (it stands where it stood), moved (beyond doubt), altered, gone, or
    ambiguous (there are several places). Nothing is written without --write.

    Exit codes: 0 every quotation stands in the text as it is, 1 something is left to do, 2 wrong usage, 3 a document
    cannot be read or edited.
    """
    settings = Settings.from_environment(paths=paths, texts=texts, base=base)
    if (file is None) != (slug is None):
        raise UsageError("--text and --article belong together", remedy="give both, or neither")
    if settings.texts is None and file is None:
        raise UsageError("where are the texts?", remedy="give --texts DIRECTORY or set QUOTH_TEXTS")
    if file:
        check_file(file)
    known = Texts(settings.texts) if settings.texts else None
    version = (slug, file) if file and slug else None
    reports, left, unreadable, compared = [], False, False, 0
    for path in document.files(paths or [folder("data")]):
        try:
            for each in rechecks(path, settings.base, known, version):
                if isinstance(each, Absence):
                    slug_of = each.record.article.rpartition("/")[2]
                    click.echo(f"{path}: not compared: no text of {slug_of} is in {settings.texts}", err=True)
                    continue
                compared += 1
                written, fault = False, None
                if edit and each.to_write:
                    try:
                        write(moved(each, datetime.date.today().isoformat()), path)
                        written = True
                    except DocumentError as error:
                        fault = error
                left |= bool(each.of(*_DOUBTFUL)) or (each.to_write and not written)
                reports.append(_as_json(each, written))
                if format_ == "text":
                    _print(each, written, edit)
                if fault:
                    raise fault
        except DocumentError as error:
            unreadable = True
            click.echo(f"quoth: {error}", err=True)
    if not compared and not unreadable:
        what = f"no document has quotations of {slug}" if slug else "no text of these documents is at hand"
        raise UsageError(what, remedy="name the documents and the directory of their texts, or --text and --article")
    if format_ == "json":
        click.echo(json.dumps({"documents": reports}, indent=2, ensure_ascii=False))
    if unreadable:
        sys.exit(DocumentError.exit_code)
    if left:
        sys.exit(CheckError.exit_code)


def _print(recheck: Recheck, written: bool, asked: bool) -> None:
    """The outcome for each quotation that is not the same, and a summary. Paths, numbers and hashes of both texts."""
    for placed in recheck.of(*Change):
        if placed.outcome.change is not Change.SAME:
            click.echo(str(_finding(recheck, placed, written)))
    kinds = {change: len(recheck.of(change)) for change in Change}
    tally = ", ".join(f"{number} {change}" for change, number in kinds.items() if number) or "no quotations"
    record = recheck.record
    if recheck.is_newer:
        text = f"{recheck.file} is another text than the one on record: {record.sha256[:12]}… of {record.length} code"
        text += f" points → {recheck.sha256[:12]}… of {recheck.length}"
    else:
        text = f"{recheck.file} is the text on record"
    to_ask = recheck.to_write and not asked
    after = "; written" if written else "; --write records it and moves what is beyond doubt" if to_ask else ""
    click.echo(f"{recheck.path}: {text}: {tally}{after}")


def _finding(recheck: Recheck, placed: Placed, written: bool) -> Finding:
    """A line about a quotation that is not the same."""
    outcome = placed.outcome
    anchor, quotation = outcome.anchor, excerpt(outcome.anchor.exact)
    remedy = ""
    match outcome.change:
        case Change.MOVED:
            start = outcome.start or 0
            place = f"{anchor.start} to {anchor.end} → {start} to {start + len(anchor.exact)}"
            message = f"{'moved' if written else 'would move'}: {quotation}, {place}"
        case Change.ALTERED if outcome.words == anchor.exact:
            message = f"altered: {quotation} is at {outcome.start}, but what stands around it is another"
            remedy = "copy its prefix and suffix from the text, or take them out"
        case Change.ALTERED:
            message = f"altered: at {outcome.start} the text has {outcome.difference}"
            remedy = "read the claim again: quote the new words, or withdraw it"
        case Change.GONE:
            message = f"gone: nothing like {quotation}, which stood at {anchor.start}, is near there"
            remedy = "read the claim again: withdraw it, or quote other words"
        case Change.AMBIGUOUS if len(outcome.places) == 1:
            message = (
                f"ambiguous: {quotation}, which stood at {anchor.start}, is at {outcome.places[0]} alone, but nothing"
            )
            message += " around it is known to be as it was"
            remedy = "read it there: if it still says so, copy a prefix or a suffix from the text"
        case Change.AMBIGUOUS:
            places = ", ".join(map(str, outcome.places)) + (" and elsewhere" if outcome.more else "")
            message = f"ambiguous: {quotation}, which stood at {anchor.start}, may stand at {places}"
            remedy = "add a prefix or a suffix that only one of these has"
        case _:
            message = f"not looked for: the limit of a search is reached before {quotation}, at {anchor.start}"
            remedy = "compare it by hand, or run this again when the others are done"
    return Finding(message, f"text-{outcome.change}", remedy=remedy, file=str(recheck.path), line=placed.line)


def _as_json(recheck: Recheck, written: bool) -> dict[str, Any]:
    record = recheck.record
    return {
        "document": str(recheck.path),
        "article": record.article,
        "text": str(recheck.file),
        "recorded": {"sha256": record.sha256, "length": record.length},
        "present": {"sha256": recheck.sha256, "length": recheck.length},
        "newer": recheck.is_newer,
        "written": written,
        "counts": {change.value: len(recheck.of(change)) for change in Change},
        "anchors": list(_anchors(recheck)),
    }


def _anchors(recheck: Recheck) -> Iterator[dict[str, Any]]:
    """The quotations that are not the same."""
    for placed in (p for p in recheck.of(*Change) if p.outcome.change is not Change.SAME):
        outcome = placed.outcome
        values = {
            "line": placed.line,
            "change": outcome.change.value,
            "exact": outcome.anchor.exact,
            "prefix": outcome.anchor.prefix,
            "suffix": outcome.anchor.suffix,
            "start": outcome.anchor.start,
            "end": outcome.anchor.end,
            "newStart": outcome.start,
            "newEnd": None if outcome.start is None else outcome.start + len(outcome.words or outcome.anchor.exact),
            "newExact": outcome.words,
            "difference": outcome.difference,
            "places": list(outcome.places),
            "more": outcome.more,
        }
        yield {key: value for key, value in values.items() if value not in ("", None, [], False)}
