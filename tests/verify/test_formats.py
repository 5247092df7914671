"""Reports as JSON that its schema allows, as SARIF, as lines and as a page, in which everything is escaped."""

import json
from collections.abc import Mapping
from typing import Any

import jsonschema
import pytest

from quoth.verify import html_report, json_report, sarif, text_report
from quoth.verify.differences import Change
from quoth.verify.submitted import submitted
from quoth.verify.verdicts import GOOD, VERDICTS, Sureness, Verdict

from .conftest import Verify

TEXT = """\
<p>Tay said: “If the guild accepts, the ferry will sail twice a day”.
Lind: “It has been late twelve times since January”,
and “&lt;script>alert(1)&lt;/script> nothing of \x1b[31mthe kind”.</p>
"""


def test_every_verdict_has_a_meaning_and_is_in_the_schema() -> None:
    schema: Mapping[str, Any] = json.loads(json_report.schema())
    definitions = schema["$defs"]
    assert list(VERDICTS) == list(Verdict)
    assert definitions["finding"]["properties"]["verdict"]["enum"] == [verdict.value for verdict in Verdict]
    assert definitions["finding"]["properties"]["sureness"]["enum"] == [sureness.value for sureness in Sureness]
    assert definitions["words"]["properties"]["change"]["enum"] == [change.value for change in Change]
    assert not any(VERDICTS[verdict].fails for verdict in GOOD)
    jsonschema.Draft202012Validator.check_schema(schema)


def test_a_report_as_json_keeps_to_its_schema(judged: Verify) -> None:
    written = json.loads(json_report.written(judged(TEXT)))
    jsonschema.validate(written, json.loads(json_report.schema()))
    assert written["fails"] is True
    assert [finding["verdict"] for passage in written["passages"] for finding in passage["findings"]] == [
        *("verbatim", "altered", "not-on-record")
    ]
    altered = written["passages"][1]
    assert TEXT[altered["start"] : altered["end"]] == "It has been late twelve times since January"
    assert (altered["line"], altered["column"]) == (2, 8)
    [words] = altered["findings"][0]["words"]
    assert (words["said"], words["recorded"], words["change"]) == ("twelve", "eleven", "number")


def test_a_report_as_sarif_has_a_rule_for_each_result(judged: Verify) -> None:
    place = submitted(TEXT).line_and_column
    log = sarif.as_sarif(judged(TEXT), "a b/report.md", place)
    [run] = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert (log["version"], run["columnKind"]) == ("2.1.0", "unicodeCodePoints")
    results = [(r["ruleId"], r["kind"], r["level"]) for r in run["results"]]
    assert results == [("verbatim", "pass", "none"), ("altered", "fail", "error"), ("not-on-record", "fail", "warning")]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])
    location = run["results"][1]["locations"][0]["physicalLocation"]
    assert location["artifactLocation"]["uri"] == "a%20b/report.md"
    assert location["region"] == {
        **{"startLine": 2, "startColumn": 8, "endLine": 2, "endColumn": 51},
        **{"charOffset": TEXT.index("It has"), "charLength": 43},
    }
    json.dumps(log)


@pytest.mark.parametrize("verbose", [False, True])
def test_lines_have_the_place_and_nothing_that_a_terminal_obeys(judged: Verify, verbose: bool) -> None:
    lines = list(text_report.lines(judged(TEXT), "report.md", verbose=verbose))
    assert lines[-2].startswith("report.md:2:8: altered (certain): “It has been late twelve times since January”: ")
    assert "; “twelve” for “eleven”; on record “It has been late eleven times since January”: two dockers" in lines[-2]
    assert "\x1b" not in "".join(lines)
    assert len(lines) == (3 if verbose else 2)


def test_a_page_has_the_text_marked_up_and_escaped(judged: Verify) -> None:
    page = html_report.written(judged(TEXT), TEXT)
    assert "<script" not in page
    assert "\x1b" not in page
    assert '<mark class="fails"><a href="#p2">It has been late twelve times since January</a></mark>' in page
    assert '<mark class="good"><a href="#p1">If the guild accepts, the ferry will sail twice a day</a></mark>' in page
    assert page.count('<li id="p') == 3
