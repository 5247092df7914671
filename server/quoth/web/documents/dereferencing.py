"""Things and their documents: /id/X answers 303 to /doc/X, which is negotiated; /doc/X.ttl and so on are variants.

Cool URIs for the Semantic Web §4.2: https://www.w3.org/TR/cooluris/#r303gendocument

/releases/<n>/doc/X is the same document of one release, for as long as that is kept: what a citation can name.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pyoxigraph as ox
from flask import Blueprint, Response, request

from quoth.claim.model.namespaces import ONTOLOGY_IRI, PROV, RDF
from quoth.errors import GoneError, Link, NotAcceptableError, NotFoundError
from quoth.formats import HTML, RDF_FORMATS, Format, by_name
from quoth.http import pagination
from quoth.web.core import query_params, variants
from quoth.web.core.responses import links, raw_path
from quoth.web.core.serializers import serialize
from quoth.web.core.site import Site, site
from quoth.web.core.urls import is_web
from quoth.web.core.variants import Choice, Resource
from quoth.web.describe.description import Description, describe
from quoth.web.describe.self_description import about_document
from quoth.web.documents import pages
from quoth.web.releases import archive

OFFERS = (*RDF_FORMATS, HTML)
FOREVER = "public, max-age=31536000, immutable"

blueprint = Blueprint("resource", __name__)


@dataclass(frozen=True)
class Thing:
    """Something that a release speaks of: its IRI, its percent-encoded name below /id/, what is said of it itself.

    ``current``: the current release speaks of it, too; a thing of a pinned release may have been withdrawn."""

    here: Site
    iri: str
    name: str
    own: Sequence[ox.Quad]
    current: bool = True

    @property
    def stem(self) -> str:
        """The path of its document."""
        return f"{self.here.iris.documents}/{self.name}"

    @property
    def canonical(self) -> str | None:
        """The path of the current document about it, if there is one."""
        return f"doc/{self.name}" if self.current else None

    def values(self, predicate: ox.NamedNode) -> list[str]:
        """The IRIs that one property has."""
        return [q.object.value for q in self.own if q.predicate == predicate and isinstance(q.object, ox.NamedNode)]


@blueprint.get("/id/<path:name>")
def thing(name: str) -> Response:
    """303 to the document about a thing. Raises NotFoundError, GoneError, NotAcceptableError."""
    here = site()
    path = raw_path().removeprefix("id/")
    found = _found(here, path)
    if found is None:
        raise _missing(here, path)
    there = _resource(found)
    there.choose()
    url = here.iris.url(found.stem)
    response = Response(f"{url}\n", 303, content_type="text/plain; charset=utf-8")
    response.headers["Location"] = url
    response.headers["Link"] = links([(url, "describedby", None), *there.alternates()])
    response.headers["Cache-Control"] = "no-cache"
    response.vary.add("Accept")
    return response


@blueprint.get("/doc/<path:name>")
def document(name: str) -> Response:
    """The document about a thing, negotiated, or the variant that the suffix names."""
    return _document(site(), raw_path().removeprefix("doc/"))


@blueprint.get("/releases/<int:number>/doc/<path:name>")
def pinned(number: int, name: str) -> Response:
    """The same of one release. Raises NotFoundError where that is not kept."""
    here = archive.kept().site(number)
    return _document(here, raw_path().removeprefix(f"{here.iris.documents}/"))


def _document(here: Site, path: str) -> Response:
    stem, _, suffix = path.rpartition(".")
    variant = by_name(OFFERS, suffix) if stem else None
    if variant is not None and variant.suffix == suffix:
        found = _found(here, stem)
        if found is not None:
            return variants.answer(_resource(found, suffix), suffix)
    found = _found(here, path)
    if found is None:
        raise _missing(here, path)
    return variants.answer(_resource(found))


def _found(here: Site, path: str) -> Thing | None:
    """What a path names, if the release says something of it."""
    for iri in here.iris.candidates(f"id/{path}"):
        own = here.about(iri)
        if own is not None:
            # However the request encoded it, its document has one address.
            current = not here.pinned or site().about(iri) is not None
            return Thing(here, iri, here.iris.name(iri) or path, own, current)
    return None


def _resource(found: Thing, suffix: str | None = None) -> Resource:
    here = found.here
    number = pagination.read(query_params.once(request.args))
    asked = found.stem if suffix is None else f"{found.stem}.{suffix}"

    def make(choice: Choice) -> Response:
        description = describe(choice.reader, found.iri, number, found.stem)
        assert description is not None, "_found said that there is one"
        if choice.format is HTML:
            made: bytes | str = pages.render(choice.reader, description, found.name, found.canonical)
        else:
            quads = quads_of(here, description, found.name, choice.format)
            try:
                made = serialize(quads, choice.format, here.iris, root=found.iri, profile=choice.profile)
            except NotAcceptableError as error:
                other = (here.iris.url(f"{found.stem}.ttl"), "alternate", "text/turtle")
                raise NotAcceptableError(error.detail, remedy=f"{other[0]} has it as Turtle", links=[other]) from None
        response = Response(made, content_type=choice.content_type)
        response.headers["X-Total-Count"] = str(description.incoming.total)
        turning = description.incoming.at(asked).links(here.iris.url)
        if turning:
            response.headers["Link"] = links(turning)
        return response

    return Resource(
        here,
        found.stem,
        OFFERS,
        make,
        _links(found),
        query=f"?page={number}" if number > 1 else "",
        depends=[found.iri, str(found.current)],
        canonical=found.canonical,
        modified=here.modified,
        cache_control=FOREVER if here.pinned else None,
        localized=True,
    )


def _links(found: Thing) -> list[Link]:
    """Relations of the registry of IANA, beside those to the variants."""
    here = found.here
    url = here.iris.url
    targets: list[Link] = [
        (found.iri, "describes", None),
        (url("ns"), "describedby", None),
        (url(".well-known/void"), "describedby", None),
        (ONTOLOGY_IRI, "profile", None),
    ]
    targets += [(kind, "type", None) for kind in found.values(RDF.type) if is_web(kind)]
    articles = map(here.iris.name, found.values(PROV.wasQuotedFrom))
    targets += [(url(f"{here.iris.documents}/{article}"), "collection", None) for article in articles if article]
    terms = here.licence
    if terms:
        targets.append((terms, "license", None))
    if here.pinned:
        targets += [(url(found.canonical), "latest-version", None)] if found.canonical else []
    elif archive.kept().serves(here.release.number):
        targets.append((url(f"releases/{here.release.number}/doc/{found.name}"), "cite-as", None))
    return [*targets, (url("releases"), "version-history", None)]


def quads_of(here: Site, description: Description, path: str, variant: Format) -> list[ox.Quad]:
    """What a variant of a document holds: in a format without named graphs never a reported triple."""
    more = not variant.quads and bool(description.content or description.inferences)
    comments = []
    if description.incoming.pages > 1:
        page = description.incoming
        comments.append(f"Of {page.total} links to this resource, {page.start} to {page.end} are listed here.")
    if description.cut:
        comments.append("More is inferred of this resource than its document holds: ask the endpoint for the rest.")
    if more:
        comments.append(
            "What is claimed, what is inferred and who made the links stand in named graphs: see the TriG document."
        )
    stem = f"{here.iris.documents}/{path}"
    itself = about_document(here, description, path, comments, here.iris.url(f"{stem}.trig") if more else None)
    return [*(description.everything if variant.quads else description.asserted), *itself]


def _missing(here: Site, path: str) -> NotFoundError | GoneError:
    """Why nothing is there: an earlier release may have said something of it."""
    stem, _, suffix = path.rpartition(".")
    named = by_name(OFFERS, suffix) if stem else None
    names = [path, stem] if named is not None and named.suffix == suffix else [path]
    for name in () if here.pinned else names:
        for iri in here.iris.candidates(f"id/{name}"):
            if iri in here.gone:
                return _gone(here, iri, path)
    return NotFoundError(
        f"release {here.release.number} says nothing of {here.iris.base}id/{path}",
        remedy=f"start from {here.iris.public}, or ask {here.iris.url('sparql')}",
    )


def _gone(here: Site, iri: str, path: str) -> GoneError:
    last = here.gone[iri]
    detail = f"the current release, {here.release.number}, says nothing of {iri} any more; release {last} was the last"
    if not archive.kept().serves(last):
        return GoneError(detail, remedy=f"its documents are not served here; see {here.iris.url('releases')}")
    there = here.iris.url(f"releases/{last}/doc/{path}")
    return GoneError(
        detail, remedy=f"what release {last} said is at {there}", links=[(there, "predecessor-version", None)]
    )
