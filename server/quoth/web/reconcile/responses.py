"""What is sent back, in the forms of version 0.2 and of the 1.0 draft."""

from collections.abc import Sequence
from typing import Any

from quoth import __version__
from quoth.claim.model.namespaces import ONTOLOGY_IRI, SKOS
from quoth.web.core.site import Site
from quoth.web.present import phrases
from quoth.web.reconcile import schema
from quoth.web.reconcile.candidates import Candidate
from quoth.web.reconcile.requests import BATCH, EXACTLY, Extension
from quoth.web.reconcile.schema import Property, Type
from quoth.web.reconcile.scoring import FEATURES
from quoth.web.reconcile.values import Known, cell, identifier, meant, quotations

PREVIEW = {"width": 400, "height": 240}
_SHOWN = 200


def manifest(here: Site, draft: bool) -> dict[str, Any]:
    """What the service can do: https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/
    #service-manifest, or that of the 1.0 draft, which has other types for some of the same fields."""
    url = here.iris.url
    common = {
        "name": f"Quoth: {here.iris.public}",
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
        "identifierSpace": f"{here.iris.base}id/",
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


def _whole_type(type: Type) -> dict[str, Any]:
    broader = [{"id": t.id, "name": t.name} for t in [schema.TYPES.get(type.broader)] if t]
    return {"id": type.id, "name": type.name, **({"broader": broader} if broader else {})}


def result(here: Site, found: Sequence[Candidate]) -> list[dict[str, Any]]:
    """The candidates for one query."""
    known = Known(here, [one.iri for one in found])
    return [
        {
            "id": identifier(here, one.iri),
            "name": here.labels.label(one.iri),
            "description": description(known, one.iri),
            "type": [{"id": t.id, "name": t.name} for t in one.types],
            "score": one.judged.score,
            "features": [{"id": id, "name": _explained(here, id), "value": v} for id, v in one.judged.features.items()],
            "match": one.match,
        }
        for one in found
    ]


def _explained(here: Site, feature: str) -> str:
    if feature in FEATURES:
        return FEATURES[feature]
    property = schema.properties(here).get(feature.removeprefix("property-"))
    return f"{FEATURES['property']}: {property.name if property else feature}"


def description(known: Known, iri: str) -> str:
    """What tells an entity from its namesakes: what it is, and its note."""
    kinds = [t.name for t in schema.of_classes(known.classes(iri))]
    return shortened(" · ".join(filter(None, [*kinds[:1], note(known, iri)])))


def note(known: Known, iri: str) -> str:
    """The words of a claim; of anything else a note on what is meant, or the article that describes it."""
    said = quotations(known.here, iri)
    if said:
        return " … ".join(f"“{words}”" for words in said)
    described_in = known.values(iri, schema.properties(known.here)["describedIn"])
    noted = known.texts(iri, SKOS.scopeNote)
    return noted[0] if noted else f"in: {described_in[0].text}" if described_in else ""


def shortened(text: str) -> str:
    """The beginning of a long text."""
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1].rstrip() + "…"


def suggested_entity(known: Known, iri: str) -> dict[str, Any]:
    """An entity, for somebody who is typing."""
    types = schema.of_classes(known.classes(iri))
    return {
        "id": identifier(known.here, iri),
        "name": known.here.labels.label(iri),
        "description": description(known, iri),
        "notable": [{"id": t.id, "name": t.name} for t in types],
    }


def suggested_property(property: Property) -> dict[str, Any]:
    """A property, for somebody who is typing."""
    return {
        "id": property.id,
        "name": property.name,
        "description": property.description,
        "matchQualifiers": [{"id": EXACTLY, "name": "just the same value"}],
    }


def suggested_type(type: Type) -> dict[str, Any]:
    """A type, for somebody who is typing."""
    return {**_whole_type(type), "description": type.iri}


def extended(here: Site, asked: Extension, draft: bool) -> dict[str, Any]:
    """The values that were asked for: https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/
    #data-extension-responses. A property that there is not has no values, and an entity that there is not has none."""
    every = schema.properties(here)
    iris = {id: meant(here, id) for id in asked.ids}
    known = Known(here, (iri for found in iris.values() for iri in found))

    def cells(id: str, column: str, limit: int) -> list[dict[str, object]]:
        property = every.get(column)
        iri = next(filter(known.there, iris[id]), None)
        found = known.values(iri, property) if property and iri else []
        return [cell(value, property) for value in found[: limit or None]] if property else []

    meta = [_column(every.get(column), column) for column, _ in asked.columns]
    rows: Any = {id: {column: cells(id, column, limit) for column, limit in asked.columns} for id in asked.ids}
    if draft:
        rows = [
            {"id": id, "properties": [{"id": column, "values": values} for column, values in row.items()]}
            for id, row in rows.items()
        ]
    return {"meta": meta, "rows": rows}


def _column(property: Property | None, id: str) -> dict[str, Any]:
    if property is None:
        return {"id": id, "name": id}
    expected = schema.TYPES.get(property.expected)
    return {
        "id": id,
        "name": phrases.capital(property.name),
        **({"type": {"id": expected.id, "name": expected.name}} if expected else {}),
    }
