"""A small map of a place: a graticule over the coarse outline in static/land.svg.

The projection is equirectangular: one unit of the drawing is one degree, y runs southwards.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from quoth.claim.model.namespaces import Term
from quoth.web.core.site import Site
from quoth.web.present.claim_lookup import ref
from quoth.web.present.claim_view import Ref

WIDTH, HEIGHT = 80, 40
"""The degrees that a map shows; the outline is too coarse for fewer."""
_STEP = 10


@dataclass(frozen=True)
class Spot:
    """A position in degrees (WGS 84), north and east positive, and the graph that gives it; None: the default graph.

    ``date`` is the day when it was fetched from another dataset; empty if it was not.
    """

    latitude: float
    longitude: float
    according_to: Ref | None
    date: str = ""

    @property
    def y(self) -> float:
        return -self.latitude

    @property
    def words(self) -> str:
        """``34.0° N, 71.6° E``."""
        north, east = "N" if self.latitude >= 0 else "S", "E" if self.longitude >= 0 else "W"
        return f"{abs(self.latitude):.1f}° {north}, {abs(self.longitude):.1f}° {east}"


@dataclass(frozen=True)
class Map:
    """The part of the earth around a place: its upper left corner, and the lines of its graticule as an SVG path."""

    x: int
    y: int
    graticule: str
    spots: Sequence[Spot]
    width: int = WIDTH
    height: int = HEIGHT


def locate(site: Site, iri: str) -> Map | None:
    """The map of ``iri``, or None where the release has no coordinates. Nothing is guessed."""
    spots = []
    for row in site.rows("coordinates", iri):
        latitude, longitude = _degrees(row["lat"], 90), _degrees(row["long"], 180)
        if latitude is not None and longitude is not None:
            graph = row.get("g")
            by = ref(site, graph.value) if isinstance(graph, ox.NamedNode) else None
            date = row.get("date")
            spots.append(Spot(latitude, longitude, by, date.value if isinstance(date, ox.Literal) else ""))
    if not spots:
        return None
    x = _corner(spots[0].longitude, WIDTH, 180)
    y = _corner(spots[0].y, HEIGHT, 90)
    lines = [f"M{at} {y}v{HEIGHT}" for at in range(-(-x // _STEP) * _STEP, x + WIDTH + 1, _STEP)]
    lines += [f"M{x} {at}h{WIDTH}" for at in range(-(-y // _STEP) * _STEP, y + HEIGHT + 1, _STEP)]
    return Map(x, y, "".join(lines), spots)


def _corner(middle: float, size: int, edge: int) -> int:
    """The beginning of a window of that size around ``middle``, within -edge and edge."""
    return max(-edge, min(edge - size, round(middle - size / 2)))


def _degrees(term: Term, limit: int) -> float | None:
    """A number of degrees out of a literal, or None for anything else."""
    try:
        value = float(term.value) if isinstance(term, ox.Literal) else math.nan
    except ValueError:
        return None
    return value if abs(value) <= limit else None
