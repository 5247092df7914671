"""/proof?of=X: the written proof of a question, a topic or an entity, as a page, as Markdown and as JSON-LD; and
/releases/1/proof?of=X, the same in one release."""

import re
from collections.abc import Mapping
from urllib.parse import urljoin

from flask import Blueprint, Response, render_template, request

from quoth.errors import UsageError
from quoth.formats import HTML, JSONLD, MARKDOWN, Format, by_name
from quoth.http import pagination
from quoth.http.accept import choose
from quoth.http.pagination import Page
from quoth.web.core import request_target, variants
from quoth.web.core.archive import archive
from quoth.web.core.responses import links
from quoth.web.core.serializers import serialize
from quoth.web.core.site import WEB, Site, current_site
from quoth.web.core.variants import NegotiableResource, Variant
from quoth.web.present import stored_questions, withdrawal_notices
from quoth.web.present.claim_lookup import ref
from quoth.web.present.lists import listings
from quoth.web.proof import markdown, proof_quads, subjects
from quoth.web.proof.proof import Proof, address, prove
from quoth.web.proof.subjects import OF, Subject

OFFERS = (MARKDOWN, HTML, JSONLD)
_OWN = (OF, "page", "format")
_EXAMPLES = 12
_STYLE = WEB / "static" / "quoth.css"
_PATHS = re.compile(r'\b(href|action)="(/[^"]*)"')

blueprint = Blueprint("proof", __name__)


@blueprint.get("/proof")
@blueprint.get("/proof.<suffix>")
@blueprint.get("/releases/<int:number>/proof")
@blueprint.get("/releases/<int:number>/proof.<suffix>")
def proof(suffix: str | None = None, number: int | None = None) -> Response:
    """The proof of what ``of`` names, in the current release or in that of a number; without ``of`` a form. Raises
    UsageError, NotFoundError, GoneError and NotAcceptableError."""
    site = current_site() if number is None else archive().site(number)
    stem = "proof" if number is None else f"releases/{number}/proof"
    given = {name: value for name, value in request_target.single_valued(request.args).items() if value.strip()}
    if OF not in given:
        return _form(site, stem, suffix, given)
    subject, page = read(site, given)
    path = address(site, subject, page)

    def make(variant: Variant) -> Response | str | bytes:
        made = prove(variant.reader, subject, page)
        response = Response(written(variant.reader, made, variant.format), content_type=variant.content_type)
        response.headers["X-Total-Count"] = str(made.page.total)
        if made.page.pages > 1:
            response.headers["Link"] = links(
                made.page.at(stem if suffix is None else f"{stem}.{suffix}").links(site.iris.url)
            )
        return response

    return variants.respond(
        NegotiableResource(
            site,
            stem,
            OFFERS,
            make,
            [(site.licence, "license", None)] if site.licence else [],
            query=path.removeprefix(stem),
            depends=[withdrawal_notices.later(site).tag],
            modified=site.modified,
            localized=True,
        ),
        suffix,
    )


def document(given: Mapping[str, str], format: Format) -> tuple[str | bytes, Page[str]]:
    """The proof that parameters name as a document that stands alone, and which page of its claims it has. Raises as
    ``read`` does."""
    site = current_site()
    subject, number = read(site, given)
    made = prove(site, subject, number)
    return written(site, made, format, whole=True), made.page


def read(site: Site, given: Mapping[str, str]) -> tuple[Subject, int]:
    """The subject and the number of the page that parameters name. Raises as subjects.read and pagination.read do."""
    values = {name: value for name, value in given.items() if name not in _OWN}
    return subjects.read(site, given[OF], values), pagination.read(given)


def written(site: Site, proof: Proof, format: Format, whole: bool = False) -> str | bytes:
    """A proof in one of OFFERS; ``whole``: a page that needs no other file, and whose links are whole URLs."""
    if format is JSONLD:
        root = proof_quads.document(site, proof).value
        return serialize(proof_quads.quads(site, proof, JSONLD.suffix), JSONLD, site.iris, root=root)
    variables = {"proof": proof, "site": site, "iris": site.iris, "stem": proof.page.path, "offers": OFFERS}
    variables |= {"release_number": site.release.number, "pinned": site.pinned}
    if format is MARKDOWN:
        return markdown.render("proof.md", **variables)
    page = render_template("proof.html", **variables, style=_STYLE.read_text("utf-8") if whole else "")
    # Quotation marks in texts are escaped, so that this is found in tags alone.
    return _PATHS.sub(lambda m: f'{m[1]}="{urljoin(site.iris.public, m[2])}"', page) if whole else page


def _form(site: Site, stem: str, suffix: str | None, given: Mapping[str, str]) -> Response:
    """The page that asks of what a proof is wanted. Raises UsageError for parameters, and for data of nothing."""
    request_target.known_parameters(request.args, _OWN, "proof")
    format = by_name(OFFERS, suffix) if suffix else choose(request.headers.get("Accept"), (HTML, *OFFERS))
    if format in (MARKDOWN, JSONLD):
        remedy = f"name a question, a topic or an entity: {site.iris.url(stem)}?{OF}=…"
        raise UsageError("there is nothing to prove", where=OF, remedy=remedy)

    def make(variant: Variant) -> str:
        topics = listings.choices(site, "topic")[:_EXAMPLES]
        site.labels.fetch(topics)
        every = filter(stored_questions.names_claims, stored_questions.questions(site))
        asked = [(q.name, stored_questions.title(variant.reader, q)) for q in every]
        named = [(site.iris.value(iri), ref(variant.reader, iri)) for iri in topics]
        return render_template("proofs.html", stem=stem, topics=named, questions=asked)

    return variants.respond(
        NegotiableResource(site, stem, (HTML,), make, modified=site.modified, localized=True), suffix
    )
