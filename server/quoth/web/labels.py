"""Labels of whatever has an IRI, and words for what has none."""

import re
from collections.abc import Iterable
from urllib.parse import unquote

import pyoxigraph as ox

from quoth.claim.vocabulary import RDFS, SKOS
from quoth.store.engine import Engine

LABELLING = (SKOS.prefLabel, RDFS.label)
LANGUAGES = ("en", "")
CACHE_SIZE = 50_000
BATCH_SIZE = 200


class Labels:
    """Labels out of the default graph. They are remembered, since a release does not change."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._known: dict[str, tuple[ox.Quad, ...]] = {}

    def quads(self, iris: Iterable[str]) -> list[ox.Quad]:
        """The labelling quads of those IRIs, in their order."""
        wanted = list(dict.fromkeys(iris))
        missing = [iri for iri in wanted if iri not in self._known]
        found: dict[str, tuple[ox.Quad, ...]] = {}
        for start in range(0, len(missing), BATCH_SIZE):
            batch = missing[start : start + BATCH_SIZE]
            labelling: dict[str, list[ox.Quad]] = {iri: [] for iri in batch}
            for quad in self._engine.describe(batch):
                if quad.predicate in LABELLING and isinstance(quad.subject, ox.NamedNode):
                    labelling[quad.subject.value].append(quad)
            found.update((iri, tuple(quads)) for iri, quads in labelling.items())
        known = self._known
        if len(known) + len(found) > CACHE_SIZE:
            self._known = {}
        self._known.update(found)
        return [quad for iri in wanted for quad in found.get(iri) or known.get(iri) or ()]

    def fetch(self, iris: Iterable[str]) -> None:
        """Look up many labels at once, before they are asked for one by one."""
        self.quads(iris)

    def label(self, iri: str) -> str:
        """The best label of an IRI: English before no language before others; else words made from the IRI."""
        texts = [q.object for q in self.quads([iri]) if isinstance(q.object, ox.Literal)]
        if texts:
            return min(texts, key=_rank).value
        return words(iri)


def _rank(text: ox.Literal) -> tuple[int, str, str]:
    language = (text.language or "").partition("-")[0].lower()
    return LANGUAGES.index(language) if language in LANGUAGES else len(LANGUAGES), language, text.value


def words(iri: str) -> str:
    """What an IRI without a label is called: its last part in words.

    >>> words("https://schema.org/containedInPlace")
    'contained in place'
    """
    local = unquote(re.split(r"[/#]", iri.rstrip("/#"))[-1]) or iri
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", local)
    return (spaced.lower() if spaced != local else local).replace("-", " ").replace("_", " ")
