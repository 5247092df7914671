"""The statements of a document in YAML: N-Quads, as a processor of JSON-LD gives them, by a context compiled once.

A processor makes the contexts of our terms anew at every value. Documents need little of JSON-LD: nodes with ids,
texts, whole numbers and truth values, under keys of the context. What has anything else is left to the processor.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

import pyoxigraph as ox

from quoth.claim.model import language_tag
from quoth.claim.model.namespaces import CONTEXT_IRI, RDF, XSD
from quoth.claim.reading.n_quads import Row
from quoth.claim.reading.yaml_tree import LINE, Node, listed

MOST = 60_000
"""Statements of a document that is not left to the processor."""
_BASE = re.compile(r"https?://[^/?#]+/(?:(?!\.)[^/?#]*/?)*")
_RELATIVE = re.compile(r"(?:[\w-][\w.~%-]*/)*[\w-][\w.~%-]*(?:#[\w.~%/-]*)?|#[\w.~%/-]*")
"""References without what makes resolving more than appending (RFC 3986 §5.2): colons, dots and slashes at a start."""
_PLAIN = re.compile(r"id/(?:[a-z0-9][a-z0-9-]*/)*[a-z0-9][a-z0-9-]*(?:#[a-z0-9-]*)?")
"""The usual references, which need no other look."""
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*")
_ESCAPED = re.compile(r'[\x00-\x1f"\\\x7f\ud800-\udfff]')
_ABSOLUTE = re.compile(r'\w+://[^\s<>"{}|\\^`]+')


class Unusual(Exception):
    """The document has something that is left to the processor."""


@dataclass(frozen=True, slots=True, eq=False)
class _Key:
    """A key: its predicate, and what its strings are: literals with the ``ending``, or IRIs, if ``named`` those of
    terms, first the key's ``own``. ``vocabulary`` begins those of other names."""

    predicate: str
    ending: str | None = None
    named: bool = False
    own: Mapping[str, str] = field(default_factory=dict)
    vocabulary: str = ""


_TYPE, _GRAPH, _INCLUDED, _NOTHING = (_Key(kind) for kind in ("@type", "@graph", "@included", ""))
_KEYWORDS = {"@graph": _GRAPH, "@included": _INCLUDED}


class Context:
    """The terms of a context (JSON-LD 1.1 §4.1), compiled."""

    def __init__(self, terms: Mapping[str, Any]) -> None:
        self.terms = terms
        self.prefixes = {
            term: iri
            for term, iri in terms.items()
            if isinstance(iri, str) and _ABSOLUTE.fullmatch(iri) and iri[-1] in "#/"
        }
        self.iris = {term: iri for term in terms if (iri := self._iri(term))}
        self.keywords = terms.keys() - self.iris.keys()
        self.keys: dict[Any, _Key] = {term: key for term in terms if (key := self._key(term))}
        self.keys |= dict.fromkeys((LINE, "id", "type"), _NOTHING)

    def rows(self, tree: Node, base: str, most: int) -> list[Row]:
        """The statements of the tree of a document, each once, in the processor's order, with at most so many
        characters in their objects. Raises Unusual."""
        if tree.get("@context") not in (CONTEXT_IRI, urljoin(base, "context.jsonld")) or not _BASE.fullmatch(base):
            raise Unusual
        writer = _Writer(self, base)
        root = {key: value for key, value in tree.items() if key != "@context"}
        writer.node(root, writer.iri(root) if "id" in root else "", "")
        if sum(len(row[2]) for row in writer.rows) > most:
            raise Unusual
        return list(dict.fromkeys(writer.rows))

    def _iri(self, term: str) -> str:
        """The IRI that a term stands for; empty for a keyword and for what is not understood here."""
        definition = self.terms[term]
        iri = definition.get("@id") if isinstance(definition, dict) else definition
        return self._expanded(iri) if isinstance(iri, str) else ""

    def _expanded(self, iri: str) -> str:
        prefix, _, name = iri.partition(":")
        return self.prefixes[prefix] + name if prefix in self.prefixes else iri if _ABSOLUTE.fullmatch(iri) else ""

    def _key(self, term: str) -> _Key | None:
        """The key of a term; None for one that is not understood here."""
        definition = self.terms[term]
        if not isinstance(definition, dict):
            return _KEYWORDS.get(definition) or (_Key(f"<{self.iris[term]}>", "") if term in self.iris else None)
        if term not in self.iris or not definition.keys() <= {"@id", "@type", "@language", "@context"}:
            return None
        predicate, type = f"<{self.iris[term]}>", definition.get("@type")
        scoped = dict(definition.get("@context", {}))
        vocabulary = scoped.pop("@vocab", "")
        if not all(
            isinstance(iri, str) and _ABSOLUTE.fullmatch(iri) for iri in (*scoped.values(), vocabulary or "x://y")
        ):
            return None
        if type is None or type not in ("@id", "@vocab"):
            language, datatype = definition.get("@language"), self._expanded(type or "")
            known = not scoped and not vocabulary and (type is None or datatype)
            ending = f"^^<{datatype}>" if type else f"@{language.lower()}" if language else ""
            return _Key(predicate, ending) if known else None
        return _Key(predicate, named=type == "@vocab", own=scoped, vocabulary=vocabulary)


class _References(dict[str, str]):
    """The IRIs that references stand for (JSON-LD 1.1 API §5.2), each resolved once."""

    def __init__(self, context: Context, base: str) -> None:
        self._context, self._base = context, base
        self._folder = base[: base.rindex("/") + 1]

    def __missing__(self, text: str) -> str:
        iri = self[text] = f"<{self._folder}{text}>" if _PLAIN.fullmatch(text) else _valid(self._resolved(text))
        return iri

    def _resolved(self, text: str) -> str:
        prefix, colon, name = text.partition(":")
        if not colon and _RELATIVE.fullmatch(text) and text not in self._context.keywords:
            return (self._base if text[0] == "#" else self._folder) + text
        if not colon or not _SCHEME.fullmatch(prefix):
            raise Unusual
        if name.startswith("//") or prefix not in self._context.terms:
            return text
        if prefix not in self._context.prefixes:
            raise Unusual
        return self._context.prefixes[prefix] + name


class _Writer:
    """Writes the statements of a document into ``rows``."""

    def __init__(self, context: Context, base: str) -> None:
        self.rows: list[Row] = []
        self._context = context
        self._references = _References(context, base)
        self._names: dict[tuple[str, str], str] = {}

    def node(self, node: Node, subject: str, graph: str) -> None:
        """Write a node, whose IRI is ``subject``, in a graph. The document itself may have none, if it says nothing of
        itself."""
        rows, keys, references = self.rows, self._context.keys, self._references
        content: Sequence[Any] = ()
        if "type" in node:
            types = listed(node["type"])
            if not subject or not all(type(name) is str for name in types):
                raise Unusual
            rows += [(subject, _RDF_TYPE, self._name(_TYPE, name), graph) for name in sorted(types)]
        for name, values in node.items():
            key = keys.get(name)
            if key is _NOTHING:
                continue
            values = values if type(values) is list else (values,)
            if key is _INCLUDED:
                for value in values:
                    self.node(value, self.iri(value), graph)
                continue
            if key is None or not subject or len(rows) + len(values) > MOST:
                raise Unusual
            if key is _GRAPH:
                content = values  # comes last
                continue
            for value in values:
                kind, inner = type(value), None
                if kind is str:
                    if key.ending is not None:
                        term = _literal(value) + key.ending
                    else:
                        term = self._name(key, value) if key.named else references[value]
                elif kind is not dict:
                    term = _scalar(value, key)
                elif "@value" in value:
                    term = _text(value)
                elif key.vocabulary or key.own:
                    raise Unusual
                else:
                    inner, term = value, self.iri(value)
                rows.append((subject, key.predicate, term, graph))
                if inner is not None:
                    self.node(inner, term, graph)
        for value in content:
            self.node(value, self.iri(value), subject)

    def iri(self, node: Any) -> str:
        """The IRI of a node."""
        if type(node) is not dict or type(reference := node.get("id")) is not str:
            raise Unusual
        return self._references[reference]

    def _name(self, key: _Key, text: str) -> str:
        """The IRI that is meant by a name, of a class or of what a key may have."""
        if known := self._names.get((key.predicate, text)):
            return known
        if iri := key.own.get(text) or self._context.iris.get(text):
            known = _valid(iri)
        elif text in self._context.terms:
            raise Unusual
        elif key.vocabulary and ":" not in text and "@" not in text:
            known = _valid(key.vocabulary + text)
        else:
            known = self._references[text]
        self._names[key.predicate, text] = known
        return known


_RDF_TYPE = str(RDF.type)


def _valid(iri: str) -> str:
    try:
        return str(ox.NamedNode(iri))
    except ValueError:
        raise Unusual from None


def _literal(text: str) -> str:
    if _ESCAPED.search(text) is None:
        return f'"{text}"'
    try:
        return str(ox.Literal(text))
    except ValueError:  # half of a pair of surrogates
        raise Unusual from None


def _scalar(value: object, key: _Key) -> str:
    """A whole number or a truth value. That of a key with a datatype would have that."""
    if key.ending is None or key.ending.startswith("^^"):
        raise Unusual
    if value is True or value is False:
        return f'"{str(value).lower()}"^^{XSD.boolean}'
    if type(value) is not int:
        raise Unusual
    return f'"{value}"^^{XSD.integer}'


def _text(value: Node) -> str:
    """A text with its language."""
    text, language = value["@value"], value.get("@language")
    if not value.keys() <= {LINE, "@value", "@language"} or type(text) is not str:
        raise Unusual
    if language is None:
        return _literal(text)
    if type(language) is not str or language_tag.remedy(language):
        raise Unusual
    return f"{_literal(text)}@{language.lower()}"
