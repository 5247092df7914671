"""The quotations of documents: what a format of annotations or a table can hold of their claims."""

import pickle
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pyoxigraph as ox

from quoth.claim.model import claim_summary
from quoth.claim.model.claim_summary import Quote, summarize
from quoth.claim.model.namespaces import DCTERMS, PROV, QUOTH, RDF, RDFS, SCHEMA
from quoth.claim.model.triple_index import TripleIndex
from quoth.claim.reading import document

_FACTS = {"headline": SCHEMA.headline, "url": SCHEMA.url, "datePublished": SCHEMA.datePublished}
_FACTS |= {"section": SCHEMA.articleSection}


@dataclass(frozen=True)
class Quotation:
    """A claim by its words: ``sources`` are the labels of the innermost level, and of the article alone where
    ``own_voice`` is true; ``act`` is the name of a concept, or empty. ``facts`` describe the article."""

    claim: str
    article: str
    sources: Sequence[str]
    own_voice: bool
    act: str
    words: Sequence[Quote]
    cue: Sequence[Quote]
    mention: Sequence[Quote]
    facts: dict[str, str]
    encoder: str
    encoder_label: str
    created: str
    licence: str

    @property
    def source(self) -> str:
        """The labels of the sources as one; empty for the article's own voice."""
        return "" if self.own_voice else " and ".join(self.sources)


@dataclass(frozen=True)
class _Claim:
    """A claim whose sources, article and encoding are IRIs still."""

    iri: str
    article: str
    encoding: str
    sources: Sequence[str]
    act: str
    parts: tuple[Sequence[Quote], Sequence[Quote], Sequence[Quote]]


def name(iri: str) -> str:
    """The last part of an IRI: the slug of a claim or an article.

    >>> name("http://localhost:8000/id/claim/harbour/ferry-late")
    'ferry-late'
    """
    return iri.rstrip("/").rpartition("/")[2]


def of_documents(paths: Iterable[Path], base: str, shared: Iterable[Path] = ()) -> Iterator[Quotation]:
    """The quotations of the documents in ``paths``, in their order. ``shared`` are documents that only describe whom
    these name.

    A claim may name what a later document describes. The claims are therefore kept in a temporary file until all
    documents are read, so that no more than one document of them is in memory.

    Raises DocumentError (file:line) for a document that cannot be read.
    """
    values: dict[tuple[str, str], str] = {}
    kept = tempfile.TemporaryFile()  # noqa: SIM115 (the iterator closes it)
    for path in document.files([*paths, *shared]):
        quads = document.read(path, base).quads
        index, acts = TripleIndex(quads), claim_summary.acts(quads)
        claims = [_claim(index, iri, acts) for iri in index.subjects(RDF.type, QUOTH.Claim)]
        _learn(values, quads, {claim.iri for claim in claims})
        pickle.dump(claims, kept)
    return _quotations(kept, values)


def _quotations(kept: IO[bytes], values: Mapping[tuple[str, str], str]) -> Iterator[Quotation]:
    with kept:
        end = kept.tell()
        kept.seek(0)
        while kept.tell() < end:
            for claim in pickle.load(kept):
                yield _quotation(claim, values)


def _quotation(claim: _Claim, values: Mapping[tuple[str, str], str]) -> Quotation:
    def get(iri: str, key: str) -> str:
        return values.get((iri, key), "")

    encoder = get(claim.encoding, PROV.wasAttributedTo.value)
    words, cue, mention = claim.parts
    return Quotation(
        claim.iri,
        claim.article,
        [get(iri, RDFS.label.value) or name(iri) for iri in claim.sources],
        claim.article in claim.sources or not claim.sources,
        claim.act,
        words,
        cue,
        mention,
        {key: value for key, p in _FACTS.items() if (value := get(claim.article, p.value))},
        encoder,
        get(encoder, RDFS.label.value) or name(encoder),
        get(claim.encoding, DCTERMS.created.value),
        get(claim.encoding, DCTERMS.license.value),
    )


_OF_OTHERS = {p.value for p in (*_FACTS.values(), PROV.wasAttributedTo, DCTERMS.created, DCTERMS.license)}


def _learn(values: dict[tuple[str, str], str], quads: Iterable[ox.Quad], claims: Collection[str]) -> None:
    """Add what is said of articles, encodings and sources; of a label in several languages, the English one."""
    for quad in quads:
        key = (quad.subject.value, quad.predicate.value)  # type: ignore[union-attr]
        if quad.predicate == RDFS.label:
            first = key not in values and key[0] not in claims
            if isinstance(quad.object, ox.Literal) and (first or (key in values and quad.object.language == "en")):
                values[key] = quad.object.value
        elif key[1] in _OF_OTHERS:
            values.setdefault(key, quad.object.value)  # type: ignore[union-attr]


def _claim(index: TripleIndex, iri: str, acts: claim_summary.Acts) -> _Claim:
    summary = summarize(index, iri, acts)
    level = min(index.values(iri, QUOTH.attribution), default="")
    innermost = summary.steps[0] if summary.steps else None
    cue, mention = (_anchors(index, level, p) for p in (QUOTH.cue, QUOTH.mention))
    return _Claim(
        iri,
        summary.article,
        summary.encoding,
        innermost.sources if innermost else (),
        innermost.act if innermost else "",
        (_anchors(index, iri, QUOTH.anchor), cue, mention),
    )


def _anchors(index: TripleIndex, of: str, predicate: ox.NamedNode) -> list[Quote]:
    """The words of anchors in the order of the text."""
    quotes = (claim_summary.quote(index, anchor) for anchor in sorted(index.values(of, predicate)))
    return sorted((quote for quote in quotes if quote.exact), key=lambda quote: quote.start or 0)
