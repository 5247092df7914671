"""Claims as plain objects for the templates: the chain, the quotations, the attributes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

from quoth.claim.model.claim_summary import Quote, common, undone
from quoth.claim.model.ontology import TO_ADDRESSEE, local
from quoth.web.present import phrases


@dataclass(frozen=True)
class Ref:
    """A resource with its label and, where ``href`` is not None, a link. ``language`` is the label's (BCP 47)
    where it differs from the page's, else empty. ``proposed``: it is a claim that nobody has reviewed, which the link
    says; rows and cards of claims say it beside the link."""

    iri: str
    label: str
    href: str | None
    language: str = ""
    proposed: bool = False


class Words(str):
    """A text of the data. ``language`` is its own (BCP 47) where it differs from the page's, else empty."""

    language: str

    def __new__(cls, text: str, language: str = "") -> Self:
        words = super().__new__(cls, text)
        words.language = language
        return words


@dataclass(frozen=True)
class Level:
    """One level of a chain; ``act``, ``stance`` and ``scope`` are the names of their concepts, empty where they are
    not coded; ``label`` is that of the act. ``act_claim``: the claim that the act took place, where there is one."""

    sources: Sequence[Ref]
    addressees: Sequence[Ref]
    act: str
    act_claim: Ref | None
    stance: str
    scope: str
    cue: Quote | None
    is_article: bool
    label: str = ""

    @property
    def verb(self) -> str:
        """The sources' speech act as a verb; the article's own acts are in the present tense. Where the cue says that
        it was not done, its words."""
        if words := undone(self.act, self.cue):
            return f"“{' '.join(words.split())}”"
        if not self.is_article and self.act in ("reported", "stated"):
            return self.act
        return phrases.VERBS.get(self.act, self.label or self.act or "said")

    @property
    def deed(self) -> str:
        """The verb, with an object if it needs one: “said”, “said this to the guild”, “warned the guild”."""
        if undone(self.act, self.cue):
            return self.verb
        if not self.addressees:
            return phrases.DEEDS.get(self.act, self.verb)
        return (phrases.DEEDS | phrases.DEEDS_TO).get(self.act, self.verb) if self.preposition == "to" else self.verb

    @property
    def preposition(self) -> str:
        """The preposition between the verb and its addressee."""
        return TO_ADDRESSEE.get(self.act, "to")

    @property
    def attitude(self) -> str:
        """The stance of the sources, in words."""
        return phrases.ATTITUDES.get(self.stance, self.stance or phrases.NOT_CODED)

    @property
    def reach(self) -> str:
        """Whether the text extends the attribution to the claim, in words."""
        return phrases.REACHES.get(self.scope, self.scope or phrases.NOT_CODED)

    @property
    def clause(self) -> str:
        """``two dockers said to the mayor``."""
        sources = "the article" if self.is_article else phrases.listed([s.label for s in self.sources])
        addressees = phrases.listed([a.label for a in self.addressees])
        return " ".join(filter(None, [sources, self.deed, self.preposition if addressees else "", addressees]))

    @property
    def remarks(self) -> list[str]:
        """Remarks that a reader needs to understand the chain."""
        stance = phrases.STANCES.get(self.stance, "")
        return [r for r in (stance if self.is_article else "", phrases.SCOPES.get(self.scope, "")) if r]


@dataclass(frozen=True)
class Claim:
    """One claim as its page and its rows need it. ``levels`` run from the innermost to the article's own; ``readings``
    are the other chains by which the text can be read. A claim in words is not ``with_content``, and has no certainty,
    polarity, realis or tense. ``status`` is the local name of that of its ``encoding`` (an IRI), or empty.
    ``language`` is that of the words that it quotes (BCP 47) where it differs from the page's, else empty.
    """

    ref: Ref
    levels: Sequence[Level]
    quotes: Sequence[Quote]
    certainty: Ref | None
    polarity: Ref | None
    realis: Ref | None
    tense: Ref | None
    information_status: Ref | None
    article: Ref | None
    about: Sequence[Ref] = ()
    readings: Sequence[Sequence[Level]] = ()
    with_content: bool = True
    encoding: str = ""
    status: str = ""
    language: str = ""

    @property
    def proposed(self) -> bool:
        """Whether nobody has reviewed yet that the article says so."""
        return self.status == "proposed"

    @property
    def chains(self) -> Sequence[Sequence[Level]]:
        """The chains of all readings of the text, the longest first."""
        return [self.levels, *self.readings]

    @property
    def depth(self) -> int | None:
        """The number of levels; None where readings of the text differ in it."""
        depths = {len(chain) for chain in self.chains}
        return depths.pop() if len(depths) == 1 else None

    @property
    def voice(self) -> str:
        """``own``, ``reported`` or ``unclear``."""
        own = {len(chain) == 1 for chain in self.chains}
        return "unclear" if len(own) > 1 else "own" if own.pop() else "reported"

    @property
    def own_voice(self) -> bool:
        return self.voice == "own"

    @property
    def speakers(self) -> Sequence[Ref]:
        """The innermost sources in all readings of the text; none where these share none."""
        every = [{source.iri for source in chain[0].sources} if chain else set() for chain in self.chains]
        return [source for source in self.candidates if all(source.iri in sources for sources in every)]

    @property
    def candidates(self) -> Sequence[Ref]:
        """The innermost sources of any reading of the text, those of the longest first."""
        found: dict[str, Ref] = {}
        for level in (chain[0] for chain in self.chains if chain):
            itself = level.is_article and bool(self.readings)
            found |= {s.iri: replace(s, label="the article itself") if itself else s for s in level.sources}
        return [*found.values()]

    @property
    def unclear(self) -> bool:
        """Whether readings of the text differ in who says it."""
        return len(self.speakers) < len(self.candidates)

    @property
    def in_words(self) -> str:
        """The chain as a sentence, from the innermost source to the article; of several readings, what they share, and
        what each has for itself."""
        if self.unclear:
            named = [candidate.iri for candidate in self.candidates]
            around = [level for level in self.levels[:-1] if all(level in chain for chain in self.chains)]
            beyond = [level.clause for level in around if not any(source.iri in named for source in level.sources)]
            who = ", as ".join([", or ".join(candidate.label for candidate in self.candidates), *beyond])
            return f"{phrases.capital(who)}: the text does not make clear who says this."
        if self.own_voice:
            return "The article says it in its own voice."
        if self.readings:
            shared = common([[(level.sources, level.act) for level in chain] for chain in self.chains])
            ways = [", as ".join(level.clause for level in chain[shared:]) for chain in self.chains]
            itself = [way.replace("the article", "the article itself", ", as " not in way) for way in ways]
            together = [level.clause for level in self.levels[:shared]]
            words = ", as ".join([*together, (", or else as " if together else ", or else ").join(itself)])
            return f"{phrases.capital(words)}: the text does not make clear who passed this on."
        return phrases.capital(", as ".join(level.clause for level in self.levels)) + "."

    @property
    def manner(self) -> str:
        """Polarity, certainty and realis in a sentence; then the stance of the article, where it takes sides."""
        side = phrases.SIDES.get(self.levels[-1].stance, "") if self.voice == "reported" else ""
        if not self.attributes:
            only = "H" if self.with_content else "Coded in words only: h"
            return f"{only}ow certain it is, and whether it is given as fact, is not coded. {side}".strip()
        certainty, realis = (local(v.iri) if v else "" for v in (self.certainty, self.realis))
        manner = phrases.MANNERS.get(certainty, phrases.MANNERS["unknown"])[self.negated + self.denied]
        words = ", ".join(filter(None, [manner, phrases.REALISES.get(realis, "")]))
        return " ".join(
            filter(None, [f"{phrases.capital(words)}.", phrases.NOT_STATED * (certainty == "unknown"), side])
        )

    @property
    def negated(self) -> bool:
        """Whether the source says that the content is not so, by whatever speech act."""
        return self.polarity is not None and local(self.polarity.iri) == "negative"

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

    @property
    def exceptions(self) -> list[tuple[str, Ref]]:
        """Those of the attributes that are not certain, positive and actual, as most claims are."""
        return [(name, value) for name, value in self.attributes if local(value.iri) not in phrases.ORDINARY]
