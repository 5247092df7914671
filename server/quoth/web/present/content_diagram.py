"""The layout of a claim's content as a small graph, from left to right. The template _figures.html draws it.

The content is a tree (content_tree.nodes), so the layout is simple: a column for each depth, leaves below one another,
each parent beside the middle of its children. The layout is deterministic. Widths are estimates, without fonts.
"""

import textwrap
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from quoth.claim.model.namespaces import SEM
from quoth.claim.model.quotation_marks import quoted
from quoth.web.present.claim_view import Ref
from quoth.web.present.content_tree import Node

BOXES_LIMIT = 60
"""A larger content is not drawn; its text has everything."""

FONT, LINE, PAD, GAP, CURVE = 14.0, 18.0, 11.0, 16.0, 26.0
SMALLER = 0.9
"""The size of an edge's words, relative to FONT."""

_CHARACTERS, _LINES = 24, 4
_NARROW = frozenset("fijlrtI.,:;'’‘|!()[]- ")
_BROAD = frozenset("mwMW—…@%")


@dataclass(frozen=True)
class Box:
    """A node: its rectangle, its words line by line with their language where it differs from the page's, and whether
    it is a situation, an entity or just words."""

    x: float
    y: float
    width: float
    height: float
    lines: Sequence[str]
    href: str | None
    kind: str
    language: str = ""


@dataclass(frozen=True)
class Arrow:
    """An edge: the path that it takes, and its words with their place."""

    path: str
    words: str
    x: float
    y: float


@dataclass(frozen=True)
class Drawing:
    """A graph with its size, in CSS pixels, and the same in words."""

    width: float
    height: float
    boxes: Sequence[Box]
    arrows: Sequence[Arrow]
    text: str


@dataclass
class _Tree:
    label: str
    href: str | None
    kind: str
    language: str = ""
    branches: list[tuple[str, "_Tree"]] = field(default_factory=list)

    @property
    def lines(self) -> list[str]:
        lines = textwrap.wrap(self.label, _CHARACTERS) or ["…"]
        return lines if len(lines) <= _LINES else [*lines[: _LINES - 1], lines[_LINES - 1] + " …"]

    @property
    def width(self) -> float:
        return max(_measure(line) for line in self.lines) + 2 * PAD

    @property
    def height(self) -> float:
        return len(self.lines) * LINE + PAD

    @property
    def branches_height(self) -> float:
        """The height of all branches, one below the other."""
        return sum(tree.block for _, tree in self.branches) + GAP * max(0, len(self.branches) - 1)

    @property
    def block(self) -> float:
        """The height of the node beside its branches."""
        return max(self.height, self.branches_height)

    def count(self) -> int:
        return 1 + sum(tree.count() for _, tree in self.branches)

    def text(self) -> str:
        parts = [
            f"{words}: {f'({tree.text()})' if tree.branches else tree.label.removesuffix('.')}"
            for words, tree in self.branches
        ]  # the label of a claim is a sentence
        return self.label + (f" – {'; '.join(parts)}" if parts else "")


def draw(nodes: Sequence[Node]) -> Drawing | None:
    """The content as a drawing; None for no content, or more than BOXES_LIMIT boxes."""
    trees = [_tree(node) for node in nodes]
    if not trees or sum(tree.count() for tree in trees) > BOXES_LIMIT:
        return None
    lefts = _columns(trees)
    boxes: list[Box] = []
    arrows: list[Arrow] = []
    top = 1.0
    for tree in trees:
        _place(tree, 0, top, lefts, boxes, arrows)
        top += tree.block + GAP
    width = max(box.x + box.width for box in boxes) + 1
    return Drawing(width, top - GAP + 1, boxes, arrows, ". ".join(tree.text() for tree in trees) + ".")


def _tree(value: Ref | str | Node) -> _Tree:
    if isinstance(value, Ref):
        return _Tree(value.label, value.href, "entity", value.language)
    if isinstance(value, str):
        return _Tree(value, None, "words", getattr(value, "language", ""))
    rows = list(value.rows)
    if value.ref is not None:
        tree = _Tree(value.ref.label, value.ref.href, "entity", value.ref.language)
    elif rows and rows[0][0].iri == SEM.eventType.value and isinstance(rows[0][1][0], Ref):
        kind = rows.pop(0)[1][0]
        assert isinstance(kind, Ref)
        tree = _Tree(f"{kind.label}: {value.label}" if value.label else kind.label, kind.href, "situation")
    else:
        tree = _Tree(quoted(value.label) if value.label else "…", None, "words", getattr(value.label, "language", ""))
    tree.branches = [(role.label, _tree(branch)) for role, values in rows for branch in values]
    return tree


def _columns(trees: Iterable[_Tree]) -> list[float]:
    """The left edge of each column: right of the previous column's boxes and the words of the edges."""
    broadest: dict[int, float] = {}
    longest: dict[int, float] = {}

    def measure(tree: _Tree, depth: int) -> None:
        broadest[depth] = max(broadest.get(depth, 0), tree.width)
        for words, branch in tree.branches:
            longest[depth + 1] = max(longest.get(depth + 1, 0), _measure(words) * SMALLER)
            measure(branch, depth + 1)

    for tree in trees:
        measure(tree, 0)
    lefts = [1.0]
    for depth in range(1, len(broadest)):
        lefts.append(lefts[-1] + broadest[depth - 1] + CURVE + longest[depth] + GAP)
    return lefts


def _place(tree: _Tree, depth: int, top: float, lefts: Sequence[float], boxes: list[Box], arrows: list[Arrow]) -> float:
    """Place a node and its branches, from ``top`` downwards. Returns the vertical position of the node's middle."""
    index = len(boxes)
    boxes.append(Box(0, 0, 0, 0, (), None, ""))  # its place follows from those of its branches
    below = top + (tree.block - tree.branches_height) / 2
    ends = []
    for words, branch in tree.branches:
        ends.append((words, _place(branch, depth + 1, below, lefts, boxes, arrows)))
        below += branch.block + GAP
    middle = (ends[0][1] + ends[-1][1]) / 2 if ends else top + tree.block / 2
    middle = min(max(middle, top + tree.height / 2), top + tree.block - tree.height / 2)
    left, right = lefts[depth], lefts[depth] + tree.width
    boxes[index] = Box(
        left, middle - tree.height / 2, tree.width, tree.height, tree.lines, tree.href, tree.kind, tree.language
    )
    for words, end in ends:
        target = lefts[depth + 1] - 1
        turn = target - GAP - CURVE - max(_measure(words) * SMALLER for words, _ in ends)
        curve = f"c{CURVE / 2} 0 {CURVE / 2} {end - middle:.1f} {CURVE} {end - middle:.1f}"
        path = f"M{right:.1f} {middle:.1f}H{turn:.1f}{curve}H{target:.1f}m-5 -3.5l5 3.5l-5 3.5"
        arrows.append(Arrow(path, words, turn + CURVE + 2, end - 5))
    return middle


def _measure(text: str) -> float:
    """The estimated width of a text in CSS pixels, in a sans-serif font of FONT pixels."""
    return sum(_em(c) for c in text) * FONT


def _em(character: str) -> float:
    if character in _NARROW:
        return 0.36
    if character in _BROAD or unicodedata.east_asian_width(character) in "WF":
        return 1.0
    return 0.68 if character.isupper() else 0.6
