"""A text held against the record of a release."""

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

from quoth.claim.authoring.drafting.language import language
from quoth.claim.model import language_tag
from quoth.errors import Limit, QueryTimeoutError, UsageError
from quoth.index.claims import ClaimIndex
from quoth.index.selection import Selection
from quoth.index.word_pairs import words
from quoth.verify.article_texts import ArticleTexts
from quoth.verify.chains import Chains
from quoth.verify.findings import Finding, Judged, Report
from quoth.verify.judge import Judge
from quoth.verify.passages import Passage, passages
from quoth.verify.places import MOST_WORDS, Places
from quoth.verify.record import Record, Summaries
from quoth.verify.speakers import Names
from quoth.verify.submitted import Submitted, submitted
from quoth.verify.verdicts import Verdict
from quoth.verify.word_lists import word_lists

MAX_CHARACTERS = 200_000
"""Characters of a text that is held against the record: some 30,000 words."""

TIME_LIMIT_S = 30.0
"""Seconds that it may take."""


def verify(
    text: str,
    lists: ClaimIndex,
    release: int,
    *,
    tag: str = "en",
    summaries: Summaries | None = None,
    earlier: Sequence[tuple[int, ClaimIndex]] = (),
    texts: ArticleTexts | None = None,
    whole: bool = False,
    limit_s: float = TIME_LIMIT_S,
) -> Report:
    """Hold a text (plain, Markdown or HTML) against the claims of a release, given by their ``lists`` and its number.

    ``tag`` is the language of the text (BCP 47). ``summaries`` gives the summaries of claims that the lists have none
    of. ``earlier`` are releases with their numbers, the newest first, in which words are looked for that this one does
    not have: they may have been withdrawn. ``texts`` are those of articles at hand, in which words are looked for that
    no claim has. ``whole``: the text is one quotation. Raises UsageError for a text that is too long or has no words,
    and for what is no language tag; QueryTimeoutError past ``limit_s``. Nothing of the text is kept.
    """
    text = _SURROGATE.sub("\ufffd", text)
    if len(text) > MAX_CHARACTERS:
        limit = Limit("verify_characters", MAX_CHARACTERS)
        raise UsageError(
            f"the text has {len(text):,} characters, more than {MAX_CHARACTERS:,}", remedy="split it", limit=limit
        )
    if not any(character.isalnum() for character in text):
        raise UsageError("the text has no words")
    if remedy := language_tag.remedy(tag):
        raise UsageError(f"{tag!r} is not a language tag (BCP 47)", remedy=remedy)
    until = time.monotonic() + limit_s
    read = submitted(text)
    found = passages(read, tag, whole)
    current = _judge(read, lists, tag, summaries, texts)
    past = [(number, _judge(read, old, tag, None)) for number, old in earlier]
    current.places.prepare(passage.span for passage in found)
    judged: list[Judged] = []
    for passage in found:
        if time.monotonic() > until:
            raise QueryTimeoutError(
                f"holding the text against the record was stopped after {limit_s:g} s",
                remedy="split the text",
                limit=Limit("verify_time_limit_s", limit_s),
            )
        findings = current.judge(passage)
        if not findings or any(finding.verdict in _OF_EARLIER_WORDS for finding in findings):
            findings = [*_since(passage, current, past)] or findings
        if (not findings or any(finding.verdict in _DIFFERING for finding in findings)) and (
            standing := current.in_text(passage)
        ):
            findings = [standing, *(finding for finding in findings if finding.verdict not in _DIFFERING)]
        at = read.place(passage.span)
        said = read.words[passage.span.start : passage.span.end]
        judged.append(
            Judged(passage, at, *read.line_and_column(at.start), said, tuple(findings or [current.unknown(passage)]))
        )
    notes = []
    if language(tag) is None:
        notes.append(
            f"There are no word lists for {tag}: only what stands in quotation marks is held against the record."
        )
    notes += [
        f"Line {each.line}: of a passage only the first {MOST_WORDS:,} words are compared, and this one has more."
        for each in judged
        if len(words(each.text)) > MOST_WORDS
    ]
    return Report(judged, release, lists.count(Selection("all")), tuple(notes), len(texts or ()))


_OF_EARLIER_WORDS = (Verdict.NOT_ON_RECORD, Verdict.ALTERED)
_SAME = (Verdict.VERBATIM, Verdict.TYPOGRAPHIC)
_DIFFERING = (Verdict.NOT_ON_RECORD, Verdict.ALTERED, Verdict.SPLICED, Verdict.HEDGE_LOST, Verdict.HEDGE_ADDED)
_SURROGATE = re.compile("[\ud800-\udfff]")
"""Halves of characters, which no UTF-8 has, and a string of JSON or Python may."""


def _judge(
    text: Submitted, lists: ClaimIndex, tag: str, summaries: Summaries | None, texts: ArticleTexts | None = None
) -> Judge:
    record, known = Record(lists, summaries), word_lists(tag)
    return Judge(text, Places(text, record, Chains(record, Names(record, language(tag), known)), known), texts)


def _since(passage: Passage, current: Judge, past: Sequence[tuple[int, Judge]]) -> Iterator[Finding]:
    """The finding that words which the current release does not have so were withdrawn or corrected, where an earlier
    one has them."""
    for number, judge in past:
        same = next((found for found in judge.judge(passage) if found.verdict in _SAME), None)
        if same:
            claim = same.evidence[0].claim
            there = current.places.record.has(claim)
            verdict = Verdict.CORRECTED if there else Verdict.WITHDRAWN
            now = "has other words now" if there else "is not there any more"
            yield replace(same, verdict=verdict, why=f"release {number} has these words; the claim {now}")
            return
