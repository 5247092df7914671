"""YAML by libyaml, which takes a fiftieth of the time of ruamel.yaml, the parser of everything that is not plain.

A tree comes out as ruamel.yaml gives it, without comments and quotes. libyaml reads YAML 1.1: what 1.2 has otherwise,
and what needs a message, is left to ruamel.yaml, and a test holds the two together.
"""

import functools
import re
from typing import Any

import yaml
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from yaml.resolver import BaseResolver

try:
    from yaml.cyaml import CParser
except ImportError:  # PyYAML can be built without libyaml
    CParser = None

from quoth.claim.reading.yaml_syntax import number_or_text

_LEFT = re.compile(r"^%|[\t\x85\u2028\u2029\ufeff]|!!|[|>][-+0-9]*(?:#| *\n(?: *\n)* +\n)", re.MULTILINE)
"""Directives, tags of YAML itself, characters that are white space or line breaks in one version of YAML alone, and
block scalars that libyaml takes though their head is wrong or a blank line begins them."""
_MAP, _SEQ, _TEXT = (f"tag:yaml.org,2002:{kind}" for kind in ("map", "seq", "str"))
_PLAIN = "plain"


class Unusual(Exception):
    """The document has something that is left to ruamel.yaml."""


def parse(text: str) -> CommentedMap:
    """The mapping in a document. Raises Unusual where the text has no such thing, or is left to ruamel.yaml."""
    if CParser is None or _LEFT.search(text):
        raise Unusual
    try:
        root = _parser()(text).get_single_node()
    except (yaml.YAMLError, UnicodeError, ValueError):
        raise Unusual from None
    if not isinstance(root, yaml.MappingNode):
        raise Unusual
    return _Builder().mapping(root)


@functools.cache
def _parser() -> Any:
    class Parser(CParser, BaseResolver):  # type: ignore[misc]
        def __init__(self, text: str) -> None:
            CParser.__init__(self, text)
            BaseResolver.__init__(self)

        def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:
            """The tag of a node that has none."""
            return _PLAIN if kind is yaml.ScalarNode and implicit[0] else super().resolve(kind, value, implicit)

    return Parser


class _Builder:
    """Builds a tree of nodes; a node of several aliases is built once."""

    def __init__(self) -> None:
        self._built: dict[int, Any] = {}

    def value(self, node: yaml.Node) -> Any:
        if id(node) not in self._built:
            self._built[id(node)] = Unusual  # an alias of what it stands in
            self._built[id(node)] = self._build(node)
        if self._built[id(node)] is Unusual:
            raise Unusual
        return self._built[id(node)]

    def _build(self, node: yaml.Node) -> Any:
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node)
        if isinstance(node, yaml.SequenceNode) and node.tag == _SEQ:
            sequence = CommentedSeq([self.value(item) for item in node.value])
            sequence._yaml_set_line_col(node.start_mark.line, node.start_mark.column)
            for number, item in enumerate(node.value):
                sequence._yaml_set_idx_line_col(number, [item.start_mark.line, item.start_mark.column])
            return sequence
        if node.tag == _TEXT:
            return node.value
        value = number_or_text(node.value) if node.tag == _PLAIN else None
        if value is None:
            raise Unusual
        return value

    def mapping(self, node: yaml.MappingNode) -> CommentedMap:
        if node.tag != _MAP:
            raise Unusual
        mapping = CommentedMap()
        mapping._yaml_set_line_col(node.start_mark.line, node.start_mark.column)
        for key_node, value_node in node.value:
            key = self.value(key_node) if isinstance(key_node, yaml.ScalarNode) else None
            if not isinstance(key, str) or key in mapping or key == "<<":
                raise Unusual
            mapping[key] = self.value(value_node)
            place = key_node.start_mark, value_node.start_mark
            mapping._yaml_set_kv_line_col(key, [n for mark in place for n in (mark.line, mark.column)])
        return mapping
