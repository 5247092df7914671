"""Levels of attribution: who reports an attribution that somebody else made."""

from collections.abc import Mapping, Sequence

from quoth.claim.importing.article import Attribution, Span


def outer(attributions: Sequence[Attribution], spans: Mapping[str, Sequence[Span]]) -> dict[str, str]:
    """The id of each attribution that another one reports → the id of that one: the one that the input names, or else
    the one with the fewest words that hold all of the inner one.

    ``spans`` are the words of each id and, under ``(id, "cue")`` keys of their own, nothing: cues are among the words
    of the attribution that reports them.
    """
    known = {a.id for a in attributions}
    within = {a.id: a.within for a in attributions if a.within and a.within in known}
    open_ended = [a for a in attributions if a.within is None]
    sizes = {a.id: sum(s.end - s.start for s in spans.get(a.id, ())) for a in attributions}
    for inner in open_ended:
        parts = [*spans.get(inner.id, ()), *spans.get(f"{inner.id} cue", ())]
        holders = [
            o.id
            for o in attributions
            if o.id != inner.id and o.source and sizes[o.id] > sizes[inner.id] and _hold(spans.get(o.id, ()), parts)
        ]
        if holders and parts:
            within[inner.id] = min(holders, key=lambda id: sizes[id])
    return within


def _hold(around: Sequence[Span], parts: Sequence[Span]) -> bool:
    return all(any(o.start <= p.start and p.end <= o.end for o in around) for p in parts)
