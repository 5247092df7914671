"""Turning the rows on which a human has decided into a linkset. No other row is ever published.

Rows are added to a file in SSSOM/TSV; no row is taken away.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from quoth.claim.model.namespaces import PREFIXES, SKOS, SSSOM
from quoth.claim.reading import sssom, sssom_table
from quoth.claim.reading.sssom_table import Sheet
from quoth.errors import DocumentError, UsageError
from quoth.link.matching import candidates_table
from quoth.link.matching.candidates_table import ACCEPT, NOT
from quoth.link.matching.linkable import Linkable
from quoth.resources import write

COLUMNS = (
    *("subject_id", "subject_label", "predicate_modifier", "predicate_id", "object_id", "object_label"),
    *("object_category", "mapping_justification", "author_id", "reviewer_id", "review_date", "mapping_date", "comment"),
)
_LINK = ("subject_id", "predicate_id", "object_id")
_IRIS = (*_LINK, "mapping_justification", "author_id", "reviewer_id")
_LEXICAL = PREFIXES["semapv"] + "LexicalMatching"


def accept(
    path: Path, folder: Path, linkable: Linkable, base: str, author: str, date: str, licence: str
) -> tuple[Path, int, int]:
    """Add the decided rows of a table of candidates to the linkset of its target, in ``folder``.

    The human who decides is the author and the reviewer of each; ``accept`` makes a link, ``not`` a negated link and
    ``refuse`` none. Returns the file of the linkset, the number of rows that were added, and that of undecided rows.
    Raises DocumentError, and writes nothing, where the table is none or the result would be no linkset.
    """
    table = candidates_table.parse(sssom_table.read_sheet_text(path), path, base)
    decisions = [(record, record["decision"].strip().lower()) for record in table.records()]
    try:
        rows = [_mapping(table, record, d == NOT, author, date) for record, d in decisions if d in (ACCEPT, NOT)]
    except DocumentError as error:
        raise DocumentError(error.detail, where=str(path), remedy=error.remedy) from None
    undecided = sum(1 for _, decision in decisions if not decision)
    name = table.linkset.rpartition("/")[2]
    file = folder / f"{name}{sssom.SUFFIX}"
    if not rows:
        return file, 0, undecided
    dataset = linkable.dataset(name)
    if dataset is None:
        raise UsageError(f"no document describes a dataset whose dcterms:identifier is {name!r}", where=str(path))
    if file.exists():
        text = sssom_table.read_sheet_text(file, UsageError)
    else:
        slots = (
            f"mapping_set_title: {json.dumps(f'Links to {dataset.label}', ensure_ascii=False)}",
            'mapping_set_description: "Proposed by names, and accepted one by one."',
            f"license: {licence}",
            *("creator_id:", f"  - {author}"),
            f'publication_date: "{date}"',
        )
        text = sssom_table.header(base, name, dataset.iri, dataset.space, slots) + sssom_table.tsv([COLUMNS])
    text, count = _extended(text, file, base, rows, date)
    if count:
        write(text, file)
    return file, count, undecided


def _mapping(table: Sheet, record: dict[str, str], negated: bool, author: str, date: str) -> dict[str, str]:
    """The row of a linkset, its IRIs in full. Raises DocumentError for a cell that is no IRI."""
    iris = {c: table.terms.entity(record[c]).value for c in _LINK}
    if negated and iris["object_id"] == SSSOM.NoTermFound.value:
        raise DocumentError("a row that says that nothing was found cannot be negated", remedy="write accept or refuse")
    score, reasons = record.get("similarity_score", ""), record.get("reasons", "")
    proposed = f"Proposed by its name with a score of {score} ({reasons})" if score else "Looked for by its names"
    if negated:
        iris["predicate_id"] = SKOS.exactMatch.value
    verdict = "ruled out" if negated else "accepted"
    return {
        **iris,
        "subject_label": record.get("subject_label", ""),
        "object_label": candidates_table.unescape_formula(record.get("object_label", "")),
        "object_category": record.get("object_category", ""),
        "predicate_modifier": "Not" if negated else "",
        "mapping_justification": _LEXICAL,
        "author_id": author,
        "reviewer_id": author,
        "review_date": date,
        "mapping_date": date,
        "comment": " ".join([record.get("comment", ""), f"{proposed}; {verdict} by hand."]).strip(),
    }


def _extended(text: str, path: Path, base: str, rows: Sequence[Mapping[str, str]], date: str) -> tuple[str, int]:
    """A linkset with more rows, whose IRIs are written out, and the number of those that it did not have yet.

    Raises DocumentError where the result could not be read, with the line.
    """
    table = sssom_table.parse(text, path, base)
    columns = table.columns + [c for c in COLUMNS if c not in table.columns and any(row.get(c) for row in rows)]
    records = table.records()
    keys = {_key(table, record) for record in records}
    new = []
    for row in rows:
        if (key := _key(table, row)) not in keys:
            keys.add(key)
            new.append({**row, **{c: table.terms.compact(row[c]) for c in _IRIS if row.get(c)}})
    if new:
        head = [f'# publication_date: "{date}"\n' if h.startswith("# publication_date:") else h for h in table.head]
        cells = [[record.get(c, "") for c in columns] for record in [*records, *new]]
        text = "".join(head) + sssom_table.tsv([columns, *cells])
    if wrong := [f for f in sssom.read(text, path, base).findings if f.severity == "Violation"]:
        raise DocumentError(f"{wrong[0]}; nothing was written", where=str(path))
    return text, len(new)


def _key(table: Sheet, row: Mapping[str, str]) -> tuple[str, ...]:
    """The link that a row states, whatever way it is written."""
    iris = (table.terms.entity(row[c]).value if row.get(c) else "" for c in _LINK)
    return (*iris, row.get("predicate_modifier", ""))
