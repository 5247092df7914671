"""What was withdrawn, corrected or changed since, of what a proof is about."""

from collections.abc import Iterator

import pyoxigraph as ox

from quoth.release.history.past_changes import Wanted
from quoth.web.core.site import Site
from quoth.web.present import change_view, withdrawal_notices
from quoth.web.present.claim_lookup import ref
from quoth.web.proof.record import Record, Sentence
from quoth.web.proof.subjects import Subject

LIMIT = 50
"""Sentences of each kind in one proof."""


def updates(site: Site, subject: Subject, record: Record) -> list[Sentence]:
    """Sentences about withdrawals, corrections and changes, as far as the release or the history tells of them, each
    once."""
    every = [*_later(site, record), *_withdrawn(site, subject), *_replaced(site, record), *_changed(site, record)]
    return list(dict.fromkeys(every))


def _later(site: Site, record: Record) -> Iterator[Sentence]:
    """What later releases have withdrawn of an earlier one."""
    notices = withdrawal_notices.later(site).withdrawals
    for entry in record.entries:
        if notice := notices.get(entry.claim.ref.iri):
            yield entry.cited, f" {withdrawal_notices.signed(site, notice)}: {notice.reason}"


def _withdrawn(site: Site, subject: Subject) -> Iterator[Sentence]:
    """What concerned the subject in earlier releases and is gone."""
    changes = site.past.withdrawn(subject.iri, LIMIT) if site.past and subject.question is None else []
    for view in change_view.views(site, changes):
        by, day, change = view.by, view.change.date, view.change
        yield (
            view.thing,
            f" was withdrawn{f' on {day}' if day else ''} in release {change.release}",
            *((" by ", by) if by else ()),
            f": {change.reason or 'no reason is on record.'}",
        )


def _replaced(site: Site, record: Record) -> Iterator[Sentence]:
    """What the claims replace."""
    for row in site.rows_of("replaced-by", [entry.claim.ref.iri for entry in record.entries], LIMIT):
        if entry := record.entry(row["x"].value):  # type: ignore[union-attr]
            day, reason = (getattr(row.get(name), "value", "") for name in ("day", "reason"))
            gone, by = ref(site, row["gone"].value), row.get("by")  # type: ignore[union-attr]
            who = (" by ", ref(site, by.value)) if isinstance(by, ox.NamedNode) else ()
            yield (
                gone,
                f" was withdrawn{f' on {day}' if day else ''}",
                *who,
                f": {reason} It is replaced by: ",
                entry.cited,
            )


def _changed(site: Site, record: Record) -> Iterator[Sentence]:
    """The corrections of the claims, and their changes from release to release."""
    iris, told = [entry.claim.ref.iri for entry in record.entries], set[tuple[str, str]]()
    for row in site.rows_of("corrections-of", iris, LIMIT):
        if entry := record.entry(row["x"].value):  # type: ignore[union-attr]
            day, reason = (getattr(row.get(name), "value", "") for name in ("day", "reason"))
            by = row.get("by")
            told.add((entry.claim.ref.iri, reason))
            who = (" by ", ref(site, by.value)) if isinstance(by, ox.NamedNode) else ()
            yield entry.cited, f" was corrected{f' on {day}' if day else ''}", *who, f": {reason}"
    for event in ("changed", "returned") if site.past else ():
        assert site.past is not None
        changes = site.past.changes(Wanted(event=event, among=iris), limit=LIMIT)
        for view in change_view.views(site, [c for c in changes if (c.iri, c.reason) not in told]):
            if entry := record.entry(view.change.iri):
                fields = "; ".join(field.in_words for field in view.fields)
                why = " ".join(filter(None, [view.change.reason, f"({fields})" if fields else ""]))
                yield (
                    entry.cited,
                    f" was {view.event} in release {view.change.release}: {why or 'no reason is on record.'}",
                )
