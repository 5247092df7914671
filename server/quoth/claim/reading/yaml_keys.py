"""The keys of a YAML document: where each belongs, which values it takes, and which one is meant by another word."""

import difflib
import re

from quoth.claim.model.excerpts import shortened
from quoth.claim.reading import yaml_levels, yaml_mentions, yaml_short_forms

NUMBERS = frozenset({"quantity", "start", "end", "length", "depth", "@value"})
"""The keys whose values can be numbers. Under any other, a number is text."""
_JUDGED = frozenset({"reason", "by"})
KEYS_INSIDE = {"inference": frozenset({"because"}), **dict.fromkeys(("accepted", "correction", "withdrawn"), _JUDGED)}
"""Keys that the defaults rewrite, and that the context does not define, by the key that they stand under."""
PLACES = {
    "claims": "id words label content certainty polarity realis tense informationStatus understood attribution "
    + " ".join(yaml_levels.LEVEL_KEYS),
    "levels": " ".join(yaml_levels.LEVEL_KEYS),
    **dict.fromkeys(("attribution", "within"), " ".join(yaml_levels.LEVEL_KEYS)),
    **dict.fromkeys(("words", "anchor", "cue", "mention"), "exact prefix suffix start end"),
    "correction": "reason by date",
    "text": "sha256 length licence mediaType earlier",
    "earlier": "sha256 length date",
    "encoding": "id attributedTo created method licence rights status",
    **dict.fromkeys(
        ("entities", "sources"), "id type label altLabel hiddenLabel scopeNote comment seeAlso warrant memberships"
    ),
    "memberships": "organization roleName startDate endDate attributedTo",
    "topics": "id label altLabel scopeNote closeMatch",
    "graph": "id corroborates contradicts inTensionWith presupposes sameReferent because concerns earliest latest"
    " comment",
    "mentions": "of exact prefix suffix start end all understood comment",
    "concepts": "id prefLabel altLabel hiddenLabel definition scopeNote broader inScheme enacts frame",
    "frame": "id type needs may forbids comment",
}
"""A key → the usual keys of what stands under it, for messages."""
MEANT = {
    **dict.fromkeys(("name", "title", "caption", "summary"), "label prefLabel"),
    **dict.fromkeys(("quote", "quotation", "text", "anchor_text", "statement"), "words exact"),
    **dict.fromkeys(("speaker", "said_by", "by", "who", "attribution_source"), "source attributedTo"),
    **dict.fromkeys(("verb", "act", "speech_act", "speechact"), "speechAct"),
    **dict.fromkeys(("description", "note", "notes"), "scopeNote comment definition"),
    **dict.fromkeys(("aliases", "alias", "aka", "othernames"), "altLabel"),
    **dict.fromkeys(("slug", "iri", "uri", "key"), "id"),
    **dict.fromkeys(("date", "day"), "created"),
    **dict.fromkeys(("license", "rights"), "licence"),
    **dict.fromkeys(("from", "begin", "offset"), "start"),
    **dict.fromkeys(("entity", "who", "refers_to"), "of"),
    **dict.fromkeys(("kind", "class"), "type"),
    **dict.fromkeys(("audience", "to", "hearer"), "addressee"),
    **dict.fromkeys(("hash", "digest", "checksum"), "sha256"),
    **dict.fromkeys(("supports", "agrees", "confirms"), "corroborates"),
    **dict.fromkeys(("denies", "refutes", "opposes", "disagrees"), "contradicts"),
    **dict.fromkeys(("assumes", "requires", "implies"), "presupposes"),
    **dict.fromkeys(("sameas", "same"), "sameReferent"),
    **dict.fromkeys(("about", "topic", "topics"), "concerns"),
    **dict.fromkeys(("reason", "why", "comment"), "because"),
    "event": "content",
}
"""A word that people write for a key, in lower case → the keys that may be meant, as far as the place has them."""
ENTRIES = {
    "claims": "{id: ferry-late, source: id/org/harbour-office, speechAct: said, words: the ferry was late}",
    "entities": "{id: id/org/harbour-office, type: Organization, label: the harbour office}",
    "sources": "{id: two-dockers, type: AnonymousSource, label: two dockers}",
    "topics": "{id: id/topic/ferry, label: the ferry}",
    "concepts": "{id: id/concept/smuggling, prefLabel: smuggling, broader: …}",
    "encoding": "{attributedTo: id/org/quoth, created: 2026-11-28, method: By hand., licence: …}",
    "mentions": "{of: id/org/harbour-office, exact: the office}",
    "inference": "{attributedTo: id/org/quoth, comment: By comparison., graph: […]}",
    "withdrawn": "{id: ferry-early, reason: …, by: id/org/quoth, date: 2026-11-28}",
}
"""A list of a document → an entry of it, for messages."""
FORMS = {
    "licence": "licence: https://creativecommons.org/licenses/by/4.0/",
    "time": "time: {wording: on Monday}",
    "url": "url: https://news.example.org/2026/ferry",
    "archivedAt": "archivedAt: https://archive.example.org/ferry",
    "concerns": "concerns: id/topic/ferry, and describe it under topics",
    "unstated": "unstated: agent",
    "within": "within: {source: id/org/harbour-office, speechAct: said}",
    "memberships": "memberships: {organization: id/org/harbour-office, roleName: pilot, startDate: 2021-05-01}",
    "correction": "correction: {reason: …, by: id/org/quoth, date: 2026-11-28}",
}
"""A key → its form, for messages about words in the place of an address or a part."""
MAPPINGS = {
    "content": "content: {eventType: schedule, affected: {type: Thing, label: the ferry}, attribute: late}",
    "attribution": "attribution: {source: id/org/harbour-office, speechAct: said}",
    "text": 'text: {sha256: "…", length: 1267}',
}
"""A key of a document or a claim → its form, for messages about words in the place of keys with values."""
SHORT = yaml_short_forms.KEYS | yaml_mentions.KEYS
_ALIKE = 0.75
"""How like a key is to one that is proposed for it (``difflib``): one letter of four may differ."""
_NAMED = {
    **dict.fromkeys(("publisher", "attributedTo", "source", "addressee", "agent", "party"), ("org", "Organization")),
    **dict.fromkeys(("counterparty", "affected", "receiver", "mediator", "authority"), ("org", "Organization")),
    **dict.fromkeys(("place", "origin", "destination"), ("place", "Place")),
    "author": ("person", "Person"),
}
"""Keys whose values are entities, which an author may write by their names: the kind and the type of what is likely."""


def description(key: str, words: str) -> str:
    """The advice to describe the entity that is named in words under a key, or to write the value in another form;
    empty if the key is none of these."""
    if key in FORMS:
        return f"write it like {FORMS[key]}"
    if key not in _NAMED:
        return ""
    kind, type = _NAMED[key]
    described = f"{{id: id/{kind}/{shortened(_slug(words))}, type: {type}, label: {shortened(words) or '…'}}}"
    return f"describe it under entities, such as {described}, and name its id"


def _slug(words: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", words.lower())) or "…"


def remedy(key: str, place: str, terms: frozenset[str]) -> str:
    """The advice about a key that there is not: the key that is meant, or those that there are."""
    usual = PLACES.get(place, "").split()
    near = [m for keys in (usual, terms) for m in difflib.get_close_matches(key, keys, 1, _ALIKE)]
    near += [meant for meant in MEANT.get(key.lower(), "").split() if meant in usual]
    listed = f"its keys are {', '.join(usual)}" if usual else "see the list of keys in the guide"
    return f"did you mean {near[0]}?" if near else listed
