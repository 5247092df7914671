"""Where two coders coded one article, the questions that count claims count those of one encoding."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from quoth.claim.rules.publication import published_quads
from quoth.resources import folder

from ..small_article import BEAM, MONTH, checked, document

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
    "certainty: certain, polarity: positive, realis: predicted, tense: future, "
    "content: {eventType: meeting, party: [id/org/council, id/person/ada-roke]}, words:"
)
CLAIMS = (BEAM + MONTH.replace("words:", CODED)).replace("source: id/org/council", "source: id/source/bridge/clerk")
FIRST = REST + document(CLAIMS)
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
    text = (folder("data") / "queries" / f"{question}.rq").read_text("utf-8")
    alone, both = (answer(text, tmp_path / str(len(documents)), *documents) for documents in ((FIRST,), (FIRST, AGAIN)))
    assert alone
    assert alone == both
