"""YAML by libyaml, which takes a fiftieth of the time of ruamel.yaml, the parser of everything that is not plain.

A tree comes out as ruamel.yaml gives it, in lighter classes, without comments and quotes. libyaml reads YAML 1.1: what
1.2 has otherwise, and what needs a message, is left to ruamel.yaml, and a test holds the two together.
"""

import re
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)

try:
    from yaml.cyaml import CParser
except ImportError:  # PyYAML can be built without libyaml
    CParser = None

from quoth.claim.reading.yaml_syntax import number_or_text
from quoth.claim.reading.yaml_tree import WrittenMapping, WrittenSequence

_OTHERWISE = ("\t", "\x85", "\u2028", "\u2029", "\ufeff")
"""Characters that are white space or line breaks in one version of YAML alone."""
_TAG = re.compile(r"(?<![^\s\[\]{},:])!!")
"""A tag of YAML itself, which nothing but white space or a mark stands before: in “Bravo!!” there is none."""
_DIRECTIVE = re.compile(r"^%", re.MULTILINE)
_BLOCK = re.compile(r"[|>][-+0-9]*(?:#| *\n(?: *\n)* +\n)")
"""Block scalars that libyaml takes though their head is wrong or a blank line begins them."""


class Unusual(Exception):
    """The document has something that is left to ruamel.yaml."""


def parse(text: str) -> WrittenMapping:
    """The mapping in a document. Raises Unusual where the text has no such thing, or is left to ruamel.yaml."""
    if CParser is None or any(words in text for words in _OTHERWISE):
        raise Unusual
    if "!!" in text and _TAG.search(text):
        raise Unusual
    if ("%" in text and _DIRECTIVE.search(text)) or (("|" in text or ">" in text) and _BLOCK.search(text)):
        raise Unusual
    try:
        return _Builder(text).document()
    except (yaml.YAMLError, UnicodeError, ValueError):
        raise Unusual from None


class _Builder:
    """Builds a tree of the events of a text; a node of several aliases is built once."""

    def __init__(self, text: str) -> None:
        self._next = CParser(text).get_event
        self._anchors: dict[str, tuple[Any, int]] = {}

    def document(self) -> WrittenMapping:
        """The only document of the text."""
        self._next(), self._next()  # the beginnings of the stream and of the document
        event = self._next()
        root = self._value(event)[0] if type(event) is MappingStartEvent else None
        if root is None or type(self._next()) is not DocumentEndEvent or type(self._next()) is not StreamEndEvent:
            raise Unusual
        mapping: WrittenMapping = root
        return mapping

    def _value(self, event: Any) -> tuple[Any, int]:
        """The value that begins with an event, and its line (from 0)."""
        kind = type(event)
        if kind is AliasEvent:
            if event.anchor not in self._anchors:  # of what it stands in, or of nothing
                raise Unusual
            return self._anchors[event.anchor]
        if event.tag is not None or event.anchor in self._anchors:
            raise Unusual
        line: int = event.start_mark.line
        if kind is ScalarEvent:
            value = number_or_text(event.value) if event.implicit[0] else event.value
            if value is None:
                raise Unusual
        else:
            value = self._mapping(line) if kind is MappingStartEvent else self._sequence()
        if event.anchor is not None:
            self._anchors[event.anchor] = value, line
        return value, line

    def _sequence(self) -> WrittenSequence:
        sequence = WrittenSequence()
        while type(event := self._next()) is not SequenceEndEvent:
            value, line = self._value(event)
            sequence.append(value)
            sequence.lines.append(line)
        return sequence

    def _mapping(self, line: int) -> WrittenMapping:
        mapping = WrittenMapping(line)
        while type(event := self._next()) is not MappingEndEvent:
            key, at = self._value(event) if type(event) is ScalarEvent else (None, 0)
            if type(key) is not str or key in mapping or key == "<<":
                raise Unusual
            mapping[key] = self._value(self._next())[0]
            mapping.lines[key] = at
        return mapping
