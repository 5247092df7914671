"""Mentions of all occurrences of a name (``all: true``), written out as one mention for each in a YAML document."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from ruamel.yaml.comments import CommentedMap

from quoth.claim.checking import anchors
from quoth.claim.checking.anchors import Anchor, places
from quoth.claim.checking.nearest_words import TextSearch
from quoth.claim.model.excerpts import excerpt
from quoth.claim.model.report import Finding


def write_out(tree: CommentedMap, text: str, path: Path) -> tuple[int, list[Finding]]:
    """Replace each mention of all occurrences in ``tree``: the number of mentions that were written, and findings about
    words that do not occur.

    An occurrence is a word or several, not a part of one. One that lies in the words of another mention is left out:
    “Lind” within “Mara Lind” is no mention of its own.
    """
    listed = tree.get("mentions")
    if not isinstance(listed, list):
        return 0, []
    mentions = [m for m in listed if isinstance(m, CommentedMap) and "exact" in m]
    taken = [span for m in mentions if not m.get("all") and (span := _span(m, text))]
    search = TextSearch(text)
    written, findings = 0, []
    for mention in sorted((m for m in mentions if m.get("all")), key=lambda m: -len(str(m["exact"]))):
        words = str(mention["exact"])
        found = [m.span() for m in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", text)]
        free = [(s, e) for s, e in found if not any(start <= s and e <= end for start, end in taken)]
        if not free:
            finding = anchors.missing(Anchor("", "", words), search)
            if words in text:
                where = "in the words of other mentions only" if found else "in the text only as a part of other words"
                finding = Finding(f"{excerpt(words)} is {where}", finding.rule, remedy="take the mention out")
            findings.append(replace(finding, file=str(path), line=mention.lc.line + 1))
            continue
        at = next(n for n, m in enumerate(listed) if m is mention)
        listed[at : at + 1] = [_placed(mention, start, end) for start, end in free]
        taken += free
        written += len(free)
    return written, findings


def _span(mention: CommentedMap, text: str) -> tuple[int, int] | None:
    """Where the words of a mention are, if that is known or if they have only one place."""
    if isinstance(start := mention.get("start"), int) and isinstance(end := mention.get("end"), int):
        return start, end
    exact, prefix, suffix = (str(mention.get(k, "")) for k in ("exact", "prefix", "suffix"))
    offsets = places(text, Anchor("", "", exact, prefix, suffix), 2)
    return (offsets[0], offsets[0] + len(exact)) if len(offsets) == 1 else None


def _placed(mention: CommentedMap, start: int, end: int) -> CommentedMap:
    values: dict[str, Any] = {k: v for k, v in mention.items() if k != "all"}
    placed = CommentedMap(values | {"start": start, "end": end})
    placed.fa.set_flow_style()
    return placed
