"""Notices of withdrawal: those of a release, and those that later releases have of what an earlier one describes.

A release never changes: so the notices are not in its graphs, but in its documents, and in a document of their own
(/releases/<n>/notices), which is a graph for queries to the release, and to which the Link headers of answers lead.
"""

import hashlib
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox
from cachetools import LRUCache, cached

from quoth.claim.model.namespaces import DCTERMS, PROV, QUOTH, RDF, RDFS, XSD
from quoth.claim.model.triple_index import TripleIndex
from quoth.errors import Link
from quoth.release.history.changes import Change
from quoth.release.history.past_changes import Wanted
from quoth.web.core.site import Site, current_site
from quoth.web.core.statements import closure
from quoth.web.core.urls import is_web
from quoth.web.present import phrases
from quoth.web.present.claim_lookup import ref
from quoth.web.present.claim_view import Ref

MOST = 10_000
"""Withdrawals of the history that are looked through for notices."""


@dataclass(frozen=True)
class Withdrawal:
    """The notice that ``iri`` was withdrawn: the reason, who withdrew it, the day, and what replaces it (IRIs).

    ``quads`` are the statements of the release about it, with the labels of those that they name."""

    iri: str
    reason: str
    by: str
    date: str
    replacements: Sequence[str]
    quads: Sequence[ox.Quad]


def find(site: Site, iris: Iterable[str]) -> Withdrawal | None:
    """The notice by which the release of ``site`` withdraws the first of those IRIs that it withdraws, or by which an
    earlier release did."""
    notices = _notices(site.rows_of("withdrawals", [*filter(is_web, iris)]))
    for iri in iris:
        if iri in notices:
            return _withdrawal(site, iri, notices[iri])
    last = (change for iri in iris for change in (site.past.changes(Wanted(iri=iri), limit=1) if site.past else ()))
    return next((_past(site, change) for change in last if change.event == "withdrawn" and change.reason), None)


def _past(site: Site, change: Change) -> Withdrawal:
    """The notice that the history has, of what no release since has described."""
    return Withdrawal(
        change.iri, change.reason, change.by, change.date, (), site.labels.quads([change.by] if change.by else [])
    )


@dataclass(frozen=True)
class LaterNotices:
    """The things that a release describes and the current one withdraws, by its IRI. ``tag`` is another one whenever a
    notice is new, gone or another one."""

    withdrawals: Mapping[str, Withdrawal]
    tag: str = ""

    def of(self, quads: Iterable[ox.Quad]) -> list[Withdrawal]:
        """The notices of what those quads name, in the order in which they name it."""
        if not self.withdrawals:
            return []
        named = dict.fromkeys(str(term) for quad in quads for term in (quad.subject, quad.object))
        return [self.withdrawals[name[1:-1]] for name in named if name[1:-1] in self.withdrawals]


def later(site: Site) -> LaterNotices:
    """The notices of the current release about what the release of ``site`` describes, where that is an earlier one."""
    current = current_site()
    return _later(site, current) if site.release.number < current.release.number else LaterNotices({})


@cached(LRUCache(64), key=lambda site, current: (site.version, current.version), lock=threading.Lock())
def _later(site: Site, current: Site) -> LaterNotices:
    """Those that the data have, and of what they have no notice of any more, those of the history."""
    withdrawals = {
        iri: _withdrawal(current, iri, notice)
        for iri, notice in _notices(current.rows("withdrawals")).items()
        if _describes(site, iri)
    }
    since = current.past.last_of(site.release.number) if current.past else 0
    changes = current.past.changes(Wanted(event="withdrawn"), after=since, limit=MOST) if current.past else []
    for change in changes:
        there = change.iri in withdrawals or not change.reason or _describes(current, change.iri)
        if not there and _describes(site, change.iri):
            withdrawals[change.iri] = _past(current, change)
    digest = hashlib.sha256()
    for iri in sorted(withdrawals):
        digest.update(repr(withdrawals[iri]).encode())
    return LaterNotices(dict(sorted(withdrawals.items())), digest.hexdigest() if withdrawals else "")


def _describes(site: Site, iri: str) -> bool:
    """Whether the release says something of a thing, and not only by what it is replaced."""
    return any(quad.predicate != DCTERMS.isReplacedBy for quad in site.engine.describe([iri]))


def path(site: Site) -> str:
    """The path of the notices of what was withdrawn since the release of ``site``."""
    return f"releases/{site.release.number}/notices"


def remark(site: Site) -> str:
    """A sentence about what was withdrawn since the release of ``site``; empty where nothing was."""
    if not (number := len(later(site).withdrawals)):
        return ""
    have = "has" if number == 1 else "have"
    return f"{phrases.count(number, 'thing')} that this release describes {have} been withdrawn since."


@dataclass(frozen=True)
class NoticeView:
    """A notice for a page: what was withdrawn; in ``words`` that follow its name, when, by whom and why; and what
    replaces it."""

    thing: Ref
    words: str
    replacements: Sequence[Ref]
    notice: Withdrawal


def views(site: Site, withdrawals: Iterable[Withdrawal]) -> list[NoticeView]:
    """Notices about what the release of ``site`` describes, which is linked there; the others in the current one."""
    current = current_site()
    return [
        NoticeView(
            ref(site, w.iri), f"{signed(current, w)}: {w.reason}", [ref(current, iri) for iri in w.replacements], w
        )
        for w in withdrawals
    ]


def signed(site: Site, withdrawal: Withdrawal) -> str:
    """That something was withdrawn, and when and by whom, as far as the notice says."""
    day, by = withdrawal.date, withdrawal.by
    return f"was withdrawn{f' on {day}' if day else ''}{f' by {site.labels.label(by)}' if by else ''}"


def quads(site: Site, withdrawals: Iterable[Withdrawal], path: str) -> list[ox.Quad]:
    """Notices as data of the document at a path, with a sentence for each."""
    document = ox.NamedNode(site.iris.url(path))
    found = []
    for view in views(site, withdrawals):
        text = ox.Literal(f"{view.thing.label} This {view.words}", language="en")
        found += [ox.Quad(document, RDFS.comment, text), *view.notice.quads]
    return list(dict.fromkeys(found))


def graph(site: Site) -> list[ox.Quad]:
    """The graph of the notices since the release of ``site``, named by the address of their document."""
    name = ox.NamedNode(site.iris.url(path(site)))
    withdrawals = later(site).withdrawals.values()
    every = [quad for w in withdrawals for quad in (*(_of_history(w) if _is_past(w) else ()), *w.quads)]
    return list(dict.fromkeys(ox.Quad(q.subject, q.predicate, q.object, name) for q in every))


def _is_past(withdrawal: Withdrawal) -> bool:
    return all(quad.predicate != QUOTH.withdraws for quad in withdrawal.quads)


def _of_history(withdrawal: Withdrawal) -> Iterator[ox.Quad]:
    """The statements of a notice that the history has, and no release any more."""
    iri, notice = ox.NamedNode(withdrawal.iri), ox.NamedNode(f"{withdrawal.iri}#withdrawal")
    yield ox.Quad(notice, RDF.type, QUOTH.Withdrawal)
    yield ox.Quad(notice, QUOTH.withdraws, iri)
    yield ox.Quad(notice, RDFS.comment, ox.Literal(withdrawal.reason, language="en"))
    if withdrawal.by:
        yield ox.Quad(notice, PROV.wasAttributedTo, ox.NamedNode(withdrawal.by))
    if withdrawal.date:
        yield ox.Quad(notice, DCTERMS.date, ox.Literal(withdrawal.date, datatype=XSD.date))


def replacement_links(withdrawals: Iterable[Withdrawal]) -> list[Link]:
    """Links to the documents of what replaces something."""
    iris = current_site().iris
    urls = (iris.document(iri) or (iri if is_web(iri) else None) for w in withdrawals for iri in w.replacements)
    return [(url, DCTERMS.isReplacedBy.value, None) for url in urls if url]


def _notices(rows: Iterable[Mapping[str, object]]) -> dict[str, str]:
    """Something withdrawn → its notice."""
    return {row["x"].value: row["notice"].value for row in rows}  # type: ignore[attr-defined]


def _withdrawal(site: Site, iri: str, notice: str) -> Withdrawal:
    statements = closure(site.engine, [iri, notice])
    index = TripleIndex(statements)
    by, replacements = index.value(notice, PROV.wasAttributedTo), index.values(iri, DCTERMS.isReplacedBy)
    return Withdrawal(
        iri,
        index.value(notice, RDFS.comment),
        by,
        index.value(notice, DCTERMS.date),
        sorted(replacements),
        [*statements, *site.labels.quads([by, *replacements])],
    )
