"""A claim as an answer has it: the sentence, the chain, the exact words, how certain, what is open, how to cite it."""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from quoth.claim.model.claim_summary import Quote
from quoth.claim.model.excerpts import beginning
from quoth.claim.model.ontology import local
from quoth.index.facets import FACETS
from quoth.mcp import answers
from quoth.mcp.answers import Quotation, Thing
from quoth.web.core.site import Site
from quoth.web.present import citation, claim_lookup, phrases
from quoth.web.present.claim_lookup import article_of, ref
from quoth.web.present.claim_view import Claim, Level, Ref
from quoth.web.present.lists.claim_lists import groups
from quoth.web.present.lists.facet_values import short
from quoth.web.present.publication import publication

WORDS = 500
"""Characters of a text in a list of claims."""

SCHEME = "quoth://"
"""The beginning of the URIs of resources; after it comes the path of the site that has the same."""


def resource(site: Site, iri: str) -> str:
    """The URI of the resource about something of the dataset."""
    return f"{SCHEME}doc/{site.iris.name(iri) or iri}"


def thing(of: Ref) -> Thing:
    """Somebody or something."""
    return Thing(iri=of.iri, label=of.label)


def records(site: Site, iris: Iterable[str]) -> list[answers.Claim]:
    """The claims of those IRIs, in their order."""
    return [answers.Claim(**_members(site, claim)) for claim in claim_lookup.claims(site, iris)]


def whole(site: Site, iri: str) -> answers.WholeClaim:
    """The claim of an IRI with all that is coded of it."""
    [claim] = claim_lookup.claims(site, [iri])
    return answers.WholeClaim(**_members(site, claim, sys.maxsize), **_coded(site, claim))


def voices(site: Site, iris: Iterable[str]) -> list[answers.Voice]:
    """The claims of those IRIs by who says them."""
    return [
        answers.Voice(
            speakers=[*map(thing, group.heads)],
            ownVoice=group.own_voice,
            unclear=group.unclear,
            claims=[answers.Claim(**_members(site, claim)) for claim in group.claims],
        )
        for group in groups(claim_lookup.claims(site, iris))
    ]


def _members(site: Site, claim: Claim, words: int = WORDS) -> dict[str, Any]:
    article = article_of(site, claim)
    cited = citation.citation_of(site, claim, article)
    cited = replace(
        cited,
        sentence=beginning(cited.sentence, words),
        quotes=[beginning(quote, words) for quote in cited.quotes],
    )
    published = publication(site, claim.article.iri, article).date if claim.article else ""
    return {
        "iri": claim.ref.iri,
        "resource": resource(site, claim.ref.iri),
        "page": site.iris.document(claim.ref.iri) or claim.ref.iri,
        "sentence": cited.sentence,
        "chain": claim.in_words,
        "quotations": [_quotation(quote, words) for quote in claim.quotes],
        "certainty": _local(claim.certainty) or phrases.NOT_CODED,
        "manner": claim.manner,
        "ambiguous": [*dict.fromkeys(ambiguities(claim))],
        "article": thing(claim.article) if claim.article else None,
        "published": published,
        "reviewed": claim.status,
        "citation": citation.text(cited),
    }


def _quotation(quote: Quote, words: int) -> Quotation:
    exact = beginning(quote.exact, words).removesuffix(" …") if len(quote.exact) > words else quote.exact
    return Quotation(exact=exact, start=quote.start, end=quote.end, cut=exact != quote.exact)


def ambiguities(claim: Claim) -> Iterable[str]:
    """What a reader has to know to be open, in sentences: who says it, how far the words of a source reach, how sure it
    is, and what is not coded."""
    if claim.readings:
        yield claim.in_words
    for level in (level for chain in claim.chains for level in chain):
        who = phrases.listed([source.label for source in level.sources])
        if level.scope == "ambiguous":
            yield f"{phrases.capital(who)}: {phrases.REACHES['ambiguous']}."
        elif level.scope == "inherited":
            yield f"{phrases.capital(who)}: the attribution is {phrases.REACHES['inherited']}."
    if _local(claim.certainty) == "unknown":
        yield phrases.NOT_STATED
    if not claim.attributes:
        yield "Certainty, polarity and realis are not coded."
    if claim.proposed:
        yield "Nobody has reviewed yet that the article says so."


def _coded(site: Site, claim: Claim) -> dict[str, Any]:
    iri = claim.ref.iri
    topics = site.claim_index.values("topic", [iri]).get(iri, [])
    relations = site.claim_index.relations([iri]).get(iri, [])
    return {
        "levels": _levels(claim.levels),
        "readings": [_levels(chain) for chain in claim.readings] or None,
        "polarity": _local(claim.polarity) or None,
        "realis": _local(claim.realis) or None,
        "tense": _local(claim.tense) or None,
        "about": [*map(thing, claim.about)],
        "topics": [thing(ref(site, topic)) for topic in topics],
        "relations": [answers.Relation(kind=short(site, FACETS["relation"], k), claim=other) for k, other in relations],
        "bibtex": citation.bibtex(citation.citation_of(site, claim, article_of(site, claim))),
    }


def _levels(chain: Sequence[Level]) -> list[answers.Level]:
    return [
        answers.Level(
            sources=[*map(thing, level.sources)],
            act=level.act,
            addressees=[*map(thing, level.addressees)],
            stance=level.stance,
            scope=level.scope,
            cue=level.cue.exact if level.cue else "",
        )
        for level in chain
    ]


def _local(concept: Ref | None) -> str:
    return local(concept.iri) if concept else ""
