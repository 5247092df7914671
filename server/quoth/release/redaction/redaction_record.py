"""The record of what is redacted: a file beside the releases, by which no later one says it again."""

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import pyoxigraph as ox

from quoth.claim.model.namespaces import DCTERMS, PROV, QUOTH, RDF, RDFS, XSD
from quoth.errors import ReleaseError
from quoth.release.dumps import nquads
from quoth.release.redaction.words import BLANK, is_of_ontology, position

RECORD = "redacted.json"
_WITHDRAWS = str(QUOTH.withdraws).encode()
_NOTICES = (b"redaction", b"withdrawal")
"""The parts of a claim that say that it is gone."""
_NAMED = 20
"""Places that an error names; the others are counted."""


@dataclass(frozen=True)
class Redaction:
    """That a claim (IRI) was redacted: the reason, who did it (IRI, or empty) and the day; whether no release that is
    kept has its words any more; and the positions (words.py) of other texts that had them, which are BLANK there."""

    iri: str
    reason: str
    by: str
    date: str
    complete: bool = False
    blanks: Sequence[str] = ()

    @property
    def notice(self) -> dict[str, str]:
        """The entry in the manifests of releases without the claim."""
        return {"iri": self.iri, "reason": self.reason, "by": self.by, "date": self.date}

    def lines(self) -> list[bytes]:
        """The notice that every release has from then on, as lines (dumps/nquads.py)."""
        claim, notice = ox.NamedNode(self.iri), ox.NamedNode(f"{self.iri}#redaction")
        values: list[tuple[ox.NamedNode, ox.NamedNode | ox.Literal]] = [
            (RDF.type, QUOTH.Withdrawal),
            (QUOTH.withdraws, claim),
            (RDFS.comment, ox.Literal(self.reason, language="en")),
            (DCTERMS.date, ox.Literal(self.date, datatype=XSD.date)),
            *([(PROV.wasAttributedTo, ox.NamedNode(self.by))] if self.by else []),
        ]
        return sorted(nquads.to_lines(ox.Quad(notice, predicate, value) for predicate, value in values))


def read(releases: Path) -> list[Redaction]:
    """The redactions of a folder of releases, in the order in which that was done. Raises ReleaseError for a record
    that cannot be read."""
    try:
        return [Redaction(**entry) for entry in json.loads((releases / RECORD).read_text("utf-8"))]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, TypeError) as error:
        raise ReleaseError(f"{releases / RECORD} cannot be read: {error}", remedy="restore it from a copy") from None


def write(releases: Path, redactions: Sequence[Redaction]) -> None:
    """Write the record, in one step. The caller has the lock."""
    new = releases / f".current-{RECORD}"  # swept if this is killed
    with new.open("w", encoding="utf-8") as file:
        json.dump([asdict(redaction) for redaction in redactions], file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    new.replace(releases / RECORD)


class Refusal:
    """What the record says of lines that are to be published, and ``faults``: what these say against it."""

    def __init__(self, redactions: Sequence[Redaction]) -> None:
        self._gone = {redaction.iri.encode(): redaction for redaction in redactions}
        self._blanks = {blank for redaction in redactions for blank in redaction.blanks}
        self._subjects = {blank.partition(" ")[0].encode() for blank in self._blanks}
        self._described, self._said = dict[str, None](), dict[str, None]()

    def without_notices(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        """The lines without other notices that what is redacted is gone: that of the redaction stands for good."""
        for line in lines:
            subject, predicate, value = line.split(b" ", 2)
            whole, _, part = subject[1:-1].partition(b"#")
            is_notice = whole in self._gone and (part in _NOTICES or not (part or nquads.describes(predicate)))
            if not is_notice and not (predicate == _WITHDRAWS and value.partition(b">")[0][1:] in self._gone):
                yield line

    def noting(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        """The lines without such notices. It is noted which describe what is redacted, or have another text where one
        is BLANK; ``check`` tells."""
        for line in self.without_notices(lines):
            subject = line[: line.index(b" ")]
            if redaction := self._gone.get(subject[1:-1].partition(b"#")[0]):
                self._described[f"<{redaction.iri}>, which was redacted on {redaction.date}: {redaction.reason}"] = None
            elif subject in self._subjects and self._is_said_again(line):
                self._said[f"{position(line).split(' ')[1]} of {subject.decode()}"] = None
            yield line

    def _is_said_again(self, line: bytes) -> bool:
        return BLANK.encode() not in line and position(line) in self._blanks and not is_of_ontology(line)

    def check(self) -> None:
        """Raises ReleaseError where something was noted, with the first places."""
        if self._described:
            raise ReleaseError(
                f"the documents describe {_first(self._described)}",
                remedy="take the claim out of the documents, and out of what names it; the notice is published anyway",
            )
        if self._said:
            raise ReleaseError(
                f"the documents say again what is redacted, or something else in its place: {_first(self._said)}",
                remedy=f"have {BLANK} there or leave it out, or, if it is not what was redacted, take it from blanks in"
                f" {RECORD}",
            )


def _first(places: Iterable[str]) -> str:
    every = [*places]
    more = [f"{len(every) - _NAMED} more"] if len(every) > _NAMED else []
    return "; ".join([*every[:_NAMED], *more])
