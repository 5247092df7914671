"""The page of a document: one template for each kind of resource, all from the same description as the RDF."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import pyoxigraph as ox
from flask import render_template, request

from quoth.claim.model.namespaces import (
    ADMS,
    DCTERMS,
    ENCODING_STATUS,
    OA,
    ORG,
    PROV,
    QUOTH,
    RDF,
    RDFS,
    SCHEMA,
    SKOS,
    kind_of,
)
from quoth.claim.model.triple_index import TripleIndex
from quoth.formats import MARKDOWN, RDF_FORMATS, TRIG
from quoth.index.selection import Selection
from quoth.web.core.serializers import serialize
from quoth.web.core.site import Site
from quoth.web.describe.description import Description
from quoth.web.documents import entity_page, long_article
from quoth.web.present import (
    citation,
    content_diagram,
    content_tree,
    embed,
    markdown,
    mention_list,
    phrases,
    rival_encodings,
    schema_org,
    thing_history,
    withdrawal_notices,
)
from quoth.web.present.claim_lookup import article_language, article_of, claims, ref, words
from quoth.web.present.claim_view import Claim, Ref
from quoth.web.present.languages import language_name
from quoth.web.present.lists import claim_lists, facet_values
from quoth.web.present.lists.faceting import claims_of
from quoth.web.present.publication import PROPERTIES, publication, publications
from quoth.web.present.quotation_map import passage, strip

STATEMENTS_LIMIT = 250
SOURCE_TEXT_LIMIT = 60_000
_SHOWN_SEPARATELY = {
    *(RDF.type, RDFS.label, SKOS.scopeNote, SKOS.altLabel, SKOS.hiddenLabel, SKOS.prefLabel, SKOS.definition),
    *(QUOTH.warrant, QUOTH.describedIn, QUOTH.correction, ORG.hasMembership),
}
_POSITION = {SCHEMA.latitude, SCHEMA.longitude}


@dataclass(frozen=True)
class EncodingView:
    """One encoding of an article: its name within the article, what is said about it, the number of its claims, and
    whether these are counted."""

    name: str
    iri: str
    rows: list[tuple[Ref, list[Ref | str]]]
    claims: int
    counted: bool


def render(site: Site, description: Description, path: str, canonical: str | None) -> str:
    """The page about a resource; ``path`` is its percent-encoded name below /doc/, ``canonical`` the path of the
    current document about it, None where the current release says nothing of it."""
    types, stem = description.types, f"{site.iris.documents}/{path}"
    if QUOTH.Claim.value in types:
        template, variables = "claim.html", _claim(site, description, canonical)
    elif types & {SCHEMA.Article.value, SCHEMA.NewsArticle.value}:
        template, variables = "article.html", _article(site, description, stem)
    else:
        template, variables = "entity.html", _entity(site, description, stem)
    text = serialize(description.everything, TRIG, site.iris).decode()
    name = ref(site, description.iri)
    notices = withdrawal_notices.later(site).of(description.everything) if site.pinned else []
    return render_template(
        template,
        withdrawals=withdrawal_notices.views(site, notices),
        iri=description.iri,
        kind=kind_of(types),
        name=name,
        label=name.label,
        stem=stem,
        canonical=canonical,
        release_number=site.release.number,
        pinned=site.pinned,
        formats=(*RDF_FORMATS, MARKDOWN),
        source=text[:SOURCE_TEXT_LIMIT],
        source_cut=len(text) > SOURCE_TEXT_LIMIT,
        incoming=_incoming(site, description),
        incoming_page=description.incoming,
        inferences_cut=description.cut,
        corrections=thing_history.corrections(site, description.index, description.iri),
        past=thing_history.view(site, description.iri, kind_of(types)),
        **variables,
    )


def _claim(site: Site, description: Description, canonical: str | None) -> dict[str, Any]:
    iri = description.iri
    [claim] = claims(site, [iri])
    corrections = thing_history.corrections(site, description.index, iri)
    about = [ref(site, entity) for entity in description.index.values(iri, SCHEMA.about)]
    authors = [ref(site, source) for source in description.index.values(iri, PROV.wasAttributedTo)]
    inferences = content_tree.marked(site, description.inferences)
    nodes = content_tree.nodes(site, iri, description.content, inferences)
    article = article_of(site, claim)
    source = claim.article.iri if claim.article else ""
    published, counted = publication(site, source, article), article.value(source, QUOTH.countedEncoding)
    cited = citation.citation_of(site, claim, article)
    # Search engines read no pinned documents (robots.txt).
    url = site.iris.url(canonical) if canonical else cited.url
    return {
        "claim": claim,
        "uncounted": bool(counted and claim.encoding not in ("", counted)),
        "nodes": nodes,
        "drawing": content_diagram.draw(nodes),
        "inferred": content_tree.inferred(site, iri, inferences),
        "about": about,
        "accepted": [_accepted(site, description.index, j) for j in description.index.values(iri, QUOTH.accepted)],
        "passage": passage(site, claim, _text_length(article, source) or 0, _sha256(article, source)),
        "cited": cited,
        "citations": [
            ("Text", citation.text(cited)),
            ("BibTeX", citation.bibtex(cited)),
            ("CSL-JSON", citation.csl_text(cited)),
            ("Markdown", markdown.snippet(cited)),
            ("HTML, to show it in a page", embed.frame(site, iri, claim.ref.label) + "\n"),
        ],
        "oembed": embed.discovery(site, iri),
        "structured": schema_org.script(
            schema_org.claim(claim, url, authors, about, site.licence, published, corrections)
        ),
    }


def _accepted(site: Site, index: TripleIndex, judgement: str) -> tuple[str, str, list[Ref]]:
    """Of a warning that was accepted: its rule, the reason, and who judged."""
    rule = index.value(judgement, QUOTH.rule).rpartition("#")[2]
    judges = [ref(site, by) for by in index.values(judgement, PROV.wasAttributedTo)]
    return rule, index.value(judgement, RDFS.comment), judges


def _text_length(index: TripleIndex, article: str) -> int | None:
    """The length of an article's text in code points, where the statements about the article tell it."""
    return index.number(index.value(article, SCHEMA.encoding), QUOTH.textLength)


def _sha256(index: TripleIndex, article: str) -> str:
    """The recorded hash of an article's text, or an empty one."""
    return index.value(index.value(article, SCHEMA.encoding), SCHEMA.sha256)


def _text_licence(site: Site, index: TripleIndex, article: str) -> Ref | None:
    """The licence of an article's text itself, if it has one."""
    licence = index.value(index.value(article, SCHEMA.encoding), DCTERMS.license)
    return ref(site, licence) if licence else None


def _earlier_texts(index: TripleIndex, article: str) -> list[tuple[str, str, str]]:
    """The earlier texts of an article, the latest first: the day until which its anchors counted in them, the hash, and
    the length in code points."""
    texts = index.values(index.value(article, SCHEMA.encoding), QUOTH.earlierText)
    records = (
        (index.value(text, DCTERMS.date), index.value(text, SCHEMA.sha256), index.value(text, QUOTH.textLength))
        for text in texts
    )
    return sorted(records, reverse=True)


def _article(site: Site, description: Description, path: str) -> dict[str, Any]:
    iri, index = description.iri, description.index
    selection = Selection("quoted", iri, encoding=facet_values.encoding(site, request.args))
    is_long = site.claim_index.count(selection) > STATEMENTS_LIMIT
    shown = [] if is_long else claims(site, site.claim_index.claims(selection, first=0, size=STATEMENTS_LIMIT))
    voices = [(group.heads, group.claims) for group in claim_lists.groups(shown)]
    voices.sort(key=lambda voice: (not voice[1][0].own_voice, voice[1][0].start))
    length = _text_length(index, iri)
    covered = site.coverage.get(selection.encoding or index.value(iri, QUOTH.countedEncoding))
    if is_long and not any(q.predicate == QUOTH.refersTo for q in description.own):
        mentions = mention_list.MentionList([], False)
    else:
        mentions = mention_list.in_article(site, iri, its_own=is_long)
    originals = site.column("same-text", "original", iri)
    reprints = publications(site, site.column("same-text", "reprint", iri))
    return {
        "claims": len(shown),
        "table": claims_of(site, "quoted", iri, selection.encoding),
        "own_voice": sum(c.own_voice for c in shown),
        "voices": voices,
        "originals": [(ref(site, o), site.claim_index.count(Selection("quoted", o))) for o in originals],
        "reprints": [(ref(site, reprint), published) for reprint, published in reprints.items()],
        "strip": None
        if is_long
        else strip([group for _, group in voices], length or 0, _unnamed(site, shown), covered),
        "mentions": mentions,
        "sources": [ref(site, s) for s in site.column("sources-described-in", "source", iri)],
        "language": language_name(index.value(iri, SCHEMA.inLanguage)),
        "text_language": article_language(site, iri),
        "sha256": _sha256(index, iri),
        "length": length,
        "text_licence": _text_licence(site, index, iri),
        "earlier_texts": _earlier_texts(index, iri),
        "encodings": (encodings := _encodings(site, description)),
        "comparison": rival_encodings.compare(site, iri) if len(encodings) > 1 and not site.pinned else None,
        "about_inference": _about_inferences(index, iri),
        "times": content_tree.times(iri, content_tree.marked(site, description.inferences)),
        "identified": publication(site, iri, index).is_identified,
        "published": _published_rows(site, description),
        "more": _rows(
            site,
            _own_rows(
                description,
                {SCHEMA.encoding, SCHEMA.inLanguage, QUOTH.countedEncoding, QUOTH.reprints, *PROPERTIES},
            ),
        ),
        "structured": schema_org.script(schema_org.article(site, iri, index)),
        "runs": [],
        "speech_map": None,
        **(long_article.view(site, iri, path, selection, length or 0, request.args) if is_long else {}),
    }


def _unnamed(site: Site, shown: Iterable[Claim]) -> set[str]:
    """The anonymous ones among the claims' innermost sources."""
    speakers = list(dict.fromkeys(s.iri for c in shown for s in c.speakers))
    index = TripleIndex(site.engine.describe(speakers) if speakers else [])
    return {s for s in speakers if QUOTH.AnonymousSource.value in index.values(s, RDF.type)}


def _entity(site: Site, description: Description, path: str) -> dict[str, Any]:
    view = entity_page.view(site, description, path, request.args)
    linked = {m.target.iri for m in view["mappings"] if m.target}
    rows = _own_rows(description, _POSITION if view["map"] else set())
    rows = [q for q in rows if getattr(q.object, "value", "") not in linked]
    more = entity_page.parts_in_words(site, description.index, _rows(site, rows))
    return {**view, "more": [] if view["alone"] else more}


def _encodings(site: Site, description: Description) -> list[EncodingView]:
    """The encodings of an article, the counted one first."""
    iri, index = description.iri, description.index
    counted = index.value(iri, QUOTH.countedEncoding)
    every = sorted(set(index.subjects(PROV.wasDerivedFrom, iri)), key=lambda encoding: (encoding != counted, encoding))
    return [
        EncodingView(
            encoding.partition("#")[2],
            encoding,
            _rows(site, (q for q in description.own if q.subject == ox.NamedNode(encoding))),
            site.claim_index.count(Selection("quoted", iri, encoding=encoding)),
            encoding == (counted or encoding),
        )
        for encoding in every
    ]


def _about_inferences(index: TripleIndex, iri: str) -> list[str]:
    """How the inferences of each encoding of an article were made; of a proposed one, that it is."""

    def proposed(graph: str) -> bool:
        return index.value(index.value(graph, QUOTH.encoding), ADMS.status) == ENCODING_STATUS.proposed.value

    graphs = sorted(graph for graph in index.subjects(RDF.type, PROV.Bundle) if graph.startswith(f"{iri}#"))
    return [phrases.PROPOSED * proposed(graph) + text for graph in graphs for text in index.values(graph, RDFS.comment)]


def _published_rows(site: Site, description: Description) -> list[tuple[Ref, list[Ref | str]]]:
    """What is said about the publication of an article, in the order of PROPERTIES; addresses in full."""
    quads = [q for q in description.own if q.subject == ox.NamedNode(description.iri) and q.predicate in PROPERTIES]
    rows = _rows(site, sorted(quads, key=lambda q: PROPERTIES.index(q.predicate)))
    addresses = (SCHEMA.url.value, SCHEMA.archivedAt.value)
    return [
        (name, [replace(v, label=v.iri) if isinstance(v, Ref) and name.iri in addresses else v for v in values])
        for name, values in rows
    ]


def _own_rows(description: Description, omitted: set[ox.NamedNode]) -> list[ox.Quad]:
    resource, omitted = ox.NamedNode(description.iri), omitted | _SHOWN_SEPARATELY
    return [q for q in description.own if q.subject == resource and q.predicate not in omitted]


def _rows(site: Site, quads: Iterable[ox.Quad]) -> list[tuple[Ref, list[Ref | str]]]:
    """Statements as rows of a property and its values."""
    rows: dict[str, list[Ref | str]] = {}
    for q in dict.fromkeys(quads):
        if q.predicate != RDF.type and isinstance(q.object, ox.NamedNode | ox.Literal):
            value = ref(site, q.object.value) if isinstance(q.object, ox.NamedNode) else words(q.object)
            rows.setdefault(q.predicate.value, []).append(value)
    return [(content_tree.property_ref(site, p), values) for p, values in rows.items()]


def _incoming(site: Site, description: Description) -> list[tuple[Ref, list[Ref]]]:
    """The incoming links: each subject with its properties; a claim stands for its parts."""
    hidden = {OA.hasSource, PROV.wasQuotedFrom, QUOTH.refersTo, QUOTH.mentionedIn}
    quads = [q for q in description.incoming if q.predicate not in hidden and isinstance(q.subject, ox.NamedNode)]
    links: dict[str, dict[str, None]] = {}
    for q in quads:
        links.setdefault(q.subject.value.partition("#")[0], {})[q.predicate.value] = None  # type: ignore[union-attr]
    links.pop(description.iri, None)
    site.labels.fetch(links)
    return [(ref(site, whole), [content_tree.property_ref(site, p) for p in by]) for whole, by in links.items()]
