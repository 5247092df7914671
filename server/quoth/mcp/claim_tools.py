"""Tools about claims: found by words, told in full, by who says them, by source, and side by side."""

from collections.abc import Sequence

from pydantic import Field

from quoth.claim.model.namespaces import QUOTH
from quoth.errors import Choice, UsageError
from quoth.index import fulltext
from quoth.index.facets import KIND
from quoth.index.fulltext import Search, SearchQuery
from quoth.index.selection import Selection
from quoth.index.similarity import folded
from quoth.index.vocabulary import vocabulary
from quoth.mcp import answers
from quoth.mcp.answers import Answer, ClaimAnswer, ClaimsAnswer, VoicesAnswer
from quoth.mcp.call import Arguments, Call, Paged, claim, none, thing
from quoth.mcp.claim_records import records, voices, whole
from quoth.mcp.claim_records import thing as as_thing
from quoth.mcp.statuses import Status
from quoth.web.core.site import Site
from quoth.web.present import phrases, thing_names
from quoth.web.present.claim_lookup import ref
from quoth.web.present.lists import facet_values

RANKED = 500
"""Hits of a search that are ranked; what comes after them is found by narrower words alone."""
PAIRS = 10
"""Pairs of claims that a comparison has of either sort."""
_APART, _TOGETHER = ("contradicts", "inTensionWith"), ("corroborates",)
NAME = 400
"""Characters of a name or an IRI."""


class SearchClaims(Paged):
    query: str = Field(
        default="", max_length=fulltext.TEXT_LIMIT, description='Words of the claim; "several words" for a phrase.'
    )
    source: str = Field(default="", max_length=NAME, description="Only what this source says: a name or an IRI.")
    about: str = Field(default="", max_length=NAME, description="Only claims that name this entity.")
    topic: str = Field(default="", max_length=NAME, description="Only claims on this topic.")
    article: str = Field(default="", max_length=NAME, description="Only claims of this article.")
    certainty: str = Field(default="", max_length=NAME, description="certain, probable, possible or unknown.")
    speechAct: str = Field(default="", max_length=NAME, description="said, denied, announced … (see describe_model).")


class GetClaim(Arguments):
    claim: str = Field(min_length=1, max_length=NAME, description="The IRI, the name or the address of a claim.")


class WhoSays(Paged):
    statement: str = Field(
        min_length=1, max_length=fulltext.TEXT_LIMIT, description="What is said, in a few words of it."
    )


class WhatDoesXSay(Paged):
    source: str = Field(min_length=1, max_length=NAME, description="Who: a name or an IRI.")
    about: str = Field(default="", max_length=NAME, description="Only claims that name this entity.")
    topic: str = Field(default="", max_length=NAME, description="Only claims on this topic.")
    role: str = Field(
        default="says",
        pattern="^(says|relays|possibly)$",
        description="says: it is theirs; relays: they pass it on; possibly: the text leaves open whether they say it.",
    )


class Compare(Paged):
    subject: str = Field(min_length=1, max_length=NAME, description="A topic or an entity: a name or an IRI.")


def search_claims(call: Call, asked: SearchClaims) -> Answer:
    """Claims by words and by what is coded of them, the best first."""
    site = call.site
    selection = Selection("all", narrowed=_narrowed(site, asked.model_dump()))
    message = ""
    if asked.query.strip():
        found, message = _ranked(site, asked.query, selection)
        total, page = len(found), found[call.first :][: asked.limit]
    else:
        total = site.claim_index.count(selection)
        page = site.claim_index.claims(selection, first=call.first, size=asked.limit)
    if not total:
        return none(site, ClaimsAnswer, "no claim fits", choices=_meant(site, asked.query))
    return ClaimsAnswer.of(Status.FOUND, message, total=total, claims=records(site, page))


_SOME = "no claim has all of the words; these have some of them, so check whether they say what was asked"
_MORE = f"these are among the best {RANKED} hits of more: narrow it down by other words"


def get_claim(call: Call, asked: GetClaim) -> Answer:
    """A claim with all that is coded of it."""
    iri = claim(call.site, asked.claim)
    return ClaimAnswer.of(Status.FOUND, claim=whole(call.site, iri))


def who_says(call: Call, asked: WhoSays) -> Answer:
    """Who says something: the claims that say it, by their speakers."""
    found, message = _ranked(call.site, asked.statement, Selection("all"))
    if not found:
        return none(
            call.site, VoicesAnswer, "nobody says so in this corpus", choices=_meant(call.site, asked.statement)
        )
    page = found[call.first :][: asked.limit]
    return VoicesAnswer.of(Status.FOUND, message, total=len(found), voices=voices(call.site, page))


def what_does_x_say(call: Call, asked: WhatDoesXSay) -> Answer:
    """What a source says, or passes on, or may be saying; those that are certain first."""
    site = call.site
    iri = thing(site, asked.source, ["source"], "source")
    narrowed = _narrowed(site, {"about": asked.about, "topic": asked.topic})
    selections = {role: Selection(role, iri, narrowed) for role in ("says", "relays", "possibly")}
    counts = {role: site.claim_index.count(selection) for role, selection in selections.items()}
    subject = as_thing(ref(site, iri))
    if not counts[asked.role]:
        return none(site, ClaimsAnswer, "the source has no such claim", subject=subject, counts=counts)
    page = site.claim_index.graded(selections[asked.role], first=call.first, size=asked.limit)
    return ClaimsAnswer.of(
        Status.FOUND, total=counts[asked.role], subject=subject, counts=counts, claims=records(site, page)
    )


def compare(call: Call, asked: Compare) -> Answer:
    """The claims about a topic or an entity by who says them, and which of them pull apart or go together."""
    site = call.site
    iri = thing(site, asked.subject, ["topic", "entity"], "subject")
    role = "concerning" if QUOTH.Topic.value in _types(site, iri) else "about"
    selection = Selection(role, iri)
    total, subject = site.claim_index.count(selection), as_thing(ref(site, iri))
    if not total:
        return none(site, VoicesAnswer, "there is no claim about it", subject=subject)
    page = site.claim_index.claims(selection, first=call.first, size=asked.limit)
    apart, together = (_pairs(site, selection, *kinds) for kinds in (_APART, _TOGETHER))
    more = max(len(apart), len(together)) > PAIRS
    return VoicesAnswer.of(
        Status.FOUND,
        f"there are more pairs than the {PAIRS} of either sort that are told: ask about less" if more else "",
        total=total,
        subject=subject,
        voices=voices(site, page),
        apart=apart[:PAIRS],
        together=together[:PAIRS],
    )


def _types(site: Site, iri: str) -> set[str]:
    return {getattr(q.object, "value", "") for q in site.engine.describe([iri])}


def _pairs(site: Site, selection: Selection, *kinds: str) -> list[answers.Pair]:
    pairs = site.claim_index.pairs(selection, [getattr(QUOTH, kind).value for kind in kinds], PAIRS + 1)
    named = dict.fromkeys(iri for pair in pairs for iri in (pair.claim, pair.other))
    known = dict(zip(named, records(site, named), strict=True))
    words = {getattr(QUOTH, kind).value: phrases.RELATIONS[kind][0] for kind in kinds}
    return [
        answers.Pair(relation=words[p.kind], claims=[known[p.claim], known[p.other]], reason=p.reason) for p in pairs
    ]


def _narrowed(site: Site, asked: dict[str, object]) -> tuple[tuple[str, str], ...]:
    """The facets and values by which the arguments that are facets narrow a list. Raises as ``thing`` does, and
    UsageError for a value that there is not."""
    chosen = []
    for name in ("source", "about", "topic", "article", "certainty", "speechAct"):
        value = str(asked.get(name) or "").strip()
        if not value:
            continue
        facet = facet_values.FACETS_BY_PARAMETER[name]
        chosen.append(
            (facet.name, thing(site, value, [facet.kind], name))
            if facet.kind
            else facet_values.narrowing(site, name, value)
        )
    return tuple(chosen)


def _ranked(site: Site, text: str, selection: Selection) -> tuple[list[str], str]:
    """The claims of a selection that have the words of a text, the best first, and a message where they have only some
    of them, as no claim has all, or are not all. Raises UsageError for a text without words."""
    words = fulltext.expression(text, vocabulary(site.claim_index))
    if not words:
        raise UsageError("there is no word to search for", remedy="give at least one letter or digit")
    for expression in (words, fulltext.any_of(folded(text).split())):
        query = SearchQuery(expression, ((KIND.name, "claim"),))
        hits = [hit.iri for hit in Search(site.claim_index).hits(query, first=0, size=RANKED)] if expression else []
        among = set(site.claim_index.among(selection, hits))
        if among:
            messages = (_SOME if expression is not words else "", _MORE if len(hits) == RANKED else "")
            return [iri for iri in hits if iri in among], "; ".join(filter(None, messages))
    return [], ""


def _meant(site: Site, text: str) -> list[answers.Choice] | None:
    """The things whose names are like the words of a search that finds nothing."""
    near = thing_names.near_to(site, text) if text.strip() else []
    called = thing_names.told_apart(site, near)
    return choices([Choice(name, site.iris.shorten(iri)) for name, iri in zip(called, near, strict=True)])


def choices(of: Sequence[Choice]) -> list[answers.Choice] | None:
    """What may have been meant, if anything."""
    return [answers.Choice(label=choice.label, value=choice.value) for choice in of] or None
