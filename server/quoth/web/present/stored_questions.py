"""The competency questions of data/queries, as the site shows them."""

import functools
import re
from collections.abc import Mapping

import pyoxigraph as ox

from quoth.claim.model.namespaces import ADMS, ENCODING_STATUS, Term
from quoth.resources import folder
from quoth.sparql import named_queries
from quoth.sparql.named_queries import NamedQuery
from quoth.sparql.tokens import tokens
from quoth.web.core.site import Site
from quoth.web.present import phrases


@functools.cache
def questions() -> tuple[NamedQuery, ...]:
    """Every question, by file name."""
    return tuple(named_queries.load(folder("data") / "queries"))


def named(name: str) -> NamedQuery | None:
    """The question of that name, or None."""
    return next((q for q in questions() if q.name == name), None)


def sparql(question: NamedQuery, values: Mapping[str, Term | None] | None = None) -> str:
    """The query with its parameters bound, without the comment at its head, which pages show in words."""
    text = question.text if values is None else question.bound(values)
    return re.sub(r"\A(?:\s*#[^\n]*(?:\n|\Z))+\s*", "", text).rstrip() + "\n"


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
    terms = question.defaults(site.iris.base) if values is None else values

    def word(name: str) -> str:
        term = terms.get(name)
        if isinstance(term, ox.NamedNode):
            return site.labels.label(term.value)
        return phrases.number(term.value) if isinstance(term, ox.Literal) else "anything"

    return re.sub(r"\{(\w+)\}", lambda match: word(match[1]), question.title)
