"""The tree of a YAML document in plain dicts and lists; values that JSON-LD would drop or change are refused."""

import io
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from quoth.claim.model import language_tag
from quoth.claim.model.excerpts import shortened
from quoth.claim.model.ontology import concepts
from quoth.claim.reading import json_ld, yaml_levels, yaml_mentions, yaml_syntax
from quoth.claim.reading.faults import Faults, LimitError
from quoth.claim.reading.yaml_keys import ENTRIES, KEYS_INSIDE, MAPPINGS, NUMBERS, remedy
from quoth.claim.reading.yaml_short_forms import CLAIM_DEFAULTS, LEVEL_DEFAULTS
from quoth.claim.reading.yaml_tree import (
    LINE,
    MAX_CHARACTERS,
    MAX_NODES,
    TOO_LONG,
    Node,
    WrittenMapping,
    WrittenSequence,
)
from quoth.errors import DocumentError

MAX_DEPTH = 50
MAX_INTEGER = 2**53
_CODED = frozenset({*CLAIM_DEFAULTS, *LEVEL_DEFAULTS} - {"speechAct"})
"""The keys that have one of a few values."""
_SPECIAL = frozenset({"@context", "id", "@id", "levels", *yaml_mentions.FLAGS, *MAPPINGS, *ENTRIES, *KEYS_INSIDE})
"""The keys whose values are not copied like those of others."""


def _written(value: object) -> str:
    """A number, true, false or nothing as YAML, in the form in which it was written."""
    text = io.StringIO()
    yaml_syntax.parser().dump(value, text)
    return text.getvalue().partition("\n")[0] or "null"


def _items(value: Any, line: int) -> list[tuple[Any, int]]:
    """The items of a list with their lines; another value by itself."""
    if isinstance(value, WrittenSequence):
        return [(item, at + 1) for item, at in zip(value, value.lines, strict=True)]
    if isinstance(value, CommentedSeq):
        return [(item, value.lc.item(number)[0] + 1) for number, item in enumerate(value)]
    return [(value, line)]


def _lines(node: WrittenMapping | CommentedMap) -> tuple[int, Mapping[Any, int]]:
    """The line of a mapping and those of its keys, from 0."""
    if isinstance(node, WrittenMapping):
        return node.line, node.lines
    return node.lc.line, {key: place[0] for key, place in (node.lc.data or {}).items()}


class Copier:
    """Copies a tree into plain dicts and lists; refuses values that JSON-LD would silently drop or change."""

    def __init__(self, path: Path, terms: frozenset[str]) -> None:
        self.path = path
        self.terms = terms
        self.known = terms | json_ld.KEYWORDS
        self.faults = Faults()
        self.nodes = 0
        self.characters = 0

    def copy(self, value: Any, depth: int, line: int = 1, more: frozenset[str] = frozenset(), place: str = "") -> Any:
        """A copy of ``value``, which stands on ``line`` under the key ``place``; ``more`` are keys that are allowed
        there besides the terms."""
        self.nodes += 1
        if depth > MAX_DEPTH:
            raise self._limit(f"it is nested more than {MAX_DEPTH} levels deep", line)
        if self.nodes > MAX_NODES:
            raise self._limit(f"it has more than {MAX_NODES:,} values", line, "write out what the aliases stand for")
        if isinstance(value, str):
            self.characters += len(value)
            if self.characters > MAX_CHARACTERS:
                raise self._limit(TOO_LONG, line, "write out less with aliases, or split it into several documents")
            return str(value)
        if isinstance(value, WrittenMapping | CommentedMap):
            return self._mapping(value, depth, more, place)
        if isinstance(value, list):
            return [self.copy(v, depth + 1, line, more, place) for v in value]
        if isinstance(value, bool | float) or value is None:
            kind = "a number" if isinstance(value, float) else "nothing" if value is None else "yes or no"
            values = concepts(place) if place in _CODED else ()
            remedy = f"write {', '.join(values[:-1])} or {values[-1]}" if values else "put it in quotation marks"
            raise self._error(f"{shortened(_written(value))} is read as {kind} here, not as text", line, remedy)
        if isinstance(value, int):
            if abs(value) > MAX_INTEGER and place in NUMBERS:
                raise self._error(f"{value} is too large a number", line, "put it in quotation marks")
            return int(value) if place in NUMBERS else str(value)
        raise self._error("a value with a tag (!) means nothing here", line, "take the tag out")

    def _mapping(self, value: WrittenMapping | CommentedMap, depth: int, more: frozenset[str], place: str) -> Node:
        first, lines = _lines(value)
        node: Node = {LINE: first + 1}
        cut = self._cut_values(value) if isinstance(value, CommentedMap) else {}
        known = self.known | more
        at_fault = False
        for key, v in value.items():
            line = lines.get(key, first) + 1
            try:
                if cut and key in cut:
                    self._refuse_cut(cut[key], line)
                elif key in known and v is not None:
                    node[key] = self._value(key, v, depth, line, more, place)
                else:
                    self._check_key(key, v, line, value, known, place)
                    node[key] = self._value(key, v, depth, line, more, place)
            except DocumentError as error:
                at_fault = True
                if not self.faults.take(error):
                    raise
        if at_fault:
            self.faults.places.add(f"{self.path}:{node[LINE]}")
        return node

    def _refuse_cut(self, pieces: list[str], line: int) -> None:
        """Refuse a value that a comma cuts into ``pieces``; there are none at another key than the first of them."""
        if pieces:
            detail = f"a comma ends the value {shortened(pieces[0])} here"
            whole = ("," if re.fullmatch(r"[\d,]+", "".join(pieces)) else ", ").join(pieces)
            remedy = f'put the whole value in quotation marks: "{shortened(whole)}"'
            raise self._error(detail, line, remedy)

    def _cut_values(self, node: CommentedMap) -> dict[object, list[str]]:
        """The keys of a mapping in braces that are the rest of a value with commas: the first of them → the parts of
        that value, each other one → nothing."""
        cut: dict[object, list[str]] = {}
        parts: list[str] = []
        for key, v in node.items() if node.fa.flow_style() else ():
            if v is None and parts and key not in self.terms:
                cut[key] = parts if len(parts) == 1 else []
                parts.append(str(key))
            else:
                parts = [str(v)] if isinstance(v, str | int) else []
        return cut

    def _check_key(
        self, key: Any, v: object, line: int, node: dict[Any, Any], known: frozenset[str], place: str
    ) -> None:
        """Refuse a key that means nothing, and one without a value."""
        if not isinstance(key, str):
            shown = shortened(_written(key)) if isinstance(key, int | float | None) else "here"
            raise self._error(f"the key {shown} is not a word", line, "put it in quotation marks")
        if key in json_ld.UNREAD:
            raise self._error(f"the keyword {key} is not read", line, json_ld.UNREAD[key])
        if self.terms and key not in known:
            if place and language_tag.is_valid(key) and all(language_tag.is_valid(str(k)) for k in node):
                raise self._error(f"{shortened(place)} is not a map of languages", line, json_ld.IN_LANGUAGES)
            raise self._error(f"there is no key {shortened(key)!r} here", line, remedy(key, place, self.terms))
        if v is None:
            raise self._error(f"{shortened(key)} has no value", line, "give it a value, or delete the key")

    def _value(self, key: str, v: Any, depth: int, line: int, more: frozenset[str], place: str) -> Any:
        """A copy of the value of a key of the node under ``place``."""
        if key not in _SPECIAL:
            return self.copy(v, depth + 1, line, more, key)
        if key == "@context":
            return str(v) if isinstance(v, str) else Copier(self.path, frozenset()).copy(v, depth + 1, line)
        if key in ("id", "@id") and len(str(v)) > json_ld.MAX_IRI:
            raise self._error(f"an id has at most {json_ld.MAX_IRI:,} characters", line, "write a shorter one")
        if key in ("id", "@id") and not isinstance(v, str):
            raise self._error("an id is an IRI in words", line, "write it like id/claim/my-article/what-it-says")
        if key == "levels":
            if not isinstance(v, WrittenMapping | CommentedMap):
                raise self._error("levels are names, each with a level of attribution", line, yaml_levels.EXAMPLE)
            return {LINE: line} | {str(name): self.copy(level, depth + 2, line, more) for name, level in v.items()}
        if isinstance(v, bool) and key in yaml_mentions.FLAGS:
            return v
        if key in MAPPINGS and isinstance(v, str) and place in ("", "claims"):
            raise self._error(f"{key} is keys with values, not words", line, f"write it like {MAPPINGS[key]}")
        if key in ENTRIES and depth == 0:
            entries = [entry for entry, at in _items(v, line) if self._is_entry(entry, key, at)]
            v = entries if entries != [v] else v
        return self.copy(v, depth + 1, line, more | KEYS_INSIDE.get(key, frozenset()), key)

    def _is_entry(self, entry: object, key: str, line: int) -> bool:
        """Whether it is an entry of a list of the document's: keys with values."""
        if isinstance(entry, WrittenMapping | CommentedMap):
            return True
        shown = repr(entry[:40]) if isinstance(entry, str) else "something"
        with self.faults:
            raise self._error(f"{key} has {shown} without keys", line, f"write it like {ENTRIES[key]}")
        return False

    def _error(self, detail: str, line: int, remedy: str | None = None) -> DocumentError:
        return DocumentError(detail, where=f"{self.path}:{line}", remedy=remedy)

    def _limit(self, detail: str, line: int, remedy: str | None = None) -> LimitError:
        return LimitError(detail, where=f"{self.path}:{line}", remedy=remedy)
