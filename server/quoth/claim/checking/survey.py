"""The things that a document defines and names, so far as others depend on it: enough to check each article by itself.

An article with its claims and sources, whose IRIs have its slug, is checked together with every document that names any
of them. Of all other things, such as entities, only what is asserted about them is needed where they are named.
"""

import hashlib
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Self

import pyoxigraph as ox

from quoth.claim.model.namespaces import (
    ADMS,
    ENCODING_STATUS,
    LINKING,
    OA,
    ONTOLOGY_IRI,
    PROV,
    QUOTH,
    RDF,
    SCHEMA,
    SH,
    SKOS,
    SSSOM,
    QuadTerm,
)
from quoth.claim.reading.n_quads import Row, from_text, line
from quoth.corpus import bases

COMMON = "common"
"""The tangle of the documents that are about no article, and of linksets: their rules compare all of them."""

_STRUCTURE = frozenset(
    str(term)
    for term in (
        *(QUOTH.anchor, QUOTH.cue, QUOTH.mention, QUOTH.content, QUOTH.attribution, QUOTH.otherAttribution, QUOTH.act),
        *(QUOTH.within, QUOTH.encoding, QUOTH.describedIn, OA.hasSelector, OA.hasSource, SCHEMA.encoding),
        *(PROV.wasQuotedFrom, PROV.wasDerivedFrom),
    )
)
"""The properties that join the parts of an article, whatever IRIs these have."""

_DEFINING = frozenset((str(SH.property), str(SH.targetClass)))
"""The properties of what defines words, beside concepts."""
_COMPARED = frozenset((str(SSSOM.MappingSet), str(QUOTH.Enrichment)))
"""The classes of documents that are compared with all others of their class."""
_LINKING = frozenset(map(str, LINKING))
_TYPE, _CONCEPT, _WITHDRAWS, _SHA256 = map(str, (RDF.type, SKOS.Concept, QUOTH.withdraws, SCHEMA.sha256))
_PROPOSED = (str(ADMS.status), str(ENCODING_STATUS.proposed))
_DIGEST_BYTES = 12
_OF_ARTICLE = "(?:article|claim|source)/([^/#]*)"


@dataclass(frozen=True)
class Survey:
    """The outcome for one document. Quads are N-Quads.

    Documents that have one of the ``tangles`` (articles, by a key) in common are checked together. ``names`` are the
    other IRIs in it, without fragments; ``shared`` has, for each such IRI, what is asserted about it; ``words`` are
    those that define words. ``described`` are the IRIs without a fragment that it describes, ``texts`` each article
    with the SHA-256 of a text that it records. ``common`` has the digests of the quads about no article, which others
    may have; ``proposed`` is whether an encoding in it is.
    """

    tangles: tuple[str, ...]
    names: frozenset[str]
    shared: dict[str, str]
    words: frozenset[str]
    described: tuple[str, ...]
    texts: tuple[tuple[str, str], ...]
    common: tuple[str, ...]
    proposed: bool

    @classmethod
    def of(cls, statements: list[Row], base: str) -> Self:
        """The survey of a document's statements, each once."""
        slugs = Slugs(base)
        named = {term for subject, _, value, graph in statements for term in (subject, value, graph)}
        slug_of = {term: slugs.of_iri(iri) for term in named if (iri := _iri(term))}
        inside = {term for term, slug in slug_of.items() if slug}
        outside = {term: _iri(term).partition("#")[0] for term, slug in slug_of.items() if not slug}
        tangles, words = {f"/{slug}" for slug in slug_of.values() if slug}, set[str]()
        shared: dict[str, list[str]] = defaultdict(list)
        described: dict[str, None] = {}
        common: list[str] = []
        hashes: dict[str, str] = {}
        for row in statements:
            subject, predicate, value, graph = row
            if not (subject in inside or value in inside or graph in inside):
                common.append(line(row))
            if graph in outside:
                tangles.add(_iri(graph))
            if value in outside and predicate in _STRUCTURE:
                tangles.add(_iri(value))
            if predicate in _LINKING or value in _COMPARED:
                tangles.add(COMMON)
            if not graph and predicate not in _LINKING:
                # That something is withdrawn is told at the notice, and matters to whoever names the thing.
                for term in (subject, value) if predicate == _WITHDRAWS else (subject,):
                    described[term] = None
                    if term in outside:
                        shared[outside[term]].append(line(row))
            if predicate in _DEFINING or (predicate == _TYPE and value == _CONCEPT):
                words.add(_iri(subject).partition("#")[0])
            if predicate == _SHA256:
                [quad] = from_text(line(row))
                hashes[subject] = getattr(quad.object, "value", "")
        texts = ((_iri(s).partition("#")[0], hashes[value]) for s, _, value, _ in statements if value in hashes)
        return cls(
            tuple(sorted(tangles or {COMMON})),
            frozenset(name for name in outside.values() if name and not name.startswith(ONTOLOGY_IRI)),
            {iri: "".join(members) for iri, members in shared.items()},
            frozenset(words & shared.keys()),
            tuple(iri for term in described if (iri := _iri(term)) and "#" not in iri),
            tuple(dict.fromkeys(texts)),
            tuple(hashlib.blake2b(each.encode(), digest_size=_DIGEST_BYTES).hexdigest() for each in common),
            any(row[1:3] == _PROPOSED for row in statements),
        )

    def as_json(self) -> dict[str, Any]:
        """The survey as JSON values."""
        return {**vars(self), "names": sorted(self.names), "words": sorted(self.words)}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """The survey of such values. Raises KeyError or TypeError for others."""
        return cls(
            tangles=tuple(values["tangles"]),
            names=frozenset(values["names"]),
            shared=dict(values["shared"]),
            words=frozenset(values["words"]),
            described=tuple(values["described"]),
            texts=tuple((article, sha256) for article, sha256 in values["texts"]),
            common=tuple(values["common"]),
            proposed=bool(values["proposed"]),
        )


class Slugs:
    """The slugs of the articles to which IRIs of a dataset belong: those of articles, claims and sources have them."""

    def __init__(self, base: str) -> None:
        # In another base, the same slug is of another article, whatever the path: its base is a part of it.
        self._others = [(each, re.compile(rf"{re.escape(each)}id/{_OF_ARTICLE}")) for _, each in bases.every(base)[1:]]
        self._pattern = re.compile(rf"{re.escape(base)}id/{_OF_ARTICLE}")
        self._known: dict[str, str] = {}

    def of(self, term: QuadTerm) -> str:
        """The slug; empty for any other term."""
        return self.of_iri(term.value) if isinstance(term, ox.NamedNode) else ""

    def of_iri(self, iri: str) -> str:
        """The slug; empty for any other IRI."""
        if (slug := self._known.get(iri)) is None:
            match = self._pattern.match(iri)
            slug = match[1] if match else ""
            for base, pattern in () if match else self._others:
                slug = f"{base}{match[1]}" if (match := pattern.match(iri)) else slug
            self._known[iri] = slug
        return slug


def _iri(term: str) -> str:
    """The IRI that a term of N-Quads is; empty for any other."""
    return term[1:-1] if term[:1] == "<" != term[1:2] else ""
