"""How much of a draft is right: the drafts of `quoth draft` for annotated articles, against their annotations.

``python -m tests.bench.drafts [--part dev] [--corpora FOLDER]`` prints a table; the parts ``de-dev`` and ``de-test``
are German. What is measured is read out of the YAML of the drafts, as anybody would. A cue counts if it overlaps an
annotated one. A source is found if the mention of a proposal whose cue overlaps does overlap the annotated source,
over all attributions that have one. The content is compared character by character among the matched cues. A proposal
needs no edit if its cue is matched, its mention overlaps the source (or there is none in both) and its content has a
character F1 of at least 0.9.
"""

import argparse
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from tests.bench.attribution_corpus import Annotated, Spans, articles
from tests.bench.draft_peer import proposals as of_peer
from tests.bench.german_corpus import PARTS as GERMAN
from tests.bench.german_corpus import sentences

from quoth.claim.authoring.draft import Known, draft

NO_EDIT = 0.9
"""Character F1 of a content that needs no edit."""


@dataclass(frozen=True)
class Proposal:
    """The spans of a proposal."""

    cue: Spans
    source: Spans
    content: Spans


def of_draft(written: str) -> list[Proposal]:
    """The proposals in a draft: its claims that have a cue, and those of their outer levels."""
    document = yaml.load(written, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    found: list[Proposal] = []
    for claim in document["claims"] or ():
        level = claim.get("attribution")
        if level and "cue" in level:
            found.append(Proposal(_spans(level["cue"]), _spans(level.get("mention")), _spans(claim["anchor"])))
    return found


def within(proposals: list[Proposal], part: tuple[int, int] | None) -> list[Proposal]:
    """The proposals whose cue is in an annotated part of a text, with what of their content is in it; None: all."""
    if part is None:
        return proposals
    first, end = part
    return [
        Proposal(p.cue, p.source, [(max(first, a), min(end, b)) for a, b in p.content if a < end and first < b])
        for p in proposals
        if _overlap(p.cue, [part])
    ]


def _spans(anchor: Any) -> Spans:
    parts = anchor if isinstance(anchor, list) else [anchor] if anchor else []
    return [(part["start"], part["end"]) for part in parts]


def count(proposals: Sequence[Proposal], gold: Iterable[Mapping[str, Spans]]) -> Counter[str]:
    """What the proposals for one article have in common with its annotations."""
    counts: Counter[str] = Counter(proposed=len(proposals))
    marked = [attribution for attribution in gold if attribution.get("Cue")]
    right = {id(p) for p in proposals if any(_overlap(p.cue, m["Cue"]) for m in marked)}
    counts["right"] = len(right)
    no_edit: set[int] = set()
    for attribution in marked:
        matched = [p for p in proposals if _overlap(p.cue, attribution["Cue"])]
        source, content = attribution.get("Source", []), attribution.get("Content", [])
        counts["marked"] += 1
        counts["found"] += bool(matched)
        counts["sources"] += bool(source)
        counts["sources found"] += any(_overlap(p.source, source) for p in matched)
        if matched:
            best = max(matched, key=lambda p: len(_characters(p.cue) & _characters(attribution["Cue"])))
            ours, theirs = _characters(best.content), _characters(content)
            counts["content shared"] += len(ours & theirs)
            counts["content"] += len(ours) + len(theirs)
            same = 2 * len(ours & theirs) >= NO_EDIT * (len(ours) + len(theirs))
            if same and (_overlap(best.source, source) if source else not best.source):
                no_edit.add(id(best))
    counts["no edit"] = len(no_edit)
    return counts


def _overlap(some: Spans, others: Spans) -> bool:
    return any(a < end and start < b for a, b in some for start, end in others)


def _characters(spans: Spans) -> set[int]:
    return {place for start, end in spans for place in range(start, end)}


def row(name: str, counts: Counter[str], seconds: float) -> str:
    """The line of the table for a part and a way of drafting."""
    precision, recall = counts["right"] / (counts["proposed"] or 1), counts["found"] / counts["marked"]
    f1 = 2 * precision * recall / (precision + recall or 1)
    source, content = counts["sources found"] / counts["sources"], 2 * counts["content shared"] / counts["content"]
    no_edit = 100 * counts["no edit"] / (counts["proposed"] or 1)
    return (
        f"| {name} | {counts['proposed']} | {precision:.3f} | {recall:.3f} | {f1:.3f} | {source:.3f} | {content:.3f} "
        f"| {no_edit:.0f} | {1000 * seconds / counts['articles']:.0f} |"
    )


def measure(part: Sequence[Annotated]) -> Mapping[str, tuple[Counter[str], float]]:
    """The counts, and the processor time in seconds, of our drafts and, in English, of the peer."""
    ours: Counter[str] = Counter(articles=len(part))
    peer = Counter(ours)
    seconds = {"quoth draft": 0.0, "peer": 0.0}
    draft("", "warm")  # lists and weights are read once
    for article in part:
        began = time.process_time()
        written = draft(article.text, "article", Known(article.language))
        seconds["quoth draft"] += time.process_time() - began
        ours += count(within(of_draft(written), article.part), article.attributions)
        if article.language != "en":
            continue
        began = time.process_time()
        trivial = of_peer(article.text)
        seconds["peer"] += time.process_time() - began
        stubs = [Proposal([(cue.start, cue.end)], [], [(s.start, s.end)]) for cue, s in trivial]
        peer += count(stubs, article.attributions)
    ways = {"quoth draft": (ours, seconds["quoth draft"]), "peer": (peer, seconds["peer"])}
    return {way: result for way, result in ways.items() if "marked" in result[0]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", choices=("train", "dev", *GERMAN), action="append")
    parser.add_argument("--corpora", type=Path)
    arguments = parser.parse_args()
    print("| part, way | proposals | precision | recall | cue F1 | source found | content F1 | no edit of 100 | ms |")
    print("|---|---|---|---|---|---|---|---|---|")
    for part in arguments.part or ("train", "dev"):
        read = sentences if part in GERMAN else articles
        for way, (counts, seconds) in measure(read(part, arguments.corpora)).items():
            print(row(f"{part}, {way}", counts, seconds), flush=True)


if __name__ == "__main__":
    main()
