"""Reading a claim out of its quads: the chain, the anchors, the attributes, as plain objects for the templates."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from quoth.claim.index import Index
from quoth.claim.vocabulary import OA, PROV, QUOTH, RDF, RDFS
from quoth.web import words
from quoth.web.site import Site
from quoth.web.walk import statements


@dataclass(frozen=True)
class Ref:
    """Something to name and, where ``href`` is not None, to link to."""

    iri: str
    label: str
    href: str | None


@dataclass(frozen=True)
class Quote:
    """Words of the article; ``start`` and ``end`` count code points, the end exclusive."""

    exact: str
    prefix: str
    suffix: str
    start: int | None
    end: int | None


@dataclass(frozen=True)
class Level:
    """One level of a chain; ``act``, ``stance`` and ``scope`` are the local names of their concepts."""

    sources: Sequence[Ref]
    addressees: Sequence[Ref]
    act: str
    stance: str
    scope: str
    cue: Quote | None
    is_article: bool

    @property
    def verb(self) -> str:
        """What the sources do, as a verb; the article's own acts are in the present tense."""
        if not self.is_article and self.act in ("reported", "stated"):
            return self.act
        return words.VERBS.get(self.act, self.act or "said")

    @property
    def preposition(self) -> str:
        """What stands between the verb and its addressee."""
        return words.TO_ADDRESSEE.get(self.act, "to")

    @property
    def attitude(self) -> str:
        """How the sources stand to what they give, in words."""
        return words.ATTITUDES.get(self.stance, self.stance)

    @property
    def reach(self) -> str:
        """Whether the text extends the attribution to the claim, in words."""
        return words.REACHES.get(self.scope, self.scope)

    @property
    def clause(self) -> str:
        """``two dockers said to the mayor``."""
        sources = "the article" if self.is_article else words.listed([s.label for s in self.sources])
        addressees = words.listed([a.label for a in self.addressees])
        return " ".join(filter(None, [sources, self.verb, self.preposition if addressees else "", addressees]))

    @property
    def remarks(self) -> list[str]:
        """What has to be added for the chain to be read right."""
        stance = words.STANCES.get(self.stance, "")
        return [r for r in (stance if self.is_article else "", words.SCOPES.get(self.scope, "")) if r]


@dataclass(frozen=True)
class Claim:
    """One claim as its page and its rows need it. ``levels`` run from the innermost to the article's own."""

    ref: Ref
    levels: Sequence[Level]
    quotes: Sequence[Quote]
    certainty: Ref | None
    polarity: Ref | None
    realis: Ref | None
    tense: Ref | None
    article: Ref | None

    @property
    def own_voice(self) -> bool:
        return len(self.levels) == 1

    @property
    def speakers(self) -> Sequence[Ref]:
        """The innermost sources."""
        return self.levels[0].sources if self.levels else ()

    @property
    def in_words(self) -> str:
        """The chain as a sentence, from the innermost source to the article."""
        if self.own_voice:
            return "The article says it in its own voice."
        return words.capital(", as ".join(level.clause for level in self.levels)) + "."

    @property
    def manner(self) -> str:
        """How surely, whether affirmed or denied, and as what, in a sentence; then whether the article takes sides."""
        certainty, polarity, realis = (_local(v.iri) if v else "" for v in (self.certainty, self.polarity, self.realis))
        given = ["affirmed" if polarity == "positive" else "denied" if polarity == "negative" else ""]
        given += [words.CERTAINTIES.get(certainty, certainty), words.REALISES.get(realis, realis)]
        side = words.SIDES.get(self.levels[-1].stance, "") if len(self.levels) > 1 else ""
        return f"{words.capital(', '.join(filter(None, given)))}. {side}".strip()

    @property
    def start(self) -> int:
        return min((q.start for q in self.quotes if q.start is not None), default=0)

    @property
    def attributes(self) -> list[tuple[str, Ref]]:
        """Certainty, polarity and realis, with their names, as far as they are there."""
        named = [("certainty", self.certainty), ("polarity", self.polarity), ("realis", self.realis)]
        return [(name, value) for name, value in named if value is not None]


def ref(site: Site, iri: str) -> Ref:
    """The reference to an IRI, with its label."""
    return Ref(iri, site.labels.label(iri), site.iris.href(iri))


def claims(site: Site, iris: Iterable[str]) -> list[Claim]:
    """The claims of those IRIs, in their order."""
    wanted = list(iris)
    quads = statements(site.engine, wanted)
    index = Index(quads)
    site.labels.fetch(q.object.value for q in quads if isinstance(q.object, ox.NamedNode) and _is_whole(q))
    return [claim(site, index, iri) for iri in wanted]


def _is_whole(quad: ox.Quad) -> bool:
    """Whether the object is something other than a part of the subject, which has no label of its own."""
    subject, found = quad.subject, quad.object
    return not (
        isinstance(subject, ox.NamedNode)
        and isinstance(found, ox.NamedNode)
        and found.value.partition("#")[0] == subject.value.partition("#")[0]
    )


def claim(site: Site, index: Index, iri: str) -> Claim:
    """One claim out of the statements about it and its parts."""

    def one(predicate: str) -> Ref | None:
        value = index.value(iri, getattr(QUOTH, predicate))
        return ref(site, value) if value else None

    article = index.value(iri, PROV.wasQuotedFrom)
    label = index.value(iri, RDFS.label)
    return Claim(
        Ref(iri, label, site.iris.href(iri)) if label else ref(site, iri),
        _levels(site, index, iri, article),
        sorted((quote(index, a) for a in index.values(iri, QUOTH.anchor)), key=lambda q: q.start or 0),
        one("certainty"),
        one("polarity"),
        one("realis"),
        one("tense"),
        ref(site, article) if article else None,
    )


def _levels(site: Site, index: Index, iri: str, article: str) -> list[Level]:
    levels: list[Level] = []
    seen: set[str] = set()
    at = index.value(iri, QUOTH.attribution)
    while at and at not in seen:
        seen.add(at)
        sources = index.values(at, QUOTH.source)
        cues = index.values(at, QUOTH.cue)
        levels.append(
            Level(
                [ref(site, s) for s in sources],
                [ref(site, a) for a in index.values(at, QUOTH.addressee)],
                _local(index.value(at, QUOTH.speechAct)),
                _local(index.value(at, QUOTH.stance)),
                _local(index.value(at, QUOTH.scope)),
                quote(index, cues[0]) if cues else None,
                sources == [article],
            )
        )
        at = index.value(at, QUOTH.within)
    return levels


def _local(concept: str) -> str:
    return concept.rpartition("#")[2]


def quote(index: Index, anchor: str) -> Quote:
    """The words and offsets of an anchor (Web Annotation Data Model §4.2.4, §4.2.5)."""
    exact = prefix = suffix = ""
    start = end = None
    for selector in index.values(anchor, OA.hasSelector):
        types = index.values(selector, RDF.type)
        if OA.TextQuoteSelector.value in types:
            exact, prefix, suffix = (index.value(selector, p) for p in (OA.exact, OA.prefix, OA.suffix))
        else:
            start, end = index.number(selector, OA.start), index.number(selector, OA.end)
    return Quote(exact, prefix, suffix, start, end)
