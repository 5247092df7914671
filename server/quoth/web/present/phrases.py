"""The words of the pages for the terms of the data."""

import re
from collections.abc import Sequence

from jinja2 import filters

VERBS = {"stated": "states", "reported": "reports"}
"""Speech act → the verb of a clause about it, where that is not its label."""

DEEDS = {
    "accused": "made this accusation",
    "admitted": "admitted this",
    "announced": "announced this",
    "claimedResponsibility": "claimed responsibility for this",
    "confirmed": "confirmed this",
    "corrected": "corrected this",
    "denied": "denied this",
    "doubted": "doubted this",
    "feared": "feared this",
    "forbade": "forbade this",
    "forecast": "forecast this",
    "offered": "offered this",
    "ordered": "ordered this",
    "permitted": "permitted this",
    "promised": "promised this",
    "proposed": "proposed this",
    "recorded": "recorded this",
    "requested": "requested this",
    "demanded": "demanded this",
    "revealed": "revealed this",
    "threatened": "threatened this",
    "warned": "warned of this",
}
"""Speech act → the verb with an object, of verbs that need one."""

DEEDS_TO = {act: f"{act} this" for act in ("explained", "reported", "said", "stated", "suggested")}
"""Speech act → the verb with an object, of verbs that need one only before “to” somebody."""

PROPOSED = "Proposed, not reviewed: "
"""What stands before a reason that nobody has reviewed."""

NOT_CODED = "not coded"
"""What is said where the coders have not decided; it says nothing about the text."""

STANCES = {
    "endorses": "presenting it as true",
    "neutral": "",
    "distances": "keeping its distance",
}
"""Stance of an outer level → what is added to its clause; the innermost endorses as a matter of course."""

SCOPES = {
    "explicit": "",
    "inherited": "carried over from earlier words",
    "ambiguous": "unclear whether it extends this far",
}
"""Scope → a remark on the attribution."""

ATTITUDES = {
    "endorses": "presents it as true",
    "neutral": "neither endorses nor doubts it",
    "distances": "keeps its distance from it",
}
"""Stance of a level → how it stands to what it gives, in a line about that level."""

REACHES = {
    "explicit": "the text says so explicitly",
    "inherited": "carried over from earlier words",
    "ambiguous": "it is unclear whether the attribution extends this far",
}
"""Scope → whether the text extends the attribution to the claim, in a line about that level."""

MANNERS = {
    "certain": ("stated without hedging", "stated to be untrue, without hedging", "denied flatly"),
    "probable": ("stated as probably true", "stated to be probably untrue", "denied as probably untrue"),
    "possible": ("stated as possibly true", "stated to be possibly untrue", "denied as possibly untrue"),
    "unknown": ("stated", "stated to be untrue", "denied"),
}
"""Certainty → how the source gives the content: as so, as not so, and where the speech act is a denial."""

NOT_STATED = "How certain is not stated."
"""A sentence about the certainty ``unknown``."""

REALISES = {
    "habitual": "as a habit or standing practice",
    "intended": "as an aim",
    "proposed": "as the terms of a proposal",
    "predicted": "as a prediction",
    "conditional": "on a condition",
}
"""Realis → as what the source gives it, where it is not actual."""

ORDINARY = ("certain", "positive", "actual")
"""The certainty, the polarity and the realis that rows of claims pass over."""

SIDES = {
    "endorses": "The article stands by it.",
    "neutral": "The article takes no side.",
    "distances": "The article keeps its distance.",
}
"""Stance of the article's own level → a sentence."""

ROLE_PHRASES = {
    "http://semanticweb.cs.vu.nl/2009/11/sem/eventType": "what",
    "http://semanticweb.cs.vu.nl/2009/11/sem/hasPlace": "place",
    "http://semanticweb.cs.vu.nl/2009/11/sem/hasTime": "time",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#value": "in the words",
    "http://www.w3.org/ns/org#memberOf": "is a member of",
    "http://www.w3.org/ns/org#hasMembership": "office or membership",
    "http://www.w3.org/ns/org#organization": "in",
    "https://schema.org/roleName": "as",
    "https://schema.org/startDate": "since",
    "https://schema.org/endDate": "until",
    "http://www.w3.org/ns/org#subOrganizationOf": "is part of",
    "https://schema.org/datePublished": "published on",
    "https://schema.org/articleSection": "section",
    "https://schema.org/url": "address",
    "https://schema.org/archivedAt": "archived copy",
    "https://schema.org/containedInPlace": "lies in",
    "http://www.w3.org/ns/prov#wasAttributedTo": "made by",
    "http://purl.org/dc/terms/created": "made on",
    "http://purl.org/dc/terms/license": "licence",
    "http://purl.org/dc/terms/description": "what it is",
    "http://purl.org/dc/terms/source": "made from",
    "http://rdfs.org/ns/void#linkPredicate": "kind of link",
    "http://rdfs.org/ns/void#objectsTarget": "links lead to",
    "http://rdfs.org/ns/void#subjectsTarget": "links come from",
    "http://rdfs.org/ns/void#propertyPartition": "links of each kind",
    "http://rdfs.org/ns/void#triples": "number of links",
    "https://w3id.org/sssom/object_source_version": "version that was seen",
}
"""Properties of other vocabularies → what they are called on pages."""

RELATIONS = {
    "corroborates": ("corroborates", "is corroborated by"),
    "contradicts": ("contradicts", "contradicts"),
    "inTensionWith": ("is in tension with", "is in tension with"),
    "presupposes": ("presupposes", "is presupposed by"),
    "sameReferent": ("refers to the same thing as", "refers to the same thing as"),
}
"""Relation of one claim to another → how it reads from either side."""


_AS_IT_IS = re.compile(r"[a-z][A-Z]|[a-z][a-z0-9+.-]*:[^\s“”]")


def capital(text: str) -> str:
    """The text with a capital first letter, unless it begins with an IRI or with a name that is written otherwise.

    >>> capital("the ferry"), capital("http://localhost/id/x is gone"), capital("eBay says")
    ('The ferry', 'http://localhost/id/x is gone', 'eBay says')
    """
    return text if _AS_IT_IS.match(text) else text[:1].upper() + text[1:]


def count(number: int, one: str, many: str | None = None) -> str:
    """``1 claim``, ``25 claims``, ``1,204 claims``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def indefinite(noun: str) -> str:
    """The noun with its article.

    >>> indefinite("agent"), indefinite("group")
    ('an agent', 'a group')
    """
    return f"{'an' if noun[:1] in 'aeio' else 'a'} {noun}"


def kind_word(kind: str) -> str:
    """What pages call a kind of thing."""
    return {"agent": "person or body"}.get(kind, kind)


def size(number: int) -> str:
    """A number of bytes in decimal units.

    >>> size(1), size(333), size(68_012)
    ('1 byte', '333 bytes', '68.0 kB')
    """
    return count(number, "byte") if number < 1000 else filters.do_filesizeformat(number)


def listed(words: Sequence[str]) -> str:
    """``a, b and c``."""
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


_NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]


def number(text: str) -> str:
    """A small whole number as a word; any other text as it is."""
    return _NUMBERS[int(text)] if re.fullmatch(r"\d|1[012]", text) else text


def heading(variable: str) -> str:
    """The name of a variable in words.

    >>> heading("answerBy"), heading("sha256")
    ('answer by', 'sha256')
    """
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", variable).replace("_", " ").lower()
