"""Where two coders coded one article, the questions list and count the claims of one encoding."""

import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from quoth.claim.reading import document
from quoth.claim.rules.publication import published_quads
from quoth.resources import folder
from quoth.sparql import named_queries

from ..small_article import BEAM, MONTH, checked
from ..small_article import document as small

QUESTIONS = {q.name: q for q in named_queries.load(named_queries.QUESTIONS)}
BASE = "http://localhost:8000/"
REST = """
sources:
  - {id: id/source/bridge/clerk, type: [AnonymousSource, Agent], label: a clerk}
topics:
  - {id: id/topic/bridge-repair, label: repair of the mill bridge, scopeNote: How long it takes and who does it.}
inference:
  - attributedTo: id/org/quoth
    comment: By hand.
    graph:
      - {id: "id/claim/bridge/a-month#situation", concerns: id/topic/bridge-repair}
"""
CODED = (
    "certainty: certain, polarity: positive, realis: predicted, tense: future, stance: endorses, scope: inherited, "
    "content: {eventType: meeting, party: [id/org/council, id/person/ada-roke]}, words:"
)
CLAIMS = (BEAM + MONTH.replace("words:", CODED)).replace("source: id/org/council", "source: id/source/bridge/clerk")
FIRST = REST + small(CLAIMS)
AGAIN = (
    FIRST.replace("beam-cracked", "beam-cracked-2")
    .replace("a-month", "a-month-2")
    .replace("attributedTo: id/org/quoth\n  created", 'id: "#encoding-2"\n  attributedTo: id/org/quoth\n  created')
)


def answer(question: str, folder: Path, *documents: str) -> list[str]:
    report, quads = checked(folder, *documents)
    assert report.conforms, report.findings
    store = ox.Store()
    store.extend(published_quads(quads, BASE))
    solutions = store.query(question, base_iri=BASE)
    assert isinstance(solutions, ox.QuerySolutions)
    return [str(solution) for solution in solutions]


@pytest.mark.parametrize("question", ["entities-by-number-of-claims", "speech-acts-by-frequency", "topics-and-sources"])
def test_a_question_counts_one_encoding(tmp_path: Path, question: str) -> None:
    text = QUESTIONS[question].text
    alone, both = (answer(text, tmp_path / str(len(documents)), *documents) for documents in ((FIRST,), (FIRST, AGAIN)))
    assert alone
    assert alone == both


OTHERS = {
    "encoding-provenance": "it lists the encodings themselves",
    "false-friends": "links are of no encoding",
    "keys-for-joining": "links are of no encoding",
    "links-to-a-dataset": "links are of no encoding",
    "linksets": "links are of no encoding",
    "looked-for-in-vain": "links are of no encoding",
}
"""The questions that neither list nor count claims, and why."""
COUNTING = sorted(QUESTIONS.keys() - OTHERS.keys())


@pytest.fixture(scope="module")
def stores() -> list[ox.Store]:
    """The shipped data as published: as they are, and with all claims, mentions and inferences of the article a second
    time, as of a second encoding."""
    data = folder("data")
    paths = document.files([data / "entities.ttl", data / "articles", *data.glob("vocabulary.yaml")])
    once = ox.serialize([q for p in paths for q in document.read(p, BASE).quads], format=ox.RdfFormat.N_QUADS)
    assert once
    again = re.sub(rb"(id/article/[\w-]+#)encoding\b", rb"\1encoding-2", once)
    again = re.sub(rb"(id/article/[\w-]+#)(inference|mention|reason)\b", rb"\1encoding-2-\2", again)
    again = re.sub(rb"(id/claim/[\w-]+/)", rb"\1again-", again)
    made = []
    for text in (once, once + again):
        made.append(ox.Store())
        made[-1].extend(published_quads(list(ox.parse(text, format=ox.RdfFormat.N_QUADS)), BASE))
    return made


@pytest.mark.parametrize("question", COUNTING)
def test_a_second_encoding_of_the_shipped_article_adds_no_row(stores: list[ox.Store], question: str) -> None:
    text = QUESTIONS[question].text
    alone, both = ([str(row) for row in store.query(text, base_iri=BASE)] for store in stores)  # type: ignore[union-attr]
    assert alone
    assert alone == both
