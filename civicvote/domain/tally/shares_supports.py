"""Who supports what, as arrays: the form in which Equal Shares and Phragmén read a profile."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import lcm
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from civicvote.domain.tally.profile import Option, Profile

Integers: TypeAlias = npt.NDArray[Any]
"""int64, or Python's own integers (dtype object) where sums over all voters could have more bits than a float."""
Floats: TypeAlias = npt.NDArray[np.float64]
Places: TypeAlias = npt.NDArray[np.intp]

_MOST_BITS = 53


@dataclass(frozen=True, slots=True)
class Column:
    """One option and the ballot groups that support it; the arrays belong together place by place.

    ``counts`` are the voters of each group, ``units`` what each of them gives the option, ``weights`` the product.
    ``cells`` are the places of these supports in the rows of :class:`Supports`. ``is_single``: all units are 1.
    """

    place: int
    option: Option
    groups: Places
    cells: Places
    counts: Integers
    units: Integers
    weights: Integers
    counts_near: Floats
    units_near: Floats
    weights_near: Floats
    supporters: int
    total_units: int
    is_single: bool

    def only(self, kept: npt.NDArray[np.bool_]) -> "Column":
        """Some of the groups; ``supporters`` and ``total_units`` stay those of all."""
        counts, counts_near = self.counts[kept], self.counts_near[kept]
        return replace(
            self,
            groups=self.groups[kept],
            cells=self.cells[kept],
            counts=counts,
            units=self.units[kept],
            weights=counts if self.is_single else self.weights[kept],
            counts_near=counts_near,
            units_near=self.units_near[kept],
            weights_near=counts_near if self.is_single else self.weights_near[kept],
        )


@dataclass(frozen=True, slots=True)
class Supports:
    """A profile by columns (options, in the order of the tie-break) and by rows (ballot groups).

    A voter supports what the ballot gives more than 0 points. The cells of a group are those from ``row_starts[g]`` to
    ``row_starts[g + 1]``; each has ``row_units`` and, for all voters of the group, ``row_weights``. Units are whole:
    points times ``scale``.
    """

    columns: tuple[Column, ...]
    counts: Integers
    row_starts: Places
    row_units: Integers
    row_weights: Integers
    scale: int

    @classmethod
    def of(cls, profile: Profile, options: Sequence[Option], *, counts_points: bool) -> "Supports":
        """``options`` in the order of the tie-break; where points do not count each supported option is one unit."""
        cells = profile.cells
        column_of = {option.id: place for place, option in enumerate(options)}
        column_places = np.array([column_of.get(option.id, -1) for option in profile.options], np.intp)
        places = column_places[cells.options]
        kept = (places >= 0) & np.asarray(cells.points > 0, bool)
        rows, places = cells.groups[kept], places[kept]
        units, scale = _whole(cells.points[kept]) if counts_points else (np.ones(len(rows), np.int64), 1)
        is_short = (profile.voters * int(units.max(initial=1))).bit_length() <= _MOST_BITS
        kind = np.dtype(np.int64 if is_short else object)
        units, counts = units.astype(kind), cells.counts.astype(kind)
        starts = np.concatenate(([0], np.cumsum(np.bincount(rows, minlength=len(counts))))).astype(np.intp)
        weights = counts[rows] * units

        short = np.min_scalar_type(len(options))  # NumPy sorts short integers by their digits, many times faster
        order = np.argsort(places.astype(short), kind="stable")
        bounds = np.concatenate(([0], np.cumsum(np.bincount(places, minlength=len(options))))).tolist()
        by_column = _Sorted.of(rows[order], order, counts, units[order], is_single=not counts_points)
        columns = tuple(
            by_column.column(place, option, slice(bounds[place], bounds[place + 1]))
            for place, option in enumerate(options)
        )
        return cls(columns, counts, starts, units, weights, scale)

    def rivals(self, rivals: Mapping[str, frozenset[str]]) -> dict[int, list[int]]:
        """``CountingParameters.rivals`` by places of columns."""
        places = {column.option.id: column.place for column in self.columns}
        return {
            places[option_id]: [places[other] for other in others if other in places]
            for option_id, others in rivals.items()
            if option_id in places
        }


def _whole(points: Integers) -> tuple[Integers, int]:
    """The points as whole numbers, and what they were multiplied with for that."""
    if points.dtype != object:
        return points, 1
    scale = lcm(*(value.denominator for value in set(points.tolist())))
    return np.array([int(value * scale) for value in points.tolist()], object), scale


@dataclass(frozen=True, slots=True)
class _Sorted:
    """The arrays of all columns, one behind the other: each column's are views of a part."""

    groups: Places
    cells: Places
    counts: Integers
    units: Integers
    weights: Integers
    counts_near: Floats
    units_near: Floats
    weights_near: Floats
    is_single: bool

    @classmethod
    def of(cls, groups: Places, cells: Places, counts: Integers, units: Integers, *, is_single: bool) -> "_Sorted":
        """``counts`` by group, the others by cell."""
        of_cells = counts[groups]
        weights = of_cells if is_single else of_cells * units
        counts_near = of_cells.astype(np.float64)
        return cls(
            groups=groups,
            cells=cells,
            counts=of_cells,
            units=units,
            weights=weights,
            counts_near=counts_near,
            units_near=units.astype(np.float64),
            weights_near=counts_near if is_single else weights.astype(np.float64),
            is_single=is_single,
        )

    def column(self, place: int, option: Option, part: slice) -> Column:
        counts, weights = self.counts[part], self.weights[part]
        supporters = int(counts.sum())
        return Column(
            place=place,
            option=option,
            groups=self.groups[part],
            cells=self.cells[part],
            counts=counts,
            units=self.units[part],
            weights=weights,
            counts_near=self.counts_near[part],
            units_near=self.units_near[part],
            weights_near=self.weights_near[part],
            supporters=supporters,
            total_units=supporters if self.is_single else int(weights.sum()),
            is_single=self.is_single,
        )
