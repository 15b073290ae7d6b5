"""When what an officer lays down is a ballot that everybody can fill in, and that the counting rule can read."""

from collections import Counter
from collections.abc import Sequence

from civicvote.domain.polls.ballots.kinds import BALLOTS_OF_KIND
from civicvote.domain.polls.ballots.shape import RESIDENTS, BallotShape
from civicvote.domain.polls.errors import ChoiceLimitsUnusable
from civicvote.domain.polls.errors_planning import (
    BallotCannotBeFilled,
    BallotDoesNotFitKind,
    CountingChoiceUnusable,
    ElectoratesNotCounted,
    ElectoratesUnusable,
    EnvelopesUnusable,
    EnvelopeWithoutOptions,
    FieldLimitUnusable,
    IncompatibleUnknown,
    OptionAbovePart,
    PointsLimitsUnusable,
    RivalsInSeveralParts,
    RuleDoesNotFitBallot,
)
from civicvote.domain.polls.freezing import FrozenOption
from civicvote.domain.polls.planning.counting_choice import CountingChoice
from civicvote.domain.polls.planning.poll_plan import PollPlan
from civicvote.domain.tally.ballot_rules import POINTS_BALLOTS
from civicvote.domain.tally.electorates import RULES_BY_SCORES
from civicvote.domain.tally.envelopes import split
from civicvote.domain.tally.parameters import CountingParameters, Envelopes, EnvelopesBy
from civicvote.kernel.voting import BallotType, CountingRule, Satisfaction

RULES_BY_ORDER = frozenset({CountingRule.BORDA, CountingRule.SCHULZE})
"""Rules that read the order of a ballot's choices."""

MOST_POINTS = 1_000
MOST_WEIGHT = 1_000
MOST_ELECTORATES = 5


def require_ballot(plan: PollPlan) -> None:
    """The limits of the ballot, each for itself. Raises the first broken rule of ``polls.errors_planning``."""
    if plan.ballot_type not in BALLOTS_OF_KIND[plan.kind]:
        raise BallotDoesNotFitKind
    if plan.min_choices < 1 or (plan.max_choices is not None and plan.max_choices < plan.min_choices):
        raise ChoiceLimitsUnusable
    if plan.ballot_type is BallotType.CHOOSE_1 and plan.min_choices > 1:
        raise ChoiceLimitsUnusable
    if plan.ballot.max_per_field is not None and plan.ballot.max_per_field < 1:
        raise FieldLimitUnusable
    _require_points(plan.ballot_type, plan.ballot)


def _require_points(ballot_type: BallotType, shape: BallotShape) -> None:
    limits = (shape.min_points, shape.max_points, shape.min_sum_points, shape.max_sum_points)
    if ballot_type not in POINTS_BALLOTS:
        if any(limit is not None for limit in limits):
            raise PointsLimitsUnusable(most=MOST_POINTS)
        return
    deciding = shape.max_sum_points if ballot_type is BallotType.CUMULATIVE else shape.max_points
    if deciding is None or any(limit is not None and not 0 <= limit <= MOST_POINTS for limit in limits):
        raise PointsLimitsUnusable(
            field="max_sum_points" if ballot_type is BallotType.CUMULATIVE else "max_points", most=MOST_POINTS
        )
    for least, most in ((shape.min_points, shape.max_points), (shape.min_sum_points, shape.max_sum_points)):
        if most is not None and most < max(least or 0, 1):
            raise PointsLimitsUnusable(most=MOST_POINTS)


def require_counting(plan: PollPlan) -> None:
    """Whether the rule can count such ballots with its own choices. Raises the first broken rule."""
    if plan.counting_rule in RULES_BY_ORDER and plan.ballot_type is not BallotType.ORDINAL:
        raise RuleDoesNotFitBallot(rule=plan.counting_rule)
    if plan.counting.satisfaction is Satisfaction.POINTS and plan.ballot_type not in POINTS_BALLOTS:
        raise RuleDoesNotFitBallot(field="satisfaction", rule=plan.counting_rule)
    _require_electorates(plan.ballot, plan.counting_rule)
    _require_choice(plan.counting, plan.envelope_amount or 0)


def _require_electorates(shape: BallotShape, rule: CountingRule) -> None:
    if not shape.electorates:
        return
    keys = [electorate.key for electorate in shape.electorates]
    if RESIDENTS not in keys or len(set(keys)) != len(keys) or not 2 <= len(keys) <= MOST_ELECTORATES:
        raise ElectoratesUnusable(most=MOST_WEIGHT)
    if any(not 1 <= electorate.weight <= MOST_WEIGHT for electorate in shape.electorates):
        raise ElectoratesUnusable(most=MOST_WEIGHT)
    if rule not in RULES_BY_SCORES:
        raise ElectoratesNotCounted(rule=rule)


def _require_choice(choice: CountingChoice, envelope_amount: int) -> None:
    for name in ("increment_amount", "most_runs", "support_divisor"):
        value = getattr(choice, name)
        if value is not None and value < 1:
            raise CountingChoiceUnusable(field=name)
    amounts = choice.envelopes.values()
    if any(amount < 0 for amount in amounts) or sum(amounts) > envelope_amount:
        raise EnvelopesUnusable


def require_fillable(plan: PollPlan, options: Sequence[FrozenOption]) -> None:
    """Whether everybody is offered enough to cast a ballot, and everything named stands on it.

    Who lives where nothing is of one's own district is offered the options of none: the fewest of all."""
    offered = [option for option in options if not (plan.ballot.own_district_only and option.district_code)]
    if _most_that_can_be_chosen(plan, offered) < plan.min_choices:
        raise BallotCannotBeFilled(offered=len(offered), fewest=plan.min_choices)
    known = {option.key for option in options}
    for group in plan.counting.incompatible:
        for key in group:
            if key not in known:
                raise IncompatibleUnknown(option=key)
    if plan.counting.envelopes_by is not None and not any(plan.counting.envelopes.values()):
        raise EnvelopesUnusable
    by_district = plan.counting.envelopes_by is EnvelopesBy.DISTRICT
    parts = {option.district_code if by_district else option.field_key for option in options}
    for key in plan.counting.envelopes:
        if key not in parts:
            raise EnvelopeWithoutOptions(key=key)
    _require_countable_apart(plan, options)


def _require_countable_apart(plan: PollPlan, options: Sequence[FrozenOption]) -> None:
    """The envelope is parted as the count will part it: what can't be counted then must not be voted on now."""
    if plan.counting.envelopes_by is None:
        return
    envelopes = Envelopes(plan.counting.envelopes_by, plan.counting.envelopes)
    counted = [option.as_counted for option in options]
    parts = split(counted, plan.envelope_amount or 0, CountingParameters(), envelopes)
    part_of = {key: part for part in parts for key in part.option_ids}
    label_of = {option.key: option.label for option in options}
    for group in plan.counting.incompatible:
        if len({part_of[key].key for key in group}) > 1:
            raise RivalsInSeveralParts(options=", ".join(label_of[key] for key in group))
    for option in options:
        if option.cost_amount > part_of[option.key].amount:
            raise OptionAbovePart(option=option.label)


def _most_that_can_be_chosen(plan: PollPlan, offered: Sequence[FrozenOption]) -> int:
    """By field and by money; the cheapest go first, so with both limits it may say more than there is, never less."""
    most = len(offered)
    if plan.ballot.max_per_field is not None:
        fields = Counter(option.field_key for option in offered)
        free = fields.pop(None, 0)
        most = free + sum(min(number, plan.ballot.max_per_field) for number in fields.values())
    if plan.ballot_limit_amount is not None:
        left, by_money = plan.ballot_limit_amount, 0
        for cost in sorted(option.cost_amount for option in offered):
            left -= cost
            by_money += left >= 0
        most = min(most, by_money)
    return most
