"""The words of a claim that is redacted: which they are, and statements and texts without them.

Others say the same by chance, the more often the fewer words it has. So a text of ``_FEWEST`` words or more is looked
for in what is near to the claim: in what describes the article that it is quoted from, the claims of that article, and
whatever names the claim. Everywhere else, only a text of ``_UNUSUAL`` words or more is. It is found as whole words,
with the first letter in upper or lower case; other differences of case make it another text. The ontology of Quoth is
nobody's, and stays as it is.
"""

import functools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import pyoxigraph as ox

from quoth.claim.model.namespaces import OA, ONTOLOGY_IRI, PROV, QUOTH, RDF, Term
from quoth.claim.model.ontology import ontology_quads
from quoth.release.dumps import nquads

BLANK = "[redacted]"
"""Stands where words were."""
_FEWEST, _UNUSUAL = 3, 8
"""Words of a text, below which it is looked for in the claim alone, and in what is near to the claim alone."""
_TOGETHER = "\u0e00-\u109f\u1780-\u17ff\u2e80-\ua4cf\uf900-\ufaff\U00020000-\U0003ffff"
"""Letters of scripts that set no spaces between words: two count as a word, and a word may end anywhere."""
_LETTER = rf"[^\W{_TOGETHER}]"
_WORD = re.compile(rf"[{_TOGETHER}]{{1,2}}|(?:{_LETTER}|['’])+")
_SHORTEST_OVERLAP = 8
"""Characters of the words at the edge of what stands beside another quotation."""
_BESIDE = {OA.prefix, OA.suffix}
_BESIDE_LINES = tuple(str(term).encode() for term in _BESIDE)
_NAMING = {RDF.subject, RDF.object}
_QUOTED_FROM = str(PROV.wasQuotedFrom).encode()


@dataclass
class Words:
    """The ``texts`` of the claim ``iri`` that are looked for in what others say; the ``reasons``: the statements why
    the claim is related to others, which go with it; and what is ``near`` to it (IRIs): the articles that it is quoted
    from, to begin with."""

    iri: str
    texts: set[str] = field(default_factory=set)
    reasons: set[Term] = field(default_factory=set)
    near: set[str] = field(default_factory=set)

    def learn(self, lines: Iterable[bytes]) -> bool:
        """Take in what a release says: the labels of the claim, its quotation and content, why it is related to others.
        Returns whether the release names the claim. ``lines`` are those of nquads.py, sorted."""
        held: list[ox.Quad] = []
        for _, group in groupby(lines, lambda line: line.partition(b" ")[0]):
            of_subject = list(group)
            quads = [*nquads.from_lines(filter(self._is_named_in, of_subject))]
            if any(quad.predicate in _NAMING and self._is_part(quad.object) for quad in quads):
                self.reasons.add(quads[0].subject)
                quads = [*nquads.from_lines(of_subject)]
            held += filter(self._is_gone, quads)
        anchors = {q.object for q in held if q.predicate == QUOTH.anchor and self._is_part(q.subject)}
        selectors = {q.object for q in held if q.predicate == OA.hasSelector and q.subject in anchors}
        whole = ox.NamedNode(self.iri)
        for quad in held:
            of_claim = quad.subject == whole or quad.subject in self.reasons or self._is_part(quad.graph_name)
            words = (of_claim or quad.subject in selectors) and quad.predicate not in _BESIDE
            if words and isinstance(quad.object, ox.Literal):
                self.add(quad.object.value)
            if quad.subject == whole and quad.predicate == PROV.wasQuotedFrom:
                self.near.add(getattr(quad.object, "value", ""))
        return bool(held)

    def meet(self, lines: Iterable[bytes]) -> None:
        """Take in what is near to the claim in a release, whose articles are known by now."""
        articles = {f"<{iri}>".encode() for iri in self.near}
        for line in lines:
            subject, predicate, value = line.split(b" ", 2)
            if self._is_named_in(line) or (predicate == _QUOTED_FROM and value.partition(b" ")[0] in articles):
                self.near.add(subject[1:-1].partition(b"#")[0].decode())

    def add(self, text: str) -> None:
        """Take in a text, if it is long enough."""
        if _has_words(text, _FEWEST):
            self.texts.add(text)

    def add_term(self, value: str) -> None:
        """Take in the text of a term in N-Triples, if it is a literal."""
        if isinstance(term := nquads.term(value.encode()), ox.Literal):
            self.add(term.value)

    def _is_gone(self, quad: ox.Quad) -> bool:
        """Whether a statement goes with the claim: it is about it or names it, or is part of its content."""
        return quad.subject in self.reasons or any(
            self._is_part(term) for term in (quad.subject, quad.object, quad.graph_name)
        )

    def lines(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        """Lines without those that go with the claim, and without its words; their order may change."""
        reasons = {*map(_line_form, self.reasons)}
        forms = [form.encode() for text in self.texts for form in _forms(text)]
        for line in lines:
            subject, predicate, _ = line.split(b" ", 2)
            if not is_of_ontology(line) and (
                subject in reasons
                or self._is_named_in(line)
                or predicate in _BESIDE_LINES
                or any(form in line for form in forms)
            ):
                yield from nquads.to_lines(self._quads(nquads.from_lines([line])))
            else:
                yield line

    def blanks(self, lines: Iterable[bytes]) -> set[str]:
        """The positions of the lines that have BLANK for the words."""
        return {position(line) for line in self.lines(lines) if BLANK.encode() in line}

    def without(self, text: str, near: bool) -> str:
        """A text that is ``near`` to the claim or not, with BLANK for the words, as they are or as they stand in
        N-Triples."""
        return _pattern(frozenset(self.texts), _FEWEST if near else _UNUSUAL).sub(BLANK, text)

    def json(self, value: Any, near: bool) -> Any:
        """A value of JSON without the words, and without the members of arrays that are about the claim."""
        if isinstance(value, str):
            return self.without(value, near)
        if isinstance(value, list):
            return [self.json(member, near) for member in value if not self._is_about(member)]
        if isinstance(value, dict):
            return {key: self.json(member, near) for key, member in value.items()}
        return value

    def report(self, quads: Iterable[ox.Quad]) -> Iterator[ox.Triple]:
        """The triples of a validation report without the results about the claim, and without its words."""
        quads = [*quads]
        about = {quad.subject for quad in quads if self._is_part(quad.object)}
        kept = (quad for quad in quads if quad.subject not in about and quad.object not in about)
        yield from (quad.triple for quad in self._quads(kept, all_near=True))

    def _quads(self, quads: Iterable[ox.Quad], all_near: bool = False) -> Iterator[ox.Quad]:
        for quad in quads:
            if self._is_gone(quad):
                continue
            if isinstance(old := quad.object, ox.Literal):
                near = all_near or any(map(self._is_near, (quad.subject, quad.graph_name)))
                beside = near and quad.predicate in _BESIDE
                text = self._beside(old.value) if beside else self.without(old.value, near)
                if text != old.value:
                    new = ox.Literal(text, language=old.language) if old.language else ox.Literal(text)
                    quad = ox.Quad(quad.subject, quad.predicate, new, quad.graph_name)
            yield quad

    def _beside(self, text: str) -> str:
        """The text beside another quotation, without the beginning or the end of the words at its edges."""
        text = self.without(text, near=True)
        for words in self.texts:
            if len(text) >= _SHORTEST_OVERLAP and text in words:
                return BLANK
            for size in range(min(len(words), len(text)), _SHORTEST_OVERLAP - 1, -1):
                if text.endswith(words[:size]):
                    text = text[:-size] + BLANK
                if text.startswith(words[-size:]):
                    text = BLANK + text[size:]
        return text

    def _is_named_in(self, line: bytes) -> bool:
        """Whether a line may name the claim or a part of it."""
        start = f"<{self.iri}".encode()
        return start + b">" in line or start + b"#" in line

    def _is_part(self, term: Any) -> bool:
        return isinstance(term, ox.NamedNode) and term.value.partition("#")[0] == self.iri

    def _is_near(self, term: Any) -> bool:
        return isinstance(term, ox.NamedNode) and term.value.partition("#")[0] in self.near

    def _is_about(self, value: Any) -> bool:
        values = value.values() if isinstance(value, dict) else ()
        return any(isinstance(member, str) and member.partition("#")[0] == self.iri for member in values)


def position(line: bytes) -> str:
    """The place of a text in the data: subject, property, language or datatype, and graph, as they stand in a line."""
    subject, predicate, rest = line.removesuffix(b" .\n").split(b" ", 2)
    return b" ".join((subject, predicate, rest.rpartition(b'"')[2])).decode().strip()


def is_of_ontology(line: bytes) -> bool:
    """Whether a line is of the ontology of Quoth, or of what that says of the terms of others."""
    return line.startswith(f"<{ONTOLOGY_IRI}".encode()) or line in _ontology_lines()


@functools.cache
def _ontology_lines() -> frozenset[bytes]:
    return frozenset(nquads.to_lines(ontology_quads()))


@functools.lru_cache(8)
def _pattern(texts: frozenset[str], fewest: int) -> re.Pattern[str]:
    """Finds the texts of so many words or more, the longest first, where no word goes on before or behind them."""
    forms = {form for text in texts if _has_words(text, fewest) for form in _forms(text)}
    return re.compile("|".join(map(_bounded, sorted(forms, key=len, reverse=True))) or "(?!)")


def _bounded(form: str) -> str:
    # In N-Triples, the letter of an escaped line break may stand before a word.
    before = rf"(?:(?<!{_LETTER})|(?<=\\[bfnrt]))" if re.match(_LETTER, form) else ""
    return before + re.escape(form) + (rf"(?!{_LETTER})" if re.match(_LETTER, form[-1:]) else "")


def _has_words(text: str, fewest: int) -> bool:
    return len(_WORD.findall(text)) >= fewest


def _forms(text: str) -> set[str]:
    """A text with either case of its first letter, as it is and as it stands in N-Triples."""
    cased = {text, text[:1].upper() + text[1:], text[:1].lower() + text[1:]}
    return cased | {str(ox.Literal(form))[1:-1] for form in cased}


def _line_form(term: Term) -> bytes:
    return str(term).encode()
