"""A document that was imported before, brought up to its input without losing what a person did to it.

An entry is compared as data, not as text: that a file was formatted anew is no correction.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from quoth.claim.importing.document import Document
from quoth.claim.importing.record import Digests

HEAD = ("", "")
"""The key of a document's head in the record."""


@dataclass
class Merged:
    """A document brought up to its input, and what was done to its claims: how many were added, updated, unchanged,
    kept (corrected by a person), left out (taken out by a person), gone from the input. ``conflicts`` are the ids of
    entries that were corrected and have changed in the input, too."""

    text: str
    counts: Counter[str] = field(default_factory=Counter)
    conflicts: list[str] = field(default_factory=list)


def merge(old: str, new: Document, digests: Digests) -> Merged:
    """Bring the document ``old`` up to ``new``; ``digests`` of what was written last are brought up, too.

    Raises yaml.YAMLError for a document that is no YAML, ValueError for one whose lists are not written in lines.
    """
    if not old:
        return _first(new, digests)
    there = _entries(old)
    lines = _lines(old)
    head_digest = _digest_of_head(new.head)
    merged = Merged(old)
    edits: list[tuple[int, int, str]] = []
    if digests.get(HEAD) != head_digest:
        # A head is a person's as soon as it is written: its title, its method. The text's hash is the check's matter.
        if HEAD in digests:
            merged.conflicts.append("the keys before the lists")
        digests[HEAD] = head_digest
    for name, entries in new.lists.items():
        listed = there.get(name, {})
        added = ""
        for id, block in entries.items():
            now, known, was = digest(block), digests.get((name, id)), listed.get(id)
            state = _state(now, known, was.digest if was else None)
            if state == "updated" and was:
                edits.append((was.first, was.last, block))
            elif state == "added":
                added += block
            if state in ("conflict", "kept"):
                if state == "conflict":
                    merged.conflicts.append(id)
                state = "kept"
            if state not in ("left out", "kept") or known is None:
                digests[name, id] = now
            if name == "claims":
                merged.counts[state] += 1
        if added:
            at = max((entry.last for entry in listed.values()), default=None)
            if at is None and name in there:
                raise ValueError(f"its list {name} is not written in lines")
            edits.append((at, at, added) if at is not None else (len(lines), len(lines), f"\n{name}:\n{added}"))
    merged.counts["gone"] += sum(1 for name, id in digests if name == "claims" and id not in new.lists["claims"])
    if edits and lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    for first, last, block in sorted(edits, key=lambda edit: edit[0], reverse=True):
        lines[first:last] = [block]
    merged.text = "".join(lines)
    return merged


def digest(written: str) -> str:
    """A digest of YAML as data: neither its layout nor its comments count."""
    data = yaml.load(written, Loader=yaml.CBaseLoader)
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()[:16]


def _digest_of_head(head: str) -> str:
    """A digest of the keys before the lists. The day of an encoding that has none of its own is that of its import."""
    return digest(re.sub(r"\bcreated: \"[^\"]*\", ", "", head))


def _state(now: str, known: str | None, there: str | None) -> str:
    """What to do about an entry: the digest of the input, of what was written last, and of what is in the document."""
    if there is None:
        return "added" if known is None else "left out"
    if there == now:
        return "unchanged"
    if known is None or there != known:
        return "kept" if known in (None, now) else "conflict"
    return "updated"


def _first(new: Document, digests: Digests) -> Merged:
    digests.clear()
    digests[HEAD] = _digest_of_head(new.head)
    for name, entries in new.lists.items():
        digests.update({(name, id): digest(block) for id, block in entries.items()})
    return Merged(str(new), Counter(added=len(new.lists.get("claims", {}))))


def _lines(written: str) -> list[str]:
    """The lines of a text, as YAML's marks count them."""
    return [line for line in re.split(r"(?<=\n)", written) if line]


@dataclass(frozen=True)
class _Entry:
    """An entry of a list in a document: its first line and the one after its last, from 0, and its digest."""

    first: int
    last: int
    digest: str


def _entries(written: str) -> dict[str, dict[str, _Entry]]:
    """The lists of a document: name → id → entry."""
    root = yaml.compose(written, Loader=yaml.CBaseLoader)
    found: dict[str, dict[str, _Entry]] = {}
    if not isinstance(root, yaml.MappingNode):
        raise ValueError("it is no mapping")
    for key, value in root.value:
        if isinstance(value, yaml.SequenceNode):
            found[key.value] = {} if value.flow_style else dict(_of_list(written, value))
    return found


def _of_list(written: str, value: yaml.SequenceNode) -> Iterator[tuple[str, _Entry]]:
    lines = _lines(written)
    for node in value.value:
        id = next((v.value for k, v in getattr(node, "value", ()) if k.value == "id"), None)
        first, last = node.start_mark.line, node.end_mark.line
        # A block ends where the next token begins: the space and the comments before that are not its own.
        last = max(last, first + 1) if not (node.flow_style and last == first) else first + 1
        while last - 1 > first and lines[last - 1].split("#")[0].strip() in ("", "-"):
            last -= 1
        if id is not None:
            yield id, _Entry(first, last, digest("".join(lines[first:last])))
