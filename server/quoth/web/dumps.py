"""What a release holds: /releases/<n>."""

from flask import Blueprint, Response, render_template

from quoth.formats import HTML
from quoth.web import negotiated
from quoth.web.files import FILES
from quoth.web.kept import OFFERS, kept
from quoth.web.negotiated import Choice, Resource
from quoth.web.site import site

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
        return render_template("release.html", files=files, words=WORDS, manifest=found.manifest, release_number=number)

    depends = [found.manifest.content_sha256]
    return negotiated.answer(Resource(here, f"releases/{number}", OFFERS, make, depends=depends), suffix)
