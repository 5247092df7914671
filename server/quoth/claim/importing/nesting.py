"""Levels of attribution: who reports an attribution that somebody else made."""

from collections.abc import Iterator, Mapping, Sequence

from quoth.claim.importing.article import Attribution, Misfit, Span

MAX_LEVELS = 20
"""Levels around one another: no text has so many, and a ring has no end."""


def outer(attributions: Sequence[Attribution], spans: Mapping[str, Sequence[Span]]) -> dict[str, str]:
    """The id of each attribution that another one reports → the id of that one: the one that the input names, or else
    the one with the fewest words that hold all of the inner one.

    ``spans`` are the words by id, and the cues by ``id cue``: cues are among the words of what reports them.
    """
    known = {a.id for a in attributions}
    within = {a.id: a.within for a in attributions if a.within and a.within in known}
    sizes = {a.id: sum(s.end - s.start for s in spans.get(a.id, ())) for a in attributions}
    by_size = sorted((a for a in attributions if a.source and sizes[a.id]), key=lambda a: sizes[a.id])
    for inner in attributions:
        parts = [*spans.get(inner.id, ()), *spans.get(f"{inner.id} cue", ())]
        if inner.within is None and parts:
            holders = (o.id for o in by_size if sizes[o.id] > sizes[inner.id] and _hold(spans[o.id], parts))
            if holder := next(holders, None):
                within[inner.id] = holder
    return within


def unreported(attributions: Sequence[Attribution]) -> Iterator[tuple[str, Misfit]]:
    """The ids of attributions whose outer level the input names and that is not there, or that have too many, and what
    does not fit."""
    by_id = {a.id: a for a in attributions}
    for each in attributions:
        at, levels = each, 0
        while at.within and at.within in by_id and levels <= MAX_LEVELS:
            at, levels = by_id[at.within], levels + 1
        if at.within and at.within not in by_id:
            detail = f"{each.id} is reported by {at.within}, which does not fit, or is not there"
            yield each.id, Misfit("without its outer level", each.where, detail, "correct its outer level")
        elif levels > MAX_LEVELS:
            detail = f"{each.id} has more than {MAX_LEVELS} levels around it, or a ring of them"
            yield each.id, Misfit("too many levels", each.where, detail, "correct its outer level")


def _hold(around: Sequence[Span], parts: Sequence[Span]) -> bool:
    return all(any(o.start <= p.start and p.end <= o.end for o in around) for p in parts)
