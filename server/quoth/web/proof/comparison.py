"""What agrees and what pulls apart among the claims of a proof, and whether a claim rests on one source: from relations
on record, and from contents that are the same statement by statement. Nothing is judged."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from quoth.claim.model.namespaces import QUOTH
from quoth.claim.model.ontology import local
from quoth.index.claims import Pair
from quoth.web.core.site import Site
from quoth.web.present import phrases
from quoth.web.proof.record import Entry, Record

PAIRS_LIMIT = 60
"""Relations on record in one proof."""
_SAME_LIMIT = 200
"""Pairs of claims with the same content in one proof."""
_APART = (QUOTH.contradicts.value, QUOTH.inTensionWith.value)
_DENIALS = ("denied", "doubted")

RESTS = {
    "unnamed": "On unnamed sources alone",
    "article": "On an article’s own voice alone",
    "unclear": "It is unclear who says it",
    "named": "On one named source",
}
"""What a claim that nothing supports rests on, the weakest first → the heading."""


@dataclass(frozen=True)
class Bearing:
    """Two claims of which one bears on the other: how, in words that stand between them; the reason, where an encoder
    has inferred it, or empty, where the contents are the same (``same``)."""

    one: Entry
    other: Entry
    words: str
    reason: str
    same: bool = False


@dataclass(frozen=True)
class Comparison:
    """What pulls apart, what agrees, the claims that deny or negate something, and those that nothing supports by what
    they rest on. ``cut``: more is on record than a proof has."""

    apart: Sequence[Bearing]
    together: Sequence[Bearing]
    denials: Sequence[Entry]
    rests: dict[str, list[Entry]]
    cut: bool


def compare(site: Site, record: Record, pairs: Sequence[Pair]) -> Comparison:
    """The comparison of the claims of a record; ``pairs``: the relations on record in which they stand, with one more
    than PAIRS_LIMIT where there are more."""
    verbs = {getattr(QUOTH, name).value: forwards for name, (forwards, _) in phrases.RELATIONS.items()}
    recorded = [
        (pair.kind in _APART, Bearing(one, other, verbs[pair.kind], pair.reason))
        for pair in pairs[:PAIRS_LIMIT]
        if (one := record.entry(pair.claim)) and (other := record.entry(pair.other))
    ]
    known = {frozenset((bearing.one.number, bearing.other.number)) for _, bearing in recorded}
    alike = [
        (apart, bearing)
        for apart, bearing in _alike(site, record.entries)
        if frozenset((bearing.one.number, bearing.other.number)) not in known
    ]
    every = [*recorded, *alike[:_SAME_LIMIT]]
    together = [bearing for apart, bearing in every if not apart]
    return Comparison(
        [bearing for apart, bearing in every if apart],
        together,
        [e for e in record.entries if e.claim.negated or (e.claim.levels and e.claim.levels[0].act in _DENIALS)],
        _rests(record, together),
        len(pairs) > PAIRS_LIMIT or len(alike) > _SAME_LIMIT,
    )


def _alike(site: Site, entries: Sequence[Entry]) -> list[tuple[bool, Bearing]]:
    """The pairs of claims of different sources with the same content: apart, if one affirms what the other negates."""
    graphs = [f"{entry.claim.ref.iri}#content" for entry in entries if entry.claim.with_content]
    contents: dict[str, set[tuple[str, str, str]]] = defaultdict(set)
    for row in site.rows_of("graphs", graphs):
        claim = row["x"].value.removesuffix("#content")  # type: ignore[union-attr]
        s, p, o = (str(row[part]).replace(f"<{claim}#", "<#") for part in "spo")
        contents[claim].add((s, p, o))
    same: dict[object, list[Entry]] = defaultdict(list)
    for entry in entries:
        if content := contents.get(entry.claim.ref.iri):
            mode = [local(value.iri) if value else "" for value in (entry.claim.realis, entry.claim.tense)]
            same[(frozenset(content), *mode)].append(entry)
    return [
        (apart, Bearing(one, other, _SAME[apart], "", same=True))
        for group in same.values()
        for one, other in combinations(group, 2)
        if _sources([one]) != _sources([other])
        for apart in [one.claim.negated != other.claim.negated]
    ]


_SAME = {False: "has the same content as", True: "has the same content, negated, as"}


def _sources(entries: Iterable[Entry]) -> set[str]:
    return {speaker.iri for entry in entries for speaker in entry.claim.speakers}


def _rests(record: Record, together: Iterable[Bearing]) -> dict[str, list[Entry]]:
    """The claims that no other source supports, by what they rest on (RESTS)."""
    beside: dict[int, list[Entry]] = defaultdict(list)
    for bearing in together:
        beside[bearing.one.number].append(bearing.other)
        beside[bearing.other.number].append(bearing.one)
    unnamed = {iri for iri, speaker in record.speakers.items() if speaker.unnamed}
    rests: dict[str, list[Entry]] = {kind: [] for kind in RESTS}
    for entry in record.entries:
        sources = _sources([entry, *beside[entry.number]])
        if not sources:
            rests["unclear"].append(entry)
        elif sources <= unnamed:
            rests["unnamed"].append(entry)
        elif len(sources) == 1:
            rests["article" if entry.claim.own_voice else "named"].append(entry)
    return {kind: entries for kind, entries in rests.items() if entries}
