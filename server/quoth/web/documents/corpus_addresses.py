"""/CORPUS/id/X and /CORPUS/doc/X: addresses of what is in a corpus with a base of its own, below its public path.

Its documents are at /doc/CORPUS/X: there, in /releases/<n>/doc/ and in /timemap/, it has the name CORPUS/X.
"""

from flask import Blueprint, Response, request

from quoth.errors import NotFoundError
from quoth.web.core.request_target import raw_path
from quoth.web.core.responses import see_other
from quoth.web.core.site import current_site
from quoth.web.core.urls import as_uri
from quoth.web.documents.dereferencing import identified

blueprint = Blueprint("corpora", __name__)


@blueprint.get("/<path:corpus>/id/<path:name>")
def identifier_of_corpus(corpus: str, name: str) -> Response:
    """303 as for /id/X, for what is in a corpus with a base of its own; ``corpus`` is its public path. Raises
    NotFoundError where there is no such corpus, and what ``identifier`` raises."""
    return identified(current_site(), _name_in_corpus(corpus, "id"))


@blueprint.get("/<path:corpus>/doc/<path:name>")
def document_of_corpus(corpus: str, name: str) -> Response:
    """308 to the document about what is in a corpus with a base of its own: links to where it was served alone still
    lead there. Raises NotFoundError where there is no such corpus."""
    query = request.query_string.decode("latin-1")
    path = f"doc/{_name_in_corpus(corpus, 'doc')}" + (f"?{query}" if query else "")
    response = see_other([as_uri(current_site().iris.url(path))])
    response.status_code = 308
    return response


def _name_in_corpus(corpus: str, room: str) -> str:
    """The name below /id/ and /doc/ of what has that address below the path of a corpus. Raises NotFoundError."""
    iris = current_site().iris
    if corpus not in iris.corpora:
        raise NotFoundError("there is nothing at this address", remedy=f"start from {iris.public}")
    return f"{corpus}/{raw_path().removeprefix(f'{corpus}/{room}/')}"
