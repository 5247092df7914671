"""The history of a thing for its page: its releases, changes and corrections, and what is gone that concerned it."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from quoth.claim.model.namespaces import DCTERMS, PROV, QUOTH, RDFS
from quoth.claim.model.triple_index import TripleIndex
from quoth.release.history.past_changes import Wanted
from quoth.web.core.site import Site
from quoth.web.present import change_view, content_tree
from quoth.web.present.claim_lookup import ref
from quoth.web.present.claim_view import Ref

LIMIT = 20
"""Changes on a page, and things that are gone."""
_ROLES = {"article": "article", "topic": "topic", "claim": "thing", "source": "source"}


@dataclass(frozen=True)
class Correction:
    """A correction of what the dataset says of a thing: its day, the reason, and who corrected."""

    day: str
    reason: str
    by: list[Ref]


def view(site: Site, iri: str, kind: str) -> dict[str, Any] | None:
    """The history of a thing: its releases, the last changes, the things that concerned it and were
    withdrawn, and the labels and links that came later than it or are gone; None without a history."""
    span = site.past.span(iri) if site.past else None
    if site.past is None or span is None:
        return None
    changes = site.past.changes(Wanted(iri=iri), limit=LIMIT + 1)
    name = quote(site.iris.value(iri), safe="/")
    return {
        "feed": f"{_ROLES.get(kind, 'entity')}={name}",
        "span": change_view.span_words(span),
        "times": dict(site.past.releases()),
        "first": span.first,
        "changes": change_view.views(site, changes[:LIMIT]),
        "more": len(changes) > LIMIT,
        "withdrawn": change_view.views(site, site.past.withdrawn(iri, LIMIT)),
        "seen": [
            (
                content_tree.property_ref(site, s.property),
                change_view.value(site, s.value),
                change_view.span_words(s.span),
            )
            for s in sorted(site.past.seen(iri), key=lambda s: (s.property, -s.span.first))
            if s.span != span
        ],
    }


def corrections(site: Site, index: TripleIndex, iri: str) -> list[Correction]:
    """The corrections of a thing, the latest first."""
    notes = [
        (index.value(note, DCTERMS.date), index.value(note, RDFS.comment), index.values(note, PROV.wasAttributedTo))
        for note in index.values(iri, QUOTH.correction)
    ]
    return [Correction(day, reason, [ref(site, by) for by in judges]) for day, reason, judges in sorted(notes)[::-1]]
