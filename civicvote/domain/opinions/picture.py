"""The drawing of a map: people as points in the shape of their group, groups as hulls, own position marked.

Plain numbers in the units of the SVG; what is drawn with them is the template's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

WIDTH, HEIGHT, MARGIN = 360, 300, 34
LETTERS = "ABCDE"
_OTHERS = "?"
_POINT = 3.2

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Dot:
    """``letter``: of its group, a question mark where the group is too small to be shown."""

    x: float
    y: float
    radius: float
    letter: str


@dataclass(frozen=True, slots=True)
class Area:
    """``outline``: the points of a polygon; ``x`` and ``y``: where its letter stands."""

    letter: str
    outline: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Picture:
    dots: list[Dot]
    areas: list[Area]
    own: Point | None
    width: int = WIDTH
    height: int = HEIGHT


def hull(points: Sequence[Point]) -> list[Point]:
    """The convex hull, counter-clockwise (Andrew's monotone chain, 1979); of one or two different points these."""
    ordered = sorted(set(points))
    if len(ordered) < 3:
        return ordered

    def half(sequence: Sequence[Point]) -> list[Point]:
        chain: list[Point] = []
        for point in sequence:
            while len(chain) > 1 and _turn(chain[-2], chain[-1], point) <= 0:
                chain.pop()
            chain.append(point)
        return chain[:-1]

    return half(ordered) + half(ordered[::-1])


def _turn(origin: Point, one: Point, other: Point) -> float:
    return (one[0] - origin[0]) * (other[1] - origin[1]) - (one[1] - origin[1]) * (other[0] - origin[0])


def draw(points: Sequence[Sequence[float]], groups: Sequence[dict[str, Any]], own: Point | None = None) -> Picture:
    """``points``: x, y, group, people; ``groups``: with ``hull`` and ``centre``. One scale for both directions, so that
    distances look as they are; upwards is upwards."""
    everything = [(each[0], each[1]) for each in points] + ([own] if own else [])
    lowest_x, highest_x = min(x for x, _ in everything), max(x for x, _ in everything)
    lowest_y, highest_y = min(y for _, y in everything), max(y for _, y in everything)
    scale = min(
        (WIDTH - 2 * MARGIN) / max(highest_x - lowest_x, 1e-9), (HEIGHT - 2 * MARGIN) / max(highest_y - lowest_y, 1e-9)
    )
    middle_x, middle_y = (lowest_x + highest_x) / 2, (lowest_y + highest_y) / 2

    def placed(point: Sequence[float]) -> Point:
        return (
            round(WIDTH / 2 + (point[0] - middle_x) * scale, 1),
            round(HEIGHT / 2 - (point[1] - middle_y) * scale, 1),
        )

    heaviest = max((each[3] for each in points), default=1)
    return Picture(
        dots=[_dot(placed(each), each, heaviest) for each in points],
        areas=[
            Area(letter, " ".join(f"{x},{y}" for x, y in map(placed, group["hull"])), *placed(group["centre"]))
            for letter, group in zip(LETTERS, groups, strict=False)
            if group["centre"]
        ],
        own=placed(own) if own else None,
    )


def _dot(place: Point, point: Sequence[float], heaviest: float) -> Dot:
    """Base clusters by the area of their circle."""
    radius = _POINT if heaviest <= 1 else max(2.0, 12 * sqrt(point[3] / heaviest))
    number = int(point[2])
    return Dot(*place, round(radius, 1), LETTERS[number] if number >= 0 else _OTHERS)
