"""``quoth new``: a folder for a corpus."""

import sys
from pathlib import Path

import click

from quoth.cli.console import BASE, PATH
from quoth.config import Settings
from quoth.corpus import new
from quoth.errors import UsageError

LICENCE = "https://creativecommons.org/licenses/by/4.0/"


@click.command("new")
@click.argument("folder", metavar="DIR", type=PATH)
@click.option("--title", help="What the corpus is called; default: the name of the folder.")
@click.option("--publisher", help="Name of the organisation that publishes it; asked for on a terminal.")
@click.option("--contact", help="Where to dispute a claim: a mailto: or http(s) URL.")
@click.option("--licence", default=LICENCE, show_default=True, help="URL of the licence of the data.")
@BASE
def new_command(
    folder: Path, title: str | None, publisher: str | None, contact: str | None, licence: str, base: str | None
) -> None:
    """Make a corpus in DIR: a folder with quoth.toml, in which the other commands find everything.

    DIR must be new or empty. It is best kept under version control: git init DIR.
    """
    settings = Settings.from_environment({}, paths=(folder,), base=base, contact=contact, licence=licence)
    name = folder.resolve().name.replace("-", " ").replace("_", " ")
    if publisher is None and not sys.stdin.isatty():
        raise UsageError("who publishes it?", remedy='give --publisher with a name, like --publisher "Velm News"')
    publisher = publisher if publisher is not None else click.prompt("Who publishes it (a name)")
    title = title or name[:1].upper() + name[1:]
    values = {"base": base and settings.base, "contact": contact and settings.contact, "licence": settings.licence}
    new.create(folder, title, publisher, values)
    click.echo(f"{folder}: a corpus; go there, and start an article with quoth add TEXT")
