"""The files of a release: /releases/<n>/claims.trig.gz and the others, with ranges."""

from dataclasses import asdict

from flask import Blueprint, Response, render_template, request, send_file
from werkzeug.datastructures import Headers

from quoth.errors import NotFound
from quoth.formats import HTML
from quoth.web.negotiate import choose
from quoth.web.problems import PROBLEM
from quoth.web.responses import etag, validated
from quoth.web.site import Site, site

FILES = {
    "claims.trig.gz": ("application/gzip", "every quad, as TriG"),
    "claims.nq.gz": ("application/gzip", "every quad, as N-Quads"),
    "graphs.tsv.gz": ("application/gzip", "the named graphs and how many triples each has, as TSV"),
    "manifest.json": ("application/json", "counts and checksums"),
    "report.ttl": ("text/turtle; charset=utf-8", "the validation report (SHACL)"),
    "report.json": ("application/json", "the same, as the check writes it"),
}

blueprint = Blueprint("dumps", __name__)


@blueprint.get("/releases/<int:number>")
def release(number: int) -> Response:
    """What a release holds, as a page or as its manifest."""
    here = _served(number)
    chosen = choose(request.headers.get("Accept"), [HTML, PROBLEM])
    headers = Headers({"Vary": "Accept"})
    if chosen is not HTML:
        return validated(here.release.manifest.to_json, etag("release", "json"), "application/json", headers)
    files = [
        (name, what, (here.release.path / name).stat().st_size)
        for name, (_, what) in FILES.items()
        if (here.release.path / name).is_file()
    ]
    rows = [(k, v) for k, v in asdict(here.release.manifest).items() if isinstance(v, str | int | float)]
    return validated(
        lambda: render_template("release.html", files=files, rows=rows),
        etag("release", "html"),
        HTML.content_type,
        headers,
    )


@blueprint.get("/releases/<int:number>/<name>")
def dump(number: int, name: str) -> Response:
    """One file of a release. Raises NotFound for any other name: no path ever comes from the request."""
    here = _served(number)
    if name not in FILES or not (here.release.path / name).is_file():
        raise NotFound(f"release {number} has no file {name}", remedy="it has " + ", ".join(FILES))
    path = (here.release.path / name).resolve()
    response = send_file(path, mimetype=FILES[name][0], conditional=False, etag=False)
    response.set_etag(etag("dump", name))
    response.headers["Cache-Control"] = "no-cache"
    response.make_conditional(request, accept_ranges=True, complete_length=path.stat().st_size)
    return response


def _served(number: int) -> Site:
    here = site()
    if number != here.release.number:
        raise NotFound(
            f"release {number} is not served here", remedy=f"see {here.iris.url(f'releases/{here.release.number}')}"
        )
    return here
