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
_NOTICES = (b"redaction", b"withdrawal")
"""Parts that a claim may have that is gone."""


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


def refusing(lines: Iterable[bytes], redactions: Sequence[Redaction]) -> Iterator[bytes]:
    """The lines, as long as none describes what is redacted, nor has another text where one is BLANK. Raises
    ReleaseError for one that does."""
    gone = {redaction.iri.encode(): redaction for redaction in redactions}
    blanks = {blank for redaction in redactions for blank in redaction.blanks}
    subjects = {blank.partition(" ")[0].encode() for blank in blanks}
    for line in lines:
        whole, _, part = line[1 : line.index(b">")].partition(b"#")
        redaction = gone.get(whole)
        if redaction is not None and part not in _NOTICES:
            raise ReleaseError(
                f"the documents describe <{redaction.iri}>, which was redacted on {redaction.date}: {redaction.reason}",
                remedy="take the claim out of the documents, and out of what names it; the notice is published anyway",
            )
        subject = line[: line.index(b" ")]
        if (
            subject in subjects
            and not is_of_ontology(line)
            and BLANK.encode() not in line
            and (place := position(line)) in blanks
        ):
            raise ReleaseError(
                f"the documents say again what is redacted, or something else in its place: {place.split(' ')[1]} of"
                f" {subject.decode()}",
                remedy=f"have {BLANK} there or leave it out, or, if it is not what was redacted, take it from blanks in"
                f" {RECORD}",
            )
        yield line
