"""What a browser's search box asks for: /suggest completes a word, /opensearch.xml says how to search here.

OpenSearch 1.1: https://github.com/dewitt/opensearch.
"""

import json

from flask import Blueprint, Response, render_template, request
from werkzeug.datastructures import Headers

from quoth.index import fulltext
from quoth.index.fulltext import Search
from quoth.index.vocabulary import vocabulary
from quoth.web.core import request_target
from quoth.web.core.responses import validated
from quoth.web.core.site import current_site, sitemap_paths

SUGGESTIONS = 10
DESCRIPTION = "application/opensearchdescription+xml"

blueprint = Blueprint("suggestions", __name__)


@blueprint.get("/suggest")
@sitemap_paths(None)
def suggest() -> Response:
    """Names that go on as ``q`` begins (OpenSearch Suggestions 1.0): an array of the text and of the completions, and,
    where one is of a claim that nobody has reviewed, of their descriptions, which say so."""
    site = current_site()
    text = request_target.known_parameters(request.args, ("q",), "suggest").get("q", "")
    # A text that is no search finds nothing: somebody who is still typing needs no error.
    known = vocabulary(site.claim_index)
    words = fulltext.expression(text, known) if len(text) <= fulltext.TEXT_LIMIT else ""
    completions = Search(site.claim_index).names(words, SUGGESTIONS) if words else {}
    described = [["proposed, not reviewed" if proposed else "" for proposed in completions.values()]] * any(
        completions.values()
    )
    body = json.dumps([text[: fulltext.TEXT_LIMIT], list(completions), *described], ensure_ascii=False)
    return validated(
        lambda: body, site.etag("suggest", text), "application/x-suggestions+json; charset=utf-8", Headers()
    )


@blueprint.get("/opensearch.xml")
@sitemap_paths(None)
def description() -> Response:
    """The OpenSearch description of the search (OpenSearch 1.1 Draft 6)."""
    return validated(
        lambda: render_template("opensearch.xml"),
        current_site().etag("opensearch"),
        f"{DESCRIPTION}; charset=utf-8",
        Headers(),
    )
