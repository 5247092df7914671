"""The page of a document: one template for each kind of resource, all from the same description as the RDF."""

from collections.abc import Iterable
from typing import Any

import pyoxigraph as ox
from flask import render_template, request

from quoth.claim.model.namespaces import OA, PROV, QUOTH, RDF, RDFS, SCHEMA, SKOS, kind_of
from quoth.claim.model.triple_index import TripleIndex
from quoth.formats import RDF_FORMATS, TRIG
from quoth.web.core.serializers import serialize
from quoth.web.core.site import Site
from quoth.web.describe.description import Description
from quoth.web.documents import entity_page
from quoth.web.present import citation, content_diagram, content_tree, faceting, schema_org
from quoth.web.present.claim_view import Claim, Ref, claims, ref
from quoth.web.present.coverage_strip import strip
from quoth.web.present.text_position import passage

ROWS_LIMIT = 250
SOURCE_TEXT_LIMIT = 60_000
_SHOWN_SEPARATELY = {
    RDF.type,
    RDFS.label,
    SKOS.scopeNote,
    SKOS.altLabel,
    SKOS.hiddenLabel,
    QUOTH.warrant,
    QUOTH.describedIn,
}
_POSITION = {SCHEMA.latitude, SCHEMA.longitude}


def render(site: Site, description: Description, path: str, canonical: str | None) -> str:
    """The page about a resource; ``path`` is its percent-encoded name below /doc/, ``canonical`` the path of the
    current document about it, None where the current release says nothing of it."""
    types = description.types()
    if QUOTH.Claim.value in types:
        return _page(site, description, path, canonical, "claim.html", _claim(site, description, canonical))
    if types & {SCHEMA.Article.value, SCHEMA.NewsArticle.value}:
        return _page(site, description, path, canonical, "article.html", _article(site, description))
    return _page(
        site, description, path, canonical, "entity.html", _entity(site, description, f"{site.iris.documents}/{path}")
    )


def _page(
    site: Site, description: Description, path: str, canonical: str | None, template: str, specific: dict[str, Any]
) -> str:
    text = serialize(description.everything, TRIG, site.iris).decode()
    name = ref(site, description.iri)
    return render_template(
        template,
        iri=description.iri,
        kind=kind_of(description.types()),
        name=name,
        label=name.label,
        stem=f"{site.iris.documents}/{path}",
        canonical=canonical,
        release_number=site.release.number,
        pinned=site.pinned,
        formats=RDF_FORMATS,
        source=text[:SOURCE_TEXT_LIMIT],
        source_cut=len(text) > SOURCE_TEXT_LIMIT,
        incoming=_incoming(site, description),
        incoming_page=description.incoming,
        inferences_cut=description.cut,
        **specific,
    )


def _claim(site: Site, description: Description, canonical: str | None) -> dict[str, Any]:
    [claim] = claims(site, [description.iri])
    about = [ref(site, e) for e in TripleIndex(description.own).values(description.iri, SCHEMA.about)]
    nodes = content_tree.nodes(site, description.iri, description.content, description.inferences)
    cited = citation.citation_of(site, claim)
    # Search engines read no pinned documents (robots.txt).
    url = site.iris.url(canonical) if canonical else cited.url
    return {
        "claim": claim,
        "nodes": nodes,
        "drawing": content_diagram.draw(nodes),
        "inferred": content_tree.inferred(site, description.iri, description.inferences),
        "about": about,
        "passage": passage(site, claim),
        "cited": cited,
        "citations": [
            ("Text", citation.text(cited)),
            ("BibTeX", citation.bibtex(cited)),
            ("CSL-JSON", citation.csl_text(cited)),
        ],
        "structured": schema_org.script(schema_org.claim(claim, url, about, site.licence)),
    }


def _article(site: Site, description: Description) -> dict[str, Any]:
    index = TripleIndex(description.own)
    iri = description.iri
    text = index.value(iri, SCHEMA.encoding)
    every = claims(site, site.column("claims-quoted-from", "claim", iri))
    shown = every[:ROWS_LIMIT]
    spoken = [(g.heads, g.claims) for g in faceting.groups(shown)]
    voices = sorted(spoken, key=lambda voice: (not voice[1][0].own_voice, voice[1][0].start))
    language = index.value(iri, SCHEMA.inLanguage)
    length = index.number(text, QUOTH.textLength)
    omitted = {SCHEMA.encoding, SCHEMA.inLanguage}
    return {
        "claims": len(shown),
        "cut": len(every) > ROWS_LIMIT,
        "own_voice": sum(c.own_voice for c in shown),
        "voices": voices,
        "strip": strip([claims_ for _, claims_ in voices], length or 0, _unnamed(site, shown)),
        "sources": [ref(site, s) for s in site.column("sources-described-in", "source", iri)],
        "language": language,
        "sha256": index.value(text, SCHEMA.sha256),
        "length": length,
        "about_encoding": _rows(site, (q for q in description.own if q.subject == ox.NamedNode(iri + "#encoding"))),
        "about_inference": index.values(iri + "#inference", RDFS.comment),
        "times": content_tree.times(iri, description.inferences),
        "more": _rows(site, (q for q in _own_rows(description) if q.predicate not in omitted)),
        "structured": schema_org.script(
            schema_org.article(
                iri,
                site.labels.label(iri),
                site.iris.url(f"doc/{site.iris.name(iri)}"),
                language,
                index.values(iri, SCHEMA.url),
                index.value(iri, SCHEMA.datePublished),
                site.licence,
            )
        ),
    }


def _unnamed(site: Site, shown: Iterable[Claim]) -> set[str]:
    """The anonymous ones among the claims' innermost sources."""
    speakers = list(dict.fromkeys(s.iri for c in shown for s in c.speakers))
    index = TripleIndex(site.engine.describe(speakers) if speakers else [])
    return {s for s in speakers if QUOTH.AnonymousSource.value in index.values(s, RDF.type)}


def _entity(site: Site, description: Description, path: str) -> dict[str, Any]:
    view = entity_page.view(site, description, path, request.args)
    linked = {m.target.iri for m in view["mappings"] if m.target}
    rows = [q for q in _own_rows(description) if getattr(q.object, "value", "") not in linked]
    if view["map"]:
        rows = [q for q in rows if q.predicate not in _POSITION]
    return {**view, "more": [] if view["alone"] else _rows(site, rows)}


def _own_rows(description: Description) -> list[ox.Quad]:
    resource = ox.NamedNode(description.iri)
    return [q for q in description.own if q.subject == resource and q.predicate not in _SHOWN_SEPARATELY]


def _rows(site: Site, quads: Iterable[ox.Quad]) -> list[tuple[Ref, list[Ref | str]]]:
    """Statements as rows of a property and its values."""
    rows: dict[str, list[Ref | str]] = {}
    for q in quads:
        if q.predicate != RDF.type:
            value = ref(site, q.object.value) if isinstance(q.object, ox.NamedNode) else getattr(q.object, "value", "")
            rows.setdefault(q.predicate.value, []).append(value)
    return [(content_tree.property_ref(site, p), values) for p, values in rows.items()]


def _incoming(site: Site, description: Description) -> list[tuple[Ref, Ref]]:
    """The incoming links, as (subject, property); a claim stands for its parts."""
    hidden = {OA.hasSource, PROV.wasQuotedFrom}
    quads = [q for q in description.incoming if q.predicate not in hidden]
    wholes = [q.subject.value.partition("#")[0] for q in quads if isinstance(q.subject, ox.NamedNode)]
    site.labels.fetch(wholes)
    pairs = zip(wholes, (q.predicate.value for q in quads), strict=True)
    others = (pair for pair in dict.fromkeys(pairs) if pair[0] != description.iri)
    return [(ref(site, whole), content_tree.property_ref(site, p)) for whole, p in others]
