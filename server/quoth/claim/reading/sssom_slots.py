"""The slots of SSSOM 1.0 and 1.1, those that become statements, and the terms for their values."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import partial

import pyoxigraph as ox

from quoth.claim.model.excerpts import shortened
from quoth.claim.model.namespaces import DCTERMS, OWL, PREFIXES, PROV, RDFS, SSSOM, VOID, XSD, QuadTerm
from quoth.claim.reading.json_ld import NOT_IN_IRI
from quoth.errors import DocumentError

LINKML = "https://w3id.org/linkml/"
_CURIE = re.compile(r"([A-Za-z_][\w.-]*):(.+)")
_ESCAPED = re.compile(r"\\([\\|])")
_BETWEEN_PIPES = re.compile(r"(?:\\[\\|]|[^|])+")
BUILT_IN = {**{p: PREFIXES[p] for p in ("owl", "rdf", "rdfs", "semapv", "skos", "sssom", "xsd")}, "linkml": LINKML}
"""The prefixes that a file need not declare, and may not declare otherwise (SSSOM, IRI prefixes)."""
VERSIONS = ("1.0", "1.1")

SET_SLOTS: Mapping[str, tuple[ox.NamedNode, str]] = {
    "mapping_set_title": (RDFS.label, "text"),
    "mapping_set_description": (DCTERMS.description, "text"),
    "license": (DCTERMS.license, "iri"),
    "creator_id": (PROV.wasAttributedTo, "entity"),
    "publication_date": (DCTERMS.created, "date"),
    "object_source": (VOID.objectsTarget, "entity"),
    "object_source_version": (SSSOM.object_source_version, "string"),
    "comment": (RDFS.comment, "text"),
}
ROW_SLOTS: Mapping[str, tuple[ox.NamedNode, str]] = {
    "subject_id": (OWL.annotatedSource, "entity"),
    "subject_label": (SSSOM.subject_label, "string"),
    "predicate_id": (OWL.annotatedProperty, "entity"),
    "predicate_modifier": (SSSOM.predicate_modifier, "modifier"),
    "object_id": (OWL.annotatedTarget, "entity"),
    "object_label": (SSSOM.object_label, "string"),
    "object_category": (SSSOM.object_category, "string"),
    "mapping_justification": (SSSOM.mapping_justification, "entity"),
    "author_id": (PROV.wasAttributedTo, "entity"),
    "creator_id": (DCTERMS.creator, "entity"),
    "reviewer_id": (SSSOM.reviewer_id, "entity"),
    "mapping_date": (DCTERMS.created, "date"),
    "review_date": (SSSOM.review_date, "date"),
    "confidence": (SSSOM.confidence, "confidence"),
    "object_source": (SSSOM.object_source, "entity"),
    "see_also": (RDFS.seeAlso, "iri"),
    "comment": (RDFS.comment, "text"),
}
"""Slot → the property that it becomes, and the kind of its values (see Terms.term)."""
MULTIVALUED = frozenset({"author_id", "creator_id", "reviewer_id", "see_also"})
"""The slots of ROW_SLOTS that can have several values."""
PROPAGATED = ("object_source", "mapping_date")
"""The slots of ROW_SLOTS that a set can have for all of its rows, where none has its own (SSSOM, Propagation)."""
_SHARED = """
    creator_id creator_label license subject_type subject_source subject_source_version object_type object_source
    object_source_version predicate_type mapping_provider cardinality_scope mapping_tool mapping_tool_id
    mapping_tool_version mapping_date publication_date subject_match_field object_match_field subject_preprocessing
    object_preprocessing similarity_measure curation_rule curation_rule_text see_also other comment"""
SET_STANDARD = frozenset(
    f"""{_SHARED} sssom_version curie_map mapping_set_id mapping_set_version mapping_set_source mapping_set_title
    mapping_set_description mapping_set_confidence issue_tracker extension_definitions""".split()
)
"""Every slot of a mapping set."""
ROW_STANDARD = frozenset(
    f"""{_SHARED} record_id subject_id subject_label subject_category predicate_id predicate_label predicate_modifier
    object_id object_label object_category mapping_justification author_id author_label reviewer_id reviewer_label
    reviewer_agreement mapping_source mapping_cardinality review_date confidence match_string similarity_score
    issue_tracker_item""".split()
)
"""Every slot of a mapping."""


def values(cell: str) -> list[str]:
    """The values of a cell of a slot with several, without the backslashes that escape pipes (SSSOM/TSV, Multi-valued
    slots)."""
    return [v for piece in _BETWEEN_PIPES.findall(cell) if (v := _ESCAPED.sub(r"\1", piece).strip())]


class Terms:
    """The terms for the cells of a file with these prefixes, whose ``own`` base becomes the ``base`` of the dataset.

    ``own`` is empty for a mapping set of others, whose IRIs stay as they are."""

    def __init__(self, prefixes: Mapping[str, str], *, own: str, base: str) -> None:
        self.prefixes = {**BUILT_IN, **prefixes}
        self.own = own
        self.base = base

    def term(self, kind: str, value: str) -> QuadTerm:
        """The term for a cell of a kind. Raises DocumentError, without a place, for a cell that has not its form."""
        if kind in _VALUES:
            return _VALUES[kind](value)
        return self.entity(value) if kind == "entity" else self.iri(value)

    def entity(self, value: str) -> ox.NamedNode:
        """The node that a CURIE or an IRI names."""
        curie = _CURIE.fullmatch(value)
        if curie and curie[1] in self.prefixes:
            return self.iri(self.prefixes[curie[1]] + curie[2])
        if value.startswith(("http://", "https://")):
            return self.iri(value)
        known = shortened(", ".join(self.prefixes), 300)
        raise DocumentError(
            f"{shortened(value)!r} is not a CURIE",
            remedy=f"write prefix:name, with a prefix of the curie_map ({known})",
        )

    def iri(self, value: str) -> ox.NamedNode:
        """The node that an IRI names."""
        try:
            if ":" in value and not NOT_IN_IRI.search(value):
                return ox.NamedNode(self.rebased(value))
        except ValueError:
            pass
        raise DocumentError(f"{shortened(value)!r} is not an IRI", remedy="fix it")

    def rebased(self, iri: str) -> str:
        """The IRI, moved to the base of the dataset if it is under the file's own."""
        return self.base + iri.removeprefix(self.own) if self.own and iri.startswith(f"{self.own}id/") else iri

    def compact(self, iri: str) -> str:
        """The text for an IRI in the file: a CURIE, or the whole IRI where no prefix fits."""
        if self.own and iri.startswith(f"{self.base}id/"):
            iri = self.own + iri.removeprefix(self.base)
        fitting = [(space, p) for p, space in self.prefixes.items() if space and iri.startswith(space) and iri != space]
        if not fitting:
            return iri
        space, prefix = max(fitting, key=lambda pair: len(pair[0]))
        return f"{prefix}:{iri.removeprefix(space)}"


def _date(value: str) -> ox.Literal:
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            return ox.Literal(date.fromisoformat(value).isoformat(), datatype=XSD.date)
    except ValueError:
        pass
    raise DocumentError(f"{shortened(value)!r} is not a date", remedy="write it as 2026-11-23")


def _confidence(value: str) -> ox.Literal:
    try:
        number = Decimal(value)
        if 0 <= number <= 1 and len(value) < 20:
            return ox.Literal(format(number.normalize(), "f"), datatype=XSD.decimal)
    except InvalidOperation:
        pass
    raise DocumentError(
        f"{shortened(value)!r} is not a confidence", remedy="write a number from 0 to 1, or leave it empty"
    )


def _modifier(value: str) -> ox.NamedNode:
    if value == "Not":
        return SSSOM.NegatedPredicate
    raise DocumentError(f"{shortened(value)!r} is not a modifier", remedy="write Not, or leave it empty")


_VALUES: Mapping[str, Callable[[str], ox.Literal | ox.NamedNode]] = {
    "string": ox.Literal,
    "text": partial(ox.Literal, language="en"),
    "date": _date,
    "confidence": _confidence,
    "modifier": _modifier,
}
"""Kind of a cell whose value is no IRI → the function that makes its term."""
