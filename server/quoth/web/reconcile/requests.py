"""Reading what clients send: batches of queries in the forms of version 0.2 and of the 1.0 draft, and extensions.

0.2: https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/
1.0 draft: https://reconciliation-api.github.io/specs/1.0-draft/
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NoReturn, TypeVar, get_args

from quoth.errors import UsageError
from quoth.index.fulltext import LONGEST
from quoth.web.core.problem_details import HttpError
from quoth.web.reconcile.scoring import Quantifier

BATCH = 25
"""Queries in one batch."""

CANDIDATES, CANDIDATES_LIMIT = 10, 50
CONDITIONS_LIMIT = VALUES_LIMIT = 20
IDS_LIMIT, COLUMNS_LIMIT = 200, 40
EXACTLY = "exact"
"""The one match qualifier: only the same value agrees, however like it another is."""

Strict = Literal["any", "all", "should"]
T = TypeVar("T")


@dataclass(frozen=True)
class Condition:
    """What a candidate should have: one of the names ``values``, or such values of a property (its id)."""

    property: str | None
    values: tuple[str, ...]
    required: bool = False
    quantifier: Quantifier = "any"
    exactly: bool = False


@dataclass(frozen=True)
class Query:
    """What is looked for. ``types`` are ids or IRIs: of ``any`` or ``all`` of them, or it only ``should`` be."""

    conditions: tuple[Condition, ...]
    types: tuple[str, ...] = ()
    strict: Strict = "any"
    limit: int = CANDIDATES

    @property
    def names(self) -> list[Condition]:
        """The conditions on names."""
        return [c for c in self.conditions if c.property is None]

    @property
    def properties(self) -> list[Condition]:
        """The conditions on properties."""
        return [c for c in self.conditions if c.property is not None]


@dataclass(frozen=True)
class Extension:
    """Columns that are wanted for entities: ids of properties, with how many values of each (0: all)."""

    ids: tuple[str, ...]
    columns: tuple[tuple[str, int], ...]


def parsed(text: str | bytes, where: str) -> Any:
    """What a text in JSON says (RFC 8259). Raises UsageError."""
    try:
        return json.loads(text, parse_constant=lambda name: _refused(f"{name} is no number of JSON", where))
    except (ValueError, RecursionError) as error:
        why = (
            f"{error.msg} (line {error.lineno}, column {error.colno})"
            if isinstance(error, json.JSONDecodeError)
            else ""
        )
        _refused("this is not JSON" + (f": {why}" if why else ""), where)


def batch(data: Any) -> dict[str, Query]:
    """The queries of version 0.2, by the names that the client gave them. Raises UsageError, HttpError (413)."""
    queries = _object(data, "queries")
    _bounded(queries, BATCH, "queries", "queries in a batch")
    return {key: _query(value, f"queries.{key}") for key, value in queries.items()}


def drafted(data: Any) -> list[Query]:
    """The queries of the 1.0 draft. Raises UsageError, HttpError (413)."""
    queries = _list(_object(data, "body").get("queries"), "queries")
    _bounded(queries, BATCH, "queries", "queries in a batch")
    return [_drafted(query, f"queries[{place}]") for place, query in enumerate(queries)]


def extension(data: Any) -> Extension:
    """A data extension query, which both versions have alike. Raises UsageError, HttpError (413)."""
    given = _object(data, "extend")
    ids = _list(given.get("ids"), "ids")
    columns = _list(given.get("properties"), "properties")
    _bounded(ids, IDS_LIMIT, "ids", "entities at once")
    _bounded(columns, COLUMNS_LIMIT, "properties", "properties at once")
    return Extension(
        tuple(dict.fromkeys(_text(id, f"ids[{place}]") for place, id in enumerate(ids))),
        tuple(_column(_object(column, f"properties[{n}]"), f"properties[{n}]") for n, column in enumerate(columns)),
    )


def _column(given: Mapping[str, Any], where: str) -> tuple[str, int]:
    settings = given.get("settings") or {}
    limit = _object(settings, f"{where}.settings").get("limit") or 0
    return _text(given.get("id"), f"{where}.id"), _whole(limit, f"{where}.settings.limit", 0)


def _query(data: Any, where: str) -> Query:
    # Some clients send null for what they do not ask for.
    given = {name: value for name, value in _object(data, where).items() if value is not None}
    text = given.get("query")
    properties = _list(given.get("properties", []), f"{where}.properties")
    if text is None and not properties:
        _refused("there is neither a query nor a property", where)
    conditions = [] if text is None else [Condition(None, (_text(text, f"{where}.query"),))]
    for place, one in enumerate(properties):
        at = f"{where}.properties[{place}]"
        item = _object(one, at)
        conditions.append(Condition(_text(item.get("pid"), f"{at}.pid"), _values(item.get("v"), f"{at}.v")))
    types = given.get("type", [])
    strict: Strict = _one_of(given.get("type_strict") or "any", get_args(Strict), f"{where}.type_strict")
    return _made(conditions, types if isinstance(types, list) else [types], strict, given, where)


def _drafted(data: Any, where: str) -> Query:
    given = _object(data, where)
    found = _list(given.get("conditions"), f"{where}.conditions")
    if not found:
        _refused("there is no condition", f"{where}.conditions")
    conditions = [_condition(one, f"{where}.conditions[{place}]") for place, one in enumerate(found)]
    return _made(conditions, [given["type"]] if given.get("type") else [], "any", given, where)


def _condition(data: Any, where: str) -> Condition:
    given = _object(data, where)
    kind = _one_of(given.get("matchType"), ("name", "property"), f"{where}.matchType")
    property = _text(given.get("propertyId"), f"{where}.propertyId") if kind == "property" else None
    quantifier: Quantifier = _one_of(
        given.get("matchQuantifier") or "any", get_args(Quantifier), f"{where}.matchQuantifier"
    )
    qualifier = _one_of(given.get("matchQualifier") or "", ("", EXACTLY), f"{where}.matchQualifier")
    required = _one_of(given.get("required") or False, (False, True), f"{where}.required")
    values = _values(given.get("propertyValue"), f"{where}.propertyValue")
    return Condition(property, values, required, quantifier, qualifier == EXACTLY)


def _made(conditions: list[Condition], types: list[Any], strict: Strict, given: Mapping[str, Any], where: str) -> Query:
    _bounded(conditions, CONDITIONS_LIMIT, where, "conditions in a query")
    _bounded(types, CONDITIONS_LIMIT, f"{where}.type", "types in a query")
    wanted = tuple(_text(type, f"{where}.type") for type in types)
    limit = given.get("limit")
    number = CANDIDATES if limit is None else _whole(limit, f"{where}.limit", 1)
    return Query(tuple(conditions), wanted, strict, min(number, CANDIDATES_LIMIT))


def _values(value: Any, where: str) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    _bounded(values, VALUES_LIMIT, where, "values of a property")
    return tuple(_value(one, where) for one in values)


def _value(value: Any, where: str) -> str:
    """A property value: an entity is meant by its id."""
    if isinstance(value, dict):
        return _text(value.get("id"), f"{where}.id")
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return f"{value:.15g}"
    return _text(value, where)


def _text(value: Any, where: str) -> str:
    """A string, of which no more is read than a search reads."""
    if not isinstance(value, str):
        _refused("a string is expected", where)
    return value[:LONGEST].replace("\0", " ").encode("utf-8", "replace").decode("utf-8")


def _whole(value: Any, where: str, least: int) -> int:
    """A whole number, which some clients send as a string."""
    number = (
        int(value) if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 10 else value
    )
    if isinstance(number, bool) or not isinstance(number, int | float) or number % 1 != 0 or number < least:
        _refused(f"a whole number from {least} on is expected", where)
    return int(number)


def _one_of(value: Any, choices: tuple[T, ...], where: str) -> T:
    for choice in choices:
        if type(choice) is type(value) and choice == value:
            return choice
    _refused(f"this is none of {', '.join(str(choice).lower() for choice in choices if choice != '')}", where)


def _object(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        _refused("an object is expected", where)
    return value


def _list(value: Any, where: str) -> list[Any]:
    if not isinstance(value, list):
        _refused("an array is expected", where)
    return value


def _bounded(found: Sequence[Any] | Mapping[str, Any], limit: int, where: str, what: str) -> None:
    if len(found) > limit:
        raise HttpError(413, "Content too large", f"{where}: there are {len(found):,} {what}", f"send up to {limit}")


def _refused(why: str, where: str) -> NoReturn:
    raise UsageError(why, where=where[:200], remedy="see the guide’s page on reconciling")
