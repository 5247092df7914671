"""Responses in the forms of version 0.2 and of the 1.0 draft."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from quoth import __version__
from quoth.claim.model.namespaces import ONTOLOGY_IRI, SKOS
from quoth.claim.model.quotation_marks import quoted
from quoth.web.core.site import Site
from quoth.web.present import phrases
from quoth.web.reconcile import schema
from quoth.web.reconcile.candidates import ScoredEntity
from quoth.web.reconcile.requests import BATCH, EXACTLY, Extension
from quoth.web.reconcile.schema import Property, Type
from quoth.web.reconcile.scoring import FEATURES
from quoth.web.reconcile.values import Entities, candidate_iris, cell, identifier, quotations

PREVIEW = {"width": 400, "height": 240}
_SHOWN = 200


def manifest(site: Site, draft: bool) -> dict[str, Any]:
    """The manifest of version 0.2: https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/
    #service-manifest, or of the 1.0 draft, which has other types for some of the same fields."""
    url = site.iris.url
    common = {
        "name": f"Quoth: {site.iris.public}",
        "documentation": url("guide/reconciling"),
        "serviceVersion": __version__,
        "logo": url("static/icon.svg"),
        "defaultTypes": [_whole_type(schema.TYPES[id]) for id in schema.DEFAULT_TYPES],
        "batchSize": BATCH,
    }
    if draft:
        return {
            "versions": ["1.0-draft"],
            **common,
            "lang": "en",
            "standardizedScore": True,
            "view": {"url": url("id/{+id}")},
            "featureView": {"url": f"{url('guide/reconciling')}#{{id}}"},
            "preview": PREVIEW,
            "suggest": {"entity": True, "property": True, "type": True},
            "extend": {"proposeProperties": True, "propertySettings": [_setting("id", "name", "helpText")]},
        }
    root = url("reconcile")
    return {
        "versions": ["0.2"],
        **common,
        "identifierSpace": f"{site.iris.base}id/",
        "schemaSpace": ONTOLOGY_IRI,
        "view": {"url": f"{root}/view?id={{{{id}}}}"},
        "feature_view": {"url": f"{url('guide/reconciling')}#{{{{id}}}}"},
        "preview": {"url": f"{root}/preview?id={{{{id}}}}", **PREVIEW},
        "suggest": {
            kind: {
                "service_url": root,
                "service_path": f"/suggest/{kind}",
                "flyout_service_path": f"/flyout/{kind}?id=${{id}}",
            }
            for kind in ("entity", "property", "type")
        },
        "extend": {
            "propose_properties": {"service_url": root, "service_path": "/extend/propose"},
            "property_settings": [_setting("name", "label", "help_text")],
        },
    }


def _setting(id: str, name: str, help: str) -> dict[str, Any]:
    return {id: "limit", name: "Values", "type": "number", "default": 0, help: "How many values at most; 0: all"}


def _named(term: Type | Property) -> dict[str, Any]:
    return {"id": term.id, "name": term.name}


def _whole_type(type: Type) -> dict[str, Any]:
    broader = schema.TYPES.get(type.broader)
    return _named(type) | ({"broader": [_named(broader)]} if broader else {})


def result(site: Site, candidates: Sequence[ScoredEntity]) -> list[dict[str, Any]]:
    """The candidates for one query."""
    iris = [candidate.iri for candidate in candidates]
    described = descriptions(Entities(site, iris), iris)
    return [
        {
            "id": identifier(site, candidate.iri),
            "name": site.labels.label(candidate.iri),
            "description": described[candidate.iri],
            "type": [_named(type) for type in candidate.types],
            "score": candidate.score.score,
            "features": [
                {"id": id, "name": _explanation(site, id), "value": value}
                for id, value in candidate.score.features.items()
            ],
            "match": candidate.match,
        }
        for candidate in candidates
    ]


def _explanation(site: Site, feature: str) -> str:
    property = schema.properties(site).get(feature.removeprefix("property-"))
    return FEATURES.get(feature) or f"{FEATURES['property']}: {property.name if property else feature}"


def descriptions(entities: Entities, iris: Sequence[str]) -> dict[str, str]:
    """The descriptions of entities that are offered together, with the ids of those that have name and description in
    common."""
    described = {iri: description(entities, iri) for iri in iris}
    alike = Counter((entities.site.labels.label(iri), words) for iri, words in described.items())
    return {
        iri: words
        if alike[entities.site.labels.label(iri), words] == 1
        else f"{identifier(entities.site, iri)} · {words}"
        for iri, words in described.items()
    }


def description(entities: Entities, iri: str) -> str:
    """The first type of an entity and its note, which tell it from its namesakes; of a claim also that nobody has
    reviewed it."""
    kind = [type.name for type in entities.types(iri)[:1]]
    proposed = "proposed, not reviewed" if entities.site.claim_index.is_proposed(iri) else ""
    return truncate(" · ".join(filter(None, [*kind, proposed, note(entities, iri)])))


def note(entities: Entities, iri: str) -> str:
    """The words of a claim; for any other entity a note on what is meant, or the article that describes it."""
    if words := quotations(entities.site, iri):
        return " … ".join(map(quoted, words))
    articles = entities.values(iri, schema.properties(entities.site)["describedIn"])
    notes = entities.texts(iri, SKOS.scopeNote)
    return notes[0] if notes else f"in: {articles[0].text}" if articles else ""


def truncate(text: str) -> str:
    """The beginning of a long text."""
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1].rstrip() + "…"


def suggested_entities(entities: Entities, iris: Sequence[str]) -> list[dict[str, Any]]:
    """Entities, for somebody who is typing."""
    described = descriptions(entities, iris)
    return [
        {
            "id": identifier(entities.site, iri),
            "name": entities.site.labels.label(iri),
            "description": described[iri],
            "notable": [_named(type) for type in entities.types(iri)],
        }
        for iri in iris
    ]


def suggested_terms(site: Site, kind: str) -> Iterator[dict[str, Any]]:
    """Every property, or every type, for somebody who is typing."""
    if kind == "property":
        for property in schema.properties(site).values():
            qualifiers = [{"id": EXACTLY, "name": "exactly the same value"}]
            yield _named(property) | {"description": property.description, "matchQualifiers": qualifiers}
    else:
        for type in schema.TYPES.values():
            yield _whole_type(type) | {"description": type.iri}


def proposal(site: Site, type: str, limit: int) -> dict[str, Any]:
    """The properties that entities of a type can have, at most ``limit`` of them; 0: all."""
    proposed = schema.proposed(site, type)[: limit or None]
    properties = [_named(property) | {"description": property.description} for property in proposed]
    return {"properties": properties, "type": type} | ({"limit": limit} if limit else {})


def extended(site: Site, extension: Extension, draft: bool) -> dict[str, Any]:
    """The values of a data extension: https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/
    #data-extension-responses. An unknown property has no values, nor has an unknown entity."""
    known = schema.properties(site)
    iris = {id: candidate_iris(site, id) for id in extension.ids}
    entities = Entities(site, (iri for candidates in iris.values() for iri in candidates))

    def cells(id: str, column: str, limit: int) -> list[dict[str, object]]:
        property, iri = known.get(column), next(filter(entities.exists, iris[id]), None)
        return [cell(v, property) for v in entities.values(iri, property)[: limit or None]] if property and iri else []

    rows: Any = {id: {column: cells(id, column, limit) for column, limit in extension.columns} for id in extension.ids}
    if draft:
        rows = [
            {"id": id, "properties": [{"id": column, "values": values} for column, values in row.items()]}
            for id, row in rows.items()
        ]
    return {"meta": [_column(known.get(column), column) for column, _ in extension.columns], "rows": rows}


def _column(property: Property | None, id: str) -> dict[str, Any]:
    if property is None:
        return {"id": id, "name": id}
    expected = schema.TYPES.get(property.expected)
    return {"id": id, "name": phrases.capital(property.name)} | ({"type": _named(expected)} if expected else {})
