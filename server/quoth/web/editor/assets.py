"""The query editor of /sparql: where its built files are, and what it completes from.

It is an enhancement of the plain form, which stays where the editor is not built (build.py) or JavaScript is off.
"""

import functools
import json
import re
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox
from flask import Blueprint, Response
from werkzeug.datastructures import Headers

from quoth.claim.model.namespaces import ONTOLOGY_IRI, PREFIXES, RDF, RDFS, SKOS
from quoth.claim.reading.document import context
from quoth.claim.rules import publication
from quoth.web.core.responses import etag, validated
from quoth.web.core.site import WEB, Site, current_site, sitemap_paths
from quoth.web.present import stored_questions

BUILT = WEB / "static" / "editor"

_KINDS = {
    PREFIXES["rdfs"] + "Class": "class",
    PREFIXES["owl"] + "Class": "class",
    PREFIXES["rdf"] + "Property": "property",
    PREFIXES["owl"] + "ObjectProperty": "property",
    PREFIXES["owl"] + "DatatypeProperty": "property",
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
    return validated(lambda: _known(site), etag("terms"), "application/json", Headers())


@functools.lru_cache(maxsize=4)
def _known(site: Site) -> str:
    data = {
        "base": site.iris.base,
        # Dataset and ontology IRIs lead to this server's documents about them, wherever it is reached.
        "homes": [[site.iris.base + "id/", site.iris.path("doc/")], [ONTOLOGY_IRI, site.iris.path("ns")]],
        "prefixes": PREFIXES,
        "terms": [*_own_terms(), *_borrowed_terms()],
        "questions": [
            {"name": q.name, "title": stored_questions.title(site, q), "sparql": stored_questions.sparql(q)}
            for q in stored_questions.every()
        ],
    }
    return json.dumps(data, ensure_ascii=False) + "\n"


def _own_terms() -> list[dict[str, Any]]:
    """What our ontology and its schemes define."""
    found: dict[str, dict[str, Any]] = {}
    for quad in publication.ontology_quads():
        if not isinstance(quad.subject, ox.NamedNode) or not quad.subject.value.startswith(ONTOLOGY_IRI):
            continue
        iri = quad.subject.value
        if quad.predicate == RDF.type and isinstance(quad.object, ox.NamedNode) and quad.object.value in _KINDS:
            found.setdefault(iri, _term(iri, _KINDS[quad.object.value]))
    for quad in publication.ontology_quads():
        term = found.get(getattr(quad.subject, "value", ""))
        if term is not None and isinstance(quad.object, ox.Literal):
            if quad.predicate in (RDFS.label, SKOS.prefLabel):
                term["label"] = quad.object.value
            elif quad.predicate in (RDFS.comment, SKOS.definition):
                term["note"] = quad.object.value
    return list(found.values())


def _borrowed_terms() -> list[dict[str, Any]]:
    """What documents use of other vocabularies: the terms of the JSON-LD context that are not ours."""
    found: dict[str, dict[str, Any]] = {}
    for name, meant in context().items():
        short = meant.get("@id", "") if isinstance(meant, dict) else str(meant)
        prefix, _, local = short.partition(":")
        if prefix in PREFIXES and prefix != "quoth" and local and not local.startswith("//"):
            iri = PREFIXES[prefix] + local
            kind = "class" if local[0].isupper() else "property"
            found.setdefault(iri, _term(iri, kind, "" if name == local else name))
    return list(found.values())


def _term(iri: str, kind: str, label: str = "") -> dict[str, Any]:
    prefix = next((p for p, space in PREFIXES.items() if re.fullmatch(re.escape(space) + r"[\w-]+", iri)), None)
    short = f"<{iri}>" if prefix is None else f"{prefix}:{iri[len(PREFIXES[prefix]) :]}"
    return {"iri": iri, "kind": kind, "short": short, "label": label, "note": ""}
