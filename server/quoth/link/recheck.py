"""Comparing links with what their targets are now. The results are added, dated, to the linkset's table of checks; no
link is ever changed or taken away.
"""

import datetime
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from quoth.claim.reading import sssom, sssom_status, sssom_table
from quoth.claim.reading.sssom_status import KEPT, Status
from quoth.errors import DocumentError, UsageError
from quoth.index.similarity import folded
from quoth.link.matching.linkable import EntityLink
from quoth.link.matching.similarity import compatible
from quoth.link.remote.sparql_client import Details
from quoth.link.session import Session


@dataclass(frozen=True)
class Verdict:
    """The result of a check: a status, and what is there instead (an IRI, a name or classes), where something is."""

    link: EntityLink
    status: str
    observation: str = ""


def check(session: Session, file: Path, checker: str) -> list[Verdict]:
    """Check each link of the session's target that stands in the linkset ``file``, and record it.

    A status that was recorded today is not recorded again. Raises UnavailableError, and records nothing, where the
    endpoint does not answer: that is no reason to call anything gone.
    """
    links = [link for link in session.linkable.links(session.dataset) if link.asserted]
    session.tell("checking links", 0, len(links))
    endpoint = session.endpoint()
    details = endpoint.details((link.target for link in links), fresh=True)
    beyond = [onwards for d in details.values() for onwards in d.onwards[:1] if onwards not in details]
    details |= endpoint.details(beyond, fresh=True)
    pairs = {(link.subject, next(iter(details[link.target].onwards), link.target)) for link in links}
    ends = Counter(end for _, end in pairs)
    verdicts = [_verdict(link, details, ends, session.target.types) for link in links]
    _record(file, session.base, verdicts, checker)
    session.tell("checking links", len(links), len(links))
    return verdicts


def _verdict(
    link: EntityLink, details: Mapping[str, Details], ends: Mapping[str, int], classes: Mapping[str, tuple[str, ...]]
) -> Verdict:
    target = details[link.target]
    if not target.exists:
        return Verdict(link, "gone")
    if target.onwards:
        end = target.onwards[0]
        if not details[end].exists:
            return Verdict(link, "gone", f"it leads on to {end}, which says nothing about it")
        return Verdict(link, "merged" if ends[end] > 1 else "redirected", end)
    names = [*target.labels, *target.aliases]
    renamed = bool(link.label_seen and names) and folded(link.label_seen) not in map(folded, names)
    seen = set(link.category_seen.split())
    fits = bool(seen & target.types) if seen else compatible(link.types, target.types, classes) is not False
    retyped = bool(target.types) and not fits
    kinds = " ".join(sorted(target.types)[:5])
    if renamed:
        return Verdict(link, "reused", f"{names[0]}: {kinds}") if retyped else Verdict(link, "relabelled", names[0])
    return Verdict(link, "retyped", kinds) if retyped else Verdict(link, KEPT)


def _record(file: Path, base: str, verdicts: list[Verdict], checker: str) -> None:
    """Append the verdicts that are not recorded for today to the linkset's table of checks."""
    path = sssom.status_file(file)
    today = datetime.date.today().isoformat()
    try:
        terms = sssom_table.parse(sssom_table.read_sheet_text(file), file, base).terms
        text = path.read_bytes().decode("utf-8") if path.exists() else ""
        known = sssom_status.latest(sssom_status.read(text, path, terms)) if text else {}
        statuses = [Status(v.link.terms, today, v.status, v.observation, checker) for v in verdicts]
        if new := [status for status in statuses if status != known.get(status.link)]:
            with path.open("a", encoding="utf-8", newline="") as table:
                table.write(sssom_status.tsv(new, terms, begin=not text))
    except UnicodeDecodeError as error:
        raise DocumentError(f"it is not UTF-8: {error}", where=str(file)) from None
    except OSError as error:
        raise UsageError(error.strerror or "it cannot be written", where=str(file)) from None
