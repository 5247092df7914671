"""The HTML of a document: one template for each kind of thing, all from the same description as its RDF."""

from collections.abc import Iterable
from typing import Any

import pyoxigraph as ox
from flask import render_template

from quoth.claim.index import Index
from quoth.claim.vocabulary import OA, PROV, QUOTH, RDF, RDFS, SCHEMA, SKOS
from quoth.formats import RDF_FORMATS, TRIG
from quoth.web import content, words
from quoth.web.description import Description
from quoth.web.reading import Claim, Ref, claims, ref
from quoth.web.site import Site
from quoth.web.variants import serialize

ROWS_LIMIT = 250
SOURCE_TEXT_LIMIT = 60_000
_SHOWN_ELSEWHERE = {RDF.type, RDFS.label, SKOS.scopeNote, SKOS.altLabel, SKOS.hiddenLabel, QUOTH.warrant}


def render(site: Site, description: Description, path: str) -> str:
    """The page about a resource; ``path`` is its percent-encoded name below /doc/."""
    types = description.types()
    if QUOTH.Claim.value in types:
        return _page(site, description, path, "claim.html", _claim(site, description))
    if types & {SCHEMA.Article.value, SCHEMA.NewsArticle.value}:
        return _page(site, description, path, "article.html", _article(site, description))
    return _page(site, description, path, "entity.html", _entity(site, description, types))


def _page(site: Site, description: Description, path: str, template: str, more: dict[str, Any]) -> str:
    text = serialize(description.everything, TRIG, site.iris).decode()
    return render_template(
        template,
        iri=description.iri,
        kind=words.kind(description.types()),
        label=site.labels.label(description.iri),
        stem=f"{site.iris.documents}/{path}",
        canonical=f"doc/{path}",
        release_number=site.release.number,
        pinned=site.pinned,
        formats=RDF_FORMATS,
        source=text[:SOURCE_TEXT_LIMIT],
        source_cut=len(text) > SOURCE_TEXT_LIMIT,
        incoming=_incoming(site, description),
        incoming_page=description.incoming,
        **more,
    )


def _claim(site: Site, description: Description) -> dict[str, Any]:
    [claim] = claims(site, [description.iri])
    index = Index(description.own)
    return {
        "claim": claim,
        "nodes": content.nodes(site, description.iri, description.content, description.inferences),
        "inferred": content.inferred(site, description.iri, description.inferences),
        "about": [ref(site, e) for e in index.values(description.iri, SCHEMA.about)],
    }


def _article(site: Site, description: Description) -> dict[str, Any]:
    index = Index(description.own)
    iri = description.iri
    text = index.value(iri, SCHEMA.encoding)
    encoding = iri + "#encoding"
    found = claims(site, site.column("claims-quoted-from", "claim", iri))
    shown = {SCHEMA.encoding, SCHEMA.inLanguage}
    return {
        "claims": found[:ROWS_LIMIT],
        "cut": len(found) > ROWS_LIMIT,
        "own_voice": sum(c.own_voice for c in found),
        "sources": [ref(site, s) for s in site.column("sources-described-in", "source", iri)],
        "language": index.value(iri, SCHEMA.inLanguage),
        "sha256": index.value(text, SCHEMA.sha256),
        "length": index.number(text, QUOTH.textLength),
        "about_encoding": _rows(site, [q for q in description.own if q.subject == ox.NamedNode(encoding)]),
        "about_inference": index.values(iri + "#inference", RDFS.comment),
        "times": content.times(iri, description.inferences),
        "more": _rows(site, (q for q in _own_rows(description) if q.predicate not in shown)),
    }


def _entity(site: Site, description: Description, types: set[str]) -> dict[str, Any]:
    iri = description.iri
    index = Index(description.own)
    credited = site.rows("claims-credited-to", iri) if QUOTH.Source.value in types else []
    innermost = {row["claim"].value for row in credited if row["innermost"].value == "true"}  # type: ignore[union-attr]
    speaks = claims(site, dict.fromkeys(row["claim"].value for row in credited))  # type: ignore[union-attr]
    about = claims(site, site.column("claims-about", "claim", iri))
    topic = QUOTH.Topic.value in types
    concerning = claims(site, site.column("claims-concerning", "claim", iri)) if topic else []
    return {
        "anonymous": QUOTH.AnonymousSource.value in types,
        "described_in": [ref(site, a) for a in index.values(iri, QUOTH.describedIn)],
        "warrants": index.values(iri, QUOTH.warrant),
        "also": index.values(iri, SKOS.altLabel),
        "spelt": index.values(iri, SKOS.hiddenLabel),
        "notes": index.values(iri, SKOS.scopeNote),
        "says": [c for c in speaks if c.ref.iri in innermost][:ROWS_LIMIT],
        "relays": [c for c in speaks if c.ref.iri not in innermost][:ROWS_LIMIT],
        "about": about[:ROWS_LIMIT],
        "concerning": concerning[:ROWS_LIMIT],
        "cut": max(len(about), len(speaks), len(concerning)) > ROWS_LIMIT,
        "more": _rows(site, _own_rows(description)),
    }


def by_speaker(found: Iterable[Claim]) -> list[tuple[list[Ref], list[Claim]]]:
    """Claims by their innermost sources together; the articles' own voice first, then whoever says most."""
    groups: dict[tuple[str, ...], list[Claim]] = {}
    for c in found:
        groups.setdefault(tuple(s.iri for s in c.speakers), []).append(c)
    ranked = sorted(groups.values(), key=lambda g: (not g[0].own_voice, -len(g)))
    return [(list(group[0].speakers), group) for group in ranked]


def _own_rows(description: Description) -> list[ox.Quad]:
    here = ox.NamedNode(description.iri)
    return [q for q in description.own if q.subject == here and q.predicate not in _SHOWN_ELSEWHERE]


def _rows(site: Site, quads: Iterable[ox.Quad]) -> list[tuple[Ref, list[Ref | str]]]:
    """Statements as rows of a property and its values."""
    rows: dict[str, list[Ref | str]] = {}
    for q in quads:
        if q.predicate != RDF.type:
            value = ref(site, q.object.value) if isinstance(q.object, ox.NamedNode) else getattr(q.object, "value", "")
            rows.setdefault(q.predicate.value, []).append(value)
    return [(content.property_ref(site, p), values) for p, values in rows.items()]


def _incoming(site: Site, description: Description) -> list[tuple[Ref, Ref]]:
    """What points here, as (who, by which property); parts of claims are shown as their claims."""
    hidden = {OA.hasSource, PROV.wasQuotedFrom}
    found = [q for q in description.incoming if q.predicate not in hidden]
    wholes = [q.subject.value.partition("#")[0] for q in found if isinstance(q.subject, ox.NamedNode)]
    site.labels.fetch(wholes)
    pairs = zip(wholes, (q.predicate.value for q in found), strict=True)
    return [(ref(site, whole), content.property_ref(site, p)) for whole, p in dict.fromkeys(pairs)]
