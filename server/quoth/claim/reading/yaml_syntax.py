"""YAML 1.2 (https://yaml.org/spec/1.2.2/): plain values as they are written, and the reasons why a text is not YAML."""

import functools
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.constructor import ConstructorError, RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, StringMark, YAMLError
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.reader import ReaderError
from ruamel.yaml.resolver import VersionedResolver

from quoth.claim.model.excerpts import shortened
from quoth.errors import DocumentError

_DIGITS = 16
"""Digits of a whole number that JSON carries."""
_KEPT = {
    "int": re.compile(rf"-?(?:0|[1-9][0-9]{{0,{_DIGITS - 1}}})"),
    "float": re.compile(r"[-+]?(?:0|[1-9][0-9]*)?(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|nan)"),
    "timestamp": None,
    "value": None,
}
"""Kind of a plain scalar → the form in which it is one; all others are text."""

_ANY = re.compile(".*", re.DOTALL)
_TEXT = VersionedResolver.DEFAULT_SCALAR_TAG
_REASONS: tuple[tuple[str, str, str | None], ...] = (
    (r"found character '\\t'", "there is a tab where YAML has spaces", "indent with spaces"),
    (
        r"found character '([@`%])'",
        "a value may not begin with {0}",
        "put it in quotation marks",
    ),
    (
        r"mapping values are not allowed",
        "a colon and a space within a value, or a line that is indented wrongly",
        "put the value in quotation marks, or fix the indentation",
    ),
    (r'found duplicate key "([^"]{1,100})', "the key {0!r} occurs twice in one mapping", "keep one of the two"),
    (r"found undefined alias '?([^']{1,100})", "a value that begins with * is an alias, and nothing has the anchor {0}",
     "put the value in quotation marks"),
    (r"found unexpected end of stream", "a quotation mark is opened but not closed", "close it"),
    (r"expected <block end>, but found '<scalar>'", "words follow a value in quotation marks",
     "put the whole value in single quotation marks, '…'"),
    (r"expected <block end>, but found '<block mapping start>'", "a line is not indented like those around it",
     "begin the keys of one mapping in the same column"),
    (r"found '-'|expected <block end>, but found '-'", "{problem}",
     "a list item is not under a list: claims belong under claims:"),
    (r"expected ',' or '([\]}])'", "a list or mapping in brackets is not closed, or a comma is missing",
     "close it with {0}, and put values that have a comma, colon or bracket in quotation marks"),
    (r"could not find expected ':'", "a line has no colon after its key, or its key is too long",
     "write it like label: the ferry"),
    (r"found unhashable key", "a key is a mapping or a list", "put it in quotation marks"),
    (r"found another document", "a second document begins (---)", "write each document in a file of its own"),
    (r"sequence entries are not allowed", "a list begins beside its key", "begin it on a line of its own"),
)  # fmt: skip
"""Form of ruamel's problem → the detail and the remedy in plain words."""


class _Resolver(VersionedResolver):
    """Plain scalars by the core schema (§10.3.2), but for those that would lose their form, which are text: ``007``,
    ``0x1F``, ``1_000``, numbers of more digits than JSON carries, and dates."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:
        tag = super().resolve(kind, value, implicit)
        form = _KEPT.get(str(tag).rpartition(":")[2], _ANY)
        return tag if kind is not ScalarNode or not implicit[0] or (form and form.fullmatch(value)) else _TEXT


class _TextResolver(VersionedResolver):
    """Plain scalars as text, but for those that are empty, and the merge key."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:
        tag = super().resolve(kind, value, implicit)
        keeps = str(tag).endswith((":null", ":merge"))
        return tag if kind is not ScalarNode or not implicit[0] or keeps else _TEXT


class _Constructor(RoundTripConstructor):
    """Constructs values; one that is not of the form that its tag asks for is an error with a line."""

    def construct_object(self, node: Any, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep)
        except (ValueError, TypeError, OverflowError) as error:
            raise ConstructorError(None, None, str(error), node.start_mark) from None

    def check_mapping_key(self, node: Any, key_node: Any, mapping: Any, key: Any, value: Any) -> Any:
        try:
            return super().check_mapping_key(node, key_node, mapping, key, value)
        except TypeError:
            raise ConstructorError(None, None, "found unhashable key", key_node.start_mark) from None


def parser(*, as_text: bool = False) -> YAML:
    """A parser and writer that keeps comments, quotes and the order of keys; ``as_text`` makes all values text."""
    yaml = YAML(typ="rt")
    yaml.Resolver = _TextResolver if as_text else _Resolver
    yaml.Constructor = _Constructor
    yaml.preserve_quotes = True
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def parse(text: str, path: Path, *, as_text: bool = False) -> CommentedMap:
    """The document as written. Raises DocumentError (file:line) for a text that is not YAML or not a mapping."""
    try:
        tree = parser(as_text=as_text).load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        detail, remedy = _reason(" ".join(str(error.problem or error.context).split()))
        if whole := _cut_number(text, mark):
            detail, remedy = "a comma ends a value here", f"put the whole number in quotation marks: {shortened(whole)}"
        where = f"{path}:{mark.line + 1}" if mark else str(path)
        raise DocumentError(f"it is not YAML: {detail}", where=where, remedy=remedy) from None
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        detail = f"it is not YAML: the control character U+{int(error.character):04X}"
        raise DocumentError(detail, where=f"{path}:{line}", remedy="take it out") from None
    except RecursionError:
        raise DocumentError("it is nested too deeply", where=str(path)) from None
    except (YAMLError, ValueError) as error:
        raise DocumentError(f"it is not YAML: {shortened(error, 200)}", where=str(path)) from None
    if not isinstance(tree, CommentedMap):
        raise DocumentError("a document is a mapping: keys with values", where=f"{path}:1")
    return tree


def _cut_number(text: str, mark: StringMark | None) -> str:
    """The number in whose digits a duplicate key was found, as in ``{quantity: 1,000,000}``."""
    line = text.split("\n")[mark.line] if mark else ""
    numbers = re.finditer(r"(?<![\w.,])\d{1,3}(?:,\d{3})+(?![\w,])", line)
    return next((m[0] for m in numbers if mark and m.start() < mark.column < m.end()), "")


def _reason(problem: str) -> tuple[str, str | None]:
    for form, detail, remedy in _REASONS:
        if match := re.search(form, problem):
            groups = match.groups()
            return detail.format(*groups, problem=problem), remedy.format(*groups) if remedy else None
    return shortened(problem, 200), None


def number_or_text(value: str) -> str | int | bool | None:
    """A plain scalar that is text, a whole number or a truth value; None for any other."""
    if value[:1].isalpha() and value[0] not in "tTfFnN":  # the initials of true, false and null
        return value
    if value.isascii() and value.isdecimal() and value[0] != "0" and len(value) <= _DIGITS:
        return int(value)
    return _number_or_text(value)


@functools.lru_cache(maxsize=4096)
def _number_or_text(value: str) -> str | int | bool | None:
    kind = str(_core().resolve(ScalarNode, value, (True, False))).rpartition(":")[2]
    if kind == "bool":
        return value.lower() == "true"
    return value if kind == "str" else int(value) if kind == "int" else None


@functools.cache
def _core() -> _Resolver:
    return _Resolver(loadumper=parser())


def first_lines(tree: CommentedMap) -> Mapping[str, int]:
    """The keys of a mapping, and the line (from 1) of each."""
    places = tree.lc.data or {}
    return {str(key): places.get(key, (tree.lc.line,))[0] + 1 for key in tree}
