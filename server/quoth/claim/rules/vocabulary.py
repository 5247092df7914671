"""The words of the schemes: their concepts, ours and those of a corpus, and which concept a near word means."""

import functools
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

import pyoxigraph as ox
import snowballstemmer
from rapidfuzz.distance import OSA

from quoth.claim.model.namespaces import ONTOLOGY_IRI, OWL, QUOTH, RDF, SKOS
from quoth.claim.model.ontology import local, ontology_quads
from quoth.claim.model.triple_index import TripleIndex

_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\d+|…")
_WORD = re.compile(r"[^\W_]+")
_PART_OF_CUE = re.compile(r"[^\W_]+|…")
_NEGATIONS = ("un", "in", "im", "il", "ir", "dis", "non", "mis", "de", "not ", "no ", "never ", "counter", "anti")
"""Beginnings by which a word turns into its opposite."""

_INFLECTED = re.compile(r"(?:e?d|e?s|ing)$")

_SHORTEST, _LONGEST = 4, 60
"""Letters of a word that is compared by its spelling; no more of it are looked at."""


@dataclass(frozen=True)
class Concept:
    """A concept: its scheme's IRI, the name that a document in YAML uses, and its words.

    ``names`` are the name and the prefLabels, in lower case; ``cues`` also the altLabels, by which a text shows it,
    with an ellipsis for an addressee between their words; ``words`` also the hiddenLabels, without the ellipses.
    ``enacted`` is the name of the type of event that a speech act makes.
    """

    iri: str
    scheme: str
    name: str
    names: frozenset[str]
    cues: tuple[str, ...]
    words: tuple[str, ...]
    enacted: str


class Vocabulary:
    """The concepts of our schemes, and of the corpus in ``quads``, whose schemes are those of its broader concepts.

    Deprecated concepts are left out."""

    def __init__(self, quads: Iterable[ox.Quad] = ()) -> None:
        graph = ox.DefaultGraph()
        told = [q for q in quads if q.graph_name == graph and q.predicate in _PREDICATES]
        self._index = TripleIndex([*_ours(), *told])
        self.corpus = [c for c in self._index.subjects(RDF.type, SKOS.Concept) if not c.startswith(ONTOLOGY_IRI)]
        self._schemes: dict[str, dict[str, Concept]] = {}
        self._stems: dict[str, tuple[set[str], set[str]]] = {}
        self._shown: dict[str, set[str]] = {}
        self._phrases: dict[str, list[tuple[int, bool, re.Pattern[str], str]]] = {}
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

    def near(self, scheme: str, word: str) -> list[str]:
        """The names of the concepts that ``word`` can mean: the one of which it is another form, or which it misspells;
        and the one whose name of several words has it (``declined`` is refused or declinedToComment).

        Empty where no concept is near, or where several are in the same way; a corpus's own comes before ours. A word
        that differs by a negation is never near.
        """
        text = _plain(word)[:_LONGEST]
        concepts = self.concepts(scheme).values()
        stem, stems = _stem(text), {_stem(w) for c in concepts for w in c.words}
        negated = any(_stem(text.removeprefix(n)) in stems for n in _NEGATIONS if text.startswith(n))

        def by(fits: Callable[[str], bool]) -> Iterator[list[str]]:
            # What a concept is called comes before words that only show it as well.
            yield [c.name for c in concepts if any(map(fits, c.cues))]
            yield [c.name for c in concepts if any(map(fits, c.words))]

        ways = (
            *by(lambda w: text == w),
            *by(lambda w: stem == _stem(w)),
            [c.name for c in concepts if stem == _stem(c.enacted)],
            *by(lambda w: not negated and _misspelt(text, w)),
        )
        names = next(filter(None, ways), [])
        if own := [name for name in names if self.concepts(scheme)[name].iri in self.corpus]:
            names = own
        longer = [c.name for c in concepts if any(_abridged(stem, _stem(name)) for name in c.names)]
        meant = [way[0] for way in (names, longer) if len(way) == 1]
        return names if text in map(_plain, names) else list(dict.fromkeys(meant))

    def shown(self, scheme: str, text: str) -> bool:
        """Whether the text has a word of any concept of the scheme, in whatever form."""
        if scheme not in self._stems:
            stems = {_stem(w) for c in self.concepts(scheme).values() for w in c.words}
            self._stems[scheme] = {s for s in stems if " " not in s}, {f" {s} " for s in stems if " " in s}
        words, (single, several) = _stems_of(text), self._stems[scheme]
        return not single.isdisjoint(words.split()) or any(stem in words for stem in several)

    def shows(self, iri: str, text: str) -> bool:
        """Whether the text has a word of this concept; of a phrase, a longer first word will do."""
        if iri not in self._shown:
            phrases = [_stem(word) for word in self.concept(iri).words]
            self._shown[iri] = {f" {p.partition(' ')[0] if p.find(' ') >= _SHORTEST else p} " for p in phrases}
        words = _stems_of(text)
        return any(stem in words for stem in self._shown[iri])

    def named(self, scheme: str, text: str, without: Collection[str] = ()) -> str:
        """The name of the concept whose words the text has, in whatever form; empty where it has none. The longest
        words count, of equally long ones the first (“declined to say” is refused), and what also stands for other
        things last; an ellipsis is up to ten words."""
        if scheme not in self._phrases:
            self._phrases[scheme] = [
                (len(label.split()), own, re.compile(_pattern(label)), c.name)
                for c in self.concepts(scheme).values()
                for own, labels in ((True, c.cues), (False, c.words))
                for label in labels
            ]
            self._phrases[scheme].sort(key=lambda phrase: (not phrase[1], -phrase[0]))
        words = _stems_of(text)
        for _, phrases in groupby(self._phrases[scheme], key=lambda phrase: phrase[:2]):
            places = ((m.start(), name) for *_, p, name in phrases if name not in without and (m := p.search(words)))
            if first := min(places, key=lambda place: place[0], default=None):
                return first[1]
        return ""

    def concept(self, iri: str) -> Concept:
        """The concept of that IRI."""
        name = local(iri)
        names = (_plain(name), *map(_plain, self._values(iri, SKOS.prefLabel)))
        cues = (*names, *map(_plain, self._values(iri, SKOS.altLabel)))
        words = (*(cue.replace("… ", "") for cue in cues), *map(_plain, self._values(iri, SKOS.hiddenLabel)))
        enacted = _plain(local(self._index.value(iri, QUOTH.enacts)))
        cues, words = tuple(dict.fromkeys(cues)), tuple(dict.fromkeys(words))
        return Concept(iri, self.scheme(iri), name, frozenset(names), cues, words, enacted)

    def _values(self, iri: str, *predicates: ox.NamedNode) -> list[str]:
        return [value for predicate in predicates for value in self._index.values(iri, predicate)]


_NAMES = (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel)
_PREDICATES = frozenset((RDF.type, OWL.deprecated, SKOS.inScheme, SKOS.broader, QUOTH.enacts, *_NAMES))


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


def _pattern(label: str) -> str:
    """A pattern for the stems of a label in those of a text; an ellipsis is up to ten words, and “not” may have an
    adverb behind it."""
    stems = f" {_stem(' '.join(_PART_OF_CUE.findall(label)))} "
    return stems.replace("… ", "(?:[^ ]+ ){0,10}").replace(" not ", " not (?:[^ ]+ )?")


@functools.lru_cache(8192)
def _stem(words: str) -> str:
    """The stems of words (https://snowballstem.org/), with -ize written -ise."""
    return " ".join(map(_stem_of_word, words.split()))


@functools.lru_cache(32768)
def _stem_of_word(word: str) -> str:
    stemmer = snowballstemmer.stemmer("english")  # a stemmer has a state: threads cannot share it
    stem: str = stemmer.stemWord(re.sub(r"iz(?=e|i)|yz(?=e|i)", _british, word))
    return stem


@functools.lru_cache(8192)
def _stems_of(text: str) -> str:
    """The stems of the words of a text, each between spaces."""
    return f" {_stem(' '.join(_WORD.findall(text.lower())))} "


def _british(match: re.Match[str]) -> str:
    return match[0][0] + "s"


def _misspelt(word: str, other: str) -> bool:
    """Whether one letter differs, in the words themselves or in their longer stems, if the word is an inflected form,
    and not the first letter; a negation is no misspelling."""
    stems = [(_stem(word), _stem(other))] if _INFLECTED.search(word) else []
    pairs = [(word, other), *((a, b) for a, b in stems if max(len(a), len(b)) > _SHORTEST + 1)]
    if any(a == n + b or b == n + a for n in _NEGATIONS for a, b in pairs):
        return False
    long = [(a, b) for a, b in pairs if min(len(a), len(b)) >= _SHORTEST and max(len(a), len(b)) > _SHORTEST]
    return any(a[0] == b[0] and OSA.distance(a, b, score_cutoff=1) <= 1 for a, b in long)


def _abridged(words: str, name: str) -> bool:
    """Whether the words are some of the name's, the first among them, in its order.

    >>> _abridged("declin comment", "declin to comment"), _abridged("comment", "declin to comment")
    (True, False)
    """
    first, *rest = name.split()
    left = iter(rest)
    return bool(rest) and words.split()[:1] == [first] and all(w in left for w in words.split()[1:])
