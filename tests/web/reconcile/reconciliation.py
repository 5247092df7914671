"""The forms of the Entity Reconciliation API, read out of its text: each function fails where a document is not of one.

0.2: https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/
1.0 draft: https://reconciliation-api.github.io/specs/1.0-draft/
"""

from typing import Any

from jsonschema import Draft202012Validator

TEXT = {"type": "string", "minLength": 1}
URL = {"type": "string", "pattern": "^https?://"}
NAMED = {"type": "object", "required": ["id", "name"], "properties": {"id": TEXT, "name": TEXT}}


def _object(required: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    """An object that has those fields and no others."""
    return {
        "type": "object",
        "required": [*required],
        "properties": {**required, **(optional or {})},
        "additionalProperties": False,
    }


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


TYPE = _object({"id": TEXT, "name": TEXT}, {"broader": _list(NAMED), "description": TEXT})
CANDIDATE = _object(
    {
        "id": TEXT,
        "name": TEXT,
        "type": {"type": "array", "minItems": 1, "items": _object({"id": TEXT, "name": TEXT})},
        "score": {"type": "number", "minimum": 0, "maximum": 100},
        "match": {"type": "boolean"},
    },
    {
        "description": TEXT,
        "features": _list(_object({"id": TEXT, "name": TEXT, "value": {"type": ["number", "boolean"]}})),
    },
)
CELL = {
    "oneOf": [
        _object({"id": TEXT, "name": TEXT}, {"description": TEXT}),
        _object({"str": {"type": "string"}}),
        _object({"int": {"type": "integer"}}),
        _object({"float": {"type": "number"}}),
        _object({"date": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?$"}}),
    ]
}
META = _list(_object({"id": TEXT, "name": TEXT}, {"type": _object({"id": TEXT, "name": TEXT}), "service": URL}))
SUGGESTED = _object(
    {"id": TEXT, "name": TEXT},
    {
        "description": {"type": "string"},
        "notable": _list(NAMED),
        "matchQualifiers": _list(_object({"id": TEXT, "name": TEXT})),
        "broader": _list(NAMED),
    },
)
COMMON = {
    "versions": _list(TEXT),
    "name": TEXT,
    "documentation": URL,
    "logo": URL,
    "serviceVersion": TEXT,
    "defaultTypes": {"type": "array", "minItems": 1, "uniqueItems": True, "items": TYPE},
    "batchSize": {"type": "integer", "minimum": 1},
}
SIZE = {"width": {"type": "integer", "minimum": 1}, "height": {"type": "integer", "minimum": 1}}


def _template(pattern: str) -> dict[str, Any]:
    return _object({"url": {"type": "string", "pattern": f"^https?://.*{pattern}"}})


def _setting(id: str, name: str, help: str) -> dict[str, Any]:
    return _object({id: TEXT, name: TEXT, "type": {"const": "number"}, "default": {"type": "number"}, help: TEXT})


def _service(flyout: bool) -> dict[str, Any]:
    more = {"flyout_service_path": {"type": "string", "pattern": r"\$\{id\}"}} if flyout else {}
    return _object({"service_url": URL, "service_path": {"type": "string", "pattern": "^/"}, **more})


MANIFEST = _object(
    {
        **COMMON,
        "versions": {"const": ["0.2"]},
        "identifierSpace": URL,
        "schemaSpace": URL,
        "view": _template(r"\{\{id\}\}"),
        "feature_view": _template(r"\{\{id\}\}"),
        "preview": _object({"url": {"type": "string", "pattern": r"^https?://.*\{\{id\}\}"}, **SIZE}),
        "suggest": _object({kind: _service(True) for kind in ("entity", "property", "type")}),
        "extend": _object(
            {"propose_properties": _service(False), "property_settings": _list(_setting("name", "label", "help_text"))}
        ),
    }
)
DRAFTED_MANIFEST = _object(
    {
        **COMMON,
        "versions": {"const": ["1.0-draft"]},
        "lang": {"const": "en"},
        "standardizedScore": {"type": "boolean"},
        "view": _template(r"[^{]\{\+?id\}"),
        "featureView": _template(r"[^{]\{\+?id\}"),
        "preview": _object(SIZE),
        "suggest": _object({kind: {"const": True} for kind in ("entity", "property", "type")}),
        "extend": _object(
            {"proposeProperties": {"const": True}, "propertySettings": _list(_setting("id", "name", "helpText"))}
        ),
    }
)


def _check(schema: dict[str, Any], document: Any) -> None:
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(document)


def manifest(document: Any) -> None:
    """0.2, “Service Manifest”."""
    _check(MANIFEST, document)


def drafted_manifest(document: Any) -> None:
    """1.0 draft, “Service Manifest”."""
    _check(DRAFTED_MANIFEST, document)


def results(document: Any) -> None:
    """0.2, “Reconciliation Query Responses”."""
    _check({"type": "object", "additionalProperties": _object({"result": _list(CANDIDATE)})}, document)
    for result in document.values():
        _sound(result["result"])


def drafted_results(document: Any) -> None:
    """1.0 draft, “Reconciliation Query Responses”."""
    _check(_object({"results": _list(_object({"candidates": _list(CANDIDATE)}))}), document)
    for result in document["results"]:
        _sound(result["candidates"])


def _sound(candidates: list[dict[str, Any]]) -> None:
    scores = [c["score"] for c in candidates]
    assert scores == sorted(scores, reverse=True)
    assert len({c["id"] for c in candidates}) == len(candidates)
    for candidate in candidates:
        ids = [feature["id"] for feature in candidate["features"]]
        assert len(set(ids)) == len(ids)


def suggestions(document: Any) -> None:
    """Both versions, “Suggest Responses”."""
    _check(_object({"result": _list(SUGGESTED)}), document)


def proposal(document: Any) -> None:
    """Both versions, “Data Extension Property Proposals”."""
    property = _object({"id": TEXT, "name": TEXT}, {"description": TEXT})
    _check(
        _object({"properties": _list(property), "type": {"type": "string"}}, {"limit": {"type": "integer"}}), document
    )


def extension(document: Any, asked: Any) -> None:
    """0.2, “Data Extension Responses”: a cell for each entity and property that was asked for."""
    rows = {"type": "object", "additionalProperties": {"type": "object", "additionalProperties": _list(CELL)}}
    _check(_object({"meta": META, "rows": rows}), document)
    columns = [column["id"] for column in asked["properties"]]
    assert [column["id"] for column in document["meta"]] == columns
    assert [*document["rows"]] == [*dict.fromkeys(asked["ids"])]
    assert all([*row] == [*dict.fromkeys(columns)] for row in document["rows"].values())


def drafted_extension(document: Any, asked: Any) -> None:
    """1.0 draft, “Data Extension Responses”."""
    cells = _list(_object({"id": TEXT, "values": _list(CELL)}))
    _check(_object({"meta": META, "rows": _list(_object({"id": TEXT, "properties": cells}))}), document)
    assert [row["id"] for row in document["rows"]] == [*dict.fromkeys(asked["ids"])]
