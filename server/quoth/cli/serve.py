"""``quoth serve``: the server over the current release. Where nothing is published yet, the corpus is, first."""

import dataclasses
import os
from typing import Any

import click

from quoth.cli.console import BASE, RELEASES, TEXTS, base_is_given, corpus_paths
from quoth.config import PREFIX, Settings
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
    """Serve the current release; if there is none yet, publish the corpus first.

    The IRIs of what is published then begin with the URL of this server, unless --base says otherwise.
    """
    settings = Settings.from_environment(**options)
    base = settings.base if base_is_given(options["base"]) else settings.public_url
    settings = dataclasses.replace(settings, base=base)
    # A folder that somebody names is one that they believe to have releases: it is never filled.
    if settings.releases == Settings.from_environment({}).releases and not Releases(settings.releases).numbers():
        # Only this needs the checks, whose libraries take half a second to import.
        from quoth.cli.changes import holdings
        from quoth.cli.publish import publish_documents

        paths = corpus_paths()
        click.echo(f"quoth: nothing is published yet: publishing the documents in {paths[0]}", err=True)
        release = publish_documents(paths, settings)
        click.echo(f"quoth: release {release.number} is published: {holdings(release)}", err=True)
    if not (options["texts"] or os.environ.get(f"{PREFIX}TEXTS")):
        # quoth.toml names texts to check against; that their sentences may be shown too, an operator has to say.
        settings = dataclasses.replace(settings, texts=None)
    serve(settings, open_current, announce=click.echo)
