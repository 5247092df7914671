"""Reading YAML documents, which become YAML-LD with our context when their defaults are filled in."""

import difflib
import io
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from quoth.claim.model import language_tag
from quoth.claim.model.namespaces import CONTEXT_IRI
from quoth.claim.reading import json_ld, yaml_levels, yaml_libyaml, yaml_mentions, yaml_short_forms, yaml_syntax
from quoth.claim.reading.line_numbers import resolve
from quoth.claim.reading.yaml_defaults import fill_defaults
from quoth.claim.reading.yaml_tree import LINE, MAX_CHARACTERS, MAX_NODES, TOO_LONG, Node, walk
from quoth.errors import DocumentError

MAX_DEPTH = 50
MAX_INTEGER = 2**53
NUMBERS = frozenset({"quantity", "start", "end", "length", "depth", "@value"})
"""The keys whose values can be numbers. Under any other, a number is text."""
_JUDGED = frozenset({"reason", "by"})
KEYS_INSIDE = {"inference": frozenset({"because"}), "accepted": _JUDGED, "withdrawn": _JUDGED}
"""Keys that the defaults rewrite, and that the context does not define, by the key that they stand under."""
PLACES = {
    "claims": "id words label content certainty polarity realis tense informationStatus understood attribution "
    + " ".join(yaml_levels.LEVEL_KEYS),
    "levels": " ".join(yaml_levels.LEVEL_KEYS),
    **dict.fromkeys(("attribution", "within"), " ".join(yaml_levels.LEVEL_KEYS)),
    **dict.fromkeys(("words", "anchor", "cue", "mention"), "exact prefix suffix start end"),
    "text": "sha256 length mediaType",
    "encoding": "id attributedTo created method licence rights status",
    **dict.fromkeys(("entities", "sources"), "id type label altLabel hiddenLabel scopeNote comment seeAlso warrant"),
    "topics": "id label altLabel scopeNote closeMatch",
    "mentions": "of exact prefix suffix start end all understood comment",
    "concepts": "id prefLabel altLabel hiddenLabel definition scopeNote broader inScheme enacts frame",
    "frame": "id type needs may forbids comment",
}
"""A key → the usual keys of what stands under it, for messages."""
SHORT = yaml_short_forms.KEYS | yaml_mentions.KEYS
_ALIKE = 0.75
"""How like a key is to one that is proposed for it (``difflib``): one letter of four may differ."""
_NAMED = {
    **dict.fromkeys(("publisher", "attributedTo", "source", "addressee", "agent", "party"), ("org", "Organization")),
    **dict.fromkeys(("counterparty", "affected", "receiver", "mediator", "authority"), ("org", "Organization")),
    **dict.fromkeys(("place", "origin", "destination"), ("place", "Place")),
    "author": ("person", "Person"),
}
"""Keys whose values are entities, which an author may write by their names: the kind and the type of what is likely."""


def load(text: str, path: Path, context: Mapping[str, object]) -> Node:
    """The document with its defaults as a JSON-LD tree; ``context`` defines the keys that the document may have.

    Each node has the number of its line under the key ``LINE``, which ``plain`` takes out. Raises DocumentError, with
    file:line, for a text that is not YAML, an unknown key or a claim without an id.
    """
    tree = fill_defaults(copied(text, path, context), path, json_ld.iri_keys(context))
    tree.setdefault("@context", CONTEXT_IRI)
    characters = 0
    for key, value, line in walk(tree):
        characters += len(value) if isinstance(value, str) else 0
        if characters > MAX_CHARACTERS:
            raise DocumentError(TOO_LONG, where=f"{path}:{line}", remedy="split it into several documents")
        if key in SHORT:
            raise DocumentError(f"there is no key {key!r} here", where=f"{path}:{line}", remedy="put it on a claim")
    for key, value, line, detail, remedy in json_ld.problems(tree):
        line = key_line(text.splitlines(), line, key)
        if value and "/" not in value:
            remedy = description(key, value) or remedy
        raise DocumentError(detail, where=f"{path}:{line}", remedy=remedy)
    return tree


def description(key: str, words: str) -> str:
    """The advice to describe the entity that is named in words under a key; empty if the key is none of an entity."""
    if key not in _NAMED:
        return ""
    kind, type = _NAMED[key]
    described = f"{{id: id/{kind}/{_slug(words)}, type: {type}, label: {words or '…'}}}"
    return f"describe it under entities, such as {described}, and name its id"


def _slug(words: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", words.lower())) or "…"


def key_line(written: list[str], line: int, key: str) -> int:
    """The line (from 1) of a key of the node that begins on ``line``; that line where the node has no such key.

    A node ends where a line is indented less, or another item of its list begins.
    """
    named = re.compile(rf"""(?:^|[\s{{,-])["']?{re.escape(key)}["']?:(?:\s|$)""")
    first = written[line - 1 : line]
    depth = len(first[0]) - len(first[0].lstrip(" -")) if first else 0
    for number, text in enumerate(written[line - 1 :], line):
        indented = len(text) - len(text.lstrip(" "))
        if number > line and text.strip() and indented < depth:
            break
        if named.search(text) and (number == line or indented == depth):
            return number
    return line


def copied(text: str, path: Path, context: Mapping[str, object]) -> Node:
    """The document as written, in plain dicts and lists. Raises DocumentError as ``load`` does."""
    tree: Node = _Copier(path, frozenset(context) | SHORT).copy(_parsed(text, path), 0)
    return tree


def _parsed(text: str, path: Path) -> CommentedMap:
    try:
        return yaml_libyaml.parse(text)
    except yaml_libyaml.Unusual:
        return yaml_syntax.parse(text, path)


def _written(value: object) -> str:
    """A number, true, false or nothing as YAML, in the form in which it was written."""
    text = io.StringIO()
    yaml_syntax.parser().dump(value, text)
    return text.getvalue().partition("\n")[0] or "null"


def plain(value: Any) -> Any:
    """The tree without its line numbers: JSON-LD."""
    if isinstance(value, list):
        return [plain(v) for v in value]
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items() if k is not LINE}
    return value


def lines(tree: Node, base: str) -> dict[str, int]:
    """Absolute IRI → line (from 1) on which its node, or else the first mention of it, was written."""
    nodes: dict[str, int] = {}
    mentions: dict[str, int] = {}

    for _, value, line in walk(tree):
        if isinstance(value, dict) and isinstance(value.get("id"), str):
            nodes.setdefault(resolve(base, value["id"]), line)
        elif isinstance(value, str):
            mentions.setdefault(resolve(base, value), line)
    return mentions | nodes


class _Copier:
    """Copies a tree into plain dicts and lists; refuses values that JSON-LD would silently drop or change."""

    def __init__(self, path: Path, terms: frozenset[str]) -> None:
        self.path = path
        self.terms = terms
        self.nodes = 0
        self.characters = 0

    def copy(self, value: Any, depth: int, line: int = 1, more: frozenset[str] = frozenset(), place: str = "") -> Any:
        """A copy of ``value``, which stands on ``line`` under the key ``place``; ``more`` are keys that are allowed
        there besides the terms."""
        self.nodes += 1
        if depth > MAX_DEPTH:
            raise self._error(f"it is nested more than {MAX_DEPTH} levels deep", line)
        if self.nodes > MAX_NODES:
            raise self._error(f"it has more than {MAX_NODES:,} values", line, "write out what the aliases stand for")
        if isinstance(value, CommentedMap):
            return self._mapping(value, depth, more, place)
        if isinstance(value, CommentedSeq | list):
            return [self.copy(v, depth + 1, line, more, place) for v in value]
        if isinstance(value, bool | float) or value is None:
            raise self._error(f"a bare {_written(value)} means nothing here", line, "put it in quotation marks")
        if isinstance(value, int):
            if abs(value) > MAX_INTEGER and place in NUMBERS:
                raise self._error(f"{value} is too large a number", line, "put it in quotation marks")
            return int(value) if place in NUMBERS else str(value)
        if not isinstance(value, str):
            raise self._error("a value with a tag (!) means nothing here", line, "take the tag out")
        self.characters += len(value)
        if self.characters > MAX_CHARACTERS:
            raise self._error(TOO_LONG, line, "write out less with aliases, or split it into several documents")
        return str(value)

    def _mapping(self, value: CommentedMap, depth: int, more: frozenset[str], place: str) -> Node:
        node: Node = {LINE: value.lc.line + 1}
        places = value.lc.data or {}
        before: str | int | None = None
        for key, v in value.items():
            line = places[key][0] + 1 if key in places else value.lc.line + 1
            if v is None and value.fa.flow_style() and before is not None and key not in self.terms:
                cut = f"{before},{key}" if isinstance(key, int) or key[:1].isdecimal() else f"{before}, {key}"
                raise self._error(f"a comma ends the value {before} here", line, f"put {cut} in quotation marks")
            before = v if isinstance(v, str | int) else None
            if not isinstance(key, str):
                shown = _written(key) if isinstance(key, int | float | None) else "here"
                raise self._error(f"the key {shown} is not a word", line, "put it in quotation marks")
            if key == "@context":
                node[key] = str(v) if isinstance(v, str) else _Copier(self.path, frozenset()).copy(v, depth + 1, line)
                continue
            if key in json_ld.UNREAD:
                raise self._error(f"the keyword {key} is not read", line, json_ld.UNREAD[key])
            if self.terms and key not in self.terms and key not in json_ld.KEYWORDS and key not in more:
                usual = PLACES.get(place, "").split()
                if place and language_tag.is_valid(key) and all(language_tag.is_valid(str(k)) for k in value):
                    raise self._error(f"{place} is not a map of languages", line, json_ld.IN_LANGUAGES)
                near = [m for keys in (usual, self.terms) for m in difflib.get_close_matches(key, keys, 1, _ALIKE)]
                listed = f"its keys are {', '.join(usual)}" if usual else "see the list of keys in the guide"
                remedy = f"did you mean {near[0]}?" if near else listed
                raise self._error(f"there is no key {key!r} here", line, remedy)
            if v is None:
                raise self._error(f"{key} has no value", line, "give it a value, or delete the key")
            if key in ("id", "@id") and len(str(v)) > json_ld.MAX_IRI:
                raise self._error(f"an id has at most {json_ld.MAX_IRI:,} characters", line, "write a shorter one")
            if key in ("id", "@id") and not isinstance(v, str):
                raise self._error("an id is an IRI in words", line, "write it like id/claim/my-article/what-it-says")
            if key == "levels":
                if not isinstance(v, CommentedMap):
                    raise self._error("levels are names, each with a level of attribution", line, yaml_levels.EXAMPLE)
                named = {str(name): self.copy(level, depth + 2, line, more) for name, level in v.items()}
                node[key] = {LINE: line} | named
                continue
            if isinstance(v, bool) and key in yaml_mentions.FLAGS:
                node[key] = v
                continue
            node[key] = self.copy(v, depth + 1, line, more | KEYS_INSIDE.get(key, frozenset()), key)
        return node

    def _error(self, detail: str, line: int, remedy: str | None = None) -> DocumentError:
        return DocumentError(detail, where=f"{self.path}:{line}", remedy=remedy)
