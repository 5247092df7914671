"""The statements of the default graph about resources: with those of their parts, and their labels."""

import copy
import re
from collections.abc import Iterable, Sequence
from urllib.parse import unquote

import pyoxigraph as ox

from quoth.claim.model.namespaces import RDFS, SCHEMA, SKOS
from quoth.engine.api.interface import Engine
from quoth.http import accept_language

LABELLING = (SKOS.prefLabel, RDFS.label)
LANGUAGES = ("en", "")
LABELS_LIMIT = 50_000
"""Resources whose labels are in the cache."""

_STEPS_LIMIT = 12
_PARTS_LIMIT = 50_000
_BATCH_SIZE = 200


def described(engine: Engine, iris: Sequence[str]) -> list[ox.Quad]:
    """The statements whose subject is one of ``iris``."""
    batches = (iris[start : start + _BATCH_SIZE] for start in range(0, len(iris), _BATCH_SIZE))
    return [q for batch in batches for q in engine.describe(batch)]


def closure(engine: Engine, iris: Iterable[str]) -> list[ox.Quad]:
    """The statements about ``iris`` and their parts: the hash IRIs that these lead to."""
    subjects = list(dict.fromkeys(iris))
    wholes = {iri.partition("#")[0] for iri in subjects}
    known: set[str] = set()
    quads: list[ox.Quad] = []
    for _ in range(_STEPS_LIMIT):
        known.update(subjects)
        step = described(engine, subjects)
        quads += step
        subjects = [part for part in hash_iris(step, wholes) if part not in known]
        if not subjects or len(known) + len(subjects) > _PARTS_LIMIT:
            break
    return quads


def hash_iris(quads: Iterable[ox.Quad], wholes: Iterable[str]) -> list[str]:
    """The hash IRIs of ``wholes`` that the quads name as subject or object, each once."""
    wholes = set(wholes)
    terms = (term for q in quads for term in (q.subject, q.object))
    named = dict.fromkeys(term.value for term in terms if isinstance(term, ox.NamedNode))
    return [iri for iri in named if "#" in iri and iri.partition("#")[0] in wholes]


class Labels:
    """The labels of resources and the languages of articles, in a cache without expiry: a release does not change.

    ``used``: the languages other than English of the labels that a reader with other preferences received.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._preferred: tuple[str, ...] = ()
        self.used: set[str] = set()
        self._known: dict[str, Sequence[ox.Quad]] = {}
        self._languages: dict[str, str] = {}

    def quads(self, iris: Iterable[str]) -> list[ox.Quad]:
        """The labelling quads of the IRIs, in the order of the IRIs; those of many IRIs are fetched at once."""
        labels = {iri: self._known.get(iri) for iri in iris}
        fetched: dict[str, list[ox.Quad]] = {iri: [] for iri, quads in labels.items() if quads is None}
        languages: dict[str, str] = {}
        for quad in described(self._engine, list(fetched)):
            if quad.predicate in LABELLING and isinstance(quad.subject, ox.NamedNode):
                fetched[quad.subject.value].append(quad)
            elif quad.predicate == SCHEMA.inLanguage:
                languages[quad.subject.value] = quad.object.value  # type: ignore[union-attr]
        if len(self._known) + len(fetched) > LABELS_LIMIT:
            self._known.clear()
            self._languages.clear()
        self._languages |= languages
        for iri, quads in fetched.items():
            labels[iri] = self._known[iri] = sorted(quads, key=str)
        return [quad for quads in labels.values() for quad in quads or ()]

    def fetch(self, iris: Iterable[str]) -> None:
        """Take many labels into the cache at once."""
        self.quads(iris)

    def language(self, article: str) -> str:
        """The language of an article's text (BCP 47), empty where the data do not tell it."""
        self.fetch([article])
        return self._languages.get(article, "")

    def speaking(self, preferred: tuple[str, ...]) -> "Labels":
        """These labels for a reader who prefers those languages to English,
        best first (accept_language.preferred_languages)."""
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
        for place, language in enumerate(self._preferred):
            if tag and accept_language.matches(language, tag):
                return place, tag != language, tag, text.value
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
