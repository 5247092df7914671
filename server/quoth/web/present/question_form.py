"""The parameters of a question as a form, and their values in a request as terms."""

import functools
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace

import pyoxigraph as ox
from cachetools import LRUCache, cached
from werkzeug.datastructures import MultiDict

from quoth.claim.model.namespaces import ONTOLOGY_IRI, SKOS, Term
from quoth.claim.model.ontology import ontology_quads
from quoth.errors import UsageError
from quoth.index.similarity import folded
from quoth.sparql.named_queries import NamedQuery
from quoth.sparql.parameters import Parameter
from quoth.web.core.request_target import days_in_order, single_valued
from quoth.web.core.site import Site
from quoth.web.present import stored_questions, thing_names
from quoth.web.present.lists import listings

_INPUTS = {"integer": "number", "date": "date"}
_DAYS = ("from", "until")
"""The parameters of a question for the first and the last of some days."""


@dataclass(frozen=True)
class Field:
    """One parameter as a form shows it: ``value`` as text, ``options`` as (value, label); no label: the value
    itself.

    ``closed``: no other values are allowed; else the options are suggestions. An optional field may be empty.
    """

    name: str
    description: str
    input: str
    value: str
    options: list[tuple[str, str]]
    closed: bool
    optional: bool
    least: str = ""


def read(site: Site, question: NamedQuery, args: MultiDict[str, str]) -> dict[str, Term | None]:
    """The values of a question's parameters out of a query string (``terms``). Raises UsageError for a parameter with
    two values."""
    return terms(site, question, single_valued(args))


def terms(site: Site, question: NamedQuery, args: Mapping[str, str]) -> dict[str, Term | None]:
    """The values of a question's parameters; the default where a value is missing or empty.

    Raises UsageError for an unknown parameter, a value that is not of its type or can mean several things, and days
    that begin after they end; NotFoundError for a thing that the release does not have.
    """
    known = {p.name: p for p in question.parameters}
    for name in args:
        if name not in known and name not in ("page", "format"):
            names = ", ".join([*known, "page", "format"])
            raise UsageError(
                f"the question has no parameter {name!r}", where=name, remedy=f"the parameters are {names}"
            )
    values = stored_questions.defaults(site, question)
    for name, parameter in known.items():
        raw = args.get(name, "").strip()
        if raw and parameter.type == "iri":
            values[name] = ox.NamedNode(thing_names.resolve(site, parameter.of, raw, name))
        elif raw:
            values[name] = parameter.term(_local(parameter, raw), site.iris.base, _concepts(parameter))
    if all(name in known and known[name].type == "date" for name in _DAYS):
        since, until = (getattr(values[name], "value", "") for name in _DAYS)
        days_in_order(since, until, _DAYS)
    return values


def _concepts(parameter: Parameter) -> dict[str, str] | None:
    return concepts(parameter.of) if parameter.type == "concept" else None


def _local(parameter: Parameter, raw: str) -> str:
    """The local name of a concept that is named by its label; any other value as it is."""
    labels = {folded(label): local for local, label in (_concepts(parameter) or {}).items()}
    return labels.get(folded(raw), raw) if raw not in labels.values() else raw


def fields(site: Site, question: NamedQuery, values: Mapping[str, Term | None]) -> list[Field]:
    """The form of a question with those values in it."""
    return [_field(site, parameter, values[parameter.name]) for parameter in question.parameters]


def entered(site: Site, question: NamedQuery, args: Mapping[str, str]) -> list[Field]:
    """The form of a question with what a request has in it, whether it can be understood or not."""
    defaults = fields(site, question, stored_questions.defaults(site, question))
    return [replace(field, value=args.get(field.name, "") or field.value) for field in defaults]


def _field(site: Site, parameter: Parameter, term: Term | None) -> Field:
    options: list[tuple[str, str]] = []
    value = "" if term is None else getattr(term, "value", "")
    if parameter.type == "concept":
        options, value = list(concepts(parameter.of).items()), value.rpartition("#")[2]
    elif parameter.type == "iri":
        options = _names(site, parameter.of)
        value = value and thing_names.shown(site, parameter.of, value)
    return Field(
        parameter.name,
        parameter.description,
        _INPUTS.get(parameter.type, "text"),
        value,
        options,
        parameter.type == "concept",
        parameter.default is None,
        parameter.of if parameter.type == "integer" else "",
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


@cached(LRUCache(16), key=lambda site, kind: (site.version, kind), lock=threading.Lock())
def _names(site: Site, kind: str) -> list[tuple[str, str]]:
    """The names of the things of a kind, as suggestions; those that several have in words beside what tells them
    apart. Read once, since a release does not change."""
    iris = listings.choices(site, kind)
    apart = thing_names.told_apart(site, iris)
    shown = ((thing_names.shown(site, kind, iri), name) for iri, name in zip(iris, apart, strict=True))
    options = [(value, "" if value == name else name) for value, name in shown]
    return sorted(options, key=lambda option: (option[1] or option[0]).lower())
