"""One mistake has one finding, in one line and in the words of the document: what, where, and what to do."""

import re
from pathlib import Path

import pytest

from quoth.claim.authoring import draft

from .written import BASE, TEXT, checked, document, found, line_of

CONTENT = "{eventType: schedule, affected: {type: Thing, label: the ferry}, attribute: late}"
CUE = "    cue: {exact: told"
FIRST = "claims:\n"
LICENCE = "licence: https://creativecommons.org/licenses/by/4.0/"
ORGANISATION = "describe it under entities, such as {id: id/org/%s, type: Organization, label: %s}, and name its id"


def test_the_document_conforms(tmp_path: Path) -> None:
    assert [str(f) for f in checked(tmp_path, document()).findings] == []


@pytest.mark.parametrize(
    ("old", "new", "message", "remedy"),
    [
        # What takes part has no id or type, or a wrong one.
        (
            "addressee: id/org/parliament",
            "addressee: {label: parliament}",
            "“parliament” under addressee has no id",
            ORGANISATION % ("parliament", "parliament"),
        ),
        (
            "addressee: id/org/parliament",
            "addressee: {type: Organization, label: the House}",
            "“the House” under addressee has no id",
            ORGANISATION % ("the-house", "the House"),
        ),
        (
            "addressee: id/org/parliament",
            "addressee: parliament",
            "addressee: 'parliament' is neither an id nor a web address",
            "did you mean id/org/parliament?",
        ),
        (
            "addressee: id/org/parliament",
            "addressee: senate",
            "addressee: 'senate' is neither an id nor a web address",
            ORGANISATION % ("senate", "senate"),
        ),
        (
            "source: id/person/doe",
            "source: {label: Doe}",
            "“Doe” under source has no id",
            "describe it under entities",
        ),
        ("type: Organization", "type: Organisation", "there is no type Organisation", "did you mean Organization?"),
        ("type: Thing", "type: Thng", "there is no type Thng", "did you mean Thing?"),
        (
            CONTENT,
            CONTENT.replace("late}", "late, quantity: {label: two}}"),
            "a quantity is a number, or words with a language (found id/claim/a/late#quantity)",
            "write it like quantity: 12, or quantity: about a dozen",
        ),
        (
            CONTENT,
            CONTENT.replace("late}", "late, time: {label: on 28 November}}"),
            "a time is a time expression of the same content (found id/claim/a/late#time)",
            "write it like time: {wording: on Monday}",
        ),
        (
            CONTENT,
            CONTENT.replace("late}", "late, condition: {label: rain}}"),
            "a condition is a situation of the same content (found id/claim/a/late#condition)",
            "write it like condition: {eventType: acceptance, agent: id/org/harbour}",
        ),
        # A name that nothing describes.
        (
            "addressee: id/org/parliament",
            "addressee: id/org/senate",
            "addressee: id/org/senate is not described anywhere",
            "correct the id",
        ),
        (
            "{id: late, concerns: []}",
            "{id: late, corroborates: lost, because: It says so too.}",
            "corroborates: id/claim/a/lost is not described anywhere",
            "correct the id",
        ),
        (
            "{id: late, concerns: []}",
            "{id: lost, contradicts: late, because: It says otherwise.}",
            "id/claim/a/lost is not described anywhere",
            "correct the id",
        ),
        # A name that is nearly that of something described.
        (
            "source: id/person/doe",
            "source: id/person/deo",
            "source: id/person/deo is not described anywhere",
            "did you mean id/person/doe (line 13)? else describe it",
        ),
        (
            "source: id/person/doe",
            "source: Doe",
            "source: id/source/a/Doe is not described anywhere",
            "did you mean id/person/doe (line 13)?",
        ),
        (
            "addressee: id/org/parliament",
            "addressee: id/group/parliament",
            "id/group/parliament is not described anywhere",
            "did you mean id/org/parliament (line 14)?",
        ),
        (
            "  attributedTo: id/org/quoth",
            "  attributedTo: id/org/qouth",
            "attributedTo: id/org/qouth is not described anywhere",
            "did you mean id/org/quoth (line 12)?",
        ),
        (
            "{id: late, concerns: []}",
            "{id: late, contradicts: lat, because: It says otherwise.}",
            "contradicts: id/claim/a/lat is not described anywhere",
            "did you mean id/claim/a/late (line 16)?",
        ),
        # A type that there is not, or none.
        (
            "type: Organization, label: the",
            "type: Ministry, label: the",
            "there is no type Ministry",
            "write Organization",
        ),
        ("type: Thing", "type: Bridge", "there is no type Bridge", "write Building"),
        ("type: Thing", "type: Vehicle", "there is no type Vehicle", "write Person, Group, Organization, Document,"),
        ("type: Person", "type: person", "there is no type person", "did you mean Person?"),
        (
            "type: Article",
            "type: article",
            "id/article/a has the type article, and cannot be described with it",
            "did you mean Article?",
        ),
        ("type: Person, ", "", "id/person/doe has no type", "add type: Person"),
        # What cannot be inferred.
        (
            "{id: late, concerns: []}",
            "{id: late, contradicts: id/person/doe, because: It says otherwise.}",
            "id/claim/a/late is related to id/person/doe, and the two are not both claims",
            "name two claims",
        ),
        (
            "{id: late, concerns: []}",
            "{id: late, sameReferent: late, because: It says otherwise.}",
            "they are not two different parts of contents",
            "name two parts",
        ),
        (
            "{id: late, concerns: []}",
            "{id: late, earliest: 2026-01-01, comment: It says so.}",
            "is neither a time of a content nor an article with a text",
            "give the bounds to the time expression",
        ),
        (
            "{id: late, concerns: []}",
            "{id: late, comment: It says otherwise.}",
            "no relation and no bound in time that it is for",
            "write the reason of a relation as because:",
        ),
        (
            "{id: late, concerns: []}",
            "{id: late, type: Person}",
            "id/claim/a/late is given the type Person in an inference graph",
            "describe it under entities",
        ),
        # A value of another form.
        (
            LICENCE,
            "licence: CC-BY-4.0",
            "licence: 'CC-BY-4.0' is neither an id nor a web address",
            f"write it like {LICENCE}",
        ),
        (LICENCE, "licence: CC BY 4.0", "licence: 'CC BY 4.0' is not an IRI", f"write it like {LICENCE}"),
        (
            "attribute: late}",
            "attribute: late, time: on Monday}",
            "time: 'on Monday' is not an IRI",
            "write it like time: {wording: on Monday}",
        ),
        (CONTENT, "the ferry was late", "content is keys with values, not words", "write it like content: {eventType:"),
        ("start: 40", "start: forty", "start is one whole number (xsd:integer) from 0 (found forty)", "write start in"),
        (
            'sha256: "',
            'sha256: "0',
            "lower case, in quotation marks (found 036a7c851ae1ff02e6d042c758c14a1a577657fc27a114ad87c378042e2844b8b)",
            "write sha256 in that form",
        ),
        ("language: en", "language: English", "'English' is not a language tag (BCP 47)", "write en"),
        ("language: en\n", "", 'needed, as a tag (BCP 47) such as "en", "de" or "pt-BR"', "add language"),
        (
            "language: en",
            "language: en\ndatePublished: November 2026",
            "“November 2026” is not a date",
            "write the whole date",
        ),
        ("eventType: schedule", "eventType: [schedule, presence]", "exactly one event type of the scheme", "keep one"),
        ("eventType: schedule, ", "", "is a role, but what has it is not a situation", "give it an eventType"),
        (
            CUE,
            f"    within: id/person/doe\n{CUE}",
            "a level is within at most one other level (found id/person/doe)",
            "write it like within: {",
        ),
        # An id of another form.
        (
            "  - id: late\n",
            "  - id: FerryLate\n",
            "'claim/a/FerryLate' is not in the form of an IRI of this dataset (http://localhost:8000/)",
            "write id/claim/a/ferry-late",
        ),
        ("  - id: late\n", "  - id: ferry late\n", "is not an IRI", "an IRI has no spaces or brackets"),
        (
            "id: id/article/a\n",
            "id: a\n",
            "'a' is not in the form of an IRI of this dataset (http://localhost:8000/)",
            "use id/<kind>/<slug>",
        ),
        ("id: id/article/a\n", "", "the document has no id, which is that of its article", "write it at the top"),
        # Something in the place of something else.
        (
            FIRST,
            f"  - Roe\n{FIRST}",
            "entities has 'Roe' without keys",
            "write it like {id: id/org/harbour-office, type:",
        ),
        (
            FIRST,
            f"  - {{type: Person, label: Roe}}\n{FIRST}",
            "an entry of entities has no id",
            "give one, such as id: id/org/",
        ),
        ("type: Person, label: Doe", "type: Person, name: Doe", "there is no key 'name' here", "did you mean label?"),
        (
            "{id: late, concerns: []}",
            "{id: late, supports: late}",
            "no key 'supports' here",
            "did you mean corroborates?",
        ),
        ("label: Doe told", 'label: "Doe" told', "words follow a value in quotation marks", "put the whole value in"),
        ("    polarity", "   polarity", "a line is not indented like those around it", "begin the keys of one mapping"),
        # A date in another form.
        ("created: 2026-11-23", "created: 28.11.2026", "created: “28.11.2026” is not a date", "write 2026-11-28"),
        # A word that is none of its scheme.
        (
            "polarity: positive",
            "polarity: positiv",
            "exactly one polarity is needed: positive or negative (found positiv)",
            "did you mean positive? any server (quoth serve) explains every concept at /ns/polarity",
        ),
        ("    tense: past\n", "", "exactly one tense is needed: past, sincePast, present or future", "add tense"),
        # A quotation whose offsets cannot be right.
        (
            'exact: "the ferry was late"',
            'exact: "the ferry is late"',
            "the quotation “the ferry is late” is not in the text, whose nearest words are “the ferry was late” at 40",
            "quote the text letter by letter",
        ),
    ],
)
def test_one_mistake_has_one_finding(tmp_path: Path, old: str, new: str, message: str, remedy: str) -> None:
    [finding] = found(tmp_path, old, new)
    assert finding.message.endswith(message)
    assert finding.remedy.startswith(remedy)
    assert finding.line in (1, line_of(old), line_of(old) + 1, line_of("  - id: late"))
    assert "\n" not in str(finding)


def test_a_node_within_another_is_named_by_the_keys_that_lead_to_it(tmp_path: Path) -> None:
    findings = found(tmp_path, "addressee: id/org/parliament", "addressee: {label: Ann, memberOf: {label: the House}}")
    assert [f.message for f in findings] == [
        "“Ann” under addressee has no id",
        "“the House” under addressee › memberOf has no id",
    ]


def test_two_mistakes_have_two_findings(tmp_path: Path) -> None:
    written = document().replace("addressee: id/org/parliament", "addressee: {type: Organisation, label: the House}")
    written = written.replace("created: 2026-11-23", "created: 3/4/2026").replace("Doe}", "Doe, altLabel: 5}")
    messages = [f.message for f in checked(tmp_path, written).findings]
    assert [m for m in messages if "has no id" in m or "no type" in m or "a date" in m] == [
        "created: “3/4/2026” is not a date",
        "there is no type Organisation",
        "“the House” under addressee has no id",
    ]


@pytest.mark.parametrize(
    ("written", "remedy"),
    [
        ("28.11.2026", "write 2026-11-28"),
        ("11/28/2026", "write 2026-11-28"),
        ("28/11/2026", "write 2026-11-28"),
        ("28-11-2026", "write 2026-11-28"),
        ("28 November 2026", "write 2026-11-28"),
        ("Saturday, the 28th of November, 2026", "write a date, like 2026-11-28"),
        ("Saturday, 28th November 2026", "write 2026-11-28"),
        ("Nov 28, 2026", "write 2026-11-28"),
        ("2026-1-5", "write 2026-01-05"),
        ("2026/01/05", "write 2026-01-05"),
        ("3/4/2026", "write 2026-03-04 or 2026-04-03, whichever is meant"),
        ("4/4/2026", "write 2026-04-04"),
        ("28.11.26", "write the year in four digits, like 2026-11-28"),
        ("2026-11", "write the whole date with its day, like 2026-11-28, or leave it out"),
        ("November 2026", "write the whole date with its day, like 2026-11-28, or leave it out"),
        ("2026-02-30", "there is no such day: write another"),
        ("28.11.2026 14:05", "write 2026-11-28"),
        ("soon", "write a date, like 2026-11-28"),
    ],
)
def test_a_date_in_another_form_is_shown_in_the_right_one(tmp_path: Path, written: str, remedy: str) -> None:
    [finding] = found(tmp_path, "created: 2026-11-23", f'created: "{written}"')
    assert (finding.message, finding.remedy) == (f"created: “{written}” is not a date", remedy)


@pytest.mark.parametrize(
    ("datatype", "written", "message", "remedy"),
    [
        ("dateTime", "28.11.2026 14:05", "a date and time", "write 2026-11-28T14:05:00"),
        ("dateTime", "3/4/2026 2:05 PM", "a date and time", "2026-03-04T14:05:00 or 2026-04-03T14:05:00"),
        ("time", "2 PM", "a time", "write 14:00:00"),
        ("duration", "3 days", "a duration", "write a duration, like P1Y2M3D or PT12H30M"),
        ("integer", "12,400", "a whole number", "write 12400"),
        ("boolean", "yes", "true or false", "write true or false"),
    ],
)
def test_a_value_of_another_datatype_too(
    tmp_path: Path, datatype: str, written: str, message: str, remedy: str
) -> None:
    typed = f'comment: {{"@value": "{written}", "@type": "http://www.w3.org/2001/XMLSchema#{datatype}"}}'
    findings = found(tmp_path, "label: An article", f"label: An article\n{typed}")
    [finding] = [f for f in findings if f.rule == "unfit-term"]
    assert finding.message == f"comment: “{written}” is not {message}"
    assert remedy in finding.remedy


OPEN = "They said that the ferry was late. It rained. The police have not confirmed that the ferry sank."
"""A text of which a draft leaves open who says it: a pronoun, and what was not done."""


def test_an_untouched_draft_has_one_line_for_each_claim_with_an_open_source(tmp_path: Path) -> None:
    findings = checked(tmp_path, draft.draft(OPEN, "a"), OPEN).findings
    assert [(f.focus.removeprefix(BASE).partition("#")[0], f.message) for f in findings] == [
        ("id/article/a", "3 values to decide: label, attributedTo, method"),
        ("id/claim/a/sentence-1", "1 value to decide: source"),
        ("id/claim/a/sentence-3", "1 value to decide: source"),
    ]
    assert all(f.line and f.remedy for f in findings)


def test_a_draft_that_is_half_filled_in_has_one_line_for_what_is_left_and_for_each_mistake(tmp_path: Path) -> None:
    written = draft.draft(OPEN, "a").replace('label: ""', "label: An article").replace("id/org/confirm", "id/org/quoth")
    described = "entities: [{id: id/org/quoth, type: Organization, label: Quoth}, {id: id/person/doe, type: Person}]"
    written = written.replace("entities: []", described).replace("source: confirm", "source: id/person/dow", 1)
    assert [f.message for f in checked(tmp_path, written, OPEN).findings if f.severity == "Violation"] == [
        "1 value to decide: method",
        "a label is needed: a text with its language, one in each language",
        "source: id/person/dow is not described anywhere",
        "1 value to decide: source",
    ]


def test_a_text_that_is_empty_is_to_be_decided(tmp_path: Path) -> None:
    [finding] = found(tmp_path, "method: By hand.", 'method: ""')
    assert (finding.rule, finding.message) == ("undecided", "1 value to decide: method")


def test_remedies_say_more_than_to_fix_something(tmp_path: Path) -> None:
    written = document().replace("language: en", "language: English").replace("Doe}", "Doe, seeAlso: id/org/quoth}")
    written = re.sub("sha256: .*,", 'sha256: "12",', written).replace("cue: {", "mention: {of: id/org/x, ")
    remedies = [f.remedy for f in checked(tmp_path, written).findings]
    assert remedies
    assert not [r for r in remedies if re.fullmatch(r"(fix|mend|correct) \w+", r)]


MEMBER = "{eventType: membership, agent: id/person/doe, %s}"


@pytest.mark.parametrize(
    ("old", "new", "message", "remedy"),
    [
        (
            CONTENT,
            MEMBER % "memberOf: id/org/parliament",
            "“memberOf” is not a role of membership",
            "or use a role of the frame (agent: the member; affected: the body; kind: the office)",
        ),
        (
            CONTENT,
            MEMBER % "affected: id/org/parliament, kind: leader",
            "a kind is a concept of ours or of the corpus's vocabulary (found leader)",
            "leader is no kind of ours or of the documents that are checked together; define it in a vocabulary",
        ),
        (
            CONTENT,
            CONTENT.replace("late}", "late, unstated: seller}"),
            "unstated: 'seller' is not a role, such as agent",
            "write it like unstated: agent",
        ),
        (
            "concerns: []",
            "concerns: machines",
            "concerns: 'machines' is neither an id nor a web address",
            "describe it under topics",
        ),
        (
            "    certainty: certain\n",
            "    certainty: certain\n    within: [hale]\n",
            "within: 'hale' is not a level of attribution",
            "write it like within: {source: id/org/harbour-office, speechAct: said}",
        ),
    ],
)
def test_a_value_of_another_kind_is_told_once_what_is_allowed(
    tmp_path: Path, old: str, new: str, message: str, remedy: str
) -> None:
    [finding] = checked(tmp_path, document().replace(old, new, 1)).findings
    assert finding.message == message
    assert remedy in finding.remedy


def test_the_id_is_proposed_whose_last_part_is_written(tmp_path: Path) -> None:
    topic = "topics: [{id: id/topic/machines, label: machines, scopeNote: What moves.}]\nclaims:\n"
    written = document().replace(FIRST, topic, 1).replace("concerns: []", "concerns: machines")
    [finding] = checked(tmp_path, written).findings
    assert finding.remedy == "did you mean id/topic/machines?"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"speechAct: said": "speechAct: denies", "label: Doe told": "label: Doe denies to"}, "(found denies)"),
        ({"tense: past": "tense: futur"}, "(found futur)"),
    ],
)
def test_a_coding_that_is_no_concept_is_not_compared_with_the_words(
    tmp_path: Path, changes: dict[str, str], message: str
) -> None:
    text, words = TEXT.replace("was late", "will be late"), "the ferry will be late"
    written = document(text, words)
    for old, new in changes.items():
        assert old in written
        written = written.replace(old, new, 1)
    findings = checked(tmp_path, written, text).findings
    told = [f for f in findings if not (f.rule == "tense-words" and "its tense is past" in f.message)]
    assert [message in f.message for f in told] == [True]
