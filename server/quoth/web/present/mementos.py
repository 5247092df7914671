"""Memento (RFC 7089): the versions of a document that the releases have, and the links between them.

The document about a thing, /doc/X, is the original resource and its own TimeGate (§4.1.1, pattern 1.1); the mementos
are /releases/<n>/doc/X, one for each version: in the first release with this version that is kept.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from werkzeug.http import http_date

from quoth.errors import Link, UsageError
from quoth.formats import LINK_FORMAT
from quoth.web.core.responses import links
from quoth.web.core.site import Site

_DAYS = "Mon|Tue|Wed|Thu|Fri|Sat|Sun"
_MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_DATE = re.compile(rf"(?:{_DAYS}), (\d\d (?:{_MONTHS}) \d{{4}} \d\d:\d\d:\d\d) GMT", re.ASCII)


@dataclass(frozen=True)
class Memento:
    """A version of a document: the release that has it, when this version was first published (§4.2), and when its
    thing was ``withdrawn``, if that ended it."""

    release: int
    created: datetime
    withdrawn: datetime | None = None


def named(site: Site, path: str) -> str | None:
    """The IRI of the thing, ever described, that a path below /id/ names."""
    if site.past is None:
        return None
    return next((iri for iri in site.iris.candidates(f"id/{path}") if site.past.span(iri)), None)


def mementos(site: Site, iri: str) -> list[Memento]:
    """The versions of the document about a thing that are kept, the oldest first; none of what was redacted."""
    if site.past is None or any(notice["iri"] == iri for notice in site.release.manifest.redacted or ()):
        return []
    times, versions, found = dict(site.past.releases()), site.past.versions(iri), []
    replaced = {begin for begin, _ in versions}
    for begin, end in versions:
        within = (n for n in times if begin <= n and (end is None or n < end))
        if kept := next(filter(site.serves, within), None):
            withdrawn = None if end is None or end in replaced else datetime.fromisoformat(times[end])
            found.append(Memento(kept, datetime.fromisoformat(times[kept]), withdrawn))
    return found


def at(versions: Sequence[Memento], when: datetime) -> Memento:
    """The version that was published at that time: the last one until then, even if it had been withdrawn, or the
    first of all: a TimeGate always leads to the version that is next to that time (§4.5.3)."""
    return next((m for m in reversed(versions) if m.created <= when), versions[0])


def accept_datetime(value: str) -> datetime:
    """The time in an Accept-Datetime header. Raises UsageError for what is no such date (§4.5.2)."""
    try:
        match = _DATE.fullmatch(value.strip())
        return datetime.strptime(match[1] if match else "", "%d %b %Y %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        raise UsageError(
            f"{value[:80]!r} is not a date",
            where="Accept-Datetime",
            remedy="write it as in “Fri, 20 Nov 2026 12:00:00 GMT” (RFC 7089 §2.1.1.1)",
        ) from None


def address(site: Site, memento: Memento, name: str) -> str:
    """The URL of a memento."""
    return site.iris.url(f"releases/{memento.release}/doc/{name}")


def timegate(site: Site, name: str) -> list[Link]:
    """The links to the original document, which is its own TimeGate, and to its TimeMap."""
    url = site.iris.url
    return [
        (url(f"doc/{name}"), "original timegate", None),
        (url(f"timemap/{name}"), "timemap", LINK_FORMAT.media_type),
    ]


def link_header(site: Site, name: str, versions: Sequence[Memento]) -> str:
    """The links of a document, of its versions and of its TimeGate (§2.2), as a Link header. ``name`` is the document's
    percent-encoded name below /doc/."""
    common = links(timegate(site, name))
    return ", ".join([common, *dated(site, name, [*dict.fromkeys([versions[0], versions[-1]])])])


def dated(site: Site, name: str, versions: Sequence[Memento]) -> list[str]:
    """The links to the versions from the first to the last one, each with its time (§2.2.4)."""
    written = []
    for place, memento in enumerate(versions, 1):
        rel = " ".join([*["first"] * (place == 1), *["last"] * (place == len(versions)), "memento"])
        written.append(f'{links([(address(site, memento, name), rel, None)])}; datetime="{http_date(memento.created)}"')
    return written
