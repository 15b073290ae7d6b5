"""What a ballot may say: how many options, of which fields and districts, for how much money, with how many points."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from civicvote.domain.tally.profile import Option, Points
from civicvote.kernel.errors import Invalid
from civicvote.kernel.voting import BallotType

POINTS_BALLOTS = frozenset({BallotType.CUMULATIVE, BallotType.SCORING})
"""Ballots on which the voter writes points beside each choice."""


class BrokenBallotRule(Invalid):
    """Base of the refusals below; the field is the form's list of choices."""

    field = "choices"


class UnknownOption(BrokenBallotRule):
    code = "ballot_unknown_option"


class WithdrawnOption(BrokenBallotRule):
    code = "ballot_withdrawn_option"


class RepeatedOption(BrokenBallotRule):
    code = "ballot_repeated_option"


class TooFewChoices(BrokenBallotRule):
    code = "ballot_too_few_choices"


class TooManyChoices(BrokenBallotRule):
    code = "ballot_too_many_choices"


class TooManyOfField(BrokenBallotRule):
    code = "ballot_too_many_of_field"


class OutsideDistrict(BrokenBallotRule):
    """The option belongs to a district that is not the voter's."""

    code = "ballot_outside_district"


class CostSumTooLow(BrokenBallotRule):
    code = "ballot_cost_sum_too_low"


class CostSumTooHigh(BrokenBallotRule):
    code = "ballot_cost_sum_too_high"


class PointsMismatch(BrokenBallotRule):
    """Not as many points as choices, or points on a ballot that has none."""

    code = "ballot_points_mismatch"


class PointsTooLow(BrokenBallotRule):
    code = "ballot_points_too_low"


class PointsTooHigh(BrokenBallotRule):
    code = "ballot_points_too_high"


class PointsSumTooLow(BrokenBallotRule):
    code = "ballot_points_sum_too_low"


class PointsSumTooHigh(BrokenBallotRule):
    code = "ballot_points_sum_too_high"


@dataclass(frozen=True, slots=True)
class BallotRule:
    """Limits of one ballot, frozen with the poll's rules; None means no limit.

    "Exactly k of n" is ``min_choices = max_choices = k``. ``*_sum_cost`` are in the currency's smallest unit.
    The points limits hold for cumulative and scoring ballots only. ``max_choices`` of an ordinal ballot is
    also what its first place is worth. The names follow Pabulib's META fields.

    ``max_per_field``: how many options of one field; those of no field are not limited by it.
    ``own_district_only``: options of another district than the voter's are out; those of none are everybody's.
    """

    type: BallotType
    min_choices: int = 1
    max_choices: int | None = None
    min_sum_cost: int | None = None
    max_sum_cost: int | None = None
    min_points: Points | None = None
    max_points: Points | None = None
    min_sum_points: Points | None = None
    max_sum_points: Points | None = None
    max_per_field: int | None = None
    own_district_only: bool = False


def check_choices(
    rule: BallotRule,
    options: Mapping[str, Option],
    choices: Sequence[str],
    points: Sequence[Points] = (),
    *,
    district: str = "",
) -> dict[str, Points]:
    """The ballot as option id to points, fit for a profile, if no rule is broken.

    ``choices`` are option ids, best first on an ordinal ballot; ``points`` stand in the same order and are
    given on cumulative and scoring ballots only. ``district`` is the voter's. Raises a subclass of
    :class:`BrokenBallotRule` for the first broken rule, which carries the limit and what the ballot has.
    """
    seen: set[str] = set()
    for option_id in choices:
        if option_id not in options:
            raise UnknownOption(option=option_id)
        if options[option_id].is_withdrawn:
            raise WithdrawnOption(option=option_id)
        if option_id in seen:
            raise RepeatedOption(option=option_id)
        if rule.own_district_only and options[option_id].district not in ("", district):
            raise OutsideDistrict(option=option_id)
        seen.add(option_id)
    check_limits(rule, options, choices, points)
    return points_of(rule, options, choices, points)


def check_limits(
    rule: BallotRule,
    options: Mapping[str, Option],
    choices: Sequence[str],
    points: Sequence[Points] = (),
) -> None:
    """The limits alone, for choices that are known to be distinct options."""
    most = 1 if rule.type is BallotType.CHOOSE_1 else rule.max_choices
    if len(choices) < rule.min_choices:
        raise TooFewChoices(limit=rule.min_choices, given=len(choices))
    if most is not None and len(choices) > most:
        raise TooManyChoices(limit=most, given=len(choices))
    _check_fields(rule, options, choices)
    cost = sum(options[option_id].cost for option_id in choices)
    if rule.min_sum_cost is not None and cost < rule.min_sum_cost:
        raise CostSumTooLow(limit=rule.min_sum_cost, given=cost)
    if rule.max_sum_cost is not None and cost > rule.max_sum_cost:
        raise CostSumTooHigh(limit=rule.max_sum_cost, given=cost)
    _check_points(rule, choices, points)


def _check_fields(rule: BallotRule, options: Mapping[str, Option], choices: Sequence[str]) -> None:
    if rule.max_per_field is None:
        return
    chosen = Counter(field for option_id in choices if (field := options[option_id].field))
    for field, given in chosen.items():
        if given > rule.max_per_field:
            raise TooManyOfField(area=field, limit=rule.max_per_field, given=given)


def _check_points(rule: BallotRule, choices: Sequence[str], points: Sequence[Points]) -> None:
    if len(points) != (len(choices) if rule.type in POINTS_BALLOTS else 0):
        raise PointsMismatch(choices=len(choices), points=len(points))
    if rule.type not in POINTS_BALLOTS:
        return
    least = 0 if rule.min_points is None and rule.type is BallotType.CUMULATIVE else rule.min_points
    for option_id, given in zip(choices, points, strict=True):
        if least is not None and given < least:
            raise PointsTooLow(option=option_id, limit=least, given=given)
        if rule.max_points is not None and given > rule.max_points:
            raise PointsTooHigh(option=option_id, limit=rule.max_points, given=given)
    total = sum(points)
    if rule.min_sum_points is not None and total < rule.min_sum_points:
        raise PointsSumTooLow(limit=rule.min_sum_points, given=total)
    if rule.max_sum_points is not None and total > rule.max_sum_points:
        raise PointsSumTooHigh(limit=rule.max_sum_points, given=total)


def points_of(
    rule: BallotRule,
    options: Mapping[str, Option],
    choices: Sequence[str],
    points: Sequence[Points] = (),
) -> dict[str, Points]:
    """What each choice is worth.

    An approval is 1. An ordinal ballot gives max_choices to its first place, one less to each next (Kraków:
    3, 2, 1); without max_choices the number of options, as Pabulib's default has it; places beyond get 0.
    """
    if rule.type in POINTS_BALLOTS:
        return dict(zip(choices, points, strict=True))
    if rule.type is BallotType.ORDINAL:
        first = rule.max_choices or len(options)
        return {option_id: max(first - place, 0) for place, option_id in enumerate(choices)}
    return dict.fromkeys(choices, 1)
