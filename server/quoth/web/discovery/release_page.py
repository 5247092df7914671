"""What a release holds: /releases/<n>, as a page, as its manifest, and as the catalogue describes it in RDF."""

from flask import Blueprint, Response, render_template

from quoth.formats import HTML, JSON, RDF_FORMATS
from quoth.web.core import variants
from quoth.web.core.site import site
from quoth.web.core.variants import Choice, Resource
from quoth.web.discovery import dcat
from quoth.web.releases.archive import kept
from quoth.web.releases.downloads import FILES
from quoth.web.sparql import service_description

OFFERS = (HTML, JSON, *RDF_FORMATS)
WORDS = {
    "created": "made",
    "software": "made with",
    "base": "its IRIs begin with",
    "claims": "claims",
    "articles": "articles",
    "quads": "quads",
    "asserted": "of them in the default graph, as what the publisher asserts",
    "graphs": "named graphs",
    "content_sha256": "SHA-256 of all quads, as canonical N-Quads in the order of their bytes",
}
"""Entry of the manifest → what it is called on the page."""

blueprint = Blueprint("dumps", __name__)


@blueprint.get("/releases/<int:number>")
@blueprint.get("/releases/<int:number>.<suffix>")
def release(number: int, suffix: str | None = None) -> Response:
    """What a release holds. Raises NotFoundError, NotAcceptableError."""
    here, found = site(), kept().release(number)

    def make(choice: Choice) -> bytes | str:
        if choice.format is JSON:
            return found.manifest.to_json()
        if choice.format is not HTML:
            whose = kept().site(number) if kept().serves(number) else here
            return service_description.serialize(dcat.of_release(whose, found), choice.format, here)
        files = [
            (name, what, (found.path / name).stat().st_size)
            for name, (_, what) in FILES.items()
            if (found.path / name).is_file()
        ]
        return render_template(
            "release.html",
            files=files,
            words=WORDS,
            manifest=found.manifest,
            release_number=number,
            formats=OFFERS[1:],
        )

    resource = Resource(
        here,
        f"releases/{number}",
        OFFERS,
        make,
        [(here.iris.url("catalog"), "describedby", None)],
        depends=[found.manifest.content_sha256],
        modified=here.modified,
    )
    return variants.answer(resource, suffix)
