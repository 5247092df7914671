"""Tools that hold words against the record: one quotation, or a whole text. Nothing that is submitted is kept."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import Field

from quoth.claim.model.report import counted
from quoth.engine.api import deadline
from quoth.index import names
from quoth.index.names import ItemFilter
from quoth.mcp.answers import Answer, Claim, ReportAnswer
from quoth.mcp.call import Arguments, Call, Paged, none
from quoth.mcp.claim_records import records
from quoth.mcp.statuses import Status
from quoth.verify import json_report
from quoth.verify.verdicts import Verdict
from quoth.verify.verify import MAX_CHARACTERS
from quoth.web.core.site import Site

QUOTATION = 5_000
"""Characters of one quotation."""

CLAIMS = 10
"""Claims that an answer tells of."""

_MARKS = re.compile("[“”„‟\"«»]|``|''")


class VerifyQuotation(Arguments):
    quotation: str = Field(min_length=1, max_length=QUOTATION, description="The quoted words, as they are quoted.")
    speaker: str = Field(default="", max_length=200, description="Who is said to have said it, if anybody is.")
    language: str = Field(default="en", max_length=35, description="The language of the words (BCP 47).")


class VerifyText(Paged):
    text: str = Field(min_length=1, max_length=MAX_CHARACTERS, description="The text: plain, Markdown or HTML.")
    language: str = Field(default="en", max_length=35, description="The language of the text (BCP 47).")
    everything: bool = Field(default=False, description="Also the passages that are on record as they stand.")


def verify_quotation(call: Call, asked: VerifyQuotation) -> Answer:
    """Whether words are on record letter by letter, and who said them there."""
    words = _MARKS.sub("’", " ".join(asked.quotation.split())).strip("’ ")
    speaker = " ".join(asked.speaker.split()).translate({ord(mark): None for mark in '“”„‟"«»:'})
    # A name and a colon, as in a transcript, names the speaker in every language.
    report = _report(call, f"{speaker}: “{words}”" if speaker else words, asked.language, whole=not speaker)
    passages = [passage for passage in report["passages"] if passage["kind"] == "quotation"]
    notes = report["notes"]
    if speaker and not any(passage["name"] for passage in passages):
        notes.append("The speaker is no name that could be compared: see who is credited in the evidence.")
    verdicts = {finding["verdict"] for passage in passages for finding in passage["findings"]}
    if verdicts <= {Verdict.NOT_ON_RECORD.value}:
        detail = "the words are not among the words on record, which does not say that nobody said them"
        return none(call.site, ReportAnswer, detail, searched=report["searched"], notes=notes)
    return ReportAnswer.of(
        Status.FOUND,
        searched=report["searched"],
        fails=report["fails"],
        notes=notes,
        passages=passages,
        claims=_evidence(call.site, passages),
    )


def verify_text(call: Call, asked: VerifyText) -> Answer:
    """What a text quotes or attributes, held against the words on record."""
    report = _report(call, asked.text, asked.language)
    every = report["passages"]
    passages = every if asked.everything else [p for p in every if any(finding["fails"] for finding in p["findings"])]
    members: dict[str, Any] = {name: report[name] for name in ("searched", "fails", "notes")}
    if not every:
        return none(call.site, ReportAnswer, "the text quotes and attributes nothing", **members)
    message = f"held against the record: {counted(len(every), 'passage')}, of which the list has {len(passages)}"
    page = passages[call.first :][: asked.limit]
    members |= {"passages": page, "claims": _evidence(call.site, page)}
    return ReportAnswer.of(Status.FOUND, message, total=len(passages), **members)


def _evidence(site: Site, passages: Sequence[Mapping[str, Any]]) -> list[Claim]:
    """The claims on record behind the verdicts on those passages, at most CLAIMS."""
    findings = (finding for passage in passages for finding in passage["findings"])
    known = (evidence["claim"] for finding in findings for evidence in finding["evidence"])
    iris = dict.fromkeys(filter(None, known))
    return records(site, names.among(site.claim_index, [*iris], ItemFilter((), claims=True))[:CLAIMS])


def _report(call: Call, text: str, language: str, whole: bool = False) -> dict[str, Any]:
    """The report, as an object of JSON, on a text; ``whole``: it is one quotation. Raises what CourtPool.judge does."""
    until = deadline.until(call.site.settings.query_time_limit_s)
    report: dict[str, Any] = json.loads(call.site.court.judge(text, language, "json", call.caller, until, whole))
    return report


def report_schema(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The output schema of an answer whose passages are those of a report: with what the report's schema says."""
    report = json.loads(json_report.schema())
    passages = report["properties"]["passages"]
    properties = {**schema["properties"], "passages": passages}
    return {**schema, "properties": properties, "$defs": {**schema.get("$defs", {}), **report["$defs"]}}
