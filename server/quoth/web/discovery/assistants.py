"""For assistants: /llms.txt says what there is (https://llmstxt.org), /.well-known/ai-catalog.json points to it and to
the server of the Model Context Protocol (AI Catalog 0.9, https://ai-catalog.io/spec), which /mcp/server-card describes
(Server Card, SEP-2127, an extension of that protocol)."""

import json
from collections.abc import Mapping
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, render_template

from quoth import __version__
from quoth.errors import NotFoundError
from quoth.web.core.responses import validated
from quoth.web.core.site import Site, current_site, sitemap_paths
from quoth.web.present import stored_questions

CATALOG = "application/ai-catalog+json"
CARD = "application/mcp-server-card+json"
_SCHEMA = "https://static.modelcontextprotocol.io/schemas/v2/server-card.schema.json"
_NAME = "quoth"
_DESCRIPTION = "Who said it, on whose authority, with what certainty, in which exact words: claims of articles."

blueprint = Blueprint("assistants", __name__)


@blueprint.get("/llms.txt")
@sitemap_paths(None)
def llms() -> Response:
    """What there is for a language model to read and to ask, in Markdown."""
    site = current_site()

    def make() -> str:
        # Their titles with the names of parameters in them: values would be words of the corpus.
        pages = {rule.rule for rule in current_app.url_map.iter_rules()}
        return render_template("llms.txt", questions=stored_questions.questions(site), pages=pages)

    return validated(make, site.etag("llms", site.settings.mcp), "text/markdown; charset=utf-8")


@blueprint.get("/.well-known/ai-catalog.json")
@sitemap_paths(None)
def catalog() -> Response:
    """What a program finds at this host, each by its media type."""
    site = current_site()
    return validated(lambda: _json(_catalog(site)), site.etag("ai-catalog", site.settings.mcp), CATALOG)


@blueprint.get("/mcp/server-card")
@sitemap_paths(None)
def server_card() -> Response:
    """Where and how a client of the Model Context Protocol connects. Raises NotFoundError where that is off."""
    site = current_site()
    if site.settings.mcp != "on":
        raise _off()
    return validated(lambda: _json(_card(site)), site.etag("server-card"), CARD)


@blueprint.route("/mcp", methods=["GET", "POST"])
@sitemap_paths(None)
def endpoint() -> Response:
    """Raises NotFoundError: where the protocol is on, a layer before the application answers."""
    raise _off()


def _off() -> NotFoundError:
    remedy = "who runs it can turn that on: the setting mcp"
    return NotFoundError("this server does not serve assistants over HTTP", remedy=remedy)


def _host(site: Site) -> str:
    return urlsplit(site.iris.public).hostname or "localhost"


def _catalog(site: Site) -> Mapping[str, object]:
    url, host = site.iris.url, _host(site)
    entries = [
        ("llms", "text/markdown", url("llms.txt"), "What there is to read and to ask, for language models."),
        ("data", "application/trig", url(f"releases/{site.release.number}/claims.trig"), "All of the data."),
    ]
    if site.settings.mcp == "on":
        entries.insert(0, (_NAME, CARD, url("mcp/server-card"), _DESCRIPTION))
    return {
        "specVersion": "0.9",
        "host": {"displayName": site.dataset_title, "documentationUrl": url("guide/assistants")},
        "entries": [
            {
                "identifier": f"urn:air:{host}:{name}",
                "displayName": f"{site.dataset_title}: {name}",
                "type": media_type,
                "url": address,
                "description": description,
            }
            for name, media_type, address, description in entries
        ],
    }


def _card(site: Site) -> Mapping[str, object]:
    host = _host(site)
    return {
        "$schema": _SCHEMA,
        "name": f"{host if host.replace('.', '').isdecimal() else '.'.join(reversed(host.split('.')))}/{_NAME}",
        "version": __version__,
        "title": site.dataset_title[:100],
        "description": _DESCRIPTION,
        "websiteUrl": site.iris.public,
        "remotes": [{"type": "streamable-http", "url": site.iris.url("mcp")}],
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"
