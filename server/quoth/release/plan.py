"""The plan of a publication: what it would change in the release before, and which claims nothing would tell of."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, groupby
from pathlib import Path
from typing import Self

import pyoxigraph as ox

from quoth.claim.model.namespaces import QUOTH
from quoth.corpus import bases
from quoth.errors import ReleaseError
from quoth.release.build.advance import LastRelease
from quoth.release.build.parts import MOST_CHANGED, Change
from quoth.release.dumps import nquads, tables
from quoth.release.history import diff
from quoth.release.history.diff import Difference
from quoth.release.release import Release

NAMED = 10
"""Resources and links of one kind that a plan names; the others are counted."""
_KINDS = ("claim", "article", "source", "topic", "linkset")
_LINKS = {str(term).encode() for term in diff.LINKS}
_WITHDRAWS = str(QUOTH.withdraws).encode()
_CITED = ("claim", "article")
"""The kinds of resources, as in their IRIs, that are never gone without a notice."""


@dataclass(frozen=True)
class Link:
    """A link of an entity to a resource of another dataset, by those properties before and after (IRIs)."""

    entity: str
    target: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """The changes that a publication with that ``base`` would make to the release ``before``, or, where there is None,
    to nothing: then the difference has the first NAMED of each kind, and ``more`` the numbers of the others by their
    kind.

    ``links`` are the added, changed and withdrawn ones, ``unnoticed`` the resources (IRIs) that are gone, and of which
    no notice says that they were withdrawn; ``unsaid`` those that were gone, and whose notice is gone too."""

    before: Release | None
    base: str
    difference: Difference
    links: Mapping[str, Sequence[Link]]
    unnoticed: Sequence[str] = ()
    unsaid: Sequence[str] = ()
    more: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, before: Release, difference: Difference, base: str | None = None) -> Self:
        """The plan for a difference; with a base, in place of that of the release before."""
        known, noticed = (_noticed(lines) for lines in (difference.removed_lines, difference.added_lines))
        unnoticed = [iri for iri in difference.withdrawn if iri not in noticed]
        unsaid = sorted(iri for iri in known - noticed - {*difference.added} if "#" not in iri)
        base = before.manifest.base if base is None else base
        return cls(before, base, difference, _links(difference), unnoticed, unsaid)

    @classmethod
    def of_first(cls, lines: Iterable[bytes], base: str) -> Self:
        """The plan for sorted lines where no release is. Memory does not grow with their number."""
        first, counts, start = Difference(), Counter[str](), bases.line_starts(base)
        whole = (line for line in lines if line.startswith(start) and b"#" not in tables.subject_of(line))
        asserted = (line for line in whole if nquads.graph_of(line) == nquads.DEFAULT_GRAPH)
        for subject, group in groupby(asserted, tables.subject_of):
            known = {predicate: [*held] for predicate, held in groupby(group, _predicate)}
            if not any(map(nquads.describes, known)):
                continue
            iri = subject[1:-1].decode()
            counts[kind := kind_of(iri, base)] += 1
            if is_named := counts[kind] <= NAMED:
                first.added.append(iri)
            links = defaultdict[bytes, list[bytes]](list)
            for line in chain.from_iterable(known[predicate] for predicate in known.keys() & _LINKS):
                links[line.split(b" ", 2)[2]].append(line)
            targets = sorted(links)[: max(NAMED - counts["link"], 0)]
            counts["link"] += len(links)
            first.added_lines += chain.from_iterable(links[target] for target in targets)
            if is_named or targets:
                first.added_lines += chain.from_iterable(known.get(label, ()) for label in diff.LABELS)
        more = {kind: number - NAMED for kind, number in counts.items() if number > NAMED}
        return cls(None, base, first, _links(first), more=more)

    @property
    def silent(self) -> Sequence[str]:
        """The claims and articles of which nothing says any more that they are gone, and all whose notice is gone."""
        spaces = tuple(space for kind in _CITED for space in bases.spaces(self.base, f"{kind}/"))
        return [*(iri for iri in self.unnoticed if iri.startswith(spaces)), *self.unsaid]


def of_newest(
    releases: Iterable[Release],
    unread: Sequence[int],
    source: Path,
    base: str,
    change: Change | None,
    force: bool,
    note: Callable[[str], None],
) -> Plan:
    """The plan for the sorted lines of a file, against the first of the ``releases`` of that ``base`` whose lines can
    be read, by the ``change`` that they make in the very first if that is known; against nothing where there is none.
    ``unread`` are the numbers of releases that cannot be opened; ``note`` is told which are passed over.

    Raises ReleaseError where no release can be read, unless ``force``.
    """
    passed = list[int]()
    error: ReleaseError | None = None
    for before in releases:
        try:
            made = _against(before, source, base, change)
        except ReleaseError as damage:
            error, change = error or damage, None
            passed.append(before.number)
            continue
        if passed := sorted([*passed, *(number for number in unread if number > before.number)]):
            numbers = ", ".join(map(str, passed))
            note(
                f"release {numbers} is damaged: the plan is what changes from release {before.number} on, and does not"
                " miss what came later"
            )
        return made
    if (unread or passed) and not force:
        raise error or ReleaseError(
            f"release {unread[-1]} cannot be read, and no other tells what would change",
            remedy="restore it from a copy, or publish without a plan: `quoth publish --force`",
        )
    with source.open("rb") as lines:
        return Plan.of_first(lines, base)


def kind_of(iri: str, base: str) -> str:
    """The noun for what an IRI of the dataset names: by the segment after ``id/``, else ``entity``."""
    segment = iri.removeprefix(f"{bases.home(iri, base)}id/").partition("/")[0]
    return segment if segment in _KINDS else "entity"


def _against(before: Release, source: Path, base: str, change: Change | None) -> Plan:
    if change is not None and before.segments() and before.manifest.base == base:
        return Plan.of(before, LastRelease(before).difference(change))
    with source.open("rb") as lines:
        return Plan.of(before, diff.compare(diff.lines(before), lines, base, MOST_CHANGED), base)


def _predicate(line: bytes) -> bytes:
    return line.split(b" ", 2)[1]


def _noticed(lines: Iterable[bytes]) -> set[str]:
    notices = nquads.from_lines(line for line in lines if _predicate(line) == _WITHDRAWS)
    return {quad.object.value for quad in notices if isinstance(quad.object, ox.NamedNode)}


def _links(difference: Difference) -> dict[str, list[Link]]:
    """The links of the default graph that differ. A link is known by its ends: by another property it is changed."""
    ends: dict[tuple[str, str], tuple[list[str], list[str]]] = {}
    for side, lines in enumerate((difference.removed_lines, difference.added_lines)):
        for quad in nquads.from_lines(line for line in lines if _predicate(line) in _LINKS):
            if quad.graph_name == ox.DefaultGraph():
                pair = getattr(quad.subject, "value", ""), getattr(quad.object, "value", "")
                ends.setdefault(pair, ([], []))[side].append(quad.predicate.value)
    links: dict[str, list[Link]] = {"added": [], "changed": [], "withdrawn": []}
    for (entity, target), (gone, new) in sorted(ends.items()):
        sort = "changed" if gone and new else "added" if new else "withdrawn"
        links[sort].append(Link(entity, target, tuple(gone), tuple(new)))
    return links
