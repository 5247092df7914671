"""The claims and the references of a site, read from its index and, where that lacks something, from its engine."""

import functools
import threading
from collections.abc import Callable, Iterable, Sequence

import pyoxigraph as ox
from cachetools import LRUCache, cached

from quoth.claim.model.claim_summary import Act, ClaimSummary, Step, acts, summarize
from quoth.claim.model.namespaces import KINDS, QUOTH, SCHEMA, SPEECH_ACT
from quoth.claim.model.ontology import local
from quoth.claim.model.triple_index import TripleIndex
from quoth.corpus.bases import home
from quoth.errors import QuothError
from quoth.http import accept_language
from quoth.index import names
from quoth.index.names import ItemFilter
from quoth.web.core.site import Site
from quoth.web.core.statements import closure
from quoth.web.present.claim_view import Claim, Level, Ref, Words

_THINGS = ItemFilter(tuple(KINDS), claims=False)


def ref(site: Site, iri: str) -> Ref:
    """The reference to an IRI, with its label, by which it is told from what another corpus calls so (``apart``)."""
    best = site.labels.best(iri)
    foreign, proposed = accept_language.foreign(best.language), site.claim_index.is_proposed(iri)
    return Ref(iri, apart(site, iri, best.value), site.iris.href(iri), foreign, proposed)


def apart(site: Site, iri: str, label: str) -> str:
    """A label for readers: of something in a corpus with a base of its own, with the path of this corpus, if it is an
    article, or if what has another base has the same name. What has the dataset's own base needs no path."""
    corpus = site.iris.corpus(iri)
    if not corpus or "#" in iri:
        return label
    named = site.iris.value(iri).startswith(f"{corpus}/article/") or _shared(site, corpus, label)
    return f"{label} ({corpus})" if named else label


@cached(LRUCache(10_000), key=lambda site, corpus, label: (site.version, corpus, label), lock=threading.Lock())
def _shared(site: Site, corpus: str, label: str) -> bool:
    """Whether something that is not of this corpus has the name, too."""
    bearers = names.exact(site.claim_index, label, _THINGS)
    return any(site.iris.corpus(bearer.iri) != corpus for bearer in bearers)


def words(text: ox.Literal) -> Words:
    """A literal with its language."""
    return Words(text.value, accept_language.foreign(text.language))


def article_language(site: Site, article: str) -> str:
    """The language of an article's text, where it differs from the page's; else empty."""
    return accept_language.foreign(site.labels.language(article)) if article else ""


def licence(site: Site) -> Ref | None:
    """The licence of the data, for the foot of every page; None where the engine does not answer, so that there
    are pages of errors all the same."""
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
        quads = closure(site.engine, missing)
        index, known_acts = TripleIndex(quads), _acts(site, quads)
        known |= {iri: summarize(index, iri, known_acts) for iri in missing}
    return known


def _acts(site: Site, quads: Iterable[ox.Quad]) -> dict[str, Act]:
    """The acts of the inner levels in those statements, from the contents of their claims."""
    named = {q.object.value for q in quads if q.predicate == QUOTH.act and isinstance(q.object, ox.NamedNode)}
    rows = site.rows_of("graphs", [f"{claim}#content" for claim in sorted(named)])
    return acts(ox.Quad(row["s"], row["p"], row["o"], row["x"]) for row in rows)  # type: ignore[arg-type]


def article_of(site: Site, claim: Claim) -> TripleIndex:
    """The statements about the article that a claim is quoted from, about the claim's encoding and about its text."""
    if claim.article is None:
        return TripleIndex(())
    iri = claim.article.iri
    quads = closure(site.engine, [iri, claim.encoding or f"{iri}#encoding"])
    texts = [text for text in TripleIndex(quads).values(iri, SCHEMA.encoding) if not text.startswith(f"{iri}#")]
    return TripleIndex([*quads, *closure(site.engine, texts)])


def _claim(site: Site, summary: ClaimSummary, named: Callable[[str], Ref]) -> Claim:
    def optional(value: str) -> Ref | None:
        return named(value) if value else None

    def levels(steps: Sequence[Step]) -> list[Level]:
        return [
            Level(
                [*map(named, step.sources)],
                [*map(named, step.addressees)],
                step.act,
                optional(step.act_claim),
                step.stance,
                step.scope,
                step.cue,
                is_article=step.sources == [summary.article],
                label=named(_act(site, step.act, summary.iri)).label if step.act else "",
            )
            for step in steps
        ]

    return Claim(
        Ref(summary.iri, summary.label, site.iris.href(summary.iri)) if summary.label else named(summary.iri),
        levels(summary.steps),
        summary.quotes,
        certainty=optional(summary.certainty),
        polarity=optional(summary.polarity),
        realis=optional(summary.realis),
        tense=optional(summary.tense),
        information_status=optional(summary.information_status),
        article=optional(summary.article),
        about=[*map(named, summary.about)],
        readings=[*map(levels, summary.readings)],
        with_content=bool(summary.content),
        encoding=summary.encoding,
        status=local(summary.status),
        language=article_language(site, summary.article),
    )


def _act(site: Site, name: str, claim: str) -> str:
    """The IRI of the speech act of that name: one of ours, or a concept of the corpus of the claim (IRI)."""
    return SPEECH_ACT.iri + name if name in SPEECH_ACT.terms else f"{home(claim, site.iris.base)}id/concept/{name}"
