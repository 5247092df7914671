"""Candidates for links, in a table for a human to decide: SSSOM/TSV with columns for the reasons and the decision.

The table is also how far the search got: an entity that has a row in it is not looked for again. It is no linkset,
and publication does not read it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from quoth.claim.model.namespaces import SSSOM
from quoth.claim.reading import sssom_table
from quoth.claim.reading.sssom_table import Sheet
from quoth.errors import DocumentError
from quoth.link.matching.linkable import Dataset
from quoth.link.matching.similarity import Candidate, CandidateScore, Subject

SUFFIX = ".candidates.tsv"
ACCEPT, REFUSE, NOT = "accept", "refuse", "not"
DECISIONS = (ACCEPT, REFUSE, NOT)
COLUMNS = (
    "subject_id",
    "subject_label",
    "predicate_id",
    "object_id",
    "object_label",
    "object_category",
    "mapping_justification",
    "similarity_score",
    "reasons",
    "description",
    "comment",
    "decision",
)
CLOSE_BELOW = 0.95
"""The score under which a close match is proposed instead of an exact one."""


@dataclass(frozen=True)
class Scored:
    """A candidate with its score."""

    candidate: Candidate
    score: CandidateScore


def header(base: str, name: str, dataset: Dataset, date: str) -> str:
    """The beginning of a table of candidates."""
    return (
        f"# mapping_set_id: {base}id/linkset/{name}\n"
        f"# mapping_set_description: Candidates, proposed by names. Nothing here is published. Put one of"
        f" {', '.join(DECISIONS)} under decision, then run quoth link accept on this file.\n"
        f"# mapping_date: {date}\n"
        f"# object_source: {dataset.iri}\n"
        f"# curie_map:\n#   id: {base}id/\n#   {name}: {dataset.space}\n" + sssom_table.tsv([COLUMNS])
    )


def rows(
    table: Sheet, subject: Subject, found: Sequence[Scored], classes: Mapping[str, Collection[str]] | None = None
) -> str:
    """The lines for one entity: its candidates, or that there is none, which can be accepted too.

    Of a candidate's classes those are told that are compatible with ours by the table ``classes``, if any are.
    """
    fitting = {t for kind in subject.types for t in (classes or {}).get(kind, ())}
    written = table.terms.compact
    lines = [
        (
            written(subject.iri),
            subject.labels[0],
            "skos:exactMatch" if one.score.score >= CLOSE_BELOW else "skos:closeMatch",
            written(one.candidate.iri),
            inert(one.candidate.label),
            " ".join(sorted(one.candidate.types & fitting or one.candidate.types)[:_TYPES_LIMIT]),
            "semapv:LexicalMatching",
            f"{one.score.score:.3f}",
            str(one.score),
            inert(one.candidate.description[:_DESCRIPTION_LIMIT]),
            "",
            "",
        )
        for one in found
    ]
    nothing = (written(subject.iri), subject.labels[0], "skos:exactMatch", written(SSSOM.NoTermFound.value))
    return sssom_table.tsv(lines or [(*nothing, *[""] * (len(COLUMNS) - len(nothing)))])


_TYPES_LIMIT = 12
_DESCRIPTION_LIMIT = 300


def inert(text: str) -> str:
    """A text of others that no spreadsheet takes for a formula: with an apostrophe before what begins one."""
    return f"'{text}" if text.startswith(tuple("=+-@")) else text


def plain(text: str) -> str:
    """The text that ``inert`` was given."""
    return text[1:] if text[:1] == "'" and text[1:].startswith(tuple("=+-@")) else text


def begun(path: Path, base: str) -> Sheet | None:
    """The table so far, without the rows of an entity at which an earlier run was cut off; None where there is none.

    Raises DocumentError where the file is no table of candidates.
    """
    try:
        text = path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise DocumentError(f"it cannot be read: {error}", where=str(path)) from None
    if not text.endswith("\n"):  # one write is one entity: a part of one is a part of the last line at least
        whole = text.rpartition("\n")[0] + "\n"
        cut = text[len(whole) :].partition("\t")[0]
        kept = [line for line in whole.splitlines(keepends=True) if not cut or not line.startswith(f"{cut}\t")]
        text = "".join(kept)
        path.write_text(text, "utf-8")
    return read(text, path, base)


def read(text: str, path: Path, base: str) -> Sheet:
    """A table of candidates. Raises DocumentError where it is none, or a decision is no decision."""
    table = sssom_table.read(text, path, base)
    missing = [name for name in ("subject_id", "predicate_id", "object_id", "decision") if name not in table.columns]
    if missing:
        raise DocumentError(f"there is no column {missing[0]}", where=f"{path}:{table.top + 1}")
    for row, record in zip(table.rows, table.records(), strict=True):
        if record["decision"].strip().lower() not in ("", *DECISIONS):
            raise DocumentError(
                f"{record['decision']!r} is no decision",
                where=f"{path}:{row.line}",
                remedy=f"write one of {', '.join(DECISIONS)}, or nothing yet",
            )
    return table
