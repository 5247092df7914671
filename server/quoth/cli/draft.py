"""``quoth draft``: begin a document, or fill in what a person should not have to count: offsets and digests."""

import re
from collections.abc import Mapping
from pathlib import Path

import click

from quoth.claim.authoring import draft, fill_digests, fill_offsets
from quoth.claim.authoring.drafting.known_entities import known_entities
from quoth.claim.checking.anchors import Texts
from quoth.claim.model.report import counted
from quoth.claim.reading.document import SYNTAXES
from quoth.cli.console import BASE, PATH, TEXTS
from quoth.config import Settings
from quoth.corpus import quoth_toml
from quoth.corpus.new import slug_of
from quoth.corpus.quoth_toml import Corpus
from quoth.errors import CheckError, UsageError
from quoth.resources import read_text, write

_DOCUMENT = re.compile("^id: id/article/", re.MULTILINE)
"""The line by which a document in YAML is told from a text, whatever the suffix of its file."""

_ENCODING = "save it as UTF-8; of a text in Windows-1252: iconv -f WINDOWS-1252 -t UTF-8 OLD > NEW"


@click.command("draft")
@click.argument("file", type=PATH)
@click.option("--anchors", "fill", is_flag=True, help="FILE is a document: fill in the offsets of its anchors.")
@click.option(
    "--accepted",
    is_flag=True,
    help="FILE is a document: record the wording that its accepted warnings were accepted for.",
)
@click.option("--slug", help="Short name of the article in IRIs; default: the file's name.")
@click.option("--language", default="en", show_default=True, help="Language of the text (BCP 47).")
@click.option("-o", "--output", type=PATH, help="File to write; default: standard output.")
@TEXTS
@BASE
def draft_command(
    file: Path,
    fill: bool,
    accepted: bool,
    slug: str | None,
    language: str,
    output: Path | None,
    texts: Path | None,
    base: str | None,
) -> None:
    """Start a document from a plain text FILE: claims with their sources; or fill in offsets or digests."""
    settings = Settings.from_environment(paths=(file,), texts=texts, base=base)
    if fill:
        _fill(file, output, settings)
    if accepted:
        _check_document(file)
        document, count = fill_digests.fill(output if fill and output else file, settings.base)
        write(document, output or file)
        click.echo(f"{file}: {count} judgements were given digests", err=True)
    if fill or accepted:
        return
    slug = slug or slug_of(file.stem)
    text = article_text(file, slug, language)
    if output and output.exists():
        raise UsageError("it already exists, and a draft does not overwrite anything", where=str(output))
    document = draft.draft(text, slug, draft.Known(language, entities=entities(quoth_toml.find_one((file,)))))
    if output is None:
        click.echo(document, nl=False)
    else:
        write(document, output)
    tell(file, text, language)


def entities(corpus: Corpus | None) -> Mapping[str, str]:
    """The ids of the entities that a corpus describes, by their names; none without a corpus."""
    return known_entities(corpus.documents()) if corpus else {}


def tell(file: Path, text: str, language: str) -> None:
    """Say on standard error what a draft of the text passes over, and what it lacks."""
    for notice in draft.notices(text, language):
        click.echo(f"{file}: {notice}", err=True)


def article_text(file: Path, slug: str, language: str) -> str:
    """The text in a file. Raises UsageError for one of which no document can be started, under that name, in that
    language."""
    if not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*", language):
        raise UsageError(
            f"{language!r} is not a language tag", where="--language", remedy="write en, or de-CH (BCP 47)"
        )
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug):
        raise UsageError(f"{slug!r} is not a slug", remedy="give --slug: lower-case words with hyphens")
    text = read_text(file, remedy=_ENCODING)
    if file.suffix in SYNTAXES or _DOCUMENT.search(text):
        remedy = f"did you mean quoth draft --anchors {file}?"
        raise UsageError("this is a document, and a draft is made from a plain text", where=str(file), remedy=remedy)
    if not text.strip():
        raise UsageError("the text is empty", where=str(file))
    if not any(character.isalnum() for character in text):
        raise UsageError("the text has no words", where=str(file))
    return text


def _check_document(file: Path) -> None:
    """Raise UsageError for what is no file, or none whose name says in which syntax it is written."""
    if file.is_dir():
        raise UsageError("it is a folder", where=str(file), remedy="name one document")
    if not file.is_file():
        raise UsageError("there is no such file", where=str(file))
    if file.suffix not in SYNTAXES:
        raise UsageError(
            "its suffix is not that of a syntax", where=str(file), remedy="use one of " + " ".join(SYNTAXES)
        )


def _fill(file: Path, output: Path | None, settings: Settings) -> None:
    """Rewrite a document, or write it to ``output``, with the offsets of its anchors."""
    if settings.texts is None:
        raise UsageError("where are the texts?", remedy="give --texts DIRECTORY or set QUOTH_TEXTS")
    _check_document(file)
    document, count, findings = fill_offsets.fill(file, settings.base, Texts(settings.texts))
    write(document, output or file)
    click.echo(f"{file}: offsets filled in for {counted(count, 'anchor')}", err=True)
    for finding in findings:
        click.echo(str(finding))
    if findings:
        raise CheckError(f"{counted(len(findings), 'quotation')} could not be placed", where=str(file))
