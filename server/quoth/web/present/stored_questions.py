"""The questions that can be asked of a release with one click, as the site shows them."""

import dataclasses
import re
import threading
from collections.abc import Mapping

import pyoxigraph as ox
from cachetools import LRUCache, cached

from quoth.claim.model.namespaces import ADMS, ENCODING_STATUS, Term
from quoth.sparql import named_queries
from quoth.sparql.named_queries import NamedQuery
from quoth.sparql.parameters import ANY_ONE
from quoth.sparql.tokens import tokens
from quoth.web.core.site import Site
from quoth.web.present import phrases
from quoth.web.present.lists.listings import choices

GROUPS = (
    "Who says what",
    "What claims are about",
    "What people do with words",
    "What is said to happen",
    "How far to trust it",
    "When",
    "How claims bear on each other",
    "The words of the articles",
    "Links to other data",
    "How this data was made",
)
"""The groups of the questions that can be asked of any release, in their order. Those of a corpus come first."""
OWN_GROUP = "About this data"
"""The group of a corpus's question that names none."""


@cached(LRUCache(8), key=lambda site: (site.version, site.settings.questions), lock=threading.Lock())
def questions(site: Site) -> tuple[NamedQuery, ...]:
    """The questions of a release by their groups: those of its corpus, and those that can be asked of any release, but
    for one of the same name; of these, those that are shown."""
    own = [q if q.group else dataclasses.replace(q, group=OWN_GROUP) for q in site.release.questions()]
    by_name = {q.name: q for q in (*named_queries.load(named_queries.QUESTIONS), *own)}
    places = dict.fromkeys([*(q.group for q in own if q.group not in GROUPS), *GROUPS])
    order = list(places)
    shown = site.settings.questions or by_name
    return tuple(sorted((q for q in by_name.values() if q.name in shown), key=lambda q: (order.index(q.group), q.name)))


def named(site: Site, name: str) -> NamedQuery | None:
    """The question of that name, or None."""
    return next((q for q in questions(site) if q.name == name), None)


def defaults(site: Site, question: NamedQuery) -> dict[str, Term | None]:
    """The default of each parameter by its name; None: any value."""
    values = question.defaults(site.iris.base)
    for parameter in question.parameters:
        if parameter.default == ANY_ONE and (known := choices(site, parameter.of)):
            values[parameter.name] = ox.NamedNode(known[0])
    return values


def sparql(question: NamedQuery, values: Mapping[str, Term | None] | None = None) -> str:
    """The query with its parameters bound, without the comment at its head, which pages show in words."""
    text = question.text if values is None else question.bound(values)
    return re.sub(r"\A(?:\s*#[^\n]*(?:\n|\Z))+\s*", "", text).rstrip() + "\n"


def names_claims(question: NamedQuery) -> bool:
    """Whether each row of the answer names a claim, by the variable ?claim, and does not only count claims."""
    head = re.split(r"\bWHERE\b|\{", sparql(question), maxsplit=1)[0]
    while (shorter := re.sub(r"\([^()]*\)", "", head)) != head:
        head = shorter
    return bool(re.search(r"\?claim\b", head))


def with_status(text: str) -> str:
    """The query with one more column, ``status``: "proposed" in the rows that name a claim which nobody has reviewed,
    and unbound in the others. What names a claim is a column ``x`` beside which ``xLabel`` stands; a query that groups
    its rows stays as it is, since what it counts is no single claim.

    >>> with_status("SELECT ?claim ?claimLabel WHERE { ?claim ?p ?claimLabel }").partition(" WHERE")[0][-13:]
    ' AS ?status) '
    """
    depth, names, where = 0, list[str](), -1
    for token in tokens(text):
        depth += {"{": 1, "}": -1}.get(token.text, 0)
        if depth == 0 and where < 0:
            names += [token.text] * (token.kind == "variable")
            where = token.start if token.text.upper() == "WHERE" else where
        if depth == 0 and token.text.upper() == "GROUP":
            return text
    named = [name for name in names if f"{name}Label" in names]
    tests = " || ".join(
        f"(BOUND({name}) && EXISTS {{ {name} {ADMS.status} {ENCODING_STATUS.proposed} }})" for name in named
    )
    return f'{text[:where]}(IF({tests}, "proposed", ?unreviewed) AS ?status) {text[where:]}' if named else text


def title(site: Site, question: NamedQuery, values: Mapping[str, Term | None] | None = None) -> str:
    """The question in words, with the values of the parameters that its title names, or their defaults."""
    terms = defaults(site, question) if values is None else values

    def word(name: str) -> str:
        term = terms.get(name)
        if isinstance(term, ox.NamedNode):
            return site.labels.label(term.value)
        return phrases.number(term.value) if isinstance(term, ox.Literal) else "anything"

    return re.sub(r"\{(\w+)\}", lambda match: word(match[1]), question.title)
