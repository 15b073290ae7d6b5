"""A region's map as a small drawing: each shape as an SVG path, points in the drawing's own coordinates.

Latitude and longitude are drawn as they are, squeezed by the cosine of the middle latitude: over a province that is
true to within a percent.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import cos, radians

from civicvote.domain.regions.boundaries import Boundaries, Ring, Shape, boundaries_of
from civicvote.domain.regions.points import MILLION, Point

#: The longer side of a drawing, without its rim.
SIDE = 320
_RIM = 6


@dataclass(frozen=True, slots=True)
class DrawnShape:
    """``path`` is the ``d`` of an SVG path, islands too small for it are specks; the label stands in the middle of the
    largest part."""

    code: str
    name_ko: str
    path: str
    label_x: int
    label_y: int


@dataclass(frozen=True, slots=True)
class Outline:
    """``west`` and ``north`` in millionths of a degree, ``scale`` in drawing units for each."""

    width: int
    height: int
    shapes: tuple[DrawnShape, ...]
    west: int
    north: int
    scale: float
    squeeze: float

    def place(self, point: Point) -> tuple[float, float]:
        """Where the point stands in the drawing, to a tenth."""
        x, y = self._place(point.longitude_e6, point.latitude_e6)
        return round(x, 1), round(y, 1)

    def _place(self, x: int, y: int) -> tuple[float, float]:
        return _RIM + (x - self.west) * self.squeeze * self.scale, _RIM + (self.north - y) * self.scale


@lru_cache(maxsize=64)
def outline_of(code: str | None) -> Outline | None:
    """The drawing of the region with this code; None where no boundaries are drawn."""
    boundaries = boundaries_of(code)
    return _drawn(boundaries) if boundaries else None


def _drawn(boundaries: Boundaries) -> Outline:
    west, south, east, north = boundaries.box
    squeeze = cos(radians((south + north) / 2 / MILLION))
    wide, high = (east - west) * squeeze, north - south
    scale = SIDE / max(wide, high)
    frame = Outline(round(wide * scale) + 2 * _RIM, round(high * scale) + 2 * _RIM, (), west, north, scale, squeeze)
    shapes = tuple(_drawn_shape(frame, shape) for shape in boundaries.shapes)
    return Outline(frame.width, frame.height, shapes, west, north, scale, squeeze)


def _drawn_shape(frame: Outline, shape: Shape) -> DrawnShape:
    rings = [_thinned(frame, ring) for part in shape.parts for ring in part]
    specks = {(x // 4 * 4, y // 4 * 4) for ring in rings if len(ring) < 3 for x, y in ring}
    largest = max((_thinned(frame, part[0]) for part in shape.parts), key=lambda ring: abs(_twice_area(ring)))
    x, y = _middle(largest)
    path = "".join(_path(ring) for ring in rings if len(ring) >= 3)
    return DrawnShape(shape.code, shape.name_ko, path + "".join(f"M{x},{y}h1v1h-1z" for x, y in sorted(specks)), x, y)


def _thinned(frame: Outline, ring: Ring) -> list[tuple[int, int]]:
    """The ring on whole units: what a screen can't show is left out."""
    points: list[tuple[int, int]] = []
    for x, y in ring[:-1]:
        px, py = frame._place(x, y)
        point = round(px), round(py)
        if not points or points[-1] != point:
            points.append(point)
    return points


def _path(points: list[tuple[int, int]]) -> str:
    """Relative steps are shorter than places."""
    x, y = points[0]
    steps = []
    for to_x, to_y in points[1:]:
        steps.append(f"{to_x - x}{',' if to_y >= y else ''}{to_y - y}")
        x, y = to_x, to_y
    return f"M{points[0][0]},{points[0][1]}l{' '.join(steps)}z"


def _twice_area(points: list[tuple[int, int]]) -> int:
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(points, points[1:] + points[:1], strict=True))


def _middle(points: list[tuple[int, int]]) -> tuple[int, int]:
    """The centroid; of a ring without area the first point."""
    area = _twice_area(points)
    if not area:
        return points[0]
    pairs = list(zip(points, points[1:] + points[:1], strict=True))
    x = sum((x1 + x2) * (x1 * y2 - x2 * y1) for (x1, y1), (x2, y2) in pairs)
    y = sum((y1 + y2) * (x1 * y2 - x2 * y1) for (x1, y1), (x2, y2) in pairs)
    return round(x / (3 * area)), round(y / (3 * area))
