"""Proposing links: candidates for the entities that have none, in a table that a human decides on."""

import datetime
from collections.abc import Iterable, Sequence
from pathlib import Path

from quoth.errors import UsageError
from quoth.link.matching import candidates_table
from quoth.link.matching.similarity import LinkCandidate, Subject, score
from quoth.link.remote.reconciliation_client import ReconciliationClient
from quoth.link.session import Session

BATCH = 10
"""Entities that a reconciliation service is asked about at once."""


def suggest(session: Session, path: Path, *, least: float, most: int) -> tuple[int, int, int]:
    """Append candidates for every entity that has none in the table at ``path``; a table that is not there is begun.

    ``least`` is the score from which on something is proposed, ``most`` how many for one entity. Each entity is
    written when it is done, so that a run that is ended can be gone on with. Returns the numbers of entities that were
    looked for, of those among them with candidates, and of those that were done before.
    """
    table = candidates_table.resume(path, session.base)
    if table is None:
        today = datetime.date.today().isoformat()
        text = candidates_table.header(session.base, session.target.name, session.dataset, today)
        _append(path, text)
        table = candidates_table.parse(text, path, session.base)
    done = {table.terms.entity(r["subject_id"]).value for r in table.records()}
    subjects = [s for s in session.linkable.unlinked(session.dataset) if s.iri not in done]
    ruled_out = session.linkable.ruled_out(session.dataset)
    successes = 0
    session.tell("looking for candidates", 0, len(subjects))
    for number, (subject, candidates) in enumerate(_candidates(session, subjects), 1):
        proposals = [
            proposal
            for candidate in {c.iri: c for c in candidates}.values()
            if candidate.iri.startswith(session.dataset.space) and (subject.iri, candidate.iri) not in ruled_out
            if (proposal := score(subject, candidate, session.target.types)) and proposal.score >= least
        ]
        proposals.sort(key=lambda p: (-p.score, p.candidate.iri))
        successes += bool(proposals)
        _append(path, candidates_table.rows(table, subject, proposals[:most], session.target.types))
        session.tell("looking for candidates", number, len(subjects))
    return len(subjects), successes, len(done)


def _candidates(session: Session, subjects: Sequence[Subject]) -> Iterable[tuple[Subject, list[LinkCandidate]]]:
    """Candidates: by name from the target's endpoint, by similarity from its service; the former describes both."""
    target, space = session.target, session.dataset.space
    service = ReconciliationClient(target, session.dataset, session.client) if target.reconcile else None
    endpoint = session.endpoint() if target.sparql else None
    for start in range(0, len(subjects), BATCH):
        batch = subjects[start : start + BATCH]
        similar = service.candidates(batch) if service else {}
        for subject in batch:
            candidates = similar.get(subject.iri, [])
            if endpoint:
                details = endpoint.details(c.iri for c in candidates if c.iri.startswith(space))
                described = [d.candidate(iri) for iri, d in details.items() if d.exists]
                candidates = [*candidates, *(c for c in described if c.label), *endpoint.candidates(subject)]
            yield subject, candidates


def _append(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8", newline="") as file:
            file.write(text)
    except OSError as error:
        raise UsageError(error.strerror or "it cannot be written", where=str(path)) from None
