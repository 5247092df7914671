"""``quoth add``: the document of an article, begun in its corpus."""

import sys
from pathlib import Path

import click

from quoth.claim.authoring import draft
from quoth.claim.reading import document
from quoth.cli.console import PATH
from quoth.cli.draft import article_text, entities, tell
from quoth.config import Settings
from quoth.corpus import quoth_toml
from quoth.corpus.new import slug_of
from quoth.corpus.quoth_toml import Corpus
from quoth.errors import UsageError
from quoth.resources import read_text, write


@click.command("add")
@click.argument("file", metavar="TEXT", type=PATH)
@click.option("--slug", help="Short name of the article in IRIs, for good; default: the file's name.")
@click.option("--title", help="The article's title; default: the first line, if it is one.")
@click.option("--url", help="Where the article is on the web.")
@click.option("--language", default="en", show_default=True, help="Language of the text (BCP 47).")
def add_command(file: Path, slug: str | None, title: str | None, url: str | None, language: str) -> None:
    """Start an article in the corpus from a plain TEXT: claims in words, with their sources.

    The document is a new file in the folder of the articles. The text is copied into the folder of the texts, unless
    quoth.toml says copy_texts = false. Nothing is overwritten. On a terminal, what is not given is asked for.
    """
    corpus = quoth_toml.find(Path())
    if corpus is None:
        remedy = "make one with quoth new DIR, and go there; or use quoth draft"
        raise UsageError("the current folder is in no corpus", remedy=remedy)
    settings = Settings.from_environment()
    slug = slug or _asked("Short name of the article in IRIs", slug_of(file.stem))
    text = article_text(file, slug, language)
    title = title or _asked("Title", draft.headline_of(text))
    url = url or _asked("URL", "")
    for name, given in (("--title", title), ("--url", url)):
        if not given.isprintable() or (name == "--url" and given and not given.startswith(("http://", "https://"))):
            raise UsageError(f"{given!r} cannot be used", where=name, remedy="give one line; a URL from https:// on")
    target = corpus.values.get("articles", corpus.folder / "articles") / f"{slug}.yaml"
    _check_new(corpus, target, slug)
    known = draft.Known(language, title, url, settings.publisher, settings.licence, entities(corpus))
    copy = _copy(corpus, file, slug, text)
    write(draft.draft(text, slug, known), target)
    tell(file, text, language)
    click.echo(f"{target}: complete it, then run quoth check; its text is {copy}")


def _asked(what: str, default: str) -> str:
    """The answer of somebody at a terminal, else the default."""
    return click.prompt(what, default, show_default=bool(default)) if sys.stdin.isatty() else default


def _check_new(corpus: Corpus, target: Path, slug: str) -> None:
    """Raise UsageError where there is such a file, or a document of an article of that name, and for a file that would
    not belong to the corpus."""
    if not any(target.resolve().is_relative_to(path.resolve()) for path in corpus.documents()):
        detail = f"{target} would not be among the documents of this corpus"
        remedy = "name a folder of it under articles, or the folder of the articles under documents, too"
        raise UsageError(detail, where=corpus.where("articles"), remedy=remedy)
    if target.exists():
        raise UsageError(
            "it already exists, and nothing is overwritten", where=str(target), remedy="give another --slug"
        )
    for path in document.files([corpus.folder]):
        if path.suffix in (".yaml", ".yml"):
            for number, line in enumerate(read_text(path).splitlines(), 1):
                if line.split("#")[0].strip() == f"id: id/article/{slug}":
                    detail = f"there is an article {slug} already"
                    raise UsageError(detail, where=f"{path}:{number}", remedy="give another --slug")


def _copy(corpus: Corpus, file: Path, slug: str, text: str) -> Path:
    """The file of the text. A text from elsewhere is copied into the folder of the texts, if that is the rule.

    Raises UsageError where another text has that name."""
    texts = corpus.values.get("texts", corpus.folder / "texts")
    if not corpus.values.get("copy_texts", True) or file.resolve().is_relative_to(texts.resolve()):
        return file
    copy: Path = texts / f"{slug}.txt"
    if copy.exists() and read_text(copy) != text:
        raise UsageError(
            "it is another text, and nothing is overwritten", where=str(copy), remedy="give another --slug"
        )
    write(text, copy)
    return copy
