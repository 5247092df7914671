"""Questions as examples for programs that write SPARQL: SHACL's executables, in the form of SIB's sparql-examples
(https://github.com/sib-swiss/sparql-examples), which text-to-SPARQL tools ask an endpoint for.

Each has its question as rdfs:comment, and its query with the prefixes that it needs, so that it runs as it is.
"""

import re
from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from quoth.claim.model.namespaces import PREFIXES, RDF, RDFS, SCHEMA, SH, XSD
from quoth.sparql.named_queries import NamedQuery
from quoth.sparql.parameters import ANY_ONE
from quoth.sparql.query_form import admit
from quoth.sparql.tokens import tokens

_KINDS = {
    "SELECT": (SH.SPARQLSelectExecutable, SH.select),
    "ASK": (SH.SPARQLAskExecutable, SH.ask),
    "CONSTRUCT": (SH.SPARQLConstructExecutable, SH.construct),
}
"""The form of a query → the class of an executable, and the property that has its text."""
_ABSOLUTE = re.compile("<[A-Za-z][A-Za-z0-9+.-]*:")
_HEAD = re.compile(r"\A(?:\s*#[^\n]*(?:\n|\Z))+\s*")


def graph(base: str) -> ox.NamedNode:
    """The named graph of a release that has its questions."""
    return ox.NamedNode(f"{base}queries")


def of_release(questions: Iterable[NamedQuery], base: str) -> Iterator[ox.Quad]:
    """The questions of a release as a graph of it. What a parameter asks about is left open, or is its own default: the
    thing with the most claims is not known before there is a release."""
    for quad in executables(((q.name, _title(q), q.description, _bound(q, base)) for q in questions), base, base):
        yield ox.Quad(quad.subject, quad.predicate, quad.object, graph(base))


def executables(
    questions: Iterable[tuple[str, str, str, str]], space: str, base: str, endpoint: str = ""
) -> Iterator[ox.Quad]:
    """Each question, given as name, title, description and query, as an executable ``<space>queries/<name>``; then the
    prefixes. Relative IRIs of a query are resolved against ``base``. ``endpoint``: the URL where it can be asked."""
    prefixes = ox.NamedNode(f"{space}queries#prefixes")
    for name, title, description, query in questions:
        executable, form = ox.NamedNode(f"{space}queries/{name}"), admit(query)
        if form not in _KINDS:
            continue
        kind, text = _KINDS[form]
        yield ox.Quad(executable, RDF.type, SH.SPARQLExecutable)
        yield ox.Quad(executable, RDF.type, kind)
        yield ox.Quad(executable, RDFS.comment, ox.Literal(title, language="en"))
        yield ox.Quad(executable, SCHEMA.description, ox.Literal(description, language="en"))
        yield ox.Quad(executable, SH.prefixes, prefixes)
        yield ox.Quad(executable, text, ox.Literal(alone(query, base)))
        if endpoint:
            yield ox.Quad(executable, SCHEMA.target, ox.NamedNode(endpoint))
    for prefix, namespace in PREFIXES.items():
        declaration = ox.NamedNode(f"{space}queries#prefix-{prefix}")
        yield ox.Quad(prefixes, SH.declare, declaration)
        yield ox.Quad(declaration, SH.prefix, ox.Literal(prefix))
        yield ox.Quad(declaration, SH.namespace, ox.Literal(namespace, datatype=XSD.anyURI))


def alone(query: str, base: str) -> str:
    """A query that means the same wherever it is asked: with a base if it has a relative IRI, and without the comment
    at its head.

    >>> alone("# title: x\\nASK { <id/x> ?p <y:z> }", "http://a/")
    'BASE <http://a/>\\nASK { <id/x> ?p <y:z> }\\n'
    """
    text = _HEAD.sub("", query).rstrip() + "\n"
    relative = any(token.kind == "iri" and not _ABSOLUTE.match(token.text) for token in tokens(text))
    return f"BASE <{base}>\n{text}" if relative else text


def _title(question: NamedQuery) -> str:
    """The question in words, with those of its parameters for their values."""
    words = {
        p.name: f"any {p.description[:1].lower()}{p.description[1:]}" if p.default in (None, ANY_ONE) else p.default
        for p in question.parameters
    }
    title = re.sub(r"\{(\w+)\}", lambda match: str(words[match[1]]), question.title)
    return title[:1].upper() + title[1:]


def _bound(question: NamedQuery, base: str) -> str:
    return question.bound(question.defaults(base))
