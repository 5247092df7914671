"""Labels of resources, made from the IRI where the data have none."""

import copy
import re
from collections.abc import Iterable
from urllib.parse import unquote

import pyoxigraph as ox

from quoth.claim.model.namespaces import RDFS, SKOS
from quoth.engine.api.interface import Engine
from quoth.http import accept_language

LABELLING = (SKOS.prefLabel, RDFS.label)
LANGUAGES = ("en", "")
CACHE_SIZE = 50_000
BATCH_SIZE = 200


class Labels:
    """Labels of the default graph, in a cache for ever, since a release does not change.

    ``used``: the languages other than English of the labels that a reader with other preferences received.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._preferred: tuple[str, ...] = ()
        self.used: set[str] = set()
        self._known: dict[str, tuple[ox.Quad, ...]] = {}

    def quads(self, iris: Iterable[str]) -> list[ox.Quad]:
        """The labelling quads of the IRIs, in the order of the IRIs."""
        wanted = list(dict.fromkeys(iris))
        missing = [iri for iri in wanted if iri not in self._known]
        fetched: dict[str, tuple[ox.Quad, ...]] = {}
        for start in range(0, len(missing), BATCH_SIZE):
            batch = missing[start : start + BATCH_SIZE]
            labelling: dict[str, list[ox.Quad]] = {iri: [] for iri in batch}
            for quad in self._engine.describe(batch):
                if quad.predicate in LABELLING and isinstance(quad.subject, ox.NamedNode):
                    labelling[quad.subject.value].append(quad)
            fetched.update((iri, tuple(sorted(quads, key=str))) for iri, quads in labelling.items())
        known = self._known
        if len(known) + len(fetched) > CACHE_SIZE:
            self._known = {}
        self._known.update(fetched)
        return [quad for iri in wanted for quad in fetched.get(iri) or known.get(iri) or ()]

    def fetch(self, iris: Iterable[str]) -> None:
        """Fetch many labels at once into the cache."""
        self.quads(iris)

    def speaking(self, preferred: tuple[str, ...]) -> "Labels":
        """These labels for a reader who prefers those languages to English, best first (accept_language.preferred)."""
        labels = copy.copy(self)
        labels._preferred, labels.used = preferred, set()
        return labels

    def label(self, iri: str) -> str:
        """The text of the best label of an IRI."""
        return self.best(iri).value

    def best(self, iri: str) -> ox.Literal:
        """The best label of an IRI, with its language: a preferred one, else English before none before others; else
        words made from the IRI."""
        texts = [q.object for q in self.quads([iri]) if isinstance(q.object, ox.Literal)]
        if not texts:
            return ox.Literal(humanize_iri(iri))
        best = min(texts, key=self._rank)
        if best.language and self._preferred and self._rank(best)[0] < len(self._preferred):
            self.used.add(best.language)
        return best

    def _rank(self, text: ox.Literal) -> tuple[int, bool, str, str]:
        tag = (text.language or "").lower()
        for place, wanted in enumerate(self._preferred):
            if tag and accept_language.matches(wanted, tag):
                return place, tag != wanted, tag, text.value
        language = tag.partition("-")[0]
        place = LANGUAGES.index(language) if language in LANGUAGES else len(LANGUAGES)
        return len(self._preferred) + place, False, language, text.value


def humanize_iri(iri: str) -> str:
    """A label for an IRI that has none: its last part in words, or all of the IRI where that part has no letter.

    >>> humanize_iri("https://schema.org/containedInPlace")
    'contained in place'
    >>> humanize_iri("https://creativecommons.org/licenses/by/4.0/")
    'creativecommons.org/licenses/by/4.0'
    """
    local = unquote(re.split(r"[/#]", iri.rstrip("/#"))[-1]) or iri
    if not re.search(r"[^\W\d_]", local):
        return unquote(iri.partition("//")[2].rstrip("/#")) or local
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", local)
    return (spaced.lower() if spaced != local else local).replace("-", " ").replace("_", " ")
