"""A proof: everything that a release holds on a subject, bounded and in one order, with what is missing and how it was
made. The same release gives the same proof."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from quoth.claim.model.namespaces import SKOS
from quoth.http import pagination
from quoth.http.pagination import Page
from quoth.web.core.site import Site
from quoth.web.present import phrases
from quoth.web.present.claim_view import Ref
from quoth.web.proof.comparison import PAIRS_LIMIT, RESTS, Comparison, compare
from quoth.web.proof.gaps import ambiguous, gaps
from quoth.web.proof.record import PAGE_CLAIMS, Entry, Record, Sentence, gather
from quoth.web.proof.subjects import OF, Subject
from quoth.web.proof.updates import updates

ARTICLES_LIMIT = 1000
"""Articles and sources that are counted one by one; of more, it is said that there are more."""


@dataclass(frozen=True)
class Proof:
    """A proof of a ``subject`` with one ``page`` of its claims (IRIs). ``notes`` say what the subject is; ``permanent``
    is the URL of the same proof in this release for good, empty where the release is not kept."""

    subject: Subject
    notes: Sequence[str]
    page: Page[str]
    record: Record
    comparison: Comparison
    summary: Sequence[Sentence]
    ambiguous: Sequence[Sentence]
    updates: Sequence[Sentence]
    gaps: Sequence[Sentence]
    method: Sequence[Sentence]
    permanent: str

    @property
    def title(self) -> str:
        """The title."""
        name = self.subject.name.label
        return name if self.subject.kind == "question" else f"On record: {name}"

    @property
    def rests(self) -> list[tuple[str, Sequence[Entry]]]:
        """The claims that rest on one source or on unnamed ones, under their headings."""
        return [(RESTS[kind], entries) for kind, entries in self.comparison.rests.items()]

    @property
    def cited(self) -> Sequence[Entry]:
        """Every claim that is cited, in the order of the numbers."""
        return [*self.record.entries, *self.record.others]


def address(site: Site, subject: Subject, number: int = 1, pinned: bool = False) -> str:
    """The path of a proof with its parameters; ``pinned``: in this release."""
    stem = f"releases/{site.release.number}/proof" if pinned or site.pinned else "proof"
    return f"{stem}?{urlencode({**subject.parameters, **({'page': number} if number > 1 else {})})}"


def prove(site: Site, subject: Subject, number: int = 1) -> Proof:
    """Page ``number`` of the proof of a subject. Raises NotFoundError past the last page."""
    index = site.claim_index
    empty: Page[str] = pagination.page(
        (),
        number=number,
        size=PAGE_CLAIMS,
        total=index.count(subject.selection),
        path=address(site, subject).partition("?")[0],
        link_parameters=subject.parameters,
    )
    iris = index.claims(subject.selection, first=(number - 1) * PAGE_CLAIMS, size=PAGE_CLAIMS)
    page = empty.map(iris)
    pairs = index.bearing(iris, PAIRS_LIMIT + 1)
    shown = set(iris)
    beside = [iri for pair in pairs[:PAIRS_LIMIT] for iri in (pair.claim, pair.other) if iri not in shown]
    held = gather(site, page, beside)
    compared = compare(site, held, pairs)
    unsure, since = ambiguous(held), updates(site, subject, held)
    return Proof(
        subject,
        _notes(site, subject),
        page,
        held,
        compared,
        list(_summary(site, subject, page, compared, len(unsure), len(since))),
        unsure,
        since,
        gaps(site, subject, held, compared),
        list(_method(site, subject, page, compared)),
        site.iris.url(address(site, subject, number, pinned=True)) if site.serves(site.release.number) else "",
    )


def _notes(site: Site, subject: Subject) -> list[str]:
    """What the subject is, in the words of the data; of a question, what it asks."""
    if subject.question:
        return [subject.question.description]
    quads = site.engine.describe([subject.iri])
    return sorted(q.object.value for q in quads if q.predicate in (SKOS.scopeNote, SKOS.definition))  # type: ignore[union-attr]


def _summary(
    site: Site, subject: Subject, page: Page[str], compared: Comparison, unsure: int, since: int
) -> Iterator[Sentence]:
    """The numbers, of all pages and of this one."""
    facet = site.claim_index.facet
    whole = subject.selection
    speakers, articles = (facet(whole, name, ARTICLES_LIMIT + 1) for name in ("speaker", "article"))
    naming = dict(facet(whole, "naming"))
    yield (
        f"{phrases.count(page.total, 'claim')} in {_at_least(sum(bool(iri) for iri, _ in articles), 'article')},"
        f" by {_at_least(len(speakers), 'source')}.",
    )
    kinds = {
        "named": "by named sources",
        "unnamed": "by unnamed sources",
        "article": "in an article’s own voice",
        "unclear": "of which it is unclear who makes them",
    }
    told = [f"{naming[kind]:,} {words}" for kind, words in kinds.items() if naming.get(kind)]
    if told:
        several = (
            " (a claim of several sources is counted with each kind of them)"
            if sum(naming.values()) > page.total
            else ""
        )
        yield (phrases.capital(f"{phrases.listed(told)}{several}."),)
    for name, words in (("certainty", "How certain"), ("polarity", "Affirmed or negated")):
        values = [(site.labels.label(iri) if iri else phrases.NOT_CODED, count) for iri, count in facet(whole, name)]
        if values:
            yield (f"{words}: {', '.join(f'{label} {count:,}' for label, count in values)}.",)
    counts = (
        (len(compared.apart), "pair of claims that pulls apart", "pairs of claims that pull apart"),
        (len(compared.together), "pair that agrees", "pairs that agree"),
        (
            sum(map(len, compared.rests.values())),
            "claim that no other source supports",
            "claims that no other source supports",
        ),
        (unsure, "remark on what is ambiguous", "remarks on what is ambiguous"),
        (since, "remark on what was withdrawn or corrected", "remarks on what was withdrawn or corrected"),
    )
    if here := [phrases.count(number, one, many) for number, one, many in counts if number]:
        yield (f"{'Among those shown here: ' if page.pages > 1 else ''}{phrases.listed(here)}.",)


_ALWAYS = (
    "That two claims agree or pull apart is what an encoder inferred and gave a reason for, or follows from contents"
    " that are the same statement by statement. The claims are not compared in any other way.",
    "Not searched: the texts of the articles beyond the claims, and anything outside this release. The words between"
    " quotation marks are exact; the sentences are ours. Nothing here says whether a claim is true.",
)
"""How every proof is made."""


def _at_least(count: int, noun: str) -> str:
    more = count > ARTICLES_LIMIT
    return f"{'more than ' if more else ''}{phrases.count(min(count, ARTICLES_LIMIT), noun)}"


def _method(site: Site, subject: Subject, page: Page[str], compared: Comparison) -> Iterator[Sentence]:
    """Of which release, what was searched, and what bounds left out."""
    manifest = site.release.manifest
    release = Ref("", f"release {manifest.release}", site.iris.path(f"releases/{manifest.release}"))
    every = f"{phrases.count(manifest.claims, 'claim')} in {phrases.count(manifest.articles, 'article')}"
    yield (
        "Made from ",
        release,
        f" of {site.settings.title or 'this dataset'}, which was published on {manifest.created} and has {every}.",
    )
    if subject.question:
        given = [f"{name} = {value}" for name, value in subject.parameters.items() if name != OF]
        rows = f"{'the first ' if subject.more else ''}{phrases.count(subject.rows, 'row')}"
        asked = f"{f' with {phrases.listed(given)}' if given else ''}"
        yield "Asked: ", subject.name, f"{asked}. The claims are those that {rows} of its answer name."
        if subject.more:
            yield (
                f"The answer has more than {subject.rows:,} rows: the claims that only the others name are left out.",
            )
    else:
        part = {
            "topic": "concerns it, by the inference of the encoders",
            "article": "is made or reported in it, is about it, or is credited to it",
        }.get(subject.kind, "is about it, or is or may be credited to it at any level of its chain")
        yield (f"Searched: the counted encoding of each article, for every claim that {part}.",)
    if page.pages > 1:
        yield (
            f"Shown here: claims {page.start:,} to {page.end:,} of {page.total:,}, in the order of the articles and of"
            f" their texts; the others are on the other {phrases.count(page.pages - 1, 'page')}.",
        )
    if compared.cut:
        yield ("More claims agree or pull apart than a proof has room for: the pages of the claims have the rest.",)
    yield from ((words,) for words in _ALWAYS)
