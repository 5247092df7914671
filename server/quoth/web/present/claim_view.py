"""Claims as plain objects for the templates: the chain, the quotations, the attributes."""

import functools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from quoth.claim.model.claim_summary import ClaimSummary, Quote, summarize
from quoth.claim.model.namespaces import SCHEMA, SPEECH_ACT
from quoth.claim.model.triple_index import TripleIndex
from quoth.errors import QuothError
from quoth.http import accept_language
from quoth.web.core.site import Site
from quoth.web.core.statements import closure
from quoth.web.present import phrases


@dataclass(frozen=True)
class Ref:
    """A resource with its label and, where ``href`` is not None, a link. ``language`` is the label's (BCP 47)
    where it differs from the page's, else empty."""

    iri: str
    label: str
    href: str | None
    language: str = ""


@dataclass(frozen=True)
class Level:
    """One level of a chain; ``act``, ``stance`` and ``scope`` are names of concepts, ``label`` is that of the act."""

    sources: Sequence[Ref]
    addressees: Sequence[Ref]
    act: str
    stance: str
    scope: str
    cue: Quote | None
    is_article: bool
    label: str = ""

    @property
    def verb(self) -> str:
        """The sources' speech act as a verb; the article's own acts are in the present tense."""
        if not self.is_article and self.act in ("reported", "stated"):
            return self.act
        return phrases.VERBS.get(self.act, self.label or self.act or "said")

    @property
    def preposition(self) -> str:
        """The preposition between the verb and its addressee."""
        return phrases.TO_ADDRESSEE.get(self.act, "to")

    @property
    def attitude(self) -> str:
        """The stance of the sources, in words."""
        return phrases.ATTITUDES.get(self.stance, self.stance)

    @property
    def reach(self) -> str:
        """Whether the text extends the attribution to the claim, in words."""
        return phrases.REACHES.get(self.scope, self.scope)

    @property
    def clause(self) -> str:
        """``two dockers said to the mayor``."""
        sources = "the article" if self.is_article else phrases.listed([s.label for s in self.sources])
        addressees = phrases.listed([a.label for a in self.addressees])
        return " ".join(filter(None, [sources, self.verb, self.preposition if addressees else "", addressees]))

    @property
    def remarks(self) -> list[str]:
        """Remarks that a reader needs to understand the chain."""
        stance = phrases.STANCES.get(self.stance, "")
        return [r for r in (stance if self.is_article else "", phrases.SCOPES.get(self.scope, "")) if r]


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
    about: Sequence[Ref] = ()

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
        return phrases.capital(", as ".join(level.clause for level in self.levels)) + "."

    @property
    def manner(self) -> str:
        """Polarity, certainty and realis in a sentence; then the stance of the article, where it takes sides."""
        certainty, polarity, realis = (_local(v.iri) if v else "" for v in (self.certainty, self.polarity, self.realis))
        words = ["denied" if self.denied else phrases.POLARITIES.get(polarity, polarity)]
        words += [phrases.CERTAINTIES.get(certainty, certainty), phrases.REALISES.get(realis, realis)]
        side = phrases.SIDES.get(self.levels[-1].stance, "") if len(self.levels) > 1 else ""
        return f"{phrases.capital(', '.join(filter(None, words)))}. {side}".strip()

    @property
    def negated(self) -> bool:
        """Whether the source says that the content is not so, by whatever speech act."""
        return self.polarity is not None and _local(self.polarity.iri) == "negative"

    @property
    def denied(self) -> bool:
        """Whether the source denies the content, which is a speech act of its own."""
        return self.negated and bool(self.levels) and self.levels[0].act == "denied"

    @property
    def start(self) -> int:
        return min((q.start for q in self.quotes if q.start is not None), default=0)

    @property
    def attributes(self) -> list[tuple[str, Ref]]:
        """Certainty, polarity and realis, with their names, where the claim has them."""
        named = [("certainty", self.certainty), ("polarity", self.polarity), ("realis", self.realis)]
        return [(name, value) for name, value in named if value is not None]


def ref(site: Site, iri: str) -> Ref:
    """The reference to an IRI, with its label."""
    best = site.labels.best(iri)
    return Ref(iri, best.value, site.iris.href(iri), accept_language.foreign(best.language))


def licence(site: Site) -> Ref | None:
    """The licence of the data, for the foot of every page; None where the engine does not answer, so that the server
    starts and has pages all the same."""
    try:
        return ref(site, site.licence) if site.licence else None
    except QuothError:
        return None


def claims(site: Site, iris: Iterable[str]) -> list[Claim]:
    """The claims of those IRIs, in their order."""
    iris = list(iris)
    known = summaries(site, iris)
    site.labels.fetch(iri for claim in known.values() for iri in claim.named)
    named = functools.cache(functools.partial(ref, site))  # claims name the same things again and again
    return [_claim(site, known[iri], named) for iri in iris]


def summaries(site: Site, iris: Sequence[str]) -> dict[str, ClaimSummary]:
    """The summaries of the claims of those IRIs."""
    known = site.claim_index.summaries(iris)
    missing = [iri for iri in iris if iri not in known]
    if missing:  # the release has no summaries, or the IRI is not of a claim
        index = TripleIndex(closure(site.engine, missing))
        known |= {iri: summarize(index, iri) for iri in missing}
    return known


def article_of(site: Site, claim: Claim) -> TripleIndex:
    """The statements about the article that a claim is quoted from, about its encoding and about its text."""
    if claim.article is None:
        return TripleIndex(())
    iri = claim.article.iri
    quads = closure(site.engine, [iri, f"{iri}#encoding"])
    texts = [text for text in TripleIndex(quads).values(iri, SCHEMA.encoding) if not text.startswith(f"{iri}#")]
    return TripleIndex([*quads, *closure(site.engine, texts)])


def _claim(site: Site, summary: ClaimSummary, named: Callable[[str], Ref]) -> Claim:
    def optional(value: str) -> Ref | None:
        return named(value) if value else None

    levels = [
        Level(
            [*map(named, step.sources)],
            [*map(named, step.addressees)],
            step.act,
            step.stance,
            step.scope,
            step.cue,
            is_article=step.sources == [summary.article],
            label=named(_act(site, step.act)).label if step.act else "",
        )
        for step in summary.steps
    ]
    return Claim(
        Ref(summary.iri, summary.label, site.iris.href(summary.iri)) if summary.label else named(summary.iri),
        levels,
        summary.quotes,
        certainty=optional(summary.certainty),
        polarity=optional(summary.polarity),
        realis=optional(summary.realis),
        tense=optional(summary.tense),
        article=optional(summary.article),
        about=[*map(named, summary.about)],
    )


def _act(site: Site, name: str) -> str:
    """The IRI of the speech act of that name: one of ours, or a concept of the dataset."""
    return SPEECH_ACT.iri + name if name in SPEECH_ACT.terms else f"{site.iris.base}id/concept/{name}"


def _local(concept: str) -> str:
    return concept.rpartition("#")[2]
