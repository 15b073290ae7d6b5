"""Where a region's cities, counties and districts lie: shapes from the files that maps show, and points inside them.

The files under ``static/geo`` are drawn by ``scripts/draw_boundaries.py`` and simplified to some 100 m, so a point may
lie a little outside. All arithmetic about inside and outside is in integers.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import cos, hypot, radians
from pathlib import Path

from civicvote.domain.regions.districts import prefix_of
from civicvote.domain.regions.points import MILLION, Point

GEO = Path(__file__).parents[2] / "static" / "geo"
#: How far outside the drawn line a point still counts as inside: lines are simplified, and fingers are thick.
MARGIN_METRES = 500
_METRES_A_DEGREE = 111_320

#: (longitude, latitude) in millionths of a degree, the first again at the end.
Ring = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """A city, county or district; each part has its outer ring first, then its holes."""

    code: str
    name_ko: str
    parts: tuple[tuple[Ring, ...], ...]
    box: tuple[int, int, int, int]

    def contains(self, point: Point) -> bool:
        x, y = point.longitude_e6, point.latitude_e6
        west, south, east, north = self.box
        return west <= x <= east and south <= y <= north and any(_inside(part, x, y) for part in self.parts)

    def metres_to(self, point: Point) -> float:
        """How far the point is from the shape's line."""
        squeeze = cos(radians(point.latitude_e6 / MILLION))
        nearest = min(_distance(start, end, point, squeeze) for start, end in self._edges())
        return nearest / MILLION * _METRES_A_DEGREE

    def _edges(self) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
        for part in self.parts:
            for ring in part:
                yield from pairwise(ring)

    def is_near(self, point: Point, degrees_e6: int) -> bool:
        west, south, east, north = self.box
        return (
            west - degrees_e6 <= point.longitude_e6 <= east + degrees_e6
            and south - degrees_e6 <= point.latitude_e6 <= north + degrees_e6
        )


def _inside(rings: Iterable[Ring], x: int, y: int) -> bool:
    """Even-odd rule: holes take out what the outer ring holds."""
    inside = False
    for ring in rings:
        for start, end in pairwise(ring):
            # Upwards whatever the ring's direction, so that two shapes judge the line they share alike.
            (x1, y1), (x2, y2) = (start, end) if start[1] < end[1] else (end, start)
            if y1 <= y < y2 and (x - x1) * (y2 - y1) < (x2 - x1) * (y - y1):
                inside = not inside
    return inside


def _distance(start: tuple[int, int], end: tuple[int, int], point: Point, squeeze: float) -> float:
    """From the point to the segment, in millionths of a degree of latitude."""
    px, py = point.longitude_e6 * squeeze, float(point.latitude_e6)
    x1, y1, x2, y2 = start[0] * squeeze, start[1], end[0] * squeeze, end[1]
    dx, dy = x2 - x1, y2 - y1
    length = dx * dx + dy * dy
    share = max(0.0, min(1.0, ((px - x1) * dx + (py - y1) * dy) / length)) if length else 0.0
    return hypot(px - x1 - share * dx, py - y1 - share * dy)


@dataclass(frozen=True, slots=True)
class Boundaries:
    """``path`` is the file below ``static/``; ``prefix`` what the codes of the region's own shapes begin with."""

    path: str
    prefix: str
    shapes: tuple[Shape, ...]

    @property
    def box(self) -> tuple[int, int, int, int]:
        """West, south, east, north."""
        boxes = [shape.box for shape in self.shapes]
        return min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)

    def locate(self, point: Point) -> Shape | None:
        """The shape that the point lies in, or else the nearest within ``MARGIN_METRES``; None outside the region."""
        for shape in self.shapes:
            if shape.contains(point):
                return shape
        margin = MARGIN_METRES * MILLION // _METRES_A_DEGREE
        near = [shape for shape in self.shapes if shape.is_near(point, 2 * margin)]
        distances = sorted((shape.metres_to(point), shape.code, shape) for shape in near)
        return distances[0][2] if distances and distances[0][0] <= MARGIN_METRES else None


@lru_cache(maxsize=64)
def boundaries_of(code: str | None) -> Boundaries | None:
    """The boundaries of the region with this code; None where none are drawn."""
    if code is None or not (code.isascii() and code.isdigit()):
        return None
    path = GEO / f"{code[:2]}.json"
    if not path.is_file():
        return None
    prefix = prefix_of(code)
    features = json.loads(path.read_text("utf-8"))["features"]
    shapes = tuple(
        _shape(feature["properties"]["code"], feature["properties"]["name"], feature["geometry"]["coordinates"])
        for feature in features
        if feature["properties"]["code"].startswith(prefix)
    )
    return Boundaries(f"geo/{path.name}", prefix, shapes) if shapes else None


def _shape(code: str, name_ko: str, coordinates: list[list[list[list[float]]]]) -> Shape:
    parts = tuple(
        tuple(tuple((round(x * MILLION), round(y * MILLION)) for x, y in ring) for ring in part) for part in coordinates
    )
    xs = [x for part in parts for x, _ in part[0]]
    ys = [y for part in parts for _, y in part[0]]
    return Shape(code, name_ko, parts, (min(xs), min(ys), max(xs), max(ys)))
