"""The parts of a release: their keys, and which lines several of them have. The next publication compares them."""

import gzip
import hashlib
import heapq
import json
import zlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from quoth.claim.model.part import Part, Recall

PARTS = "parts.json.gz"
MOST_CHANGED = 200_000
"""Lines of parts that are new or gone, past which a release is made anew rather than changed."""


@dataclass(frozen=True)
class PartIndex:
    """The ``keys`` of the parts of a release; ``shared``: the digest of each line that several parts have, and how many
    do."""

    keys: frozenset[str]
    shared: dict[str, int]

    def write(self, folder: Path) -> None:
        """Write the file of a release."""
        data = json.dumps({"keys": sorted(self.keys), "shared": dict(sorted(self.shared.items()))})
        (folder / PARTS).write_bytes(gzip.compress(data.encode(), 6, mtime=0))


def read(folder: Path) -> PartIndex | None:
    """The parts of the release in a folder; None for one that was not made of parts, or cannot be read."""
    try:
        data = json.loads(gzip.decompress((folder / PARTS).read_bytes()))
        return PartIndex(frozenset(data["keys"]), data["shared"])
    except (OSError, EOFError, ValueError, KeyError, TypeError, zlib.error):
        return None


@dataclass(frozen=True)
class Change:
    """The sorted lines that a publication takes away and adds."""

    removed: Sequence[bytes]
    added: Sequence[bytes]

    def lines(self) -> Iterator[tuple[bytes, bool]]:
        """All of them in their order, each with whether it is added."""
        sides = ([(line, side) for line in lines] for lines, side in ((self.removed, False), (self.added, True)))
        return heapq.merge(*sides)


Present = Callable[[Iterable[bytes]], Collection[bytes]]
"""Gives those of some lines that a release has."""


def change(
    before: PartIndex,
    parts: Sequence[Part],
    recall: Recall,
    present: Present,
    published: Callable[[Iterable[bytes]], Iterable[bytes]],
) -> tuple[Change, PartIndex] | None:
    """What the ``parts`` change in a release made of the parts ``before``, and the parts that there are then.
    ``present`` tells which lines the release has, ``published`` which of a part's lines are published.

    None where that cannot be told, as an earlier part cannot be recalled, or so much changes that to make everything
    anew takes no longer.
    """
    given = {part.key: part for part in parts}
    changes: Counter[bytes] = Counter()
    total = 0
    for sign, keys in ((-1, before.keys - given.keys()), (1, given.keys() - before.keys)):
        for key in keys:
            lines = recall(key) if sign < 0 else given[key].lines()
            if lines is None:
                return None
            for line in published(lines):
                changes[line] += sign
                total += 1
                if total > MOST_CHANGED:
                    return None
    differing = {line: delta for line, delta in changes.items() if delta}
    held, shared = present(differing), dict(before.shared)
    removed, added = list[bytes](), list[bytes]()
    for line, delta in differing.items():
        digest = line_digest(line)
        old = shared.pop(digest, int(line in held))
        new = old + delta
        if new > 1:
            shared[digest] = new
        if new and not old:
            added.append(line)
        elif old and not new:
            removed.append(line)
    return Change(sorted(removed), sorted(added)), PartIndex(frozenset(given), shared)


def line_digest(line: bytes) -> str:
    """The digest by which a line is known that several parts have."""
    return hashlib.blake2b(line, digest_size=16).hexdigest()
