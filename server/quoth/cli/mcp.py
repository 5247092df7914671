"""``quoth mcp``: the current release for an assistant, over standard input and output."""

from pathlib import Path

import click

from quoth import mcp
from quoth.cli.console import RELEASES
from quoth.config import Settings
from quoth.release.open import open_current
from quoth.server.current_release import CurrentRelease
from quoth.web.core.site import Site


@click.command("mcp")
@RELEASES
@click.option("--public-url", help="URL of the site that pages and citations name.")
@click.option("--engine", help="URL of a SPARQL 1.1 endpoint that holds the release; default: the embedded engine.")
def mcp_command(releases: Path | None, public_url: str | None, engine: str | None) -> None:
    """Serve the current release to an assistant over standard input and output (Model Context Protocol).

    An assistant starts this command itself; `quoth serve --mcp` is the same over HTTP. It reads, and changes nothing.
    """
    mcp.check_installed()
    from anyio import run
    from mcp.server.stdio import stdio_server

    from quoth.mcp.server import make_server

    settings = Settings.from_environment(releases=releases, public_url=public_url, engine=engine)
    current = CurrentRelease(settings, open_current)

    def site() -> Site:
        current.poll()
        return current.site

    async def serve() -> None:
        server = make_server(site)
        async with stdio_server() as (incoming, outgoing):
            await server.run(incoming, outgoing, server.create_initialization_options())

    try:
        run(serve)
    finally:
        current.close()
