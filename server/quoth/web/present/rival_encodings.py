"""Several encodings of one article side by side: which attributions they share, known by where their words stand."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import pyoxigraph as ox

from quoth.claim.model.agreement import Agreement, Marks, agreements, aligned
from quoth.claim.model.claim_summary import ClaimSummary, common
from quoth.claim.model.namespaces import PROV, QUOTH
from quoth.http.pagination import Page
from quoth.index.selection import Selection
from quoth.web.core.site import Site
from quoth.web.core.statements import closure
from quoth.web.present.claim_lookup import claims, ref, summaries
from quoth.web.present.claim_view import Claim

CLAIMS_LIMIT = 4000
"""Claims of all encodings of an article up to which they are compared."""
_PARTS = ("words", "cue", "source", "act")


@dataclass(frozen=True)
class Encoding:
    """An encoding: its IRI, a short name that no other one of the article has, who made it, and whether it is the one
    that is counted."""

    iri: str
    name: str
    by: str
    counted: bool


@dataclass(frozen=True)
class Coding:
    """One way in which an attribution is coded, and the encodings that have it so."""

    encodings: Sequence[Encoding]
    claim: Claim


@dataclass(frozen=True)
class Place:
    """An attribution of the text: its codings, the one of most encodings first, the encodings without it, and in what
    the codings differ (words, cue, source, act)."""

    codings: Sequence[Coding]
    missing: Sequence[Encoding]
    differences: Sequence[str]


@dataclass(frozen=True)
class Comparison:
    """The encodings of an article, the agreement of each two of them, and their attributions in the order of the text:
    each with its claim (IRI) by the name of the encoding. ``marks`` has the places of each claim."""

    encodings: Sequence[Encoding]
    agreements: Sequence[Agreement]
    rows: Sequence[Mapping[str, str]]
    marks: Mapping[str, Marks]

    @property
    def f1(self) -> float:
        """The mean of the agreement (F1) of each two encodings, 0 to 1."""
        return sum(each.f1 for each in self.agreements) / len(self.agreements)

    @property
    def common(self) -> int:
        """The number of attributions that all encodings have."""
        return sum(len(row) == len(self.encodings) for row in self.rows)


def compare(site: Site, article: str) -> Comparison | None:
    """The comparison of an article's encodings; None where less than two have claims, or all together too many."""
    every = list(dict.fromkeys(site.column("encodings-of", "encoding", article)))
    selections = [Selection("quoted", article, encoding=iri) for iri in every]
    numbers = [site.claim_index.count(selection) for selection in selections]
    if sum(map(bool, numbers)) < 2 or sum(numbers) > CLAIMS_LIMIT:
        return None
    coded = {
        selection.encoding: site.claim_index.claims(selection, first=0, size=CLAIMS_LIMIT)
        for selection, number in zip(selections, numbers, strict=True)
        if number
    }
    encodings = named(site, article, list(coded))
    known = summaries(site, [iri for iris in coded.values() for iri in iris])
    site.labels.fetch(source for summary in known.values() for step in summary.steps[:1] for source in step.sources)
    places: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for row in site.rows("encoding-marks", article):
        places[row["claim"].value, row["part"].value].append((int(row["start"].value), int(row["end"].value)))  # type: ignore[union-attr]
    marks = {iri: _marks(site, summary, places) for iri, summary in known.items()}
    by_name = {encoding.name: [marks[iri] for iri in coded[encoding.iri]] for encoding in encodings}
    rows = [{name: marked.name for name, marked in row.items()} for row in aligned(by_name)]
    return Comparison(encodings, agreements(article, by_name), rows, marks)


def places(site: Site, comparison: Comparison, page: Page[Mapping[str, str]]) -> list[Place]:
    """The attributions on a page of the rows of a comparison, with their codings."""
    shown = {claim.ref.iri: claim for claim in claims(site, [iri for row in page for iri in row.values()])}
    return [_place(comparison, row, shown) for row in page]


def _place(comparison: Comparison, row: Mapping[str, str], shown: Mapping[str, Claim]) -> Place:
    same: list[list[Encoding]] = []
    for encoding in comparison.encodings:
        if encoding.name not in row:
            continue
        alike = (g for g in same if not _differences(comparison, shown, row[g[0].name], row[encoding.name]))
        if group := next(alike, None):
            group.append(encoding)
        else:
            same.append([encoding])
    same.sort(key=lambda group: -len(group))
    codings = [Coding(group, shown[row[group[0].name]]) for group in same]
    firsts = [row[group[0].name] for group in same]
    found = {part for pair in combinations(firsts, 2) for part in _differences(comparison, shown, *pair)}
    missing = [encoding for encoding in comparison.encodings if encoding.name not in row]
    return Place(codings, missing, [part for part in _PARTS if part in found])


def _differences(comparison: Comparison, shown: Mapping[str, Claim], one: str, other: str) -> list[str]:
    a, b = comparison.marks[one], comparison.marks[other]
    acts = [[level.act for level in shown[iri].levels[:1]] for iri in (one, other)]
    differ = ([*a.words] != [*b.words], [*a.cue] != [*b.cue], not a.same_source(b), acts[0] != acts[1])
    return [part for part, different in zip(_PARTS, differ, strict=True) if different]


def _marks(site: Site, summary: ClaimSummary, places: Mapping[tuple[str, str], list[tuple[int, int]]]) -> Marks:
    words = [(q.start, q.end) for q in summary.quotes if q.start is not None and q.end is not None]
    cue, mention = (places.get((summary.iri, part.value), []) for part in (QUOTH.cue, QUOTH.mention))
    sources = {iri for step in summary.steps[:1] for iri in step.sources}
    return Marks(summary.iri, words, cue, mention, frozenset(sources | {ref(site, iri).label for iri in sources}))


def named(site: Site, article: str, iris: Sequence[str]) -> list[Encoding]:
    """The encodings of those IRIs, the counted one first."""
    quads = closure(site.engine, [article, *iris])
    counted = {
        q.object.value for q in quads if q.predicate == QUOTH.countedEncoding and isinstance(q.object, ox.NamedNode)
    }
    makers = {
        q.subject.value: q.object.value
        for q in quads
        if q.predicate == PROV.wasAttributedTo
        and isinstance(q.subject, ox.NamedNode)
        and isinstance(q.object, ox.NamedNode)
    }
    site.labels.fetch(makers.values())
    ordered = sorted(iris, key=lambda iri: (iri not in counted, iri))
    labels = _telling([ref(site, makers[iri]).label if iri in makers else "" for iri in ordered])
    names = [iri.partition("#")[2] for iri in ordered]
    return [
        Encoding(iri, name, label if label and labels.count(label) == 1 else name, iri in counted)
        for iri, name, label in zip(ordered, names, labels, strict=True)
    ]


def _telling(labels: Sequence[str]) -> list[str]:
    """The labels without the words that all begin with, where these are more than the first name of a person.

    >>> _telling(["Annotator no. 1", "Annotator no. 2"]), _telling(["Mara Lind", "Mara Tay"])
    (['1', '2'], ['Mara Lind', 'Mara Tay'])
    """
    words = [label.split() for label in labels]
    shared = common(words)
    return [" ".join(w[shared:]) for w in words] if shared > 1 and all(len(w) > shared for w in words) else [*labels]
