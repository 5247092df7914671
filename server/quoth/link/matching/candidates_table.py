"""Candidates for links, in a table for a human to decide: SSSOM/TSV with columns for the reasons and the decision.

The table is also how far the search got: an entity that has a row in it is not looked for again. The table is no
linkset, and publication does not read it.
"""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from quoth.claim.model.namespaces import SSSOM
from quoth.claim.reading import sssom_table
from quoth.claim.reading.sssom_table import Sheet
from quoth.errors import DocumentError
from quoth.link.matching.linkable import TargetDataset
from quoth.link.matching.similarity import ScoredCandidate, Subject

SUFFIX = ".candidates.tsv"
ACCEPT, REFUSE, NOT = DECISIONS = ("accept", "refuse", "not")
COLUMNS = (
    *("subject_id", "subject_label", "predicate_id", "object_id", "object_label", "object_category"),
    *("mapping_justification", "similarity_score", "reasons", "description", "comment", "decision"),
)
CLOSE_BELOW = 0.95
"""The score under which a close match is proposed instead of an exact one."""
_TYPES_LIMIT = 12
_DESCRIPTION_LIMIT = 300
_FORMULA_SIGNS = ("=", "+", "-", "@")


def header(base: str, name: str, dataset: TargetDataset, date: str) -> str:
    """The beginning of a table of candidates."""
    slots = (
        "mapping_set_description: Candidates, proposed by names. Nothing here is published. Put one of"
        f" {', '.join(DECISIONS)} under decision, then run quoth link accept on this file.",
        f"mapping_date: {date}",
    )
    return sssom_table.header(base, name, dataset.iri, dataset.space, slots) + sssom_table.tsv([COLUMNS])


def rows(
    table: Sheet, subject: Subject, candidates: Sequence[ScoredCandidate], classes: Mapping[str, Collection[str]]
) -> str:
    """The lines for one entity: its candidates, or that there is none, which can be accepted too.

    A line lists the candidate's classes that are compatible with ours by the table ``classes``, or all if none is.
    """
    fitting = {t for kind in subject.types for t in classes.get(kind, ())}
    compact = table.terms.compact
    entity = compact(subject.iri), subject.labels[0]
    lines = [
        (
            *entity,
            "skos:exactMatch" if proposal.score >= CLOSE_BELOW else "skos:closeMatch",
            compact(proposal.candidate.iri),
            escape_formula(proposal.candidate.label),
            " ".join(sorted(proposal.candidate.types & fitting or proposal.candidate.types)[:_TYPES_LIMIT]),
            "semapv:LexicalMatching",
            f"{proposal.score:.3f}",
            proposal.reasons,
            escape_formula(proposal.candidate.description[:_DESCRIPTION_LIMIT]),
            *("", ""),
        )
        for proposal in candidates
    ]
    return sssom_table.tsv(lines or [(*entity, "skos:exactMatch", compact(SSSOM.NoTermFound.value), *[""] * 8)])


def escape_formula(text: str) -> str:
    """A text of others that no spreadsheet takes for a formula: with an apostrophe before what begins one."""
    return f"'{text}" if text.startswith(_FORMULA_SIGNS) else text


def unescape_formula(text: str) -> str:
    """The text that ``escape_formula`` was given."""
    return text[1:] if text[:1] == "'" and text[1:].startswith(_FORMULA_SIGNS) else text


def resume(path: Path, base: str) -> Sheet | None:
    """The table so far, without the rows of an entity at which an earlier run was cut off; None where there is none.

    Raises DocumentError where the file is no table of candidates.
    """
    if not path.exists():
        return None
    text = sssom_table.read_sheet_text(path)
    if not text.endswith("\n"):  # one write is one entity: a part of one is a part of the last line at least
        whole, _, partial = text.rpartition("\n")
        entity = partial.partition("\t")[0]
        text = "".join(f"{x}\n" for x in whole.split("\n") if not entity or not x.startswith(f"{entity}\t"))
        path.write_text(text, "utf-8")
    return parse(text, path, base)


def parse(text: str, path: Path, base: str) -> Sheet:
    """A table of candidates. Raises DocumentError where it is none, or a decision is not a decision."""
    table = sssom_table.parse(text, path, base)
    for name in ("subject_id", "predicate_id", "object_id", "decision"):
        if name not in table.columns:
            raise DocumentError(f"there is no column {name}", where=f"{path}:{len(table.head) + 1}")
    for row, record in zip(table.rows, table.records(), strict=True):
        if record["decision"].strip().lower() not in ("", *DECISIONS):
            raise DocumentError(
                f"{record['decision']!r} is not a decision",
                where=f"{path}:{row.line}",
                remedy=f"write one of {', '.join(DECISIONS)}, or leave it empty for now",
            )
    return table
