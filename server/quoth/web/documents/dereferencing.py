"""Resources and their documents: /id/X answers 303 to /doc/X, which is negotiated; /doc/X.ttl and so on are variants.

Cool URIs for the Semantic Web §4.2: https://www.w3.org/TR/cooluris/#r303gendocument

/releases/<n>/doc/X is the same document of one release, as long as the archive has the release: a citation names it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import unquote, urlencode

import pyoxigraph as ox
from flask import Blueprint, Response, request
from werkzeug.http import http_date

from quoth.claim.model.namespaces import ONTOLOGY_IRI, PROV, RDF
from quoth.errors import GoneError, Link, NotAcceptableError, NotFoundError
from quoth.formats import CSL, HTML, LINK_FORMAT, MARKDOWN, RDF_FORMATS, Format, by_name
from quoth.http import message, pagination
from quoth.index.facets import ENCODING
from quoth.index.fulltext import Search, SearchQuery, any_of, expression
from quoth.web.core import request_target, variants
from quoth.web.core.archive import archive
from quoth.web.core.request_target import raw_path
from quoth.web.core.responses import links, page_response, see_other
from quoth.web.core.serializers import serialize
from quoth.web.core.site import Site, current_site
from quoth.web.core.urls import is_web
from quoth.web.core.variants import NegotiableResource, Variant
from quoth.web.describe.description import describe
from quoth.web.describe.self_description import document_quads
from quoth.web.documents import citation_files, markdown_document, pages, withdrawal
from quoth.web.present import change_quads, mementos, withdrawal_notices
from quoth.web.present.lists.claim_lists import LIST, NUMBER
from quoth.web.present.lists.facet_values import FACETS_BY_PARAMETER
from quoth.web.present.withdrawal_notices import LaterNotices

_OFFERS = (*RDF_FORMATS, MARKDOWN, HTML)
"""The formats of every document."""
NEAREST = 5
"""Things that a 404 leads to."""
_WORDS = re.compile(r"[^\W_]{3,}")

blueprint = Blueprint("resource", __name__)


@dataclass(frozen=True)
class Resource:
    """A resource that a release describes: its IRI, its percent-encoded name below /id/, the statements about it.

    ``current``: the current release describes it as well. A pinned release may describe a withdrawn resource."""

    site: Site
    iri: str
    name: str
    own: Sequence[ox.Quad]
    current: bool

    @property
    def stem(self) -> str:
        """The path of its document."""
        return f"{self.site.iris.documents}/{self.name}"

    @property
    def canonical(self) -> str | None:
        """The path of the current document about it, if there is one."""
        return f"doc/{self.name}" if self.current else None

    @property
    def offers(self) -> Sequence[Format]:
        """The formats of its document."""
        citable = citation_files.is_citable(self.values(RDF.type))
        return (*_OFFERS[:-1], CSL, HTML) if citable else _OFFERS

    def values(self, predicate: ox.NamedNode) -> list[str]:
        """The IRIs that it has for a property."""
        return [q.object.value for q in self.own if q.predicate == predicate and isinstance(q.object, ox.NamedNode)]

    def links(self) -> list[Link]:
        """The links of its document, beside those to the variants, with relations of IANA's registry."""
        site, url = self.site, self.site.iris.url
        targets: list[Link] = [
            (self.iri, "describes", None),
            (url("ns"), "describedby", None),
            (url(".well-known/void"), "describedby", None),
            (ONTOLOGY_IRI, "profile", None),
        ]
        targets += [(type, "type", None) for type in self.values(RDF.type) if is_web(type)]
        articles = map(site.iris.name, self.values(PROV.wasQuotedFrom))
        targets += [(url(f"{site.iris.documents}/{article}"), "collection", None) for article in articles if article]
        if site.licence:
            targets.append((site.licence, "license", None))
        if site.pinned:
            targets += [(url(self.canonical), "latest-version", None)] if self.canonical else []
        elif site.serves(site.release.number):
            targets.append((url(f"releases/{site.release.number}/doc/{self.name}"), "cite-as", None))
        return [*targets, (url("releases"), "version-history", None)]


@blueprint.get("/id/<path:name>")
def identifier(name: str) -> Response:
    """303 to the document about a resource, or to the variant that ``format`` names. Raises NotFoundError, GoneError,
    NotAcceptableError, and UsageError for a format that there is not."""
    return identified(current_site(), raw_path().removeprefix("id/"))


def identified(site: Site, path: str) -> Response:
    """What ``identifier`` answers for a path below /id/."""
    resource = resource_at(site, path)
    if resource is None:
        return gone_or_missing(site, path)
    negotiable = _negotiable(resource)
    target = resource.stem
    if named := request.args.get("format"):
        target += f".{request_target.named_format(named, resource.offers).suffix}"
    else:
        negotiable.best_format()
    parameters = [(key, value) for key, value in request.args.items(multi=True) if key != "format"]
    url = site.iris.url(target + (f"?{urlencode(parameters)}" if parameters else ""))
    response = see_other([url])
    response.headers["Link"] = links([(url, "describedby", None), *negotiable.alternates()])
    response.vary.add("Accept")
    return response


@blueprint.get("/doc/<path:name>")
@blueprint.get("/releases/<int:number>/doc/<path:name>")
def document(name: str, number: int | None = None) -> Response:
    """The document about a resource, negotiated, or the variant that the suffix names; with a number, that of one
    release. Raises NotFoundError, also for a release that is not in the archive, and GoneError, also for one that is no
    longer there."""
    site = current_site() if number is None else _archived(number)
    path = raw_path().removeprefix(f"{site.iris.documents}/")
    when = request.headers.get("Accept-Datetime") if number is None else None
    if when is not None and (response := _version_at(site, path, mementos.accept_datetime(when))):
        return response
    # The name of a resource may end like a suffix.
    for stem, suffix in dict.fromkeys((_split_suffix(path), (path, None))):
        if resource := resource_at(site, stem):
            return _with_versions(variants.respond(_negotiable(resource, suffix), suffix), resource)
    return gone_or_missing(site, path)


def _archived(number: int) -> Site:
    """The site of a release. Raises NotFoundError, and GoneError that leads to the versions that are kept."""
    try:
        return archive().site(number)
    except GoneError as error:
        site, path = current_site(), _split_suffix(raw_path().partition("/doc/")[2])[0]
        if not (iri := mementos.named(site, path)) or not mementos.mementos(site, iri):
            raise
        url = site.iris.url(f"timemap/{site.iris.name(iri)}")
        link = (url, "timemap", LINK_FORMAT.media_type)
        raise GoneError(error.detail, remedy=f"the versions that are kept are listed at {url}", links=[link]) from None


def _version_at(site: Site, path: str, when: datetime) -> Response | None:
    """The TimeGate of a document: 302 to its version at that time (RFC 7089 §4.1.1); None where no version is kept."""
    for stem, suffix in dict.fromkeys(((path, None), _split_suffix(path))):
        if (iri := mementos.named(site, stem)) and (versions := mementos.mementos(site, iri)):
            name = site.iris.name(iri) or stem
            url = mementos.address(site, mementos.at(versions, when), name) + (f".{suffix}" if suffix else "")
            response = see_other([url])
            response.status_code = 302
            response.headers["Link"] = mementos.link_header(site, name, versions)
            response.vary.add("Accept-Datetime")
            return response
    return None


def _with_versions(response: Response, resource: Resource) -> Response:
    """The response with its place among the versions of the document (RFC 7089 §2, §4.2)."""
    current = current_site()
    if versions := mementos.mementos(current, resource.iri):
        # A document in pages has one header for its pages and one for its variants.
        header = mementos.link_header(current, resource.name, versions)
        response.headers["Link"] = ", ".join([*response.headers.getlist("Link"), header])
    if resource.site.pinned:
        response.headers["Memento-Datetime"] = http_date(datetime.fromisoformat(resource.site.release.manifest.created))
    elif versions:
        # What is compressed later has the coding last; so has a 304, which is not.
        coded = "Accept-Encoding" in response.vary
        response.vary.discard("Accept-Encoding")
        response.vary.update(["Accept-Datetime", *(["Accept-Encoding"] if coded else [])])
    return response


def resource_at(site: Site, path: str) -> Resource | None:
    """The resource that a path names, if the release of ``site`` describes it; however the request encoded the path,
    the document has one address."""
    for iri in site.iris.candidates(f"id/{path}"):
        own = site.about(iri)
        if own is not None:
            in_current = not site.pinned or current_site().about(iri) is not None
            return Resource(site, iri, site.iris.name(iri) or path, own, in_current)
    return None


def _split_suffix(path: str) -> tuple[str, str | None]:
    """``claim/x`` and ``ttl`` for ``claim/x.ttl``; the whole path and None where no variant has the suffix."""
    stem, _, suffix = path.rpartition(".")
    format = by_name(_OFFERS, suffix) if stem else None
    return (stem, suffix) if format is not None and format.suffix == suffix else (path, None)


def _negotiable(resource: Resource, suffix: str | None = None) -> NegotiableResource:
    site = resource.site
    notices = withdrawal_notices.later(site) if site.pinned else LaterNotices({})
    own = [notice for notice in [notices.withdrawals.get(resource.iri)] if notice]
    message.refuse_misspelt(request.args, ("page", "format", LIST, NUMBER, *FACETS_BY_PARAMETER, ENCODING.parameter))
    number = pagination.read(request_target.single_valued(request.args, FACETS_BY_PARAMETER))
    path = resource.stem if suffix is None else f"{resource.stem}.{suffix}"

    def make(variant: Variant) -> Response:
        description = describe(variant.reader, resource.iri, number, resource.stem)
        assert description is not None, "resource_at has looked"
        if variant.format is HTML:
            body: bytes | str = pages.render(variant.reader, description, resource.name, resource.canonical)
        elif variant.format is MARKDOWN:
            body = markdown_document.render(site, description)
        elif variant.format is CSL:
            body = citation_files.csl(site, resource.iri, resource.values(RDF.type))
        else:
            quads = [
                *withdrawal_notices.quads(site, notices.of(description.everything), resource.stem),
                *document_quads(site, description, resource.name, variant.format),
                *change_quads.of_document(site, resource.iri, resource.stem),
            ]
            try:
                body = serialize(quads, variant.format, site.iris, root=resource.iri, profile=variant.profile)
            except NotAcceptableError as error:
                turtle = site.iris.url(f"{resource.stem}.ttl")
                link = (turtle, "alternate", "text/turtle")
                raise NotAcceptableError(error.detail, remedy=f"{turtle} has it as Turtle", links=[link]) from None
        return page_response(description.incoming.at(path), body, variant.content_type)

    return NegotiableResource(
        site,
        resource.stem,
        resource.offers,
        make,
        [*resource.links(), *withdrawal_notices.replacement_links(own)],
        query=f"?page={number}" if number > 1 else "",
        depends=[resource.iri, str(resource.current), notices.tag],
        canonical=resource.canonical,
        modified=site.modified,
        localized=True,
    )


def gone_or_missing(site: Site, path: str) -> Response:
    """The 410 of what was withdrawn. Raises GoneError for what only an earlier release describes, else NotFoundError,
    for a path that names no resource."""
    suffixes: dict[str, str | None] = {}
    for name, suffix in ((path, None), _split_suffix(path)):
        for iri in site.iris.candidates(f"id/{name}"):
            suffixes.setdefault(iri, suffix)
    former = {} if site.pinned else {iri: site.gone[iri] for iri in suffixes if iri in site.gone}
    predecessors: list[Link] = [
        (site.iris.url(f"releases/{number}/doc/{path}"), "predecessor-version", None)
        for number in former.values()
        if site.serves(number)
    ]
    for iri in former:
        if mementos.mementos(site, iri):
            predecessors += mementos.timegate(site, site.iris.name(iri) or path)
    if notice := withdrawal_notices.find(site, suffixes):
        return withdrawal.respond(site, notice, by_name(RDF_FORMATS, suffixes[notice.iri] or ""), predecessors)
    for iri, number in former.items():
        name = withdrawal.spoken(site.iris.name(iri) or path, site.iris.corpora)
        detail = f"the current release, {site.release.number}, no longer says anything about {name}"
        remedy = f"its documents are not served here; see {site.iris.url('releases')}"
        if predecessors:
            remedy = f"what release {number} said is at {predecessors[0][0]}"
        raise GoneError(f"{detail}; release {number} was the last that did", remedy=remedy, links=predecessors)
    raise NotFoundError(
        f"release {site.release.number} says nothing about {withdrawal.spoken(path, site.iris.corpora)}",
        remedy=f"check the address, start from {site.iris.public}, or query {site.iris.url('sparql')}",
        links=_nearest(site, path),
    )


def _nearest(site: Site, path: str) -> list[Link]:
    """Links to what is called like a path that names nothing: by all its words, or else by any of them."""
    words = _WORDS.findall(unquote(path.partition("/")[2] or path).lower())
    search = Search(site.claim_index)
    for query in (expression(" ".join(words)), any_of(words)):
        if query and (hits := search.hits(SearchQuery(query), first=0, size=NEAREST)):
            site.labels.fetch(hit.iri for hit in hits)
            return [(url, "related", None) for hit in hits if (url := site.iris.document(hit.iri))]
    return []
