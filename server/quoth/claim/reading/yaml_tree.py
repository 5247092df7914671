"""The tree of a YAML document: plain dicts and lists, in which each dict knows its line."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from quoth.errors import DocumentError

RELATIONS = ("corroborates", "contradicts", "inTensionWith", "presupposes", "sameReferent")
"""The relations of one claim to another."""


class WrittenMapping(dict[str, Any]):
    """A mapping as written: the line that it begins on, and those of its keys (from 0)."""

    __slots__ = ("line", "lines")

    def __init__(self, line: int) -> None:
        self.line = line
        self.lines: dict[str, int] = {}


class WrittenSequence(list[Any]):
    """A sequence as written, with the lines of its items (from 0)."""

    __slots__ = ("lines",)

    def __init__(self) -> None:
        self.lines: list[int] = []


Node = dict[str, Any]

MAX_NODES = 500_000
"""Values that a document may have: aliases and names can make a short document a very long one."""
MAX_CHARACTERS = 64 * 2**20
"""Characters that its texts may have together, each counted as often as it is said."""
TOO_LONG = f"its texts have more than {MAX_CHARACTERS:,} characters, aliases and names written out"


class _Line:
    """The key of a node's line number: a class, which a copied tree shares, and which no YAML key can equal."""


LINE: Any = _Line


def walk(value: Any, line: int = 1, key: str = "") -> Iterator[tuple[str, Any, int]]:
    """Every value of a tree that is no list: the key that it stands under, the value, and the line that it is on."""
    if isinstance(value, list):
        for item in value:
            yield from walk(item, line, key)
        return
    line = value.get(LINE, line) if isinstance(value, dict) else line
    yield key, value, line
    if isinstance(value, dict):
        for inner_key, inner in value.items():
            yield from walk(inner, line, inner_key)


def listed(value: Any) -> list[Any]:
    """The value as a list."""
    return value if isinstance(value, list) else [value]


def default(node: Node, **values: Any) -> None:
    """Set each value that is not empty and has no value yet."""
    for key, value in values.items():
        if value:
            node.setdefault(key, value)


def error(path: Path, node: Node, detail: str, remedy: str | None = None) -> DocumentError:
    """The error of a node, with its file and line."""
    return DocumentError(detail, where=f"{path}:{node.get(LINE, 1)}", remedy=remedy)
