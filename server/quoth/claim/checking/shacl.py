"""Validation against the shapes in ``shapes/`` (SHACL, W3C Recommendation 2017)."""

import functools
import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import rdflib
from rdflib.namespace import SH

from quoth.claim.checking.screen.graph import Graph as Screened
from quoth.claim.checking.screen.shapes import screen
from quoth.claim.checking.validator import Validator
from quoth.claim.model import datatypes
from quoth.claim.model.excerpts import shortened
from quoth.claim.model.namespaces import LINKING, ONTOLOGY_IRI, PROV, QUOTH, SSSOM, QuadTerm
from quoth.claim.model.namespaces import RDF as QUOTH_RDF
from quoth.claim.model.namespaces import RDFS as QUOTH_RDFS
from quoth.claim.model.namespaces import SKOS as QUOTH_SKOS
from quoth.claim.model.ontology import key_of, ontology_files, ontology_quads
from quoth.claim.model.report import Finding, Severity
from quoth.claim.rules.vocabulary import Vocabulary
from quoth.resources import folder

# rdflib reports ill-formed literals with a traceback; dataset_rules.py reports them as findings.
logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)
datatypes.register()

ASSERTED = ("claims", "datasets", "vocabulary")
"""The shapes of the asserted part."""

_OPEN = frozenset({"speech-act", "event-type", "kind", "quality"})
"""The schemes that a corpus can add words to (``shapes/vocabulary.ttl``)."""


_REMEDIES = {
    "MinCount": "add {key}",
    "MaxCount": "keep one {key}",
    "Forbidden": "take {key} out",
    "Closed": "take {key} out",
    "UniqueLang": "keep one {key} in each language",
    "QualifiedMinCount": "add one",
    "Node": "choose another value for {key}",
    "HasValue": "choose another value for {key}",
    "Class": "for {key}, name something of that kind",
    "Or": "for {key}, name something of that kind",
    "Not": "choose another value for {key}",
    "In": "choose another value for {key}",
    "Datatype": "write {key} in that form",
    "Pattern": "write {key} in that form",
    "NodeKind": "write {key} in that form",
    "MinLength": "write more words for {key}",
    "MinInclusive": "write a number in that range for {key}",
    "MaxInclusive": "write a number in that range for {key}",
}
"""A constraint of SHACL → the remedy where its shape has none of its own (sh:description)."""


@functools.cache
def graph(*names: str) -> rdflib.Graph:
    """The graph of the files ``shapes/<name>.ttl`` together."""
    shapes = rdflib.Graph()
    for name in names:
        shapes.parse(folder("shapes") / f"{name}.ttl")
    return shapes


@functools.cache
def ontology() -> rdflib.Graph:
    """The ontology and the schemes: the terms of our own."""
    merged = rdflib.Graph()
    for file in ontology_files(foreign=False):
        merged.parse(file)
    return merged


@functools.cache
def known_types() -> frozenset[str]:
    """The target classes of the shapes of the asserted part."""
    return frozenset(str(c) for c in graph(*ASSERTED).objects(None, SH.targetClass))


@functools.cache
def background() -> tuple[ox.Triple, ...]:
    """The triples that are added to the data before validation: subclasses, and the scheme of each concept.

    pySHACL's own ``ont_graph`` leaves the concepts out.
    """
    told = (QUOTH_RDFS.subClassOf, QUOTH_SKOS.inScheme)
    return tuple(q.triple for q in ontology_quads() if q.predicate in told)


@functools.cache
def _background() -> Screened:
    return Screened(background())


def violations(quads: Iterable[ox.Quad], vocabulary: Vocabulary, validator: Validator) -> Iterator[Finding]:
    """Every result of the shapes: the asserted part as one graph, the links as one, each other graph by itself."""
    for result in _violations([*quads, *vocabulary.membership()], validator):
        near = _near(result.value, vocabulary)
        yield replace(result, remedy=near) if near else result


def _near(value: str, vocabulary: Vocabulary) -> str:
    """The advice about a value that is no concept of the scheme that its IRI names; empty for any other value."""
    scheme, _, word = value.partition("#")
    if not (value.startswith(f"{ONTOLOGY_IRI}/") and vocabulary.concepts(scheme)) or word in vocabulary.concepts(
        scheme
    ):
        return ""
    near = " or ".join(vocabulary.near(scheme, word))
    page = scheme.removeprefix(ONTOLOGY_IRI)
    explained = f"any server (quoth serve) explains every concept at /ns{page}"
    if near or not may_be_own(value, vocabulary):
        return f"{f'did you mean {near}? ' if near else ''}{explained}"
    kind, other = page.strip("/").replace("-", " "), next(iter(vocabulary.concepts(scheme)))
    return (
        f"{shortened(word)} is no {kind} of ours or of the documents that are checked together; define it in a"
        f" vocabulary (“Words and frames” in the guide), or use another, such as {other}: {explained}"
    )


def may_be_own(value: str, vocabulary: Vocabulary) -> bool:
    """Whether a value is no concept that is known, in a scheme to which a corpus can add words of its own."""
    scheme, _, word = value.partition("#")
    return scheme.removeprefix(f"{ONTOLOGY_IRI}/") in _OPEN and word not in vocabulary.concepts(scheme)


def _violations(quads: Iterable[ox.Quad], validator: Validator) -> Iterator[Finding]:
    graphs: dict[QuadTerm, list[ox.Quad]] = defaultdict(list)
    for q in quads:
        graphs[q.graph_name].append(q)
    asserted = graphs.pop(ox.DefaultGraph(), [])
    yield from _validate(validator, asserted, *ASSERTED)
    types = [q for q in asserted if q.predicate in (QUOTH_RDF.type, QUOTH_SKOS.inScheme)]
    kinds: dict[QuadTerm, list[ox.Quad]] = defaultdict(list)
    for q in types:
        kinds[q.subject].append(q)
    fetched = {q.subject for q in types if q.object == QUOTH.Enrichment}
    bundles = {q.subject for q in types if q.object == PROV.Bundle}
    links = [q for s in types if s.object == SSSOM.MappingSet for q in graphs.pop(s.subject, [])]
    if links:
        linking = [q for q in asserted if q.predicate in LINKING]
        yield from _validate(validator, _typed(links, kinds) + linking, "links")
    for facts in fetched & graphs.keys():
        yield from _validate(validator, graphs.pop(facts), "enrichment")
    for shapes, names in (("inference", graphs.keys() & bundles), ("content", graphs.keys() - bundles)):
        for members in apart([graphs[name] for name in graphs if name in names]):
            yield from _validate(validator, _typed(members, kinds), shapes)


def apart(graphs: Iterable[list[ox.Quad]]) -> list[list[ox.Quad]]:
    """The graphs in few groups, each of which has the results that its graphs have by themselves.

    For that, nothing that one graph of a group makes a statement about may be in another one. To prepare a validation
    takes longer than to validate a graph of a few statements.
    """
    groups: list[list[ox.Quad]] = []
    described: list[set[QuadTerm]] = []
    named: list[set[QuadTerm]] = []
    for members in graphs:
        subjects: set[QuadTerm] = {q.subject for q in members}
        nodes = subjects | {q.object for q in members}
        for group, theirs, all_theirs in zip(groups, described, named, strict=True):
            if subjects.isdisjoint(all_theirs) and nodes.isdisjoint(theirs):
                group += members
                theirs |= subjects
                all_theirs |= nodes
                break
        else:
            groups.append(list(members))
            described.append(subjects)
            named.append(nodes)
    return groups


def _typed(members: list[ox.Quad], kinds: Mapping[QuadTerm, list[ox.Quad]]) -> list[ox.Quad]:
    """The members of a graph, and the asserted types of the terms in them."""
    named = {node for q in members for node in (q.subject, q.object)}
    return members + [q for node in named for q in kinds.get(node, ())]


def self_violations(files: Iterable[Path]) -> list[Finding]:
    """The results of the ontology's own shapes over files in Turtle, such as those of ``ontology_files``."""
    quads = [quad for file in files for quad in ox.parse(path=file)]
    return list(_validate(Validator(), quads, "ontology"))


def _validate(validator: Validator, quads: Iterable[ox.Quad], *shapes: str) -> Iterator[Finding]:
    yield from findings(validator, list(quads), graph(*shapes))


def findings(validator: Validator, data: Collection[ox.Quad], shapes: rdflib.Graph) -> list[Finding]:
    """Every result of the shapes over the triples of quads, whatever their graph, and the background."""
    if validator.screens and screen(shapes)(Screened(data, _background())):
        return []
    results = validator.results(
        list(dict.fromkeys([*background(), *(ox.Triple(*quad[:3]) for quad in map(tuple, data))])), shapes
    )
    return [finding(results, result, shapes) for result in results.objects(None, SH.result)]


def finding(results: rdflib.Graph, result: rdflib.term.Node, shapes: rdflib.Graph) -> Finding:
    """A result of a report (SHACL §3.6.2) as a finding."""

    def value(predicate: rdflib.URIRef) -> str:
        node = results.value(result, predicate)
        return "" if node is None or isinstance(node, rdflib.BNode) else str(node)

    source = results.value(result, SH.sourceShape)
    focus, path, offending = value(SH.focusNode), value(SH.resultPath), value(SH.value)
    component = value(SH.sourceConstraintComponent)
    forbidden = shapes.value(source, SH.maxCount) == rdflib.Literal(0)
    message = value(SH.resultMessage)
    severity: Severity = "Warning" if value(SH.resultSeverity).endswith("Warning") else "Violation"
    found = f"<{offending}>" if isinstance(results.value(result, SH.value), rdflib.URIRef) else shortened(offending)
    if component == str(SH.ClosedConstraintComponent):
        found = key_of(path)
    offender = f" (found {found})" if found and offending != focus else ""
    return Finding(
        message + offender,
        component if severity == "Violation" else _name(shapes, source),
        severity,
        focus=focus,
        path=path,
        value=offending,
        remedy=str(shapes.value(source, SH.description) or _remedy(component, path, forbidden)),
    )


def _name(shapes: rdflib.Graph, shape: rdflib.term.Node | None) -> str:
    """The name of a shape, or of that whose property shape it is: by this name its warnings can be accepted."""
    while isinstance(shape, rdflib.BNode):
        shape = shapes.value(None, SH.property, shape)
    return str(shape or "").rpartition("#")[2]


def _remedy(component: str, path: str, forbidden: bool) -> str:
    kind = "Forbidden" if forbidden else component.removeprefix(str(SH)).removesuffix("ConstraintComponent")
    remedy = _REMEDIES.get(kind, "correct {key}") if path else ""
    return remedy.format(key=key_of(path))
