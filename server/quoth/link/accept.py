"""Turning the rows on which a human has decided into a linkset. No other row is ever published."""

from dataclasses import dataclass
from pathlib import Path

from quoth.claim.model.namespaces import PREFIXES, SKOS, SSSOM
from quoth.claim.reading.sssom_slots import CellError
from quoth.claim.reading.sssom_table import Sheet
from quoth.errors import DocumentError, UsageError
from quoth.link.matching import candidates_table, linkset_writer
from quoth.link.matching.candidates_table import ACCEPT, NOT
from quoth.link.matching.linkable import Linkable
from quoth.resources import write

LEXICAL = PREFIXES["semapv"] + "LexicalMatching"


@dataclass(frozen=True)
class Outcome:
    """How many links and negated links a linkset got, and how many rows are not decided on yet."""

    links: int
    undecided: int
    path: Path


def accept(path: Path, folder: Path, linkable: Linkable, base: str, author: str, date: str, licence: str) -> Outcome:
    """Add the decided rows of a table of candidates to the linkset of its target, in ``folder``.

    Who decides is the author and the reviewer of each; ``accept`` makes a link, ``not`` a negated one and ``refuse``
    none. Raises DocumentError where the table is none or the result would not be one; nothing is written then.
    """
    try:
        table = candidates_table.read(path.read_bytes().decode("utf-8"), path, base)
    except (OSError, UnicodeDecodeError) as error:
        raise DocumentError(f"it cannot be read: {error}", where=str(path)) from None
    try:
        rows = [
            _mapping(table, record, author, date)
            for record in table.records()
            if record["decision"].strip().lower() in (ACCEPT, NOT)
        ]
    except CellError as bad:
        raise DocumentError(bad.message, where=str(path), remedy=bad.remedy) from None
    undecided = sum(1 for record in table.records() if not record["decision"].strip())
    name = table.linkset.rpartition("/")[2]
    file = folder / f"{name}{linkset_writer.SUFFIX}"
    if not rows:
        return Outcome(0, undecided, file)
    dataset = linkable.dataset(name)
    if dataset is None:
        raise UsageError(f"no document describes a dataset whose dcterms:identifier is {name!r}", where=str(path))
    begun = linkset_writer.Begun(base, name, dataset, author, licence)
    try:
        text = file.read_bytes().decode("utf-8") if file.exists() else begun.text(date)
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"it cannot be read: {error}", where=str(file)) from None
    added = linkset_writer.added(text, file, base, rows, date)
    if added.count:
        write(added.text, file)
    return Outcome(added.count, undecided, file)


def _mapping(table: Sheet, record: dict[str, str], author: str, date: str) -> dict[str, str]:
    """The row of a linkset, its IRIs in full. Raises CellError."""
    negated = record["decision"].strip().lower() == NOT
    iris = {c: table.terms.entity(record[c]).value for c in ("subject_id", "predicate_id", "object_id")}
    if negated and iris["object_id"] == SSSOM.NoTermFound.value:
        raise CellError("that nothing was found cannot be negated", "write accept or refuse")
    score, reasons = record.get("similarity_score", ""), record.get("reasons", "")
    proposed = f"Proposed by its name with a score of {score} ({reasons})" if score else "Looked for by its names"
    if negated:
        iris["predicate_id"] = SKOS.exactMatch.value
    verdict = "ruled out" if negated else "accepted"
    return {
        **iris,
        "subject_label": record.get("subject_label", ""),
        "object_label": candidates_table.plain(record.get("object_label", "")),
        "object_category": record.get("object_category", ""),
        "predicate_modifier": "Not" if negated else "",
        "mapping_justification": LEXICAL,
        "author_id": author,
        "reviewer_id": author,
        "review_date": date,
        "mapping_date": date,
        "comment": " ".join([record.get("comment", ""), f"{proposed}; {verdict} by hand."]).strip(),
    }
