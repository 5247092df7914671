"""Claims as rows of a table: for CSV with one value or a list in each cell, for JSON as objects."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quoth.index.facets import FACETS
from quoth.web.core import csv_table
from quoth.web.core.csv_table import joined
from quoth.web.core.site import Site
from quoth.web.present.claim_lookup import ref
from quoth.web.present.claim_view import Claim, Level, Ref
from quoth.web.present.lists.facet_values import short
from quoth.web.present.phrases import NOT_CODED
from quoth.web.present.publication import Publication, publications

COLUMNS: Mapping[str, str] = {
    "claim": "IRI of the claim",
    "sentence": "the claim as a sentence of ours, which begins with the speaker",
    "speaker": "who says it, at the inner end of the chain; `unclear` where the text leaves it open",
    "speaker_iri": "their IRIs",
    "source_kind": "`named` or `unnamed`, as in the parameter `naming`; `article` where the article says it itself;"
    " `unclear` where the text does not make clear who does",
    "speech_act": "what they do in saying it: `stated`, `denied`, `asked` …, as in the parameter `speechAct`",
    "possible_speaker": "those who may be saying it, where the text leaves that open",
    "possible_speaker_iri": "their IRIs",
    "chain": "the whole chain of attribution in words; where the text allows several, each of them",
    "depth": "how many sources it came through, the article included; `unclear` where the text leaves it open",
    "voice": "`own` where the article says it itself, otherwise `reported` or `unclear`",
    "coding": "`inWords`, or `withContent`: of claims in words, what follows is `not coded`",
    "certainty": "how sure the speaker is",
    "polarity": "`positive` or `negative`: whether the speaker says that it is so or that it is not",
    "realis": "what it is presented as: `actual`, `proposed`, `predicted` …",
    "tense": "`past`, `present` or `future`, relative to the time of the article",
    "information_status": "`atIssue`, `presupposed`, `implicated` or `aside`: its part in its sentence",
    "event_type": "what is said to happen, as in the parameter `eventType`",
    "quotation": "the words that carry it",
    "start": "where they begin in the article's text, in Unicode code points",
    "end": "where they end, exclusive",
    "about": "the entities that it names",
    "about_iri": "their IRIs",
    "topic": "the topics that it concerns (our inference)",
    "topic_iri": "their IRIs",
    "relation": "how it bears on other claims (our inference), as in the parameter `relation`: `contradicts` …",
    "relation_iri": "the IRIs of these claims, one for each relation, in the same order",
    "article": "the article that makes or reports it",
    "article_iri": "its IRI",
    "article_headline": "its headline",
    "article_author": "who wrote it",
    "article_publisher": "who published it",
    "article_published": "on which day, or in which month or year, if the article gives no day",
    "article_section": "in which section of the paper",
    "article_language": "in which language, as its tag: `en`",
    "article_url": "where it is on the web",
    "article_archived": "where a copy is kept",
    "encoding_iri": "the IRI of the encoding that it is part of",
    "status": "`proposed` or `reviewed`: that of the encoding; empty where the data does not say",
    "document": "the address of the claim's page",
}
"""The columns of the table, in order, and their contents."""


@dataclass(frozen=True)
class Row:
    """A claim with what the index knows of it: the publication of its article; values of facets, as parameters have
    them; its topics; its relations, each as a name and the other claim's IRI."""

    claim: Claim
    published: Publication
    naming: Sequence[str]
    acts: Sequence[str]
    events: Sequence[str]
    topics: Sequence[Ref]
    relations: Sequence[tuple[str, str]]


def cells(site: Site, row: Row) -> list[str]:
    """One claim as a row of COLUMNS."""
    claim, published = row.claim, row.published

    def titled(refs: Iterable[Ref]) -> list[Ref]:
        """The same under the names of other columns: sentences call the article “the article itself”."""
        return [ref(site, r.iri) for r in refs]

    offsets = (claim.quotes[0].start, claim.quotes[-1].end) if claim.quotes else (None, None)
    return [
        claim.ref.iri,
        claim.ref.label,
        *(_both(titled(claim.speakers)) if claim.speakers or not claim.unclear else ("unclear", "")),
        joined(row.naming),
        joined(row.acts),
        *_both(titled(candidate for candidate in claim.candidates if candidate not in claim.speakers)),
        claim.in_words,
        str(claim.depth or "unclear"),
        claim.voice,
        _coding(claim),
        *(_local(value) or NOT_CODED for value in _values(claim)),
        joined(row.events) if claim.with_content else NOT_CODED,
        joined(q.exact for q in claim.quotes),
        *("" if offset is None else str(offset) for offset in offsets),
        *_both(claim.about),
        *_both(row.topics),
        joined(name for name, _ in row.relations),
        joined(iri for _, iri in row.relations),
        *_both([claim.article] if claim.article else []),
        published.headline,
        joined(author.label for author in published.authors),
        joined(publisher.label for publisher in published.publishers),
        published.date,
        joined(published.sections),
        published.language,
        joined(published.urls),
        joined(published.archived),
        claim.encoding,
        claim.status,
        site.iris.document(claim.ref.iri) or "",
    ]


def lines(site: Site, claims: Iterable[Claim], *, head: bool) -> bytes:
    """Claims as lines of a CSV, with the names of the columns before them if wanted."""
    return csv_table.lines((cells(site, row) for row in rows(site, claims)), COLUMNS if head else ())


def objects(site: Site, claims: Iterable[Claim]) -> Iterator[dict[str, Any]]:
    """Claims as objects for JSON, in which several values are a list."""
    for row in rows(site, claims):
        claim = row.claim
        yield {
            "claim": claim.ref.iri,
            "sentence": claim.ref.label,
            "chain": _chain(claim.levels),
            "readings": [_chain(chain) for chain in claim.readings],
            "depth": claim.depth,
            "voice": claim.voice,
            "sourceKind": row.naming,
            "speechAct": row.acts,
            "coding": _coding(claim),
            "certainty": _local(claim.certainty) or None,
            "polarity": _local(claim.polarity) or None,
            "realis": _local(claim.realis) or None,
            "tense": _local(claim.tense) or None,
            "informationStatus": _local(claim.information_status) or None,
            "eventTypes": row.events if claim.with_content else None,
            "quotations": [{"exact": q.exact, "start": q.start, "end": q.end} for q in claim.quotes],
            "about": [_object(entity) for entity in claim.about],
            "topics": [_object(topic) for topic in row.topics],
            "relations": [{"kind": name, "claim": iri} for name, iri in row.relations],
            "article": _article(claim.article, row.published) if claim.article else None,
            "encoding": claim.encoding or None,
            "status": claim.status or None,
            "document": site.iris.document(claim.ref.iri) or "",
        }


def rows(site: Site, claims: Iterable[Claim]) -> Iterator[Row]:
    """The claims as rows; the index is asked once for all of them."""
    claims = list(claims)
    iris = [claim.ref.iri for claim in claims]
    naming, acts, events = (_written(site, name, iris) for name in ("naming", "speechAct", "eventType"))
    topics, relations = site.claim_index.values("topic", iris), site.claim_index.relations(iris)
    site.labels.fetch(topic for of_claim in topics.values() for topic in of_claim)
    published = publications(site, (claim.article.iri for claim in claims if claim.article))
    for claim in claims:
        iri = claim.ref.iri
        yield Row(
            claim,
            published[claim.article.iri] if claim.article else Publication(),
            naming.get(iri, ()),
            acts.get(iri, ()),
            events.get(iri, ()),
            [ref(site, topic) for topic in topics.get(iri, ())],
            [(kind.rpartition("#")[2], other) for kind, other in relations.get(iri, ())],
        )


def _written(site: Site, facet: str, iris: Sequence[str]) -> dict[str, list[str]]:
    """The values of a facet for each of those claims, as parameters have them."""
    values = site.claim_index.values(facet, iris)
    return {iri: [short(site, FACETS[facet], value) for value in of_claim] for iri, of_claim in values.items()}


def _article(article: Ref, published: Publication) -> dict[str, Any]:
    return {
        **_object(article),
        "headline": published.headline or None,
        "authors": [*map(_object, published.authors)],
        "publishers": [*map(_object, published.publishers)],
        "published": published.date or None,
        "sections": [*published.sections],
        "language": published.language or None,
        "urls": [*published.urls],
        "archived": [*published.archived],
    }


def _chain(levels: Sequence[Level]) -> list[dict[str, Any]]:
    return [
        {"sources": [_object(s) for s in level.sources], "act": level.act or None, "stance": level.stance or None}
        for level in levels
    ]


def _coding(claim: Claim) -> str:
    return "withContent" if claim.with_content else "inWords"


def _values(claim: Claim) -> Sequence[Ref | None]:
    return claim.certainty, claim.polarity, claim.realis, claim.tense, claim.information_status


def _object(ref: Ref) -> dict[str, str]:
    return {"iri": ref.iri, "label": ref.label}


def _both(refs: Sequence[Ref]) -> tuple[str, str]:
    """The names and the IRIs, in the order of the IRIs."""
    refs = sorted(refs, key=lambda r: r.iri)
    return joined(r.label for r in refs), joined(r.iri for r in refs)


def _local(concept: Ref | None) -> str:
    return concept.iri.rpartition("#")[2] if concept else ""
