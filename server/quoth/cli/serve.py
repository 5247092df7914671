"""``quoth serve``: the server over the current release. Where nothing is published yet, the corpus is, first."""

import contextlib
import dataclasses
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from quoth.cli.console import base_is_given, corpus_paths, settings_options
from quoth.config import PREFIX, Settings
from quoth.corpus import quoth_toml
from quoth.errors import QuothError, UsageError
from quoth.release.open import open_current
from quoth.release.release import REPORT, Releases
from quoth.resources import folder
from quoth.server.serve import serve


@click.command("serve")
@settings_options
def serve_command(**options: Any) -> None:
    """Serve the current release; if there is none yet, publish the corpus first.

    The IRIs of what is published then begin with the URL of this server, unless --base says otherwise. Each option is
    also a variable (--cache-mb: QUOTH_CACHE_MB), and most are keys of quoth.toml (cache_mb). SIGTERM ends the server
    when running requests have ended; SIGHUP opens the current release at once.
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
        release = publish_documents(paths, settings.with_base(base, paths))
        click.echo(f"quoth: release {release.number} is published: {holdings(release)}", err=True)
    if not quoth_toml.find(Path()) and _holds_shipped(Releases(settings.releases)):
        shipped = Settings.from_environment(paths=(folder("data"),), **options)
        settings = dataclasses.replace(settings, **{key: getattr(shipped, key) for key in _OF_SHIPPED})
    serve(with_shown_texts(settings, options), open_current, announce=click.echo)


def with_shown_texts(settings: Settings, options: Mapping[str, Any]) -> Settings:
    """The settings with texts only if an option or the environment names them: quoth.toml has them to check against;
    that their sentences may be shown too, an operator has to say. Raises UsageError where there is no such folder."""
    where = "--texts" if options["texts"] else f"{PREFIX}TEXTS"
    if not (options["texts"] or os.environ.get(where)):
        return dataclasses.replace(settings, texts=None)
    if settings.texts and not settings.texts.is_dir():
        raise UsageError(f"there is no folder {settings.texts}", where=where, remedy="name that of the articles' texts")
    return settings


_OF_SHIPPED = ("title", "publisher", "licence", "contact", "questions")
"""Settings that the quoth.toml of the shipped data gives, where these are served outside of any corpus."""


def _holds_shipped(releases: Releases) -> bool:
    """Whether the current release was made of the shipped data alone."""
    with contextlib.suppress(QuothError, OSError, ValueError, KeyError):  # the server says what is wrong with it
        report = json.loads(releases.current().file(REPORT).read_text("utf-8"))
        data = folder("data").resolve()
        return all(Path(name).resolve().is_relative_to(data) for name in report["documents"])
    return False
