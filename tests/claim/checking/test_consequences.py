"""What follows from a mistake is not reported as well: dates that are none, topics that are none, shared levels."""

from pathlib import Path

import pytest

from quoth.claim.checking.check import check

from .written import BASE, document, line_of

GRAPH = "    - {id: late, concerns: []}\n"
CONTENT = "attribute: late}"
TOPIC = "topics:\n  - {id: id/topic/ferry, label: the ferry, scopeNote: When the ferry comes.}\nclaims:\n"
AGAIN = """\
  - id: again
    source: id/org/parliament
    speechAct: said
    words: the ferry was late
    cue: told
    stance: neutral
    scope: explicit
    certainty: certain
    polarity: positive
    realis: actual
    tense: past
    content: {eventType: schedule, affected: {type: Thing, label: the ferry}, attribute: late}
inference:
"""
RELATED = """\
    - id: again
      RELATION: TARGET
      because: Both say that the ferry was late.
    - {id: "late#situation", concerns: id/topic/ferry}
    - {id: "again#situation", concerns: id/topic/ferry}
"""


def findings(folder: Path, *changes: tuple[str, str]) -> list[tuple[str, str, int]]:
    """Rule, message and line of each finding when parts of the document are written otherwise, but for those of
    quotations without offsets."""
    text = document()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = folder / "a.yaml"
    path.write_text(text, "utf-8")
    found = check([path], BASE)[0].findings
    return [(f.rule, f.message, f.line) for f in found if "offsets" not in f.message]


def related(relation: str, target: str, *changes: tuple[str, str]) -> list[tuple[str, str]]:
    graph = RELATED.replace("RELATION", relation).replace("TARGET", target)
    for old, new in changes:
        assert old in graph
        graph = graph.replace(old, new, 1)
    return [("inference:\n", AGAIN), ("claims:\n", TOPIC), (GRAPH, graph)]


@pytest.mark.parametrize("day", ["11/28/2026", "01/15/2027", "28.11.2026", "March 2024"])
def test_what_is_no_date_is_not_before_another(day: str, tmp_path: Path) -> None:
    published = ("language: en\n", "language: en\ndatePublished: 2026-11-23\n")
    bounds = f"    - id: id/article/a\n      earliest: {day}\n      latest: 2026-11-23\n      comment: By its words.\n"
    for changes in (
        [("created: 2026-11-23", f"created: {day}"), published],
        [("language: en\n", f"language: en\ndatePublished: {day}\n")],
        [published, (GRAPH, bounds)],
        [
            published,
            (GRAPH, bounds.replace("latest", "later").replace("earliest", "latest").replace("later", "earliest")),
        ],
    ):
        [(rule, message, _)] = findings(tmp_path, *changes)
        assert (rule, message.partition(": ")[2]) == ("unfit-term", f"“{day}” is not a date")


def test_a_bound_has_its_own_line(tmp_path: Path) -> None:
    bounds = (
        "    - id: id/article/a\n      earliest: 2026-11-01\n      latest: 28.11.2026\n      comment: By its words.\n"
    )
    [(_, _, line)] = findings(tmp_path, (GRAPH, bounds))
    assert line == line_of(GRAPH) + 2


@pytest.mark.parametrize(
    ("made", "published", "rules"),
    [
        ("2026-11-23", "2026-11-24", ["encoding-before"]),
        ("2026-11-23", "{'@value': '2026-11-24T09:00:00Z', '@type': 'xsd:dateTime'}", ["encoding-before"]),
        ("2026-11-23", "{'@value': '2026-11-23T09:00:00Z', '@type': 'xsd:dateTime'}", []),
        ("2026-11-23", "2026-11-23", []),
    ],
)
def test_days_are_compared_as_days(made: str, published: str, rules: list[str], tmp_path: Path) -> None:
    published = published.replace("xsd:", "http://www.w3.org/2001/XMLSchema#")
    changes = [
        ("created: 2026-11-23", f"created: {made}"),
        ("language: en\n", f"language: en\ndatePublished: {published}\n"),
    ]
    assert [rule for rule, *_ in findings(tmp_path, *changes)] == rules


def test_bounds_are_compared_as_days(tmp_path: Path) -> None:
    def bounds(earliest: str, latest: str) -> list[str]:
        graph = f"    - {{id: id/article/a, earliest: {earliest}, latest: {latest}, comment: By its words.}}\n"
        published = ("language: en\n", "language: en\ndatePublished: 2026-11-23\n")
        return [rule for rule, *_ in findings(tmp_path, published, (GRAPH, graph))]

    assert bounds("2026-11-01", "2026-11-23") == []
    assert bounds("2026-11-01", "2026-11-22") == ["published-bounds"]
    assert bounds("2026-11-24", "2026-11-30") == ["published-bounds", "encoding-before"]
    assert bounds("1926-11-23", "2026-11-23") == []
    assert bounds("1925-11-23", "2026-11-23") == ["bounds-wide"]


@pytest.mark.parametrize(
    ("old", "new", "id"),
    [
        ("concerns: id/topic/ferry", "concerns: id/topic/fery", "concerns: id/topic/fery"),
        ("late#situation", "lat#situation", "id/claim/a/lat#situation"),
    ],
)
def test_a_misspelt_topic_or_situation_is_not_missing_from_a_relation(
    old: str, new: str, id: str, tmp_path: Path
) -> None:
    assert findings(tmp_path, *related("corroborates", "late")) == []
    unlike = findings(
        tmp_path, *related("corroborates", "late", ('{id: "late#situation", concerns: id/topic/ferry}', "{}"))
    )
    assert [rule for rule, *_ in unlike] == ["relation-topic"]
    [(rule, message, _)] = findings(tmp_path, *related("corroborates", "late", (old, new)))
    assert (rule, message) == ("dangling", f"{id} is not described anywhere")


@pytest.mark.parametrize("relation", ["corroborates", "contradicts", "inTensionWith", "presupposes"])
def test_a_relation_whose_target_is_missing_has_its_own_line(relation: str, tmp_path: Path) -> None:
    changes = related(relation, "lat")
    [(rule, message, line)] = findings(tmp_path, *changes)
    assert (rule, message) == ("dangling", f"{relation}: id/claim/a/lat is not described anywhere")
    assert (tmp_path / "a.yaml").read_text("utf-8").splitlines()[line - 1].strip() == f"{relation}: lat"


@pytest.mark.parametrize("target", ["no-such-claim", "id/claim/a/none"])
def test_a_relation_beside_a_claim_is_one_mistake(target: str, tmp_path: Path) -> None:
    tense = "    tense: past\n"
    [(rule, message, line)] = findings(tmp_path, (tense, f"{tense}    contradicts: {target}\n"))
    assert (rule, line) == ("inference-only", line_of(tense) + 1)
    assert message == "contradicts stands on a claim, or in its content, as if it were a fact"


@pytest.mark.parametrize(
    ("key", "value"),
    [("certainty", "0.5"), ("certainty", "true"), ("polarity", "1.0"), ("realis", "false"), ("stance", "0.5")],
)
def test_a_number_for_a_word_is_answered_with_the_words(key: str, value: str, tmp_path: Path) -> None:
    words = {"certainty": "certain", "polarity": "positive", "realis": "actual", "stance": "neutral"}
    path = tmp_path / "a.yaml"
    path.write_text(document().replace(f"{key}: {words[key]}", f"{key}: {value}"), "utf-8")
    [finding] = check([path], BASE)[0].findings
    assert finding.message.startswith(f"{value} is read as ")
    assert finding.remedy.startswith("write ")
    assert words[key] in finding.remedy


@pytest.mark.parametrize("values", ["negative, positive", "positive, negative"])
def test_two_polarities_are_one_mistake(values: str, tmp_path: Path) -> None:
    changes = [("polarity: positive", f"polarity: [{values}]"), ("speechAct: said", "speechAct: denied")]
    found = findings(tmp_path, *changes)
    assert [m for _, m, line in found if line == line_of("polarity: ")] == [
        "exactly one polarity is needed: positive or negative"
    ]
    assert not {"denied-positive", "negation-words", "label-negation"} & {rule for rule, *_ in found}


def test_a_date_in_a_content_is_one_mistake(tmp_path: Path) -> None:
    for day in ("28.11.2026", "2026-11-28"):
        time = f"attribute: late, time: {{wording: the ferry, date: {day}}}}}"
        [(rule, message, _)] = findings(tmp_path, (CONTENT, time))
        assert (rule, message) == ("content-predicate", "date is not a property that a content may use")


def test_a_year_has_no_comma(tmp_path: Path) -> None:
    messages = [m for _, m, _ in findings(tmp_path, (CONTENT, "attribute: late in 2026, quantity: 12000}"))]
    assert [m.partition(" of its")[0] for m in messages if m.startswith("the number")] == [
        "the number 12,000",
        "the number 2026",
    ]


def test_a_role_that_a_type_has_not_is_named(tmp_path: Path) -> None:
    [(rule, message, _)] = findings(tmp_path, (CONTENT, "attribute: late, mediator: id/person/doe}"))
    assert (rule, message) == ("frame", "“mediator” is not a role of schedule")


def test_a_mistake_in_a_level_that_claims_share_is_one(tmp_path: Path) -> None:
    level = "levels:\n  told: {source: id/person/doe, speechAct: said, addressee: {label: the House}}\nclaims:\n"
    claims = "".join(f"  - {{id: {name}, level: told, words: the ferry was late}}\n" for name in ("b", "c"))
    [(rule, _, line)] = findings(tmp_path, ("claims:\n", level), ("inference:\n", f"{claims}inference:\n"))
    assert (rule, line) == ("blank-node", line_of("claims:\n") + 1)
