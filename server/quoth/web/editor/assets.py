"""The query editor of /sparql: the paths of its built files, and its completions.

The editor enhances the plain form, which remains where the editor is not built (build.py) or JavaScript is off.
"""

import functools
import json
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox
from flask import Blueprint, Response

from quoth.claim.model.namespaces import ONTOLOGY_IRI, OWL, PREFIXES, RDF, RDFS, SKOS, prefixed_name
from quoth.claim.model.ontology import ontology_quads
from quoth.claim.model.triple_index import TripleIndex
from quoth.corpus.bases import every
from quoth.resources import jsonld_context
from quoth.web.core.responses import validated
from quoth.web.core.site import WEB, Site, current_site, sitemap_paths
from quoth.web.present import stored_questions

BUILT = WEB / "static" / "editor"

_KINDS = {
    RDFS.Class.value: "class",
    OWL.Class.value: "class",
    RDF.Property.value: "property",
    OWL.ObjectProperty.value: "property",
    OWL.DatatypeProperty.value: "property",
    SKOS.Concept.value: "concept",
}

blueprint = Blueprint("editor", __name__)


@dataclass(frozen=True)
class Assets:
    """Paths of the built files below the site's root."""

    script: str
    style: str


def assets() -> Assets | None:
    """The built editor; None where it is not built."""
    if not (BUILT / "editor.js").is_file() or not (BUILT / "editor.css").is_file():
        return None
    return Assets("static/editor/editor.js", "static/editor/editor.css")


@blueprint.get("/ns/terms.json")
@sitemap_paths(None)
def terms() -> Response:
    """Prefixes, terms and questions, as the editor needs them: classes, properties and concepts with their labels."""
    site = current_site()
    return validated(lambda: _completions(site), site.etag("terms"), "application/json")


@functools.lru_cache(maxsize=4)
def _completions(site: Site) -> str:
    data = {
        "base": site.iris.base,
        # Dataset and ontology IRIs lead to this server's documents about them, wherever it is reached.
        "homes": [*_homes(site), [ONTOLOGY_IRI, site.iris.path("ns")]],
        "prefixes": PREFIXES,
        "terms": [*_own_terms(), *_borrowed_terms()],
        "questions": [
            {"name": q.name, "title": stored_questions.title(site, q), "sparql": stored_questions.sparql(q)}
            for q in stored_questions.questions(site)
        ],
    }
    return json.dumps(data, ensure_ascii=False) + "\n"


def _homes(site: Site) -> list[list[str]]:
    """What IRIs of the dataset begin with, and where the documents about them are."""
    return [[f"{base}id/", site.iris.path(f"doc/{path}/" if path else "doc/")] for path, base in every(site.iris.base)]


def _own_terms() -> list[dict[str, Any]]:
    """The terms that our ontology and its schemes define."""
    index = TripleIndex(ontology_quads())

    def last(iri: str, *predicates: ox.NamedNode) -> str:
        return next((value for p in predicates for value in reversed(index.values(iri, p))), "")

    terms = []
    for iri in index.having(RDF.type):
        kind = next((_KINDS[type] for type in index.values(iri, RDF.type) if type in _KINDS), None)
        if kind and iri.startswith(ONTOLOGY_IRI):
            note = last(iri, SKOS.definition, RDFS.comment)
            terms.append({**_term(iri, kind, last(iri, SKOS.prefLabel, RDFS.label)), "note": note})
    return terms


def _borrowed_terms() -> list[dict[str, Any]]:
    """The terms of other vocabularies that documents use: those of the JSON-LD context that are not ours."""
    terms: dict[str, dict[str, Any]] = {}
    for name, definition in jsonld_context().items():
        short = definition.get("@id", "") if isinstance(definition, dict) else str(definition)
        prefix, _, local = short.partition(":")
        if prefix in PREFIXES and prefix != "quoth" and local and not local.startswith("//"):
            iri = PREFIXES[prefix] + local
            kind = "class" if local[0].isupper() else "property"
            terms.setdefault(iri, _term(iri, kind, "" if name == local else name))
    return list(terms.values())


def _term(iri: str, kind: str, label: str = "") -> dict[str, Any]:
    return {"iri": iri, "kind": kind, "short": prefixed_name(iri) or f"<{iri}>", "label": label, "note": ""}
