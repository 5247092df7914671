"""A document that was imported before, brought up to its input without losing what a person did to it.

An entry is compared as data, not as text: that a file was formatted anew is no correction.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from quoth.claim.importing.document import HEAD, LEVELS, Document
from quoth.claim.importing.record import Digests


@dataclass
class Merged:
    """A document brought up to its input, and what was done to its claims: how many were added, updated, unchanged,
    kept (corrected by a person), left out (taken out by a person). ``conflicts`` are the names of entries that were
    corrected and have changed in the input, too; ``gone`` the ids of claims that the input has no longer. ``digests``
    are those of what was written."""

    text: str
    digests: Digests
    counts: Counter[str] = field(default_factory=Counter)
    conflicts: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Entry:
    """An entry of a list in a document: its first line and the one after its last, from 0; the column of its hyphen;
    its digest."""

    first: int
    last: int
    column: int
    digest: str


class Existing:
    """A document as it is: name of a list → id → entry. The keys before the lists are in the list HEAD, the
    named levels in LEVELS.

    Raises ValueError for a document that is no mapping in YAML, or nests too deep.
    """

    def __init__(self, written: str) -> None:
        self.written = written
        self.lines = [line for line in re.split(r"(?<=\n)", written) if line]
        self.lists: dict[str, dict[str, _Entry]] = {HEAD: {}}
        self.scalars: dict[tuple[str, str], str] = {}
        try:
            root = yaml.compose(written, Loader=yaml.CBaseLoader)
        except yaml.YAMLError as error:
            raise ValueError(str(error).splitlines()[0]) from None
        except RecursionError:
            raise ValueError("it nests too deep") from None
        if not isinstance(root, yaml.MappingNode):
            raise ValueError("it is no mapping")
        digests = _NodeDigests()
        for key, value in root.value:
            listed = isinstance(value, yaml.SequenceNode) and any(isinstance(v, yaml.MappingNode) for v in value.value)
            if listed and not value.flow_style:
                self.lists[key.value] = dict(self._of_list(value, digests))
                continue
            if key.value == LEVELS and isinstance(value, yaml.MappingNode) and not value.flow_style:
                self.lists[LEVELS] = dict(self._of_pair(k, v, digests) for k, v in value.value)
                continue
            self.lists[HEAD].update([self._of_pair(key, value, digests)])
            if isinstance(value, yaml.MappingNode):
                pairs = ((k.value, v.value) for k, v in value.value if isinstance(v, yaml.ScalarNode))
                self.scalars |= {(key.value, k): v for k, v in pairs}

    def has(self, new: Document) -> bool:
        """Whether it says all that another one says in its lists."""
        return all(
            (entry := self.lists.get(name, {}).get(id)) and entry.digest == digest(block)
            for name, blocks in new.lists.items()
            if name != HEAD
            for id, block in blocks.items()
        )

    def _of_pair(self, key: yaml.Node, value: yaml.Node, digests: "_NodeDigests") -> tuple[str, _Entry]:
        first, last = key.start_mark.line, value.end_mark.line + (value.end_mark.column > 0)
        return key.value, _Entry(first, self._without_comments(first, last), key.start_mark.column, digests(value))

    def _of_list(self, value: yaml.SequenceNode, digests: "_NodeDigests") -> Iterator[tuple[str, _Entry]]:
        for node in value.value:
            id = next((v.value for k, v in getattr(node, "value", ()) if k.value == "id"), None)
            first, last = node.start_mark.line, node.end_mark.line
            # A block ends where the next token begins: the space and the comments before that are not its own.
            last = self._without_comments(
                first, first + 1 if node.flow_style and last == first else max(last, first + 1)
            )
            if isinstance(id, str):
                column = len(self.lines[first]) - len(self.lines[first].lstrip(" "))
                yield id, _Entry(first, last, column, digests(node))

    def _without_comments(self, first: int, last: int) -> int:
        while last - 1 > first and self.lines[min(last, len(self.lines)) - 1].split("#")[0].strip() in ("", "-"):
            last -= 1
        return last


def merge(existing: Existing | None, new: Document, known: Digests) -> Merged:
    """Bring a document (None: there is none) up to ``new``; ``known`` are the digests of what was written last.

    Raises ValueError for one whose lists are not written in lines, and where what a person wrote would be lost.
    """
    if existing is None:
        digests = {(name, id): digest(block) for name, blocks in new.lists.items() for id, block in blocks.items()}
        return Merged(str(new), digests, Counter(added=len(new.lists.get("claims", ()))))
    merged = Merged(existing.written, dict(known))
    edits: list[tuple[int, int, str]] = []
    expected = {(name, id): e.digest for name, entries in existing.lists.items() for id, e in entries.items()}
    for name, blocks in new.lists.items():
        listed, added = existing.lists.get(name, {}), ""
        column = max((entry.column for entry in listed.values()), default=2)
        for id, block in blocks.items():
            now, was = digest(block), listed.get(id)
            state = _state(now, known.get((name, id)), was.digest if was else None)
            if state == "conflict":
                merged.conflicts.append(id if name else f"the key {id}")
                state = "kept"
            elif state == "left out" and name == LEVELS:
                state = "added"  # claims that are new may have it
            if state == "updated" and was:
                edits.append((was.first, was.last, _indented(block, was.column) if name else block))
            elif state == "added":
                added += _indented(block, column) if name else block
            if state in ("updated", "added"):
                expected[name, id] = now
            merged.digests[name, id] = now
            if name == "claims":
                merged.counts[state] += 1
        if added:
            edits.append(_addition(existing, name, added))
    merged.gone = [id for name, id in known if name == "claims" and id not in new.lists.get("claims", {})]
    merged.gone = [id for id in merged.gone if id in existing.lists.get("claims", {})]
    if edits:
        merged.text = _edited(existing, edits)
        after = Existing(merged.text)
        if {(name, id): e.digest for name, entries in after.lists.items() for id, e in entries.items()} != expected:
            raise ValueError("it is written in a way that cannot be changed in places")
    return merged


def digest(written: str) -> str:
    """A digest of an entry of a list, or of the value of one key, as data: its layout and its comments do not count."""
    [node] = yaml.compose(written, Loader=yaml.CBaseLoader).value
    return _NodeDigests()(node[1] if isinstance(node, tuple) else node)


class _NodeDigests:
    """Digests of nodes; one that several aliases stand for is looked at once, and must not be in itself."""

    def __init__(self) -> None:
        self._known: dict[int, str | None] = {}

    def __call__(self, node: yaml.Node) -> str:
        if isinstance(node, yaml.ScalarNode):
            return _hash(f"scalar {node.value}")
        if id(node) not in self._known:
            self._known[id(node)] = None
            if isinstance(node, yaml.MappingNode):
                parts = ["mapping", *sorted(f"{self(key)} {self(value)}" for key, value in node.value)]
            else:
                parts = ["sequence", *map(self, node.value)]
            self._known[id(node)] = _hash("\n".join(parts))
        if (known := self._known[id(node)]) is None:
            raise ValueError("one of its values is in itself")
        return known


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _state(now: str, known: str | None, there: str | None) -> str:
    """The state of an entry, by the digest of the input, of what was written last, and of what is in the document."""
    if there is None:
        return "added" if known is None else "left out"
    if there == now:
        return "unchanged"
    if known is None or there != known:
        return "kept" if known in (None, now) else "conflict"
    return "updated"


def _indented(block: str, column: int) -> str:
    """The block of an entry with its hyphen in that column; documents are made with it in column 2."""
    return "".join(" " * column + line[2:] for line in block.splitlines(keepends=True))


def _addition(existing: Existing, name: str, added: str) -> tuple[int, int, str]:
    """The edit that adds entries to a list, behind its last one, or a list to a document."""
    if name in existing.lists[HEAD]:
        raise ValueError(f"its list {name} is not written in lines")
    end = len(existing.lines)
    at = max((entry.last for entry in existing.lists.get(name, {}).values()), default=None)
    return (at, at, added) if at is not None else (end, end, f"\n{name}:\n{added}" if name else added)


def _edited(existing: Existing, edits: list[tuple[int, int, str]]) -> str:
    lines = list(existing.lines)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    # Of two edits at one line, the later one was made for what stands after it.
    for first, last, block in sorted(edits, key=lambda edit: edit[:2], reverse=True):
        lines[first:last] = [block]
    return "".join(lines)
