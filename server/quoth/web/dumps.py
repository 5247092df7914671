"""The files of a release: /releases/<n>/claims.trig.gz and the others, with ranges."""

from dataclasses import asdict

from flask import Blueprint, Response, render_template, request, send_file

from quoth.errors import NotFound
from quoth.formats import HTML
from quoth.web import negotiated
from quoth.web.kept import OFFERS, kept
from quoth.web.negotiated import Choice, Resource
from quoth.web.responses import etag
from quoth.web.site import site

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
@blueprint.get("/releases/<int:number>.<suffix>")
def release(number: int, suffix: str | None = None) -> Response:
    """What a release holds, as a page or as its manifest."""
    here, found = site(), kept().release(number)

    def make(choice: Choice) -> str:
        if choice.format is not HTML:
            return found.manifest.to_json()
        files = [
            (name, what, (found.path / name).stat().st_size)
            for name, (_, what) in FILES.items()
            if (found.path / name).is_file()
        ]
        rows = [(k, v) for k, v in asdict(found.manifest).items() if isinstance(v, str | int | float)]
        return render_template("release.html", files=files, rows=rows, release_number=number)

    depends = [found.manifest.content_sha256]
    return negotiated.answer(Resource(here, f"releases/{number}", OFFERS, make, depends=depends), suffix)


@blueprint.get("/releases/<int:number>/<name>")
def dump(number: int, name: str) -> Response:
    """One file of a release. Raises NotFound for any other name: no path ever comes from the request."""
    found = kept().release(number)
    if name not in FILES or not (found.path / name).is_file():
        raise NotFound(f"release {number} has no file {name}", remedy="it has " + ", ".join(FILES))
    path = (found.path / name).resolve()
    response = send_file(path, mimetype=FILES[name][0], conditional=False, etag=False)
    response.set_etag(etag("dump", str(number), found.manifest.content_sha256, name))
    response.headers["Cache-Control"] = "no-cache"
    response.make_conditional(request, accept_ranges=True, complete_length=path.stat().st_size)
    return response
