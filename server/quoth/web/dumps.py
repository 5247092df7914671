"""What a release holds: /releases/<n>."""

from dataclasses import asdict

from flask import Blueprint, Response, render_template, request
from werkzeug.datastructures import Headers

from quoth.errors import NotFound
from quoth.formats import HTML
from quoth.web.files import FILES
from quoth.web.negotiate import choose
from quoth.web.problems import PROBLEM
from quoth.web.responses import etag, validated
from quoth.web.site import Site, site

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


def _served(number: int) -> Site:
    here = site()
    if number != here.release.number:
        raise NotFound(
            f"release {number} is not served here", remedy=f"see {here.iris.url(f'releases/{here.release.number}')}"
        )
    return here
