"""What a poll's ballot offers beyond how many options it may name: points, fields, districts, electorates."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from civicvote.domain.tally.ballot_rules import BallotRule
from civicvote.kernel.voting import BallotType

RESIDENTS = "residents"
"""The electorate of everybody on the roll by the roll's own rule; the only one where a poll declares none."""


@dataclass(frozen=True, slots=True)
class Electorate:
    """One body of voters: residents, a committee, a panel. ``weight``: its part of the sum of all weights."""

    key: str
    name_ko: str
    name_en: str
    weight: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BallotShape:
    """``*_points`` are of cumulative and scoring ballots and named as in Pabulib. ``max_per_field``: options of one
    field that a ballot may name. ``own_district_only``: a voter is offered the options of the own district and those
    of none. ``electorates``: empty, or ``RESIDENTS`` and the others with their weights."""

    min_points: int | None = None
    max_points: int | None = None
    min_sum_points: int | None = None
    max_sum_points: int | None = None
    max_per_field: int | None = None
    own_district_only: bool = False
    electorates: tuple[Electorate, ...] = ()


def ballot_rule(
    shape: BallotShape, ballot_type: BallotType, min_choices: int, max_choices: int | None, max_sum_cost: int | None
) -> BallotRule:
    """The limits of a ballot as counting knows them. ``max_sum_cost`` in the currency's smallest unit."""
    return BallotRule(
        type=ballot_type,
        min_choices=min_choices,
        max_choices=max_choices,
        max_sum_cost=max_sum_cost,
        min_points=shape.min_points,
        max_points=shape.max_points,
        min_sum_points=shape.min_sum_points,
        max_sum_points=shape.max_sum_points,
        max_per_field=shape.max_per_field,
        own_district_only=shape.own_district_only,
    )


def write(shape: BallotShape) -> dict[str, Any]:
    """As JSON holds it."""
    return asdict(shape) | {"electorates": [asdict(electorate) for electorate in shape.electorates]}


def read(stored: Mapping[str, Any]) -> BallotShape:
    """What ``write`` wrote; an empty object, as polls from before it have it, is the defaults."""
    values = dict(stored)
    electorates = tuple(Electorate(**each) for each in values.pop("electorates", ()))
    return BallotShape(**values, electorates=electorates)
