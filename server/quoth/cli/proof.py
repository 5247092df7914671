"""``quoth proof``: what the current release holds on a question, a topic or an entity, to check and to sign."""

import logging
from collections.abc import Sequence
from contextlib import closing

import click

from quoth.cli.console import RELEASES
from quoth.config import Settings
from quoth.errors import QuothError, UsageError
from quoth.release.open import open_current
from quoth.web.app import create_app
from quoth.web.proof import proof_views

_FORMATS = {format.name: format for format in proof_views.OFFERS}


@click.command("proof")
@click.argument("subject")
@click.option(
    "--format",
    "format_",
    type=click.Choice([*_FORMATS]),
    default=proof_views.OFFERS[0].name,
    show_default=True,
    help="What to print: Markdown, a page of HTML that needs no other file, JSON-LD.",
)
@click.option("--value", "values", multiple=True, metavar="NAME=VALUE", help="The value of a parameter of a question.")
@click.option("--page", default=1, show_default=True, type=click.IntRange(1), help="The page of a long proof.")
@RELEASES
def proof_command(subject: str, format_: str, values: Sequence[str], page: int, releases: str | None) -> None:
    """Write what is on record about SUBJECT, a question, a topic, an entity or a source: who says so, with every gap.

    SUBJECT is the name of a stored question, or the IRI, the local id or the label of a thing. Exit codes: 0 done, 2
    the subject can mean several things or is of another kind, 4 there is none of that name, 5 nothing is published.
    """
    settings = Settings.from_environment(releases=releases)
    logging.getLogger("quoth.engine").addHandler(logging.NullHandler())  # what it says is in the error
    given = dict(_pair(value) for value in values)
    engine, release = open_current(settings)
    with closing(engine), create_app(settings, engine, release).test_request_context():
        try:
            written, made = proof_views.document({**given, "of": subject, "page": str(page)}, _FORMATS[format_])
        except QuothError as error:
            raise _with_choices(error) from None
    click.echo(written, nl=False)
    if page < made.pages:
        left = f"page {page} of {made.pages}: {made.total:,} claims are on record (--page {page + 1} has more)"
        click.echo(f"quoth: note: {left}", err=True)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise UsageError(f"{text!r} is no value of a parameter", where="--value", remedy="write it NAME=VALUE")
    return name, value


def _with_choices(error: QuothError) -> QuothError:
    """The error with what may have been meant in its remedy, which pages show as links."""
    if error.choices:
        named = "; ".join(f"{choice.value}: {choice.label}" for choice in error.choices)
        asks = "one of them" in (error.remedy or "")
        error.remedy = f"choose one of them: {named}" if asks else f"did you mean {named}? Otherwise {error.remedy}"
    return error
