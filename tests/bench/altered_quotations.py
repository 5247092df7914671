"""How well `quoth verify` tells quotations from altered ones: those of PolNeAR's dev articles, and mutations of them by
rule, against the claims of a release that has PolNeAR's train and dev articles.

``python -m tests.bench.altered_quotations LISTS [--corpora FOLDER] [--part dev] [--wrong verdict]`` prints two tables;
``LISTS`` is the file lists.sqlite of that release (unchecked.py publishes what `quoth import` has made).

A case is a sentence with one quotation, and the verdicts that it has to get. A verdict is right (precision) where the
case is meant to get it, or where its mutation allows it: who drops “may” both alters the words and loses a hedge.
"""

import argparse
import random
import re
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench import hand_mutations
from tests.bench.attribution_corpus import Annotated, articles
from tests.bench.quotation_mutations import HEDGE, NEGATION, NUMBER, Case, cases, quotations

from quoth.index.claims import ClaimIndex
from quoth.verify.differences import Change
from quoth.verify.findings import Report
from quoth.verify.verdicts import Verdict
from quoth.verify.verify import verify


def told(report: Report) -> set[str]:
    """The verdicts of a report, with the kinds of alteration that are counted by themselves."""
    found: set[str] = set()
    for finding in (finding for judged in report.passages for finding in judged.findings):
        if finding.verdict in (Verdict.NOT_ON_RECORD, Verdict.PARAPHRASE) and not finding.fails_build:
            continue  # what is attributed beside the quotation
        changes = {words.change for words in finding.words}
        if finding.verdict in (Verdict.HEDGE_LOST, Verdict.HEDGE_ADDED):
            found.add(HEDGE)
            continue
        found.add(finding.verdict.value)
        if finding.verdict is Verdict.ALTERED:
            found |= {NEGATION} if changes & {Change.NEGATION_LOST, Change.NEGATION_ADDED} else set()
            found |= {NUMBER} if Change.NUMBER in changes else set()
    return found


def measure(every: Sequence[Case], lists: ClaimIndex, wrong: str = "") -> tuple[list[str], list[str]]:
    """The rows of two tables: precision and recall by verdict, and how many cases of each rule got all they must."""
    right, proposed, required = Counter[str](), Counter[str](), Counter[str]()
    by_rule: dict[str, Counter[str]] = defaultdict(Counter)
    for case in every:
        report = verify(case.text, lists, 1)
        found = told(report)
        for verdict in found:
            proposed[verdict] += 1
            right[f"{verdict} precise"] += verdict in case.required | case.allowed
        for verdict in case.required:
            required[verdict] += 1
            right[f"{verdict} found"] += verdict in found
        counts = by_rule[case.rule]
        counts["cases"] += 1
        counts["got"] += case.required <= found
        counts["alarms"] += report.fails
        surplus = found - case.required - case.allowed
        lacking = case.required - found
        if wrong in surplus | lacking or (wrong == case.rule and surplus | lacking):
            print(f"{case.rule} | {case.text} | {sorted(found)}")
    verdicts = [
        f"| {verdict} | {required[verdict]} | {right[f'{verdict} precise'] / (proposed[verdict] or 1):.3f} "
        f"| {right[f'{verdict} found'] / (required[verdict] or 1):.3f} |"
        for verdict in sorted(proposed | required)
    ]
    rules = [
        f"| {rule} | {c['cases']} | {c['got'] / c['cases']:.3f} | {c['alarms'] / c['cases']:.3f} |"
        for rule, c in by_rule.items()
    ]
    return verdicts, rules


def alarms(part: Sequence[Annotated], lists: ClaimIndex) -> tuple[int, int]:
    """How many quotations in the annotated contents of whole articles are found, and how many of them fail a build."""
    found = wrong = 0
    for article in part:
        contents = [span for attribution in article.attributions for span in attribution.get("Content", ())]
        for judged in verify(article.text, lists, 1).passages:
            inside = any(start <= judged.at.start + 2 and judged.at.end - 2 <= end for start, end in contents)
            if judged.passage.is_quoted and inside:
                found += 1
                wrong += any(finding.fails_build for finding in judged.findings)
    return found, wrong


def _tell(tables: tuple[list[str], list[str]]) -> None:
    verdicts, rules = tables
    print("| verdict | cases | precision | recall |\n|---|---|---|---|", *verdicts, sep="\n")
    print("\n| rule | cases | all that it must | fails a build |\n|---|---|---|---|", *rules, "", sep="\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lists", type=Path)
    parser.add_argument("--corpora", type=Path)
    parser.add_argument("--part", default="dev")
    parser.add_argument("--wrong", default="", help="A verdict or rule of which every case that fails is printed.")
    parser.add_argument("--share", type=float, default=1.0, help="Share of the cases that are tried.")
    parser.add_argument("--only", default="words,hands,articles", help="Which tables are made.")
    given = parser.parse_args()
    lists = ClaimIndex(given.lists, lambda name: [])
    chance = random.Random(15)
    part = articles(given.part, given.corpora)
    if "words" in given.only:
        every = [case for case in cases(quotations(part), chance) if chance.random() < given.share]
        _tell(measure(every, lists, given.wrong))
    if "hands" in given.only:
        with TemporaryDirectory() as folder:
            marked = ClaimIndex(hand_mutations.marked(given.lists, Path(folder)), lambda name: [])
            on_record = hand_mutations.recorded(quotations(part), marked)
            of_hands = hand_mutations.hands(on_record, marked, chance)
            _tell(measure([*of_hands, *hand_mutations.scope(on_record)], marked, given.wrong))
    if "articles" in given.only:
        print("whole articles: {} quotations, {} of them fail a build".format(*alarms(part, lists)))
    text = "\n\n".join(article.text for article in part[:20])
    text = " ".join(re.findall(r"\S+\s*", text)[:2000])
    verify(text, lists, 1)
    began = time.process_time()
    verify(text, lists, 1)
    print(f"\n2,000 words: {time.process_time() - began:.2f} s of a processor")


if __name__ == "__main__":
    main()
