"""What is to be published, as lines: those that change, where the parts of it and of the last release tell, else all of
them, sorted in a file."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Self

import pyoxigraph as ox

from quoth.claim.model.part import Part, Recall
from quoth.errors import ReleaseError
from quoth.release import identity
from quoth.release.build import parts
from quoth.release.build.advance import LastRelease
from quoth.release.build.parts import Change, PartIndex
from quoth.release.dumps import nquads
from quoth.release.history import diff
from quoth.release.redaction.redaction_record import Redaction, Refusal
from quoth.release.release import Release

_STEP = 10_000


@dataclass(frozen=True)
class Draft:
    """What is to be published: ``lines`` in any order and any number of times, or ``parts`` with a way to have lines of
    earlier parts again. ``check`` raises ReleaseError where lines that were read may not be published."""

    lines: Callable[[], Iterable[bytes]]
    parts: Sequence[Part] = ()
    recall: Recall | None = None
    check: Callable[[], None] = lambda: None

    @classmethod
    def of_quads(cls, quads: Iterable[ox.Quad]) -> Self:
        """Quads of no parts."""
        return cls(lambda: nquads.to_lines(quads))

    @classmethod
    def of_parts(cls, parts: Sequence[Part], recall: Recall) -> Self:
        """The lines of parts; one that is given twice counts once."""
        once = [*{part.key: part for part in parts}.values()]
        return cls(lambda: chain.from_iterable(part.lines() for part in once), once, recall)

    def after(self, redactions: Sequence[Redaction]) -> Self:
        """The draft with the notices of what is redacted, and no others of it. Its check refuses lines that describe
        that."""
        if not redactions:
            return self
        notices = sorted(line for redaction in redactions for line in redaction.lines())
        refusal, recall = Refusal(redactions), self.recall

        def noted(lines: Callable[[], Iterable[bytes]]) -> Callable[[], Iterable[bytes]]:
            return lambda: refusal.noting(lines())

        def recalled(key: str) -> Iterable[bytes] | None:
            lines = recall(key) if recall else None
            return None if lines is None else refusal.without_notices(lines)

        every, parts = noted(self.lines), [Part(part.key, noted(part.lines)) for part in self.parts]
        if recall:
            parts.append(Part(hashlib.sha256(b"".join(notices)).hexdigest(), lambda: notices))
        again = recalled if recall else None
        return replace(self, lines=lambda: chain(every(), notices), parts=parts, recall=again, check=refusal.check)

    @property
    def keys(self) -> frozenset[str] | None:
        """The keys of the parts; None for lines of no parts."""
        return frozenset(part.key for part in self.parts) if self.recall else None

    def sort(self, source: Path, base: str, tick: Callable[[int], None]) -> PartIndex | None:
        """Write all lines to a file, sorted and each once. Returns the parts, if there are any. Raises ReleaseError as
        ``check`` and ``published`` do."""
        shared: dict[str, int] = {}

        def note(line: bytes, times: int) -> None:
            shared[parts.line_digest(line)] = times

        lines = published(self.lines(), base, tick)
        nquads.sort(lines, source, repeated=note if self.recall else None)
        self.check()
        return None if self.keys is None else PartIndex(self.keys, shared)

    def change(
        self, last: LastRelease, known: PartIndex, tick: Callable[[int], None]
    ) -> tuple[Change, PartIndex] | None:
        """The change to the last release, of which the parts are ``known``; None where these and the parts of the
        draft do not tell."""
        if self.recall is None:
            return None
        base = last.release.manifest.base
        told = parts.change(known, self.parts, self.recall, last.present, lambda lines: published(lines, base, tick))
        self.check()
        return told


def change_of_all(source: Path, last: Release) -> Change | None:
    """What a file of sorted lines changes in a release; None for more lines than are worth it, and for a release that
    cannot be read."""
    removed, added = list[bytes](), list[bytes]()
    with source.open("rb") as lines, suppress(ReleaseError):
        for line, side in diff.merged(diff.lines(last), lines):
            if side is not diff.Side.BOTH:
                (removed if side is diff.Side.BEFORE else added).append(line)
                if len(removed) + len(added) > parts.MOST_CHANGED:
                    return None
        return Change(removed, added)
    return None


def published(lines: Iterable[bytes], base: str, tick: Callable[[int], None]) -> Iterator[bytes]:
    """The lines that are published: all but those in which another release says who it is, as its dumps do.

    Raises ReleaseError for a line with a blank node.
    """
    own = f" {identity.graph(base)} .\n".encode()
    for done, line in enumerate(lines, 1):
        if b"_:" in line and _has_blank_node(line):
            text = line.decode().removesuffix(" .\n")
            raise ReleaseError(f"a published quad has a blank node: {text}", remedy="give it an IRI")
        if done % _STEP == 0:
            tick(done)
        if not line.endswith(own):
            yield line


def _has_blank_node(line: bytes) -> bool:
    return any(isinstance(term, ox.BlankNode) for quad in nquads.from_lines([line]) for term in quad)
