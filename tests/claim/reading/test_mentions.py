"""Mentions are read, checked, placed in the text, and found by what they refer to."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from quoth.claim.authoring import fill_offsets
from quoth.claim.checking.anchors import Texts
from quoth.claim.checking.check import check
from quoth.claim.model.namespaces import QUOTH, RDFS
from quoth.claim.model.report import Finding
from quoth.claim.reading.document import read
from quoth.claim.rules.publication import derive
from quoth.errors import DocumentError

from ..mentioned import CLAIM, DOCUMENT, HEAD, MENTIONS

BASE = "http://localhost:8000/"
ARTICLE = f"{BASE}id/article/harbour"
CLAIM_IRI = f"{BASE}id/claim/harbour/no-ties"
COMPANY = ox.NamedNode(f"{BASE}id/org/velm-salt")
GUILD = ox.NamedNode(f"{BASE}id/org/pilots-guild")


def subject(quad: ox.Quad) -> str:
    return str(quad.subject).strip("<>")


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "m.yaml"
    path.write_text(text, "utf-8")
    return path


def findings(tmp_path: Path, texts: Texts, text: str) -> list[Finding]:
    return [f for f in check([written(tmp_path, text)], BASE, texts)[0].findings if f.rule != "frame"]


def test_a_document_with_mentions_conforms(tmp_path: Path, texts: Texts) -> None:
    assert findings(tmp_path, texts, DOCUMENT) == []


def test_a_mention_refers_to_an_entity_and_its_iri_has_its_place(tmp_path: Path) -> None:
    quads = read(written(tmp_path, DOCUMENT), BASE).quads
    referring = {(subject(q), q.object) for q in quads if q.predicate == QUOTH.refersTo}
    assert referring == {
        (f"{ARTICLE}#mention-506", GUILD),
        (f"{ARTICLE}#mention-488", COMPANY),
        (f"{CLAIM_IRI}#mention", COMPANY),  # the words that name the source of a level refer to that source
    }
    [understood] = [q for q in quads if q.predicate == QUOTH.understood]
    assert (subject(understood), understood.object) == (f"{ARTICLE}#mention-488", ox.Literal(True))


def test_a_mention_is_in_the_claims_in_whose_anchors_it_lies(tmp_path: Path) -> None:
    quads = read(written(tmp_path, DOCUMENT), BASE).quads
    found = {(subject(q), q.object) for q in derive(quads, BASE) if q.predicate == QUOTH.mentionedIn}
    claim = ox.NamedNode(CLAIM_IRI)
    assert found == {(f"{ARTICLE}#mention-506", claim), (f"{ARTICLE}#mention-488", claim)}


def test_an_understood_entity_is_said_on_the_claim(tmp_path: Path, texts: Texts) -> None:
    without = HEAD + MENTIONS.partition("  - of:")[0] + CLAIM.replace("    mention:", "    # mention:")
    [finding] = findings(tmp_path, texts, without)
    assert (finding.rule, finding.severity, finding.value) == ("unmentioned", "Warning", COMPANY.value)
    assert finding.line == DOCUMENT[: DOCUMENT.index("- id: no-ties")].count("\n") + 1 - MENTIONS.count("\n") + 2
    said = without.replace("    words:", "    understood: [id/org/velm-salt]\n    words:")
    assert findings(tmp_path, texts, said) == []


def test_a_document_without_a_list_of_mentions_is_not_compared(tmp_path: Path, texts: Texts) -> None:
    assert findings(tmp_path, texts, HEAD + CLAIM) == []


BREAKS = {
    "wrong words": ("exact: the Pilots’ Guild, start", "exact: the Pilot’s Guild, start", "is not in the text"),
    "unknown entity": ("of: id/org/pilots-guild", "of: id/org/rowers", "not described anywhere"),
    "nothing referred to": ("of: id/org/pilots-guild, ", "", "refers to something"),
    "understood without a comment": (
        "    comment: “it” is the company, the subject of “it said, too”.\n",
        "",
        "needs a comment",
    ),
    "understood is false": ("understood: true", "understood: false", "understood is true, or left out"),
    "no offsets": (", start: 506, end: 523}\n  -", "}\n  -", "needs its offsets"),
    "understood is unknown": ("    words:", "    understood: [id/org/rowers]\n    words:", "not described anywhere"),
}

TWO = "  - {of: id/person/mara-lind, exact: the Pilots’ Guild, start: 506, end: 523}\n"


def test_the_same_words_are_listed_once(tmp_path: Path, texts: Texts) -> None:
    twice = DOCUMENT.replace("mentions:\n", f"mentions:\n{TWO}")
    [finding] = findings(tmp_path, texts, twice)
    assert (finding.rule, finding.value) == ("mention-twice", f"{ARTICLE}#mention-506")
    together = DOCUMENT.replace("of: id/org/pilots-guild", "of: [id/org/pilots-guild, id/person/mara-lind]")
    assert findings(tmp_path, texts, together) == []


@pytest.mark.parametrize("name", BREAKS)
def test_a_mistake_in_a_mention_is_found(name: str, tmp_path: Path, texts: Texts) -> None:
    old, new, expected = BREAKS[name]
    assert DOCUMENT.count(old) == 1
    violations = [f for f in findings(tmp_path, texts, DOCUMENT.replace(old, new)) if f.severity == "Violation"]
    assert any(expected in f.message for f in violations)
    assert all(f.line for f in violations)


REFUSED = {
    "a list of words": (
        "  - {of: id/org/pilots-guild, exact: the Pilots’ Guild, start: 506, end: 523}",
        "  - the guild",
    ),
    "all, with a place": ("start: 506, end: 523}", "start: 506, end: 523, all: true}"),
    "understood is no list of entities": ("    words:", "    understood: true\n    words:"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_a_mention_is_refused_with_its_line(name: str, tmp_path: Path) -> None:
    old, new = REFUSED[name]
    with pytest.raises(DocumentError, match=r"mention|understood") as caught:
        read(written(tmp_path, DOCUMENT.replace(old, new, 1)), BASE)
    assert caught.value.where
    assert caught.value.where.rpartition(":")[2].isdecimal()
    assert caught.value.remedy


def test_the_act_of_an_inner_level_has_its_mention_as_words_alone(tmp_path: Path, texts: Texts) -> None:
    inner = CLAIM.replace(
        "    certainty:",
        "    within: {source: id/person/mara-lind, speechAct: said, stance: neutral, scope: inherited}\n    certainty:",
    )
    assert [f for f in findings(tmp_path, texts, HEAD + MENTIONS + inner) if f.severity == "Violation"] == []


def test_offsets_of_mentions_are_filled_in(tmp_path: Path, texts: Texts) -> None:
    without = DOCUMENT.replace(", start: 506, end: 523", "").replace(", start: 425, end: 436", "")
    filled, count, found = fill_offsets.fill(written(tmp_path, without), BASE, texts)
    assert (count, found) == (2, [])
    assert findings(tmp_path, texts, filled) == []


def test_all_occurrences_of_a_name_become_a_mention_each(tmp_path: Path, texts: Texts, text: str) -> None:
    names = (
        "mentions:\n"
        "  # Her name, and what is left of it.\n"
        "  - {of: id/person/mara-lind, exact: Lind, all: true}\n"
        "  - {of: id/person/mara-lind, exact: Mara Lind}\n"
        "  - {of: id/org/pilots-guild, exact: guild, all: true}\n"
    )
    filled, count, found = fill_offsets.fill(written(tmp_path, HEAD + names + CLAIM), BASE, texts)
    assert found == []
    assert "all:" not in filled
    assert "# Her name" in filled
    quads = read(written(tmp_path, filled), BASE).quads
    starts = sorted(
        int(subject(q).rpartition("-")[2])
        for q in quads
        if q.predicate == QUOTH.refersTo and q.object == ox.NamedNode(f"{BASE}id/person/mara-lind")
    )
    assert [text[at : at + 9] for at in starts] == ["Mara Lind", "Lind accu", "Lind, a r"]
    assert count == 3 + text.count("guild")
    assert not [f for f in findings(tmp_path, texts, filled) if f.severity == "Violation"]
    assert fill_offsets.fill(written(tmp_path, filled), BASE, texts)[1] == 0


def test_a_name_that_does_not_occur_is_reported(tmp_path: Path, texts: Texts) -> None:
    names = "mentions:\n  - {of: id/person/mara-lind, exact: Linda, all: true}\n"
    filled, count, [finding] = fill_offsets.fill(written(tmp_path, HEAD + names + CLAIM), BASE, texts)
    assert (filled, count) == (HEAD + names + CLAIM, 0)
    assert "is not in the text" in finding.message
    assert finding.line == HEAD.count("\n") + 2


def test_a_comment_says_whom_a_pronoun_means(tmp_path: Path) -> None:
    quads = read(written(tmp_path, DOCUMENT), BASE).quads
    [comment] = [q for q in quads if q.predicate == RDFS.comment]
    assert comment.subject == ox.NamedNode(f"{ARTICLE}#mention-488")
