"""The difference between releases, in words and as JSON."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import asdict
from typing import Any

from quoth.claim.model.excerpts import shortened
from quoth.claim.model.ontology import key_of
from quoth.claim.model.report import counted
from quoth.corpus import bases
from quoth.release.history import diff
from quoth.release.history.changes import Statement, without_notes
from quoth.release.history.diff import Difference
from quoth.release.plan import NAMED, Link, Plan, kind_of
from quoth.release.release import Release

_SIGNS = (("+", "added"), ("-", "withdrawn"))
_SORTS = {"added": "+", "changed": "~", "withdrawn": "-"}
_CONTROLS = dict.fromkeys([*range(32), *range(127, 160)], " ")
_SELECTOR = re.compile("(^#anchor)?-(quote|position)$")
"""In the name of a part: a selector of an anchor, whose keys stand in the claim itself in documents."""


def summary(
    found: Difference,
    base: str,
    links: Mapping[str, Sequence[Link]] | None = None,
    more: Mapping[str, int] | None = None,
) -> str:
    """``2 claims and 1 source added, 1 claim changed, 1 claim withdrawn``; ``nothing changed`` where that is so. By its
    kind, ``more`` is added than the difference has."""
    parts = []
    for what in _SORTS:
        numbers = Counter(kind_of(iri, base) for iri in getattr(found, what))
        numbers |= Counter(link=len((links or {}).get(what, ())))
        numbers.update(more or {} if what == "added" else {})
        nouns = [counted(number, noun) for noun, number in numbers.most_common()]
        if nouns:
            parts.append(f"{listed(nouns)} {what}")
    lines = len(found.added_lines) + len(found.removed_lines)
    return ", ".join(parts) or (
        f"no resource changed, but {counted(lines, 'statement')}" if lines else "nothing changed"
    )


def listed(nouns: Sequence[str]) -> str:
    """``1 claim, 2 links and 1 entity``."""
    return " and ".join([", ".join(nouns[:-1]), nouns[-1]] if nouns[1:] else nouns)


def holdings(release: Release) -> str:
    """``27 claims of 1 article``."""
    manifest = release.manifest
    return f"{counted(manifest.claims, 'claim')} of {counted(manifest.articles, 'article')}"


def in_words(found: Difference, base: str, labels: Mapping[str, str], reasons: Mapping[str, str]) -> Iterator[str]:
    """A line for each resource, and one for each property that changed."""
    for sign, sort in _SIGNS:
        iris: list[str] = getattr(found, sort)
        for iri in iris:
            yield f"{sign} {_named(iri, base, labels)}{_reason(iri, reasons) if sort == 'withdrawn' else ''}"
    for iri, changes in found.changed.items():
        yield f"~ {_named(iri, base, labels)}{_reason(iri, reasons)}"
        yield from (f"    {_change(change, base)}" for change in without_notes(changes))


def plan_in_words(plan: Plan, proposed: Set[str] = frozenset(), withdraw: str | None = None) -> Iterator[str]:
    """A line for each of the first resources and links of each kind that a publication adds, changes or withdraws, and
    one for the number of the others. Documents still have what is only ``proposed``; what is gone without a notice gets
    one with the reason ``withdraw``, if there is one."""
    found, base = plan.difference, plan.base
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for sort in _SORTS:
        for iri in getattr(found, sort):
            groups[sort, kind_of(iri, base)].append(iri)
    first = {iri for iris in groups.values() for iri in iris[:NAMED]}
    first |= {link.entity for links in plan.links.values() for link in links[:NAMED]}
    labels, reasons, unnoticed = diff.labels(found, plan.before, first), diff.reasons(found), {*plan.unnoticed}
    silent = {*plan.silent}

    def why(iri: str) -> str:
        if iri in plan.unsaid:
            return "its notice is gone" + (", and written again" if withdraw else "")
        if iri in proposed:
            return "only proposed, and left out"
        if withdraw and iri in silent:
            return f"to be withdrawn: {withdraw}"
        changed = without_notes(found.changed.get(iri, ()))
        parts = [(_SELECTOR.sub("", c.part), key_of(c.property)) for c in changed]
        keys = shortened(", ".join(sorted({f"{part} {key}".strip() for part, key in parts})))
        reason = reasons.get(iri, "without a notice" if iri in unnoticed else "")
        return ": ".join(filter(None, (keys, reason)))

    def more(sort: str, kind: str) -> int:
        return plan.more.get(kind, 0) if sort == "added" else 0

    for sort, sign in _SORTS.items():
        for kind in (kind for of, kind in groups if of == sort):
            iris = groups[sort, kind]
            named = [
                _named(iri, base, labels) + (f" ({reason})" if (reason := why(iri)) else "") for iri in iris[:NAMED]
            ]
            yield from _first(sign, kind, named, len(iris) + more(sort, kind))
        links = plan.links[sort]
        named = [_link(link, base, labels) for link in links[:NAMED]]
        yield from _first(sign, "link", named, len(links) + more(sort, "link"))


def _first(sign: str, kind: str, named: Sequence[str], number: int) -> Iterator[str]:
    yield from (harmless(f"{sign} {name}") for name in named)
    if number > len(named):
        yield f"{sign} and {counted(number - len(named), f'more {kind}')}"


def _link(link: Link, base: str, labels: Mapping[str, str]) -> str:
    before, after = (", ".join(map(key_of, side)) for side in (link.before, link.after))
    how = f"{before} → {after}" if before and after else before or after
    return f"{_named(link.entity, base, labels)}: {how} {shortened(link.target)}"


def plan_as_json(plan: Plan) -> dict[str, Any]:
    """The plan as JSON values: the difference, the links, how much ``more`` is added by its kind, and what is gone
    without a notice (IRIs)."""
    found = plan.difference
    values = as_json(found, plan.base, diff.labels(found, plan.before), diff.reasons(found))
    links = {sort: [asdict(link) for link in links] for sort, links in plan.links.items()}
    before = plan.before and plan.before.number
    unnoticed = [*plan.unnoticed, *plan.unsaid]
    return {"before": before, **values, "links": links, "more": plan.more, "unnoticed": unnoticed}


def as_json(found: Difference, base: str, labels: Mapping[str, str], reasons: Mapping[str, str]) -> dict[str, Any]:
    """The difference as JSON values; terms are in N-Triples."""

    def named(iris: Iterable[str]) -> list[dict[str, Any]]:
        known = (("iri", lambda iri: iri), ("label", labels.get), ("reason", reasons.get))
        return [{key: value for key, get in known if (value := get(iri)) is not None} for iri in iris]

    changed = [
        {
            **entry,
            "changes": [vars(change) | {"key": key_of(change.property)} for change in found.changed[entry["iri"]]],
        }
        for entry in named(found.changed)
    ]
    return {"added": named(found.added), "changed": changed, "withdrawn": named(found.withdrawn)}


def named(plan: Plan, iris: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each of some resources of a plan, and its path with its label."""
    labels = diff.labels(plan.difference, plan.before, iris)
    return ((iri, harmless(_named(iri, plan.base, labels))) for iri in iris)


def harmless(text: str) -> str:
    """A text without characters that a terminal would obey, or break a line at."""
    return text.translate(_CONTROLS)


def _named(iri: str, base: str, labels: Mapping[str, str]) -> str:
    label = labels.get(iri)
    return bases.short(iri, base) + (f": {shortened(label)}" if label else "")


def _reason(iri: str, reasons: Mapping[str, str]) -> str:
    return f" ({reasons[iri]})" if iri in reasons else ""


def _change(change: Statement, base: str) -> str:
    where = f"{change.part} " if change.part else ""
    before, after = (
        ", ".join(shortened(_value(term, base)) for term in side) for side in (change.before, change.after)
    )
    moved = f"{before} → {after}" if before and after else f"{after} is new" if after else f"{before} is gone"
    return f"{where}{key_of(change.property)}: {moved}"


def _value(term: str, base: str) -> str:
    """A term in N-Triples as people read it: without datatype, and an IRI by its last part."""
    if term.startswith("<"):
        iri = term[1:-1]
        return short if (short := bases.short(iri, base)) != iri else iri.rpartition("#")[2] or iri
    return term[: term.rindex('"') + 1]
