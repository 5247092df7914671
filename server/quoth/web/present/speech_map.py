"""The map of who speaks when: the turns of an article's text, a line for each speaker, without reading its claims."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from quoth.index.selection import Selection
from quoth.index.stretches import Stretch, stretches
from quoth.web.core.site import Site
from quoth.web.present import phrases
from quoth.web.present.claim_lookup import ref
from quoth.web.present.lists.faceting import claims_of

CLAIMS_LIMIT = 20_000
"""Claims of an article up to which there is a map of it."""

MARK_WIDTH = 1 / 300
"""The least width of a mark, relative to the text, so that a short turn in a long text remains visible."""

SHOWN = 10
"""Speakers whose lines are always shown; those of the others are folded."""


@dataclass(frozen=True)
class Turn:
    """Claims that follow one another in the text and have the same speakers (IRIs), of that name. ``place`` is that of
    the first among all claims, from 1; ``start`` and ``end`` are in code points, ``x`` and ``width`` where it is drawn;
    ``href`` leads to the page on which it begins."""

    speakers: tuple[str, ...]
    name: str
    place: int
    claims: int
    start: int
    end: int
    x: int
    width: int
    href: str

    @property
    def id(self) -> str:
        """The fragment of its first claim on a page."""
        return f"turn-{self.place}"


@dataclass(frozen=True)
class Line:
    """The turns of the same speakers; ``kind`` is own, named or unclear, ``href`` the path of the table of their
    claims, empty where there is none."""

    name: str
    kind: str
    turns: Sequence[Turn]
    href: str

    @property
    def claims(self) -> int:
        return sum(turn.claims for turn in self.turns)

    @property
    def path(self) -> str:
        """The marks of its turns, as the path of a figure ten units high: one element, however many they are."""
        return "".join(f"M{turn.x} 0h{turn.width}v10h-{turn.width}z" for turn in self.turns)


@dataclass(frozen=True)
class SpeechMap:
    """A text of ``length`` code points: the lines of its speakers, those with the most claims first, and its turns in
    their order."""

    length: int
    lines: Sequence[Line]
    turns: Sequence[Turn]


def speech_map(
    site: Site, article: str, selection: Selection, length: int, page: Callable[[int], str]
) -> SpeechMap | None:
    """The map of an article's claims; ``page`` gives the path of the page that has the claim of a place.

    None where they are too many, where their places in the text are unknown, or where all have the same speaker."""
    if not length or site.claim_index.count(selection) > CLAIMS_LIMIT:
        return None
    found = stretches(site.claim_index, selection)
    if any(not 0 <= s.start < s.end <= length for s in found):
        return None
    site.labels.fetch({iri for s in found for iri in s.speakers})
    names = {speakers: _name(site, article, speakers) for speakers in {s.speakers for s in found}}
    turns = [_turn(run, names, length, page) for run in _runs(found)]
    by_speaker: dict[tuple[str, ...], list[Turn]] = {}
    for turn in turns:
        by_speaker.setdefault(turn.speakers, []).append(turn)
    if len(by_speaker) < 2:
        return None
    lines = [
        Line(names[speakers], _kind(article, speakers), own, _table(site, article, selection, speakers))
        for speakers, own in by_speaker.items()
    ]
    return SpeechMap(length, sorted(lines, key=lambda line: -line.claims), turns)


def _name(site: Site, article: str, speakers: tuple[str, ...]) -> str:
    names = {"own": ["the article itself"], "unclear": ["unclear who"]}.get(_kind(article, speakers))
    return phrases.capital(phrases.listed(names or [ref(site, iri).label for iri in speakers]))


def _kind(article: str, speakers: tuple[str, ...]) -> str:
    return "own" if speakers == (article,) else "named" if speakers else "unclear"


def _runs(found: Sequence[Stretch]) -> list[list[tuple[int, Stretch]]]:
    placed = enumerate(found, 1)
    return [[*run] for _, run in groupby(placed, key=lambda pair: pair[1].speakers)]


def _turn(
    run: Sequence[tuple[int, Stretch]],
    names: Mapping[tuple[str, ...], str],
    length: int,
    page: Callable[[int], str],
) -> Turn:
    (place, first), start, end = run[0], min(s.start for _, s in run), max(s.end for _, s in run)
    width = max(end - start, round(length * MARK_WIDTH))
    href = f"{page(place)}#turn-{place}"
    return Turn(
        first.speakers, names[first.speakers], place, len(run), start, end, min(start, length - width), width, href
    )


def _table(site: Site, article: str, selection: Selection, speakers: Sequence[str]) -> str:
    """The path of the table of what one speaker says in the article."""
    if len(speakers) != 1:
        return ""
    of_article = claims_of(site, "quoted", article, selection.encoding)
    return f"{of_article}&" + claims_of(site, "says", speakers[0]).partition("?")[2]
