"""Strings in a query that its properties cannot have: of another language, or none, and where the values are IRIs.

They are looked up where a result is empty, as unknown_terms.py looks up terms: at most TEXTS, by two queries each.
"""

from collections.abc import Callable, Mapping
from urllib.parse import quote

import pyoxigraph as ox

from quoth.claim.model.namespaces import Term
from quoth.corpus import bases
from quoth.sparql import named_queries, parameters, query_form, unknown_terms
from quoth.sparql.mentions import Mention, mentions
from quoth.sparql.unknown_terms import Hint, Select

TEXTS = 5
"""Strings of a query that are looked up."""
_TEXT_CHARS = 120
"""Characters of a string that is looked up: longer ones are no names."""


def hints(text: str, base: str | None, select: Select, near: Callable[[str], str | None]) -> list[Hint]:
    """Hints about the strings that follow a property, in the order of the text; ``near`` as for unknown_terms.hints.
    None where a property has the string, or no values."""
    found = [m for m in mentions(text, base) if m.string and len(m.string[0].text) <= _TEXT_CHARS]
    prefixes = query_form.prefixes(text)
    given = (_hint(m, text, base, select, near, prefixes) for m in found[:TEXTS])
    return [hint for hint in given if hint is not None]


def _hint(
    mention: Mention,
    text: str,
    base: str | None,
    select: Select,
    near: Callable[[str], str | None],
    prefixes: Mapping[str, str],
) -> Hint | None:
    written, where = "".join(t.text for t in mention.string), unknown_terms.place(text, mention.string[0].start)
    literal, of = _literal(written), {"x": ox.NamedNode(mention.iri)}
    values = _select(select, "values-of-a-property", "value", of)
    iris = [value.value for value in values if isinstance(value, ox.NamedNode)]
    if iris and len(iris) == len(values):
        meant = _meant(literal.value, iris, base, near)
        shown = unknown_terms.abbreviated(meant or min(iris), prefixes, base)
        remedy = f"did you mean {shown}?" if meant else f"such as {shown}"
        return Hint(f"the values of {mention.text} are IRIs, not texts", remedy, where, mention.iri, meant or "")
    languages = {value.language for value in values if isinstance(value, ox.Literal) and value.language}
    if not languages:
        return None
    others = [ox.Literal(literal.value, language=language) for language in sorted(languages | {"en"})]
    texts = _select(
        select, "texts-of-a-property", "text", {**of, "text": [literal, ox.Literal(literal.value), *others]}
    )
    if not texts or literal in texts:
        return None
    with_language = [other for other in others if other in texts]
    string = mention.string[0].text
    remedy = " or ".join([f"{string}@{other.language}" for other in with_language] or [string])
    lacks = f"in the language {literal.language}" if literal.language else "without a language"
    return Hint(f"{mention.text} has no text {string} {lacks}", f"write {remedy}", where, mention.iri)


def _literal(written: str) -> ox.Literal:
    """The literal that a string of a query is; Turtle writes strings in the same way."""
    quad = next(iter(ox.parse(f"<x:s> <x:p> {written} .", format=ox.RdfFormat.TURTLE)))
    assert isinstance(quad.object, ox.Literal)
    return quad.object


def _select(select: Select, query: str, name: str, values: Mapping[str, Term | list[ox.Literal]]) -> list[Term]:
    rows = select(parameters.bind(named_queries.text(query), values))
    return list(dict.fromkeys(row[name] for row in rows))


def _meant(text: str, values: list[str], base: str | None, near: Callable[[str], str | None]) -> str | None:
    """The IRI that a text may stand for: a term of the namespace of the values, or a thing of that name."""
    for _, own in bases.every(base) if base else ():
        if any(value.startswith(own) for value in values):
            return near(own + quote(text, safe=""))
    spaces = dict.fromkeys(unknown_terms.split_iri(value)[0] for value in values)
    known = dict.fromkeys([*values, *unknown_terms.vocabulary()])
    found = (
        unknown_terms.nearest(space + text.replace(" ", "-"), [t for t in known if t.startswith(space)])
        for space in spaces
    )
    return next(filter(None, found), None)
