"""Reading requests: batches of queries in the forms of version 0.2 and of the 1.0 draft, and extensions.

0.2: https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/
1.0 draft: https://reconciliation-api.github.io/specs/1.0-draft/
"""

import json
from collections.abc import Sequence, Sized
from dataclasses import dataclass
from typing import Any, Literal, NoReturn, TypeVar, get_args

from flask import request

from quoth.errors import UsageError
from quoth.http import message
from quoth.index.fulltext import TEXT_LIMIT
from quoth.web.core.problem_details import HttpError
from quoth.web.reconcile.scoring import Quantifier

BATCH = 25
"""Queries in one batch."""

CANDIDATES, CANDIDATES_LIMIT = 10, 50
CONDITIONS_LIMIT = VALUES_LIMIT = 20
IDS_LIMIT, COLUMNS_LIMIT = 200, 40
EXACTLY = "exact"
"""The one match qualifier: only the same value agrees, not a similar one."""

Strict = Literal["any", "all", "should"]
T = TypeVar("T")


@dataclass(frozen=True)
class Condition:
    """A property (its id) that a candidate should have with one of the ``values``; None: its name should be one."""

    property: str | None
    values: tuple[str, ...]
    required: bool = False
    quantifier: Quantifier = "any"
    exactly: bool = False


@dataclass(frozen=True)
class EntityQuery:
    """A query for entities. ``types`` are ids or IRIs: of ``any`` or ``all`` of them, or it only ``should`` be."""

    conditions: Sequence[Condition]
    types: Sequence[str]
    strict: Strict
    limit: int


@dataclass(frozen=True)
class Extension:
    """Columns for entities: ids of properties, each with the number of its values at most (0: all)."""

    ids: Sequence[str]
    columns: Sequence[tuple[str, int]]


@dataclass(frozen=True)
class Node:
    """A value in a document of JSON (RFC 8259), and its place there, by which errors name it."""

    value: Any
    where: str

    def refuse(self, why: str) -> NoReturn:
        """Raises the UsageError about this value."""
        raise UsageError(why, where=self.where[:200], remedy="see the guide’s page on reconciling")

    def at_most(self, limit: int, values: Sized, noun: str) -> None:
        """Raises HttpError (413) for more values than ``limit``."""
        if len(values) > limit:
            why = f"{self.where}: there are {len(values):,} {noun}"
            raise HttpError(413, "Content too large", why, f"send up to {limit}")

    def object(self) -> dict[str, Any]:
        """An object."""
        if not isinstance(self.value, dict):
            self.refuse("an object is expected")
        return self.value

    def __getitem__(self, name: str) -> "Node":
        """A member of an object; null where the object has none of that name."""
        return Node(self.object().get(name), f"{self.where}.{name}")

    def items(self) -> list["Node"]:
        """The items of an array."""
        if not isinstance(self.value, list):
            self.refuse("an array is expected")
        return [Node(item, f"{self.where}[{place}]") for place, item in enumerate(self.value)]

    def several(self, limit: int, noun: str) -> list["Node"]:
        """The items of an array, or the one value in place of it. Raises HttpError (413)."""
        values = self.value if isinstance(self.value, list) else [self.value]
        self.at_most(limit, values, noun)
        return [Node(value, self.where) for value in values]

    def text(self) -> str:
        """A string, as much of it as a search reads."""
        if not isinstance(self.value, str):
            self.refuse("a string is expected")
        return self.value[:TEXT_LIMIT].replace("\0", " ").encode("utf-8", "replace").decode("utf-8")

    def property_value(self) -> str:
        """The value of a property as a string: a number in digits, an entity by its id."""
        match self.value:
            case dict():
                return self["id"].text()
            case bool():
                return str(self.value).lower()
            case int() | float():
                return f"{self.value:.15g}"
        return self.text()

    def whole(self, least: int) -> int:
        """A whole number, which some clients send as a string."""
        number = self.value
        if isinstance(number, str) and number.isascii() and number.isdecimal() and len(number) < 10:
            number = int(number)
        if isinstance(number, bool) or not isinstance(number, int | float) or number % 1 != 0 or number < least:
            self.refuse(f"a whole number of at least {least} is expected")
        return int(number)

    def choice(self, choices: tuple[T, ...], default: T | None = None) -> T:
        """One of the choices; the default in place of null and the like."""
        value = self.value or default
        for choice in choices:
            if type(choice) is type(value) and choice == value:
                return choice
        self.refuse(f"this is not one of {', '.join(str(choice).lower() for choice in choices if choice != '')}")


def parsed(text: str | bytes, where: str) -> Node:
    """The document that a text has in JSON. Raises UsageError."""
    document = Node(None, where)
    try:
        value = json.loads(text, parse_constant=lambda name: document.refuse(f"{name} is not a JSON number"))
    except json.JSONDecodeError as error:
        document.refuse(f"this is not JSON: {error.msg} (line {error.lineno}, column {error.colno})")
    except (ValueError, RecursionError):
        document.refuse("this is not JSON")
    return Node(value, where)


def batch(document: Node) -> dict[str, EntityQuery]:
    """The queries of version 0.2, by the names that the client gave them. Raises UsageError, HttpError (413)."""
    document.at_most(BATCH, document.object(), "queries in a batch")
    return {name: _query(document[name]) for name in document.object()}


def draft_batch(document: Node) -> list[EntityQuery]:
    """The queries of the 1.0 draft. Raises UsageError, HttpError (413)."""
    queries = Node(document["queries"].value, "queries")
    queries.at_most(BATCH, queries.items(), "queries in a batch")
    return [_draft_query(query) for query in queries.items()]


def extension(document: Node) -> Extension:
    """A data extension query, which has one form in both versions. Raises UsageError, HttpError (413)."""
    extend = Node(document.value, "extend")
    ids, properties = (Node(extend[name].value, name) for name in ("ids", "properties"))
    entities, columns = ids.items(), properties.items()
    ids.at_most(IDS_LIMIT, entities, "entities at once")
    properties.at_most(COLUMNS_LIMIT, columns, "properties at once")
    return Extension(list(dict.fromkeys(id.text() for id in entities)), [_column(column) for column in columns])


def _column(column: Node) -> tuple[str, int]:
    settings = column["settings"]
    limit = settings["limit"] if settings.value else settings
    return column["id"].text(), limit.whole(0) if limit.value else 0


def _query(query: Node) -> EntityQuery:
    # Some clients send null for what they do not ask for.
    name, properties, types = query["query"], query["properties"], query["type"]
    items = [] if properties.value is None else properties.items()
    if name.value is None and not items:
        query.refuse("there is neither a query nor a property")
    conditions = [] if name.value is None else [Condition(None, (name.text(),))]
    conditions += [Condition(item["pid"].text(), _values(item["v"])) for item in items]
    strict: Strict = query["type_strict"].choice(get_args(Strict), "any")
    several = [] if types.value is None else types.several(CONDITIONS_LIMIT, "types in a query")
    return _entity_query(query, conditions, several, strict)


def _draft_query(query: Node) -> EntityQuery:
    items = query["conditions"].items()
    if not items:
        query["conditions"].refuse("there is no condition")
    return _entity_query(query, [_condition(item) for item in items], [query["type"]] if query["type"].value else [])


def _condition(condition: Node) -> Condition:
    kind = condition["matchType"].choice(("name", "property"))
    property = condition["propertyId"].text() if kind == "property" else None
    quantifier: Quantifier = condition["matchQuantifier"].choice(get_args(Quantifier), "any")
    qualifier = condition["matchQualifier"].choice(("", EXACTLY), "")
    required = condition["required"].choice((False, True), False)
    return Condition(property, _values(condition["propertyValue"]), required, quantifier, qualifier == EXACTLY)


def _values(values: Node) -> tuple[str, ...]:
    return tuple(value.property_value() for value in values.several(VALUES_LIMIT, "values of a property"))


def _entity_query(query: Node, conditions: list[Condition], types: list[Node], strict: Strict = "any") -> EntityQuery:
    query.at_most(CONDITIONS_LIMIT, conditions, "conditions in a query")
    ids, limit = [type.text() for type in types], query["limit"]
    number = CANDIDATES if limit.value is None else limit.whole(1)
    return EntityQuery(conditions, ids, strict, min(number, CANDIDATES_LIMIT))


def required(name: str, *others: str) -> str:
    """The value of a parameter. Raises UsageError without it, and for one that is nearly it or one of the others."""
    known = (name, *others)
    message.refuse_misspelt(request.args, known)
    if name not in request.args:
        remedy = f"the parameters are {', '.join(known)}" if others else f"give {name}="
        raise UsageError(f"the parameter {name} is missing", where=name, remedy=remedy)
    return request.args[name]


def number(name: str, default: int, most: int) -> int:
    """The value of a parameter, at most ``most``, or the default. Raises UsageError."""
    raw = request.args.get(name, "")
    if not raw:
        return default
    if not (raw.isascii() and raw.isdecimal() and len(raw) < 10):
        raise UsageError(f"{raw[:80]!r} is not a whole number", where=name, remedy=f"give one up to {most:,}")
    return min(int(raw), most)
