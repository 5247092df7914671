"""What a release holds on a subject: the claims, numbered and by who says so, and what is known of their sources, of
their articles and of how they are said."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from quoth.claim.model.namespaces import QUOTH, RDF, SKOS
from quoth.claim.model.ontology import local
from quoth.claim.model.triple_index import TripleIndex
from quoth.http.pagination import Page
from quoth.web.core.site import Site
from quoth.web.core.statements import described
from quoth.web.present import claim_lookup
from quoth.web.present.citation import Citation, citation_of
from quoth.web.present.claim_lookup import ref
from quoth.web.present.claim_view import Claim, Ref, Words
from quoth.web.present.lists import claim_lists
from quoth.web.present.publication import Publication, publication

PAGE_CLAIMS = 100
"""Claims in one proof: more are on further pages."""


@dataclass(frozen=True)
class Cited:
    """A claim as a sentence names it: a link, and its number in the notes."""

    ref: Ref
    number: int


Sentence = tuple[str | Ref | Cited, ...]
"""A sentence of ours: words, and links to what they are about."""


def plain(sentence: Sentence) -> str:
    """A sentence without its links."""
    return "".join(
        p if isinstance(p, str) else f"{p.ref.label.rstrip('.')} [{p.number}]" if isinstance(p, Cited) else p.label
        for p in sentence
    )


@dataclass(frozen=True)
class Entry:
    """A claim of a proof: its number, how to cite it, and in words how it is said (``hedges``)."""

    number: int
    claim: Claim
    citation: Citation
    hedges: str

    @property
    def cited(self) -> Cited:
        """The claim as sentences name it."""
        return Cited(self.claim.ref, self.number)


@dataclass(frozen=True)
class Speaker:
    """A source: whether it has no name, the articles that describe it, and how it would know, in their words."""

    ref: Ref
    unnamed: bool = False
    described_in: Sequence[Ref] = ()
    warrants: Sequence[Words] = ()
    notes: Sequence[str] = ()


@dataclass(frozen=True)
class Voice:
    """Those who make some claims, or may make them (``unclear``), or the article in its own voice."""

    speakers: Sequence[Speaker]
    own_voice: bool
    unclear: bool
    entries: Sequence[Entry]


@dataclass(frozen=True)
class Record:
    """The claims of one page of a proof in the order of their places, their voices, the articles that they are made in
    with what is known of each, and ``others``: claims beside them to which they are compared."""

    entries: Sequence[Entry]
    voices: Sequence[Voice]
    articles: Sequence[tuple[Ref, Publication]]
    others: Sequence[Entry]

    def entry(self, iri: str) -> Entry | None:
        """The entry of a claim."""
        return next((e for e in (*self.entries, *self.others) if e.claim.ref.iri == iri), None)

    @property
    def speakers(self) -> dict[str, Speaker]:
        """The sources of the claims by their IRIs."""
        return {speaker.ref.iri: speaker for voice in self.voices for speaker in voice.speakers}


def gather(site: Site, iris: Page[str], beside: Iterable[str]) -> Record:
    """The record of the claims of a page, whose numbers go on from page to page, and of those ``beside`` them."""
    every = claim_lookup.claims(site, dict.fromkeys([*iris, *beside]))
    named = {part for c in every if c.article for part in (c.article.iri, c.encoding or f"{c.article.iri}#encoding")}
    index = TripleIndex(described(site.engine, sorted(named)))
    first = (iris.number - 1) * iris.size + 1
    after = iris.total + 1 - len(iris)
    entries = [
        Entry(
            first + place if place < len(iris) else after + place,
            claim,
            citation_of(site, claim, index),
            _hedges(claim),
        )
        for place, claim in enumerate(every)
    ]
    shown = entries[: len(iris)]
    articles = dict.fromkeys(entry.claim.article.iri for entry in entries if entry.claim.article)
    return Record(
        shown,
        _voices(site, shown),
        [(ref(site, iri), publication(site, iri, index)) for iri in articles],
        entries[len(iris) :],
    )


def _voices(site: Site, entries: Sequence[Entry]) -> list[Voice]:
    by_iri = {entry.claim.ref.iri: entry for entry in entries}
    groups = claim_lists.groups(entry.claim for entry in entries)
    heads = sorted({head.iri for group in groups for head in group.heads})
    index = TripleIndex(described(site.engine, heads))
    return [
        Voice(
            [_speaker(site, index, head) for head in group.heads],
            group.own_voice,
            group.unclear,
            [by_iri[claim.ref.iri] for claim in group.claims],
        )
        for group in groups
    ]


def _speaker(site: Site, index: TripleIndex, head: Ref) -> Speaker:
    articles = index.values(head.iri, QUOTH.describedIn)
    language = claim_lookup.article_language(site, articles[0]) if articles else ""
    return Speaker(
        head,
        QUOTH.AnonymousSource.value in index.values(head.iri, RDF.type),
        [ref(site, article) for article in sorted(articles)],
        [Words(text, language) for text in sorted(index.values(head.iri, QUOTH.warrant))],
        sorted(text.value for text in index.literals(head.iri, SKOS.scopeNote)),
    )


def _hedges(claim: Claim) -> str:
    """Certainty, polarity, mode, tense, place in the sentence and stance of the article in words."""
    parts = [claim.manner]
    tense, status = claim.tense, claim.information_status
    parts += [f"Tense: {tense.label}."] if tense else []
    if status and local(status.iri) != "atIssue":
        parts.append(f"In the sentence: {status.label}.")
    return " ".join(parts)
