"""Proposals of a program: always proposed, never trusted, refused with the nearest words where not verbatim."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from quoth.claim.importing.imports import Outcome

from .examples import LICENCE, TEXT, corpus, imported, report

GOOD = {"text": "ferry", "source": "Mara Lind", "cue": "said", "mention": "Mara Lind", "by": "model-3"}
GOOD |= {"quotation": "The ferry was late"}


def proposed(to: Path, *lines: Any, text: str = TEXT) -> Outcome:
    (to / "texts").mkdir(exist_ok=True)
    (to / "texts" / "ferry.txt").write_text(text, "utf-8")
    written = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    (to / "proposals.jsonl").write_text(written, "utf-8")
    return imported(to, to / "proposals.jsonl", f'[encoding]\nlicence = "{LICENCE}"\n', format="proposals")


def test_proposals_are_proposed_by_whoever_proposed_them(tmp_path: Path) -> None:
    to = corpus(tmp_path)
    outcome = proposed(to, GOOD, GOOD | {"quotation": "the quay is unsafe", "by": "Ann’s script"})
    assert not outcome.misfits
    documents = [yaml.safe_load(p.read_text("utf-8")) for p in sorted((to / "articles").iterdir())]
    assert [d["encoding"]["status"] for d in documents] == ["proposed", "proposed"]
    assert [d["encoding"]["attributedTo"] for d in documents] == ["id/org/anns-script", "id/org/model-3"]
    assert [f for f in report(to).findings if f.severity == "Violation"] == []
    assert proposed(to, GOOD, GOOD | {"quotation": "the quay is unsafe", "by": "Ann’s script"}).written == 0


def test_what_is_not_verbatim_is_refused_with_the_nearest_words(tmp_path: Path) -> None:
    outcome = proposed(corpus(tmp_path), GOOD | {"quotation": "The ferry was very late"}, GOOD | {"cue": "shouted"})
    assert [m.kind for m in outcome.misfits] == ["not verbatim", "not verbatim"]
    assert "The ferry was late" in str(outcome.misfits[0])
    assert outcome.misfits[0].where.endswith("proposals.jsonl:1")
    assert not outcome.claims["added"]


def test_a_place_is_told_by_the_words_around_it(tmp_path: Path) -> None:
    twice = GOOD | {"quotation": "the mayor"}
    [misfit] = proposed(corpus(tmp_path), twice, twice | {"suffix": " believes"}).misfits
    assert (misfit.kind, "prefix" in misfit.remedy) == ("ambiguous", True)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("{", "not JSON"),
        ("[" * 100_000, "too long"),
        ("[" * 50_000, "not JSON"),
        ("x" * 100_001, "too long"),
        ("7", "not a proposal"),
        ("[]", "not a proposal"),
        ({**GOOD, "colour": "red"}, "not a proposal"),
        ({**GOOD, "quotation": 7}, "not a proposal"),
        ({**GOOD, "by": " "}, "not a proposal"),
        ({**GOOD, "act": "sang"}, "unknown act"),
        ({**GOOD, "text": "../../etc/passwd"}, "without a text"),
        ({**GOOD, "quotation": "\ud800"}, "not verbatim"),
    ],
    ids=range(12),
)
def test_a_line_that_is_no_proposal_is_told_and_the_others_are_taken(line: Any, kind: str, tmp_path: Path) -> None:
    line = line[:99_999] if line == "[" * 100_000 and kind != "too long" else line
    outcome = proposed(corpus(tmp_path), line + "[" if line == "[" * 100_000 else line, GOOD)
    assert [m.kind for m in outcome.misfits] == [kind]
    assert outcome.claims["added"] == 1
    str(outcome.misfits[0]).encode("utf-8")


@pytest.mark.parametrize("by", ["模型", "\ud800", "x" * 5000, "a\u202eb\nid: z", "../x"])
def test_any_words_may_say_who_proposed_it(by: str, tmp_path: Path) -> None:
    to = corpus(tmp_path)
    outcome = proposed(to, GOOD | {"by": by})
    assert (outcome.claims["added"], outcome.misfits) == (1, [])
    assert [f for f in report(to).findings if f.severity == "Violation"] == []
