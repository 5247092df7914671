"""The parameters of a question as a form, and their values in a request as terms."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass

import pyoxigraph as ox
from werkzeug.datastructures import MultiDict

from quoth.claim.model.namespaces import ONTOLOGY_IRI, SKOS, Term
from quoth.claim.model.ontology import ontology_quads
from quoth.errors import UsageError
from quoth.sparql.named_queries import NamedQuery
from quoth.sparql.parameters import Parameter
from quoth.web.core.request_target import single_valued
from quoth.web.core.site import Site

_CHOICES = ("entity", "source", "topic")
_INPUTS = {"integer": "number", "date": "date"}


@dataclass(frozen=True)
class Field:
    """One parameter as a form shows it: ``value`` as text, ``options`` as (value, label).

    ``closed``: no other values are allowed; else the options are suggestions. An optional field may be empty.
    """

    name: str
    description: str
    input: str
    value: str
    options: list[tuple[str, str]]
    closed: bool
    optional: bool


def read(site: Site, question: NamedQuery, args: MultiDict[str, str]) -> dict[str, Term | None]:
    """The values of a question's parameters out of a query string; the default where a value is missing or empty.

    Raises UsageError for an unknown parameter, a parameter with two values, and a value of the wrong type.
    """
    known = {p.name: p for p in question.parameters}
    for name in single_valued(args):
        if name not in known and name not in ("page", "format"):
            names = ", ".join([*known, "page", "format"])
            raise UsageError(f"the question has no parameter {name!r}", where=name, remedy=f"there are {names}")
    values = question.defaults(site.iris.base)
    for name, parameter in known.items():
        raw = args.get(name, "").strip()
        if raw:
            known_concepts = concepts(parameter.of) if parameter.type == "concept" else None
            values[name] = parameter.term(_of_dataset(site, parameter, raw), site.iris.base, known_concepts)
    return values


def _of_dataset(site: Site, parameter: Parameter, raw: str) -> str:
    """An address of this server as the dataset's IRI for the same thing, so that links can be copied into the form."""
    if parameter.type != "iri" or not raw.startswith(site.iris.public):
        return raw
    path = raw.removeprefix(site.iris.public)
    return site.iris.base + ("id/" + path.removeprefix("doc/") if path.startswith("doc/") else path)


def fields(site: Site, question: NamedQuery, values: Mapping[str, Term | None]) -> list[Field]:
    """The form of a question with those values in it."""
    return [_field(site, parameter, values[parameter.name]) for parameter in question.parameters]


def _field(site: Site, parameter: Parameter, term: Term | None) -> Field:
    options: list[tuple[str, str]] = []
    if parameter.type == "concept":
        options = list(concepts(parameter.of).items())
    elif parameter.of in _CHOICES:
        options = _choices(site, parameter.of)
    value = "" if term is None else getattr(term, "value", "")
    if parameter.type == "concept":
        value = value.rpartition("#")[2]
    elif parameter.type == "iri":
        value = site.iris.shorten(value)
    return Field(
        parameter.name,
        parameter.description,
        _INPUTS.get(parameter.type, "text"),
        value,
        options,
        parameter.type == "concept",
        parameter.default is None,
    )


@functools.cache
def concepts(scheme: str) -> dict[str, str]:
    """The concepts of one of the ontology's schemes: local name → label."""
    subject = ox.NamedNode(f"{ONTOLOGY_IRI}/{scheme}")
    members = [q.subject for q in ontology_quads() if q.predicate == SKOS.inScheme and q.object == subject]
    labels = {q.subject: q.object for q in ontology_quads() if q.predicate == SKOS.prefLabel}
    by_name = {}
    for member in members:
        local = getattr(member, "value", "").rpartition("#")[2]
        by_name[local] = getattr(labels.get(member), "value", local)
    return by_name


@functools.lru_cache(maxsize=16)
def _choices(site: Site, kind: str) -> list[tuple[str, str]]:
    """The resources of a kind, as suggestions; read once, since a release does not change."""
    choices = {}
    for row in site.rows(f"choices-{kind}"):
        if isinstance(row["choice"], ox.NamedNode) and isinstance(row["label"], ox.Literal):
            choices[site.iris.shorten(row["choice"].value)] = row["label"].value
    return sorted(choices.items(), key=lambda choice: choice[1].lower())
