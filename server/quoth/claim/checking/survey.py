"""The things that a document defines and names, so far as others depend on it: enough to check each article by itself.

An article with its claims and sources, whose IRIs have its slug, is checked together with every document that names any
of them. Of all other things, such as entities, only what is asserted about them is needed where they are named.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
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
from quoth.claim.rules.proposal import whole
from quoth.corpus import bases

COMMON = "common"
"""The tangle of the documents that are about no article, and of linksets: their rules compare all of them."""

_STRUCTURE = frozenset(
    (
        *(QUOTH.anchor, QUOTH.cue, QUOTH.mention, QUOTH.content, QUOTH.attribution, QUOTH.otherAttribution, QUOTH.act),
        *(QUOTH.within, QUOTH.encoding, QUOTH.describedIn, OA.hasSelector, OA.hasSource, SCHEMA.encoding),
        *(PROV.wasQuotedFrom, PROV.wasDerivedFrom),
    )
)
"""The properties that join the parts of an article, whatever IRIs these have."""

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
    def of(cls, quads: Iterable[ox.Quad], base: str) -> Self:
        """The survey of a document's quads."""
        quads = list(dict.fromkeys(quads))
        slugs = Slugs(base)
        tangles, names, words = set[str](), set[str](), set[str]()
        shared: dict[str, list[ox.Quad]] = defaultdict(list)
        common = list[ox.Quad]()
        for q in quads:
            subject, predicate, value, graph = q  # each attribute of a quad would make a term of its own
            by_slug = [(term, slugs.of(term)) for term in (subject, value, graph) if isinstance(term, ox.NamedNode)]
            found = [f"/{slug}" for _, slug in by_slug if slug]
            tangles.update(found)
            names.update(term.value.partition("#")[0] for term, slug in by_slug if not slug)
            if not found:
                common.append(q)
            for term, slug in by_slug:
                if not slug and (term is graph or (term is value and predicate in _STRUCTURE)):
                    tangles.add(term.value)
                # That something is withdrawn is told at the notice, and matters to whoever names the thing.
                is_told = term is subject or (term is value and predicate == QUOTH.withdraws)
                if is_told and not slug and predicate not in LINKING and graph == ox.DefaultGraph():
                    shared[term.value.partition("#")[0]].append(q)
            if predicate in (SH.property, SH.targetClass) or (predicate == RDF.type and value == SKOS.Concept):
                words.add(whole(subject))
            if predicate in LINKING or value in (SSSOM.MappingSet, QUOTH.Enrichment):
                tangles.add(COMMON)
        asserted = (q for q in quads if q.graph_name == ox.DefaultGraph() and q.predicate not in LINKING)
        told: Iterator[QuadTerm] = (
            t for q in asserted for t in (q.subject, *([q.object] if q.predicate == QUOTH.withdraws else ()))
        )
        described = dict.fromkeys(t.value for t in told if isinstance(t, ox.NamedNode) and "#" not in t.value)
        hashes: dict[QuadTerm, str] = {
            q.subject: getattr(q.object, "value", "") for q in quads if q.predicate == SCHEMA.sha256
        }
        texts = ((whole(q.subject), hashes[q.object]) for q in quads if q.object in hashes)
        return cls(
            tuple(sorted(tangles or {COMMON})),
            frozenset(name for name in names if name and not name.startswith(ONTOLOGY_IRI)),
            {iri: to_text(members) for iri, members in shared.items()},
            frozenset(words & shared.keys()),
            tuple(described),
            tuple(dict.fromkeys(texts)),
            tuple(hashlib.blake2b(str(q).encode(), digest_size=_DIGEST_BYTES).hexdigest() for q in common),
            any(q.predicate == ADMS.status and q.object == ENCODING_STATUS.proposed for q in quads),
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


def to_text(quads: Iterable[ox.Quad]) -> str:
    """Quads as N-Quads."""
    return (ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"").decode()


def from_text(text: str) -> Iterator[ox.Quad]:
    """The quads of N-Quads."""
    return iter(ox.parse(text.encode(), ox.RdfFormat.N_QUADS))
