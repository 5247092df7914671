"""The difference between releases, in words and as JSON."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from quoth.claim.model.excerpts import shortened
from quoth.claim.model.ontology import key_of
from quoth.claim.model.report import counted
from quoth.release.diff import Difference
from quoth.release.past_changes import Statement, without_notes

_KINDS = {"claim": "claim", "article": "article", "source": "source", "topic": "topic", "linkset": "linkset"}
"""The segment after id/ in an IRI → the noun for what it names; others are entities."""
_SIGNS = (("+", "added"), ("-", "withdrawn"))


def summary(found: Difference, base: str) -> str:
    """``2 claims and 1 source added, 1 claim changed, 1 claim withdrawn``; ``nothing changed`` where that is so."""
    parts = []
    for what, iris in (("added", found.added), ("changed", found.changed), ("withdrawn", found.withdrawn)):
        numbers = Counter(_kind(iri, base) for iri in iris)
        nouns = [counted(number, noun) for noun, number in numbers.most_common()]
        if nouns:
            parts.append(" and ".join([", ".join(nouns[:-1]), nouns[-1]] if nouns[1:] else nouns) + f" {what}")
    lines = len(found.added_lines) + len(found.removed_lines)
    return ", ".join(parts) or (
        f"no resource changed, but {counted(lines, 'statement')}" if lines else "nothing changed"
    )


def in_words(found: Difference, base: str, labels: Mapping[str, str], reasons: Mapping[str, str]) -> Iterator[str]:
    """A line for each resource, and one for each property that changed."""
    for sign, sort in _SIGNS:
        iris: list[str] = getattr(found, sort)
        for iri in iris:
            yield f"{sign} {_named(iri, base, labels)}{_reason(iri, reasons) if sort == 'withdrawn' else ''}"
    for iri, changes in found.changed.items():
        yield f"~ {_named(iri, base, labels)}{_reason(iri, reasons)}"
        yield from (f"    {_change(change, base)}" for change in without_notes(changes))


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


def _kind(iri: str, base: str) -> str:
    return _KINDS.get(iri.removeprefix(f"{base}id/").partition("/")[0], "entity")


def _named(iri: str, base: str, labels: Mapping[str, str]) -> str:
    label = labels.get(iri)
    return iri.removeprefix(base) + (f": {shortened(label)}" if label else "")


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
        return iri.removeprefix(base) if iri.startswith(base) else iri.rpartition("#")[2] or iri
    return term[: term.rindex('"') + 1]
