"""What the release holds, as lists to begin from: /articles, /entities, /sources, /topics; by number of claims."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request

from quoth.claim.model.namespaces import PREFIXES, QUOTH, kind_of
from quoth.errors import UsageError
from quoth.formats import HTML
from quoth.http import pagination
from quoth.http.pagination import Page
from quoth.web.core import query_params, variants
from quoth.web.core.responses import links
from quoth.web.core.site import Site, site
from quoth.web.core.variants import Choice, Resource
from quoth.web.present.claim_view import Ref, ref
from quoth.web.releases.archive import OFFERS

PAGE_ROWS = 100


def _classes(prefix: str, *names: str) -> tuple[str, ...]:
    return tuple(PREFIXES[prefix] + name for name in names)


_ARTICLE = _classes("schema", "Article", "NewsArticle")


@dataclass(frozen=True)
class Listing:
    """A list of things: of the classes of any of its ``kinds``, and none of ``but``; ``role`` says what is counted."""

    name: str
    title: str
    words: str
    role: str
    kinds: Mapping[str, Sequence[str]]
    but: Sequence[str] = ()
    counted: str = "claims"

    @property
    def classes(self) -> list[str]:
        return list(dict.fromkeys(iri for classes in self.kinds.values() for iri in classes))


LISTINGS = {
    listing.name: listing
    for listing in (
        Listing(
            "articles",
            "Articles",
            "Each article was taken apart into the claims that it makes and reports.",
            "quoted",
            {"articles": _ARTICLE},
        ),
        Listing(
            "entities",
            "Entities",
            "Whom and what the claims are about. Each is typed neutrally; what anybody says of it is a claim.",
            "about",
            {
                "organisations": _classes("org", "Organization"),
                "persons": _classes("foaf", "Person"),
                "groups": _classes("foaf", "Group"),
                "places": _classes("schema", "Place", "Country", "City", "AdministrativeArea", "CivicStructure"),
                "others": (*_classes("foaf", "Agent", "Document"), *_classes("schema", "Thing")),
            },
            (QUOTH.AnonymousSource.value,),
            "claims about it",
        ),
        Listing(
            "sources",
            "Sources",
            "Who is credited with something, as whoever said it or as whoever passed it on.",
            "credited",
            {"named": (QUOTH.Source.value,), "unnamed": (QUOTH.AnonymousSource.value,)},
            _ARTICLE,
            "claims credited to it",
        ),
        Listing(
            "topics",
            "Topics",
            "What claims are compared by, whether or not it ever happened. Which claims concern it is our inference.",
            "concerning",
            {"topics": (QUOTH.Topic.value,)},
            (),
            "claims that concern it",
        ),
    )
}


@dataclass(frozen=True)
class Row:
    """One thing of a list."""

    ref: Ref
    kind: str
    claims: int


@dataclass(frozen=True)
class Chosen:
    """A kind that a list can be narrowed to."""

    name: str
    count: int
    href: str
    selected: bool


blueprint = Blueprint("listings", __name__)


@blueprint.get("/<any(articles, entities, sources, topics):name>")
@blueprint.get("/<any(articles, entities, sources, topics):name>.<suffix>")
def listing(name: str, suffix: str | None = None) -> Response:
    """A list as a page or as JSON, in pages. Raises UsageError, NotAcceptableError; NotFoundError past the last."""
    here, found = site(), LISTINGS[name]
    asked = query_params.once(request.args)
    kind = asked.get("kind") or ""
    if kind and kind not in found.kinds:
        raise UsageError(
            f"{kind[:80]!r} is no kind", where="kind", remedy="expected is one of " + ", ".join(found.kinds)
        )
    number = pagination.read(asked)

    def make(choice: Choice) -> Response:
        rows = page(choice.reader, found, kind, number, PAGE_ROWS)
        if choice.format is HTML:
            made = render_template("listing.html", listing=found, rows=rows, kind=kind, kinds=_kinds(here, found, kind))
        else:
            made = _json(here, rows)
        response = Response(made, content_type=choice.content_type)
        response.headers["X-Total-Count"] = str(rows.total)
        if rows.pages > 1:
            response.headers["Link"] = links(
                rows.at(name if suffix is None else f"{name}.{suffix}").links(here.iris.url)
            )
        return response

    kept = {**({"kind": kind} if kind else {}), **({"page": number} if number > 1 else {})}
    query = f"?{urlencode(kept)}" if kept else ""
    resource = Resource(here, name, OFFERS, make, query=query, modified=here.modified, localized=True)
    return variants.answer(resource, suffix)


def page(here: Site, found: Listing, kind: str, number: int, size: int) -> Page[Row]:
    """One page of a list, narrowed to a kind if one is named. Raises NotFoundError past the last."""
    classes, but = _narrowed(found, kind)
    total = here.lists.things_count(classes, but)
    kept = {"kind": kind} if kind else {}
    empty: Page[Row] = pagination.page((), number=number, size=size, total=total, path=found.name, kept=kept)
    things = here.lists.things(found.role, classes, but, first=(number - 1) * size, size=size)
    here.labels.fetch(thing.iri for thing in things)
    return empty.map([Row(ref(here, t.iri), kind_of(set(t.classes)), t.claims) for t in things])


def _narrowed(found: Listing, kind: str) -> tuple[Sequence[str], Sequence[str]]:
    classes = found.kinds[kind] if kind else found.classes
    # Every unnamed source is a source as well.
    return classes, (*found.but, *(found.kinds["unnamed"] if kind == "named" else ()))


def _kinds(here: Site, found: Listing, current: str) -> list[Chosen]:
    """The kinds of a list that have any members; none where there is but one."""
    chosen = []
    for kind in found.kinds:
        count = here.lists.things_count(*_narrowed(found, kind))
        target = found.name if kind == current else f"{found.name}?{urlencode({'kind': kind})}"
        if count:
            chosen.append(Chosen(kind, count, here.iris.path(target), kind == current))
    return chosen if len(chosen) > 1 else []


def _json(here: Site, rows: Page[Row]) -> str:
    data = [
        {
            "iri": row.ref.iri,
            "label": row.ref.label,
            "kind": row.kind,
            "claims": row.claims,
            "document": here.iris.url(f"doc/{here.iris.name(row.ref.iri)}") if here.iris.name(row.ref.iri) else None,
        }
        for row in rows.items
    ]
    following = rows.at(f"{rows.path}.json").next
    body = {"total": rows.total, "next": following and here.iris.url(following), rows.path: data}
    return json.dumps(body, ensure_ascii=False, indent=1) + "\n"
