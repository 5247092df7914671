"""A dataset with words of its own, from its documents to its pages."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from quoth.claim.checking.check import check
from quoth.claim.model.report import Report
from quoth.claim.rules import publication
from quoth.release.publish import publish

from ...conftest import BASE, application

VOCABULARY = """\
"@context": https://w3id.org/quoth/context.jsonld
concepts:
  - id: id/concept/boycott
    prefLabel: boycott
    altLabel: [shun]
    definition: People refuse to deal with somebody, to press for something.
    scopeNote: If they stop their own work, it is a strike.
    broader: ns:event-type#protest
    frame:
      {id: "id/concept/boycott#frame", type: Frame, needs: [affected, instrument], may: [mediator], forbids: [terms]}
  - id: id/concept/grumbled
    prefLabel: grumbled
    altLabel: [also said]
    definition: Speaks ill of somebody under the breath.
    broader: ns:speech-act#criticised
  - id: id/concept/skipper
    prefLabel: skipper
    altLabel: [captain]
    definition: Who commands a small boat.
    inScheme: ns:kind
"""

CLAIMS = """\
claims:
  - id: id/claim/harbour/tay-skipper
    label: The article says that Orrin Tay is the captain.
    anchor: {exact: "Orrin Tay, the captain", start: 172, end: 194}
    certainty: certain
    polarity: positive
    realis: actual
    tense: present
    content: {eventType: characterisation, agent: id/person/orrin-tay, kind: skipper}
  - id: id/claim/harbour/dockers-boycott
    label: Two dockers grumble that they shun Velm Salt.
    anchor: {exact: "that the ferry was late", start: 252, end: 275}
    attribution:
      source: id/source/harbour/two-dockers
      speechAct: grumbled
      stance: endorses
      scope: explicit
      cue: {exact: "also said that", start: 242, end: 256}
    certainty: certain
    polarity: positive
    realis: habitual
    tense: present
    content:
      eventType: boycott
      agent: id/source/harbour/two-dockers
      affected: id/org/velm-salt
      instrument: {label: the ferry}
"""


BOYCOTT = "affected: id/org/velm-salt\n      instrument: {label: the ferry}"
KIND_FRAME = '    frame: {id: "id/concept/skipper#frame", type: Frame, needs: [agent]}'


def corpus(harbour: Path, folder: Path, vocabulary: str = VOCABULARY, claims: str = CLAIMS) -> Path:
    """A dataset: a vocabulary, and below it an article of two claims that use it."""
    (folder / "articles").mkdir(parents=True)
    (folder / "vocabulary.yaml").write_text(vocabulary, "utf-8")
    head = harbour.read_text("utf-8").partition("\n# Topics are")[0]
    (folder / "articles" / "harbour.yaml").write_text(f"{head}\n{claims}", "utf-8")
    return folder


def found(report: Report) -> list[str]:
    return [f"{f.rule}: {f.message}; {f.remedy}" for f in report.findings]


@pytest.fixture(scope="module")
def dataset(harbour: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return corpus(harbour, tmp_path_factory.mktemp("dataset"))


@pytest.fixture(scope="module")
def app(dataset: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    releases = tmp_path_factory.mktemp("releases")
    report, quads = check([dataset], BASE)
    assert found(report) == []
    publish(
        publication.published_quads(quads, BASE),
        releases=releases,
        base=BASE,
        report_ttl=report.as_turtle(),
        report_json="{}",
    )
    with application(releases) as app:
        yield app


def page(app: Flask, path: str) -> str:
    response = app.test_client().get(path, headers={"Accept": "text/html"})
    assert response.status_code == 200
    return response.get_data(as_text=True)


def test_a_concept_has_a_page_with_its_definition_its_frame_and_its_claims(app: Flask) -> None:
    text = page(app, "/doc/concept/boycott")
    for words in (
        "People refuse to deal with somebody",
        "If they stop their own work, it is a strike.",
        "Also called shun",
        "Its roles: agent; affected; instrument",  # agent is needed by the frame of protest, the others by its own
        "<code>mediator</code></th><td></td><td></td><td>a person, a group",
        "<code>instrument</code></th><td>yes, or unstated</td><td></td><td>an entity or a part of the content",
        "It may not have <code>terms</code>.",
        "Two dockers grumble that they shun Velm Salt.",
        'href="/ns">Ontology',
    ):
        assert words in text


def test_an_act_is_called_by_its_name(app: Flask) -> None:
    assert "Two dockers grumbled" in page(app, "/doc/claim/harbour/dockers-boycott")
    assert "Grumbled" in page(app, "/doc/source/harbour/two-dockers")  # in the facet of speech acts


def test_a_content_names_the_type_and_the_kind(app: Flask) -> None:
    assert "boycott</a>" in page(app, "/doc/claim/harbour/dockers-boycott")
    assert "skipper</a>" in page(app, "/doc/claim/harbour/tay-skipper")


def test_the_scheme_lists_the_narrower_word(app: Flask) -> None:
    text = page(app, "/ns/event-type")
    assert 'narrower in this dataset <a href="/id/concept/boycott">boycott</a>' in text.replace("/doc/", "/id/")


def test_the_search_finds_a_concept(app: Flask) -> None:
    assert "/concept/boycott" in page(app, "/search?q=shun")


def test_turtle_beside_the_claims_is_a_vocabulary_too(harbour: Path, tmp_path: Path) -> None:
    folder = corpus(harbour, tmp_path / "d")
    (folder / "vocabulary.yaml").unlink()
    (folder / "articles" / "vocabulary.ttl").write_text(
        """
        @base <http://localhost:8000/> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
        <id/concept/boycott> a skos:Concept ; skos:prefLabel "boycott"@en ;
            skos:broader <https://w3id.org/quoth/ns/event-type#protest> ; skos:definition "People refuse to deal."@en .
        @prefix sh: <http://www.w3.org/ns/shacl#> . @prefix need: <https://w3id.org/quoth/shapes/frames/need#> .
        <id/concept/boycott#frame> a sh:NodeShape ; sh:targetClass <id/concept/boycott> ; sh:property need:instrument .
        <id/concept/grumbled> a skos:Concept ; skos:prefLabel "grumbled"@en ; skos:altLabel "also said"@en ;
            skos:broader <https://w3id.org/quoth/ns/speech-act#criticised> ; skos:definition "Speaks ill, softly."@en .
        <id/concept/skipper> a skos:Concept ; skos:prefLabel "skipper"@en ; skos:altLabel "captain"@en ;
            skos:inScheme <https://w3id.org/quoth/ns/kind> ; skos:definition "Who commands a boat."@en .
        """,
        "utf-8",
    )
    report, _ = check([folder], BASE)
    assert found(report) == []


def test_a_narrower_type_has_the_frame_of_the_broader_one_and_its_own(harbour: Path, tmp_path: Path) -> None:
    claims = CLAIMS.replace("affected: id/org/velm-salt", "counterparty: id/org/velm-salt")
    report, _ = check([corpus(harbour, tmp_path / "d", claims=claims)], BASE)
    assert sorted(f.message.partition(" (")[0] for f in report.findings) == [
        "boycott: affected is needed, or unstated: affected where the text leaves it open",
        "“counterparty” is not a role of boycott",
    ]


FRAMES = {
    "a role that ours has not is allowed where it is needed": ("needs: [party]", "party: id/org/velm-salt", []),
    "one that is missing": ("needs: [party]", "affected: id/org/velm-salt", ["party is needed, or unstated: party"]),
    "one that is unstated": ("needs: [quality]", "unstated: quality", []),
    "one that somebody else plays": ("needs: [party]", "party: id/place/port-velm", ["party is a person, a group"]),
    "a role that may be": ("may: [instrument]", "instrument: {label: the ferry}", []),
    "a role that may not be": ("forbids: [affected]", "affected: id/org/velm-salt", ["affected is forbidden"]),
    "a role that neither frame has": (
        "may: [party]",
        "origin: id/place/port-velm",
        ["“origin” is not a role of boycott"],
    ),
}
"""The corpus's own frame of a type narrower than protest, roles beside its agent, and the words of what is wrong."""


@pytest.mark.parametrize(("frame", "roles", "wrong"), FRAMES.values(), ids=FRAMES)
def test_a_frame_of_its_own_adds_roles_and_takes_roles_out(
    frame: str, roles: str, wrong: list[str], harbour: Path, tmp_path: Path
) -> None:
    vocabulary = re.sub("needs: .*}", frame + "}", VOCABULARY)
    claims = CLAIMS.replace(BOYCOTT, roles)
    report, _ = check([corpus(harbour, tmp_path / "d", vocabulary, claims)], BASE)
    messages = [f.message for f in report.findings if f.rule == "frame"]
    assert [w for m, w in zip(messages, wrong, strict=True) if w in m and "boycott" in m] == wrong


def test_the_frame_of_a_type_holds_for_those_below_it(harbour: Path, tmp_path: Path) -> None:
    narrower = """
  - id: id/concept/blacking
    prefLabel: blacking
    definition: Dockers refuse to load the goods of somebody.
    broader: id/concept/boycott
"""
    claims = CLAIMS.replace("eventType: boycott", "eventType: blacking")
    report, _ = check([corpus(harbour, tmp_path / "d", VOCABULARY + narrower, claims)], BASE)
    assert found(report) == []
    claims = claims.replace("instrument", "terms")
    report, _ = check([corpus(harbour, tmp_path / "e", VOCABULARY + narrower, claims)], BASE)
    assert sorted(f.message.partition(" ")[2][:20] for f in report.findings) == [
        "instrument is needed",
        "terms is forbidden by"[:20],
    ]


MISTAKES = {
    "no broader concept": ("    broader: ns:event-type#protest\n", "", "one broader concept that leads to one of ours"),
    "a broader one that nobody defines": ("event-type#protest", "event-type#protst", "broader is one concept"),
    "no definition": ("    definition: Who commands a small boat.\n", "", "needs a definition"),
    "no name": ("    prefLabel: skipper\n", "", "needs a name"),
    "a scheme that is not ours": (
        "inScheme: ns:kind",
        "inScheme: http://example.org/kinds",
        "leads to one of ours, or else inScheme",
    ),
    "a scheme that is closed": ("inScheme: ns:kind", "inScheme: ns:certainty", "our other schemes are closed"),
    "the name of ours": ("prefLabel: boycott", "prefLabel: protest", "has the same name as our protest"),
    "a role that no frame can need": ("needs: [affected", "needs: [victim", "no frame can need 'victim'"),
    "a role that no frame can have": ("may: [", "may: [victim, ", "no frame can have 'victim'"),
    "a role that every situation may have": ("may: [", "may: [place, ", "every situation may have place"),
    "a role that it both needs and forbids": (
        "forbids: [",
        "forbids: [affected, ",
        "forbids affected, but: affected is",
    ),
    "a role that ours needs and it forbids": ("forbids: [", "forbids: [agent, ", "forbids agent, but: agent is needed"),
    "a frame of a kind": ("inScheme: ns:kind", "inScheme: ns:kind\n" + KIND_FRAME, "only an event type has a frame"),
    "a property that a concept has not": ("prefLabel: skipper", "prefLabel: skipper\n    sha256: x", "has only names"),
}


@pytest.mark.parametrize(("old", "new", "words"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_in_a_vocabulary_has_a_finding_with_its_line(
    old: str, new: str, words: str, harbour: Path, tmp_path: Path
) -> None:
    assert old in VOCABULARY
    report, _ = check([corpus(harbour, tmp_path / "d", VOCABULARY.replace(old, new))], BASE)
    [finding, *_] = [f for f in report.findings if words in f.message]
    assert finding.file.endswith("vocabulary.yaml")
    assert finding.line > 2


@pytest.mark.parametrize(
    ("word", "misspelt", "remedy"),
    [
        ("eventType: boycott", "eventType: boycot", "did you mean boycott?"),
        ("eventType: boycott", "eventType: shunned", "did you mean boycott?"),
        ("speechAct: grumbled", "speechAct: grumbeld", "did you mean grumbled?"),
        ("speechAct: grumbled", "speechAct: ungrumbled", "ungrumbled is no speech act of ours or of the documents"),
        ("kind: skipper", "kind: skiper", "did you mean skipper?"),
    ],
)
def test_did_you_mean_knows_the_dataset_s_words(
    word: str, misspelt: str, remedy: str, harbour: Path, tmp_path: Path
) -> None:
    report, _ = check([corpus(harbour, tmp_path / "d", claims=CLAIMS.replace(word, misspelt))], BASE)
    assert any(f.remedy.startswith(remedy) for f in report.findings), found(report)


def test_a_frame_can_hold_no_query_and_no_pattern(dataset: Path, tmp_path: Path) -> None:
    folder = tmp_path / "d"
    shutil.copytree(dataset, folder)
    (folder / "more.ttl").write_text(
        """
        @base <http://localhost:8000/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
        <id/concept/boycott#frame> sh:pattern "(a+)+$" ; sh:property <id/concept/boycott#slow> .
        <id/concept/boycott#slow> a sh:PropertyShape ; sh:path sh:path ; sh:pattern "(a+)+$" .
        """,
        "utf-8",
    )
    report, _ = check([folder], BASE)
    assert {f.rule.rpartition("#")[2] for f in report.findings} >= {
        "ClosedConstraintComponent",
        "PatternConstraintComponent",
        "unknown-type",
    }


def test_a_vocabulary_that_cannot_be_read_is_reported_once(dataset: Path, tmp_path: Path) -> None:
    folder = tmp_path / "d"
    shutil.copytree(dataset, folder)
    (folder / "vocabulary.yaml").write_text("concepts: [", "utf-8")
    report, _ = check([folder], BASE)
    assert [f.file for f in report.findings] == [str(folder / "vocabulary.yaml")], "its words are not unknown words"


def test_a_vocabulary_s_mistake_comes_before_those_of_documents(harbour: Path, tmp_path: Path) -> None:
    vocabulary = VOCABULARY.replace("altLabel: [shun]", "called: [shun]")
    folder = corpus(harbour, tmp_path / "d", vocabulary, CLAIMS.replace("certainty: certain", "certainty: sure"))
    report, _ = check([folder], BASE)
    first, *others = report.findings
    assert (first.file, first.rule) == (str(folder / "vocabulary.yaml"), "syntax")
    assert "no key 'called'" in first.message
    assert {f.value.rpartition("#")[2] for f in others} == {"sure"}


def test_a_concept_cannot_redefine_a_keyword(harbour: Path, tmp_path: Path) -> None:
    vocabulary = VOCABULARY.replace("id/concept/boycott\n", "id/concept/@vocab\n")
    claims = CLAIMS.replace("eventType: boycott", "eventType: protest").replace(BOYCOTT, "affected: id/org/velm-salt")
    report, _ = check([corpus(harbour, tmp_path / "d", vocabulary, claims)], BASE)
    assert {f.rule for f in report.findings} == {"iri-form"}
