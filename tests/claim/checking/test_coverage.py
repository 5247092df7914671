"""Coverage is one figure: the share of the text that claims quote; and the sentences without a claim are known."""

import json
from pathlib import Path

from click.testing import CliRunner

from quoth.claim.checking.coverage import bare
from quoth.claim.model.coverage import Coverage, Sentence, Stretch, percent
from quoth.cli import cli

from .written import TEXT, checked, document

QUOTED = 100 * len("the ferry was late") / len(TEXT)


def test_the_words_of_claims_count_and_neither_cues_nor_mentions(tmp_path: Path) -> None:
    [coverage] = checked(tmp_path, document()).coverage
    assert (coverage.percent, coverage.length) == (round(QUOTED), len(TEXT))
    assert coverage.encoding == "http://localhost:8000/id/article/a#encoding"
    assert (coverage.sentences, coverage.bare) == (2, (Sentence(2, 60, 70),))
    assert TEXT[60:70] == "It rained."
    assert Coverage.from_json(json.loads(json.dumps(coverage.__dict__))) == coverage


def test_what_overlaps_counts_once() -> None:
    assert percent([Stretch(0, 10), Stretch(5, 15), Stretch(5, 6)], 100) == 15


def test_a_sentence_is_bare_where_no_claim_quotes_a_word_of_it() -> None:
    sentences = [Stretch(0, 9), Stretch(10, 19), Stretch(20, 29), Stretch(30, 39)]
    assert [s.number for s in bare(sentences, [Stretch(8, 11), Stretch(19, 20), Stretch(38, 39)])] == [3]
    assert [s.number for s in bare(sentences, [])] == [1, 2, 3, 4]


def test_the_check_lists_the_sentences_without_a_claim(tmp_path: Path) -> None:
    checked(tmp_path, document())
    arguments = ["check", str(tmp_path / "a.yaml"), "--texts", str(tmp_path / "texts")]
    runner = CliRunner()
    brief, verbose = (runner.invoke(cli, arguments + more).stderr for more in ([], ["--verbose"]))
    assert f"claims quote {QUOTED:.0f} % of 71 characters; 1 of its 2 sentences carries no claim" in brief
    assert "It rained" not in brief
    assert "no claim in sentence 2, at 60: “It rained.”" in verbose


def test_without_the_text_no_sentence_is_said_to_be_bare(tmp_path: Path) -> None:
    checked(tmp_path, document())
    outcome = CliRunner().invoke(cli, ["check", str(tmp_path / "a.yaml"), "--verbose", "--format", "json"])
    [coverage] = json.loads(outcome.stdout)["coverage"]
    assert (coverage["text_at_hand"], coverage["sentences"], coverage["bare"]) == (False, 0, [])
