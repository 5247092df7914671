"""Proposing links: candidates for the entities that have none, in a table that a human decides on."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from quoth.errors import UsageError
from quoth.link.matching import candidates_table
from quoth.link.matching.candidates_table import Scored
from quoth.link.matching.similarity import Candidate, Subject, candidate_score
from quoth.link.session import Session

BATCH = 10
"""Entities that a reconciliation service is asked about at once."""


@dataclass(frozen=True)
class Outcome:
    """How many entities were looked for now, for how many of them there are candidates, and how many were done."""

    looked_for: int
    found: int
    before: int


def suggest(session: Session, path: Path, *, least: float, most: int) -> Outcome:
    """Append candidates for every entity that has none in the table at ``path``; a table that is not there is begun.

    ``least`` is the score from which on something is proposed, ``most`` how many for one entity. Each entity is
    written when it is done, so that a run that is ended can be gone on with.
    """
    table = candidates_table.begun(path, session.base)
    if table is None:
        today = datetime.date.today().isoformat()
        _append(path, candidates_table.header(session.base, session.target.name, session.dataset, today))
        table = candidates_table.begun(path, session.base)
    if table is None:
        raise UsageError("it cannot be written", where=str(path))
    done = {str(table.terms.entity(r["subject_id"]).value) for r in table.records()}
    wanted = [s for s in session.linkable.unlinked(session.dataset) if s.iri not in done]
    found = 0
    session.tell("looking for candidates", 0, len(wanted))
    for number, (subject, scored) in enumerate(_scored(session, wanted, least, most), 1):
        found += bool(scored)
        _append(path, candidates_table.rows(table, subject, scored, session.target.types))
        session.tell("looking for candidates", number, len(wanted))
    return Outcome(len(wanted), found, len(done))


def _scored(
    session: Session, subjects: Sequence[Subject], least: float, most: int
) -> Iterable[tuple[Subject, list[Scored]]]:
    ruled_out = session.linkable.ruled_out(session.dataset)
    for subject, proposed in _proposed(session, subjects):
        scored = [
            Scored(candidate, score)
            for candidate in {c.iri: c for c in proposed}.values()
            if candidate.iri.startswith(session.dataset.space) and (subject.iri, candidate.iri) not in ruled_out
            if (score := candidate_score(subject, candidate, session.target.types)) and score.score >= least
        ]
        scored.sort(key=lambda one: (-one.score.score, one.candidate.iri))
        yield subject, scored[:most]


def _proposed(session: Session, subjects: Sequence[Subject]) -> Iterable[tuple[Subject, list[Candidate]]]:
    """Candidates: by name from its endpoint, by similarity from its service; the former describes both."""
    service = session.service()
    lookup = session.lookup() if session.target.sparql else None
    for start in range(0, len(subjects), BATCH):
        batch = subjects[start : start + BATCH]
        served = service.candidates(batch) if service else {}
        for subject in batch:
            found = list(served.get(subject.iri, []))
            if lookup:
                details = lookup.details(c.iri for c in found if c.iri.startswith(session.dataset.space))
                known = [details[c.iri].candidate(c.iri) for c in found if c.iri in details and details[c.iri].exists]
                found = [*found, *(c for c in known if c.label), *lookup.candidates(subject)]
            yield subject, found


def _append(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8", newline="") as file:
            file.write(text)
    except OSError as error:
        raise UsageError(error.strerror or "it cannot be written", where=str(path)) from None
