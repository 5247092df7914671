"""Reading YAML documents, which become YAML-LD with our context when their defaults are filled in."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml.comments import CommentedMap

from quoth.claim.model.excerpts import shortened
from quoth.claim.model.namespaces import CONTEXT_IRI
from quoth.claim.reading import json_ld, yaml_libyaml, yaml_syntax
from quoth.claim.reading.faults import LimitError
from quoth.claim.reading.line_numbers import resolve
from quoth.claim.reading.n_quads import Row
from quoth.claim.reading.statements import Context, Unusual
from quoth.claim.reading.yaml_copy import Copier
from quoth.claim.reading.yaml_defaults import fill_defaults
from quoth.claim.reading.yaml_keys import SHORT, description
from quoth.claim.reading.yaml_tree import LINE, MAX_CHARACTERS, TOO_LONG, Node, WrittenMapping, walk
from quoth.errors import DocumentError


class Draft:
    """A document with its defaults as a JSON-LD ``tree``, in which each node has the number of its line under the key
    ``LINE``; ``context`` defines the keys that the document may have.

    Raises DocumentError (file:line) for a text that is not YAML, and where the whole document lacks something.
    """

    def __init__(self, text: str, path: Path, context: Mapping[str, object]) -> None:
        copier = _copier(path, context)
        self.text, self.path, self.faults = text, path, copier.faults
        self.tree: Node = copier.copy(_parsed(text, path), 0)
        if f"{path}:{self.tree[LINE]}" in self.faults.places:  # what the whole document lacks makes its parts wrong
            self.faults.throw()
        with self.faults:
            self.tree = fill_defaults(self.tree, path, json_ld.references())
        self.tree.setdefault("@context", CONTEXT_IRI)
        self._characters = copier.characters

    def rows(self, context: Context, base: str) -> list[Row]:
        """The statements of a document in which nothing is wrong. Raises Unusual for any other, and for one that is
        left to a processor of JSON-LD."""
        if self.faults.errors:
            raise Unusual
        return context.rows(self.tree, base, MAX_CHARACTERS - self._characters)

    def checked(self) -> Node:
        """The tree. Raises DocumentError for an unknown key, a claim without an id, and whatever JSON-LD would drop."""
        faults, characters = self.faults, 0
        for key, value, line in walk(self.tree):
            characters += len(value) if isinstance(value, str) else 0
            if characters > MAX_CHARACTERS:
                raise LimitError(TOO_LONG, where=f"{self.path}:{line}", remedy="split it into several documents")
            if key in SHORT and not faults.errors:
                remedy = "put it on a claim" + ("; in a mention or a cue, write exact" if key == "words" else "")
                detail = f"there is no key {shortened(key)!r} here"
                raise DocumentError(detail, where=f"{self.path}:{line}", remedy=remedy)
        written, told = self.text.splitlines(), set[str]()
        for key, value, line, detail, remedy in json_ld.problems(self.tree):
            node = str(value).partition("#")[0]
            if key == "id" and node in told:
                continue  # an id is in those of its parts
            told.add(node)
            line = key_line(written, line, key)
            if value and "/" not in value:
                remedy = description(key, value) or remedy
            with faults:
                raise DocumentError(detail, where=f"{self.path}:{line}", remedy=remedy)
        faults.throw()
        return self.tree


def property_line(written: list[str], places: Mapping[int, list[int]], line: int, key: str) -> int:
    """The line of a key of the node on ``line``, or else of another node with the same id, on one of its ``places``."""
    lines = (key_line(written, at, key) for at in (line, *places.get(line, ())))
    return next((at for at in lines if _has(written[at - 1 : at], key)), line)


def _has(written: list[str], key: str) -> bool:
    return any(re.search(rf"""(?:^|[\s{{,-])["']?{re.escape(key)}["']?:(?:\s|$)""", text) for text in written)


def key_line(written: list[str], line: int, key: str) -> int:
    """The line (from 1) of a key of the node that begins on ``line``; that line where the node has no such key.

    A node ends where a line is indented less, or another item of its list begins.
    """
    first = written[line - 1 : line]
    depth = len(first[0]) - len(first[0].lstrip(" -")) if first else 0
    for number, text in enumerate(written[line - 1 :], line):
        indented = len(text) - len(text.lstrip(" "))
        if number > line and text.strip() and indented < depth:
            break
        begins = number == line or text.lstrip(" -\"'").startswith(key)
        if begins and _has([text], key) and (number == line or indented == depth):
            return number
    return line


def copied(text: str, path: Path, context: Mapping[str, object]) -> Node:
    """The document as written, in plain dicts and lists. Raises DocumentError as ``Draft`` does."""
    copier = _copier(path, context)
    tree: Node = copier.copy(_parsed(text, path), 0)
    copier.faults.throw()
    return tree


def _copier(path: Path, context: Mapping[str, object]) -> Copier:
    return Copier(path, frozenset(context) | SHORT)


def _parsed(text: str, path: Path) -> WrittenMapping | CommentedMap:
    try:
        return yaml_libyaml.parse(text)
    except yaml_libyaml.Unusual:
        return yaml_syntax.parse(text, path)


def plain(value: Any) -> Any:
    """The tree without its line numbers: JSON-LD."""
    if isinstance(value, list):
        return [plain(v) for v in value]
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items() if k is not LINE}
    return value


def lines(tree: Node, base: str) -> dict[str, int]:
    """Absolute IRI → line (from 1) on which its node, or else the first mention of it, was written.

    A notice that something is withdrawn mentions it.
    """
    nodes: dict[str, int] = {}
    mentions: dict[str, int] = {}

    for key, value, line in walk(tree):
        if isinstance(value, dict) and isinstance(value.get("id"), str):
            (mentions if key == "withdraws" else nodes).setdefault(resolve(base, value["id"]), line)
        elif isinstance(value, str):
            mentions.setdefault(resolve(base, value), line)
    return mentions | nodes


def other_lines(tree: Node) -> dict[int, list[int]]:
    """The line of the first node with an id → those of the others with it, such as what is inferred about a claim."""
    of_id: dict[str, list[int]] = {}
    for key, value, line in walk(tree):
        if isinstance(value, dict) and isinstance(iri := value.get("id"), str) and key != "withdraws":
            of_id.setdefault(iri, []).append(line)
    places: dict[int, list[int]] = {}
    for first, *others in of_id.values():
        places.setdefault(first, []).extend(others)  # parts without a line of their own have that of the whole
    return places
