"""Reading YAML documents (YAML 1.2), which are YAML-LD with our context once they are completed."""

import datetime
import difflib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from quoth.claim.completion import LINE, Node, complete
from quoth.errors import DocumentError

MAX_DEPTH = 50
_NOT_IN_IRI = re.compile(r'[\x00-\x20<>"{}|\\^`]|^$')


def parser() -> YAML:
    """A YAML 1.2 parser and writer that keeps comments, quotes and the order of keys."""
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def parse(text: str, path: Path) -> CommentedMap:
    """The document as written. Raises DocumentError (file:line) if it is not YAML or not a mapping."""
    try:
        tree = parser().load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{path}:{mark.line + 1}" if mark else str(path)
        problem = " ".join(str(error.problem or error.context).split())
        remedy = "a list item stands under no list: claims belong under claims:" if "found '-'" in problem else None
        raise DocumentError(f"it is not YAML: {problem}", where=where, remedy=remedy) from None
    except (YAMLError, ValueError, RecursionError) as error:
        raise DocumentError(f"it is not YAML: {error}", where=str(path)) from None
    if not isinstance(tree, CommentedMap):
        raise DocumentError("a document is a mapping: keys with values", where=f"{path}:1")
    return tree


def load(text: str, path: Path, context: Mapping[str, object]) -> Node:
    """The completed document as a JSON-LD tree; ``context`` defines the keys that it may have.

    Each node keeps the line on which it was written under the key ``LINE``; ``plain`` takes these out.
    Raises DocumentError with file:line for what is not YAML, an unknown key or a claim without an id.
    """
    references = iri_keys(context)
    tree = complete(_copy(parse(text, path), frozenset(context), path, 0), path, references)
    for iri, line in bad_iris(tree, references):
        raise DocumentError(f"{iri!r} is not an IRI", where=f"{path}:{line}", remedy="it may hold no space or bracket")
    return tree


def iri_keys(context: Mapping[str, object]) -> frozenset[str]:
    """The keys whose string values are IRIs."""
    typed = (k for k, d in context.items() if isinstance(d, dict) and d.get("@type") == "@id")
    return frozenset(typed) | {"id", "@id"}


def bad_iris(value: Any, references: frozenset[str], line: int = 1) -> Iterator[tuple[str, int]]:
    """Values that JSON-LD would silently drop because they are no IRI references (RFC 3987 §2.2), with lines."""
    if isinstance(value, list):
        for v in value:
            yield from bad_iris(v, references, line)
    elif isinstance(value, dict):
        line = value.get(LINE, line)
        for key, inner in value.items():
            if key in references:
                strings = (v for v in (inner if isinstance(inner, list) else [inner]) if isinstance(v, str))
                yield from ((v, line) for v in strings if _NOT_IN_IRI.search(v))
            yield from bad_iris(inner, references, line)


def plain(value: Any) -> Any:
    """The tree without its line numbers: JSON-LD."""
    if isinstance(value, list):
        return [plain(v) for v in value]
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items() if k is not LINE}
    return value


def lines(tree: Node, base: str) -> dict[str, int]:
    """Absolute IRI → line (from 1) on which its node, or else the first mention of it, was written."""
    found: dict[str, int] = {}
    mentions: dict[str, int] = {}

    def visit(value: Any, line: int) -> None:
        if isinstance(value, list):
            for v in value:
                visit(v, line)
        elif isinstance(value, dict):
            line = value.get(LINE, line)
            if isinstance(value.get("id"), str):
                found.setdefault(urljoin(base, value["id"]), line)
            for v in value.values():
                visit(v, line)
        elif isinstance(value, str):
            mentions.setdefault(urljoin(base, value), line)

    visit(tree, 1)
    return mentions | found


def _copy(value: Any, terms: frozenset[str], path: Path, depth: int) -> Any:
    """Plain dicts and lists with line numbers; refuses keys that JSON-LD would silently drop."""
    if depth > MAX_DEPTH:
        raise DocumentError(f"it is nested more than {MAX_DEPTH} deep", where=str(path))
    if isinstance(value, CommentedMap):
        node: Node = {LINE: value.lc.line + 1}
        for key, v in value.items():
            line = value.lc.data[key][0] + 1 if key in value.lc.data else value.lc.line + 1
            if key == "@context":
                node[key] = str(v) if isinstance(v, str) else _copy(v, frozenset(), path, depth + 1)
                continue
            if terms and not (isinstance(key, str) and (key in terms or key == "because" or key[:1] == "@")):
                near = difflib.get_close_matches(str(key), terms, 1)
                remedy = f"did you mean {near[0]}?" if near else "see the list of keys in the guide"
                raise DocumentError(f"there is no key {key!r}", where=f"{path}:{line}", remedy=remedy)
            if v is None:
                raise DocumentError(f"{key} has no value", where=f"{path}:{line}", remedy="give one or delete the key")
            node[key] = _copy(v, terms, path, depth + 1)
        return node
    if isinstance(value, CommentedSeq | list):
        return [_copy(v, terms, path, depth + 1) for v in value]
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, bool | float) or value is None:
        raise DocumentError(f"a bare {value!r} means nothing here", where=str(path), remedy="quote it")
    return int(value) if isinstance(value, int) else str(value)
