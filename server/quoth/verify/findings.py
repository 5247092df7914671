"""The findings about a text, and the report of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from quoth.claim.authoring.spans import Span
from quoth.verify.differences import Change
from quoth.verify.passages import Passage
from quoth.verify.verdicts import VERDICTS, Sureness, Verdict


@dataclass(frozen=True)
class Words:
    """Words side by side where they differ: those ``said`` in the text and those ``recorded``, with their places (None:
    not known; offsets of the record count in the article's text)."""

    change: Change
    said: str
    recorded: str
    said_at: Span | None
    recorded_at: Span | None


@dataclass(frozen=True)
class Evidence:
    """The words on record behind a finding: the claim (IRI; empty: no claim has them), the article (IRI), the words and
    their place in its text, who is credited with them (names, the innermost first), and the citation. ``others``:
    further claims (IRIs) with the same words."""

    claim: str
    article: str
    words: str
    at: Span | None
    credited: tuple[str, ...]
    citation: str
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Finding:
    """A verdict on a passage, or on the part of it ``at`` that place in the submitted text; ``why`` is a sentence."""

    verdict: Verdict
    at: Span
    sureness: Sureness
    why: str
    evidence: tuple[Evidence, ...] = ()
    words: tuple[Words, ...] = ()
    fails: bool = True

    @property
    def fails_build(self) -> bool:
        """Whether it makes the command end with 1."""
        return self.fails and VERDICTS[self.verdict].fails


@dataclass(frozen=True)
class Judged:
    """A passage with its place in the submitted text, its words there, and the findings about it, at least one."""

    passage: Passage
    at: Span
    line: int
    column: int
    text: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Report:
    """The report of a text: its passages in their order, in which ``release`` the words were looked for, among how many
    ``claims`` and in how many whole ``texts`` of articles, and what else there is to say of how that was done."""

    passages: Sequence[Judged]
    release: int
    claims: int
    notes: tuple[str, ...] = ()
    texts: int = 0

    @property
    def fails(self) -> bool:
        """Whether a finding fails a build."""
        return any(finding.fails_build for judged in self.passages for finding in judged.findings)

    @property
    def searched(self) -> str:
        """A sentence about what was searched."""
        number = f"{self.claims:,} claim" + ("" if self.claims == 1 else "s")
        more = "not the articles' whole texts"
        if self.texts:
            more = f"and the whole text of {self.texts:,} article" + ("" if self.texts == 1 else "s")
        return f"Searched: the words that {number} of release {self.release} quote, {more}."
