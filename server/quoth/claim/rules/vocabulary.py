"""The words of the schemes: their concepts, ours and those of a corpus, and which concept a near word means."""

import functools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pyoxigraph as ox
import snowballstemmer
from rapidfuzz.distance import OSA

from quoth.claim.model.namespaces import ONTOLOGY_IRI, OWL, RDF, SKOS
from quoth.claim.model.ontology import local, ontology_quads
from quoth.claim.model.triple_index import TripleIndex

_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\d+")
_WORD = re.compile(r"[^\W_]+")
_NEGATED = re.compile(r"\b(?:not|no|never|nobody|nothing|without)\b[^.;:,]*", re.IGNORECASE)
_NEGATIONS = ("un", "in", "im", "il", "ir", "dis", "non", "mis", "de", "not ", "no ", "never ", "counter", "anti")
"""Beginnings by which a word turns into its opposite."""

_SHORTEST, _LONGEST = 4, 60
"""Letters of a word that is compared by its spelling or looked for in definitions; no more of it are looked at."""

_FAR = 3
"""A number of changed letters at which words have nothing to do with each other."""


@dataclass(frozen=True)
class Concept:
    """A concept: its scheme's IRI, the name that a document in YAML uses, its words, and those of its definition.

    ``names`` are the name and the prefLabels, in lower case; ``cues`` also the altLabels, by which a text shows it;
    ``words`` also the hiddenLabels.
    """

    iri: str
    scheme: str
    name: str
    names: frozenset[str]
    cues: tuple[str, ...]
    words: tuple[str, ...]
    defining: frozenset[str]


class Vocabulary:
    """The concepts of our schemes, and of the corpus in ``quads``, whose schemes are those of its broader concepts.

    Deprecated concepts are left out."""

    def __init__(self, quads: Iterable[ox.Quad] = ()) -> None:
        graph = ox.DefaultGraph()
        told = [q for q in quads if q.graph_name == graph and q.predicate in _PREDICATES]
        self._index = TripleIndex([*_ours(), *told])
        self.corpus = [c for c in self._index.subjects(RDF.type, SKOS.Concept) if not c.startswith(ONTOLOGY_IRI)]
        self._schemes: dict[str, dict[str, Concept]] = {}
        self._stems: dict[str, list[str]] = {}
        for iri in self._index.subjects(RDF.type, SKOS.Concept):
            if self.scheme(iri) and not self._index.values(iri, OWL.deprecated):
                concept = self.concept(iri)
                self._schemes.setdefault(concept.scheme, {}).setdefault(concept.name, concept)

    def scheme(self, iri: str) -> str:
        """The scheme of a concept or of the first of its broader ones that has any; empty where none has."""
        return next(filter(None, (self._index.value(i, SKOS.inScheme) for i in self.lineage(iri))), "")

    def membership(self) -> list[ox.Quad]:
        """That each concept of the corpus is in its scheme, as far as that follows from its broader ones."""
        schemes = ((iri, self.scheme(iri)) for iri in self.corpus)
        return [ox.Quad(ox.NamedNode(i), SKOS.inScheme, ox.NamedNode(scheme)) for i, scheme in schemes if scheme]

    def lineage(self, iri: str) -> list[str]:
        """The concept and its broader ones, the nearest first."""
        lineage: list[str] = []
        while iri and iri not in lineage:
            lineage.append(iri)
            iri = self._index.value(iri, SKOS.broader)
        return lineage

    def concepts(self, scheme: str) -> Mapping[str, Concept]:
        """The concepts of a scheme by name."""
        return self._schemes.get(scheme, {})

    def near(self, scheme: str, word: str) -> str | None:
        """The name of the one concept that ``word`` can mean: in another form, misspelt, or by the definition.

        None where no concept is near, or where several are; a corpus's own comes before ours. A word that differs by a
        negation is never near, and a part of a definition that is itself negated defines nothing.
        """
        text = _plain(word)[:_LONGEST]
        concepts = self.concepts(scheme).values()
        stem = _stem(text)
        distances = {c.name: min(_distance(text, w) for w in c.words) for c in concepts}
        least = min(distances.values(), default=_FAR)
        ways = (
            [c.name for c in concepts if text in c.words],
            [c.name for c in concepts if any(stem == _stem(w) for w in c.words)],
            [name for name, distance in distances.items() if distance == least < _FAR],
            [c.name for c in concepts if stem in c.defining and len(text) >= _SHORTEST],
        )
        names = next(filter(None, ways), [])
        if own := [name for name in names if self.concepts(scheme)[name].iri in self.corpus]:
            names = own
        return names[0] if len(names) == 1 else None

    def shown(self, scheme: str, text: str) -> bool:
        """Whether the text has a word of any concept of the scheme, in whatever form."""
        stems = self._stems.setdefault(scheme, [_stem(w) for c in self.concepts(scheme).values() for w in c.words])
        words = _stem(" ".join(_WORD.findall(text.lower())))
        return any(f" {stem} " in f" {words} " for stem in stems)

    def concept(self, iri: str) -> Concept:
        """The concept of that IRI."""
        name = local(iri)
        names = (_plain(name), *map(_plain, self._values(iri, SKOS.prefLabel)))
        cues = (*names, *map(_plain, self._values(iri, SKOS.altLabel)))
        words = (*cues, *map(_plain, self._values(iri, SKOS.hiddenLabel)))
        defining = " ".join(self._values(iri, SKOS.definition))
        stems = frozenset(_stem(w.lower()) for w in re.findall(r"\w+", _NEGATED.sub("", defining)))
        cues, words = tuple(dict.fromkeys(cues)), tuple(dict.fromkeys(words))
        return Concept(iri, self.scheme(iri), name, frozenset(names), cues, words, stems)

    def _values(self, iri: str, *predicates: ox.NamedNode) -> list[str]:
        return [value for predicate in predicates for value in self._index.values(iri, predicate)]


_NAMES = (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel)
_PREDICATES = frozenset((RDF.type, OWL.deprecated, SKOS.inScheme, SKOS.broader, SKOS.definition, *_NAMES))


@functools.cache
def _ours() -> list[ox.Quad]:
    return [q for q in ontology_quads() if q.predicate in _PREDICATES]


@functools.cache
def our_vocabulary() -> Vocabulary:
    """The vocabulary without any corpus."""
    return Vocabulary()


def _plain(name: str) -> str:
    """A name or a label as lower-case words.

    >>> _plain("couldNotBeReached"), _plain("hush-up"), _plain("said sorry")
    ('could not be reached', 'hush up', 'said sorry')
    """
    return " ".join(part.lower() for part in _PART.findall(name)) or name.lower()


@functools.lru_cache(8192)
def _stem(words: str) -> str:
    """The stems of words (https://snowballstem.org/), with -ize written -ise."""
    stemmer = snowballstemmer.stemmer("english")  # a stemmer has a state: threads cannot share it
    return " ".join(stemmer.stemWord(re.sub(r"iz(?=e|i)|yz(?=e|i)", _british, w)) for w in words.split())


def _british(match: re.Match[str]) -> str:
    return match[0][0] + "s"


def _distance(word: str, other: str) -> int:
    """How many letters differ, in the words themselves or in longer stems, as far as that is few for their length (one
    letter, two in words of eight) and the first letter is the same; else ``_FAR``."""
    pairs = [(word, other), *((a, b) for a, b in [(_stem(word), _stem(other))] if max(len(a), len(b)) > _SHORTEST + 1)]
    if any(a == n + b or b == n + a for n in _NEGATIONS for a, b in pairs):
        return _FAR
    near = [_FAR]
    for a, b in pairs:
        shorter, longer = sorted((len(a), len(b)))
        if shorter >= _SHORTEST and longer > _SHORTEST and a[0] == b[0]:
            allowed = 2 if shorter >= 2 * _SHORTEST else 1
            near += [d for d in [OSA.distance(a, b)] if d <= allowed]
    return min(near)
