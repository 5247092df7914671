"""``quoth serve``: the server over the current release. Where nothing is published yet, the shipped data is, first."""

import dataclasses
from typing import Any

import click

from quoth.cli.console import BASE, RELEASES, TEXTS, base_is_given
from quoth.config import Settings
from quoth.release.open import open_current
from quoth.release.release import Releases
from quoth.server.serve import serve


@click.command("serve")
@RELEASES
@BASE
@click.option("--public-url", help="URL at which the server is reached from outside.")
@TEXTS
@click.option("--engine", help="URL of a SPARQL 1.1 endpoint that holds the release; default: the embedded engine.")
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=int, help="Port to listen on.")
def serve_command(**options: Any) -> None:
    """Serve the current release; if the default folder has none, publish the shipped data there first.

    The IRIs of what is published then begin with the URL of this server, unless --base says otherwise.
    """
    settings = Settings.from_environment(**options)
    base = settings.base if base_is_given(options["base"]) else settings.public_url
    settings = dataclasses.replace(settings, base=base)
    # A folder that somebody names is one that they believe to have releases: it is never filled.
    if settings.releases == Settings.releases and not Releases(settings.releases).numbers():
        # Only this needs the checks, whose libraries take half a second to import.
        from quoth.cli.changes import holdings
        from quoth.cli.publish import publish_documents

        click.echo("quoth: nothing is published yet: publishing the shipped data", err=True)
        release = publish_documents((), settings)
        click.echo(f"quoth: release {release.number} is published: {holdings(release)}", err=True)
    serve(settings, open_current, announce=click.echo)
