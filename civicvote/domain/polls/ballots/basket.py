"""A ballot while it is being filled: what is in it, what is left, and what no longer goes in, with the reason."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from civicvote.domain.polls.ballots.wishes import Wish
from civicvote.domain.polls.freezing import FrozenOption
from civicvote.domain.tally.ballot_rules import BallotRule, check_limits
from civicvote.domain.tally.profile import Option
from civicvote.kernel.errors import Refusal
from civicvote.kernel.voting import BallotType


class WhyNot(StrEnum):
    """Why an option that is not chosen can't be added to what is."""

    LIMIT_REACHED = "limit_reached"
    FIELD_FULL = "field_full"
    DOES_NOT_FIT = "does_not_fit"
    NO_POINTS_LEFT = "no_points_left"


@dataclass(frozen=True, slots=True)
class BasketOption:
    """``typed``: the points or the place beside it. ``why_not`` is None for what is chosen and for what can be added;
    ``lacking`` is the money it lacks."""

    option: FrozenOption
    is_chosen: bool
    typed: str = ""
    why_not: WhyNot | None = None
    lacking: int = 0


@dataclass(frozen=True, slots=True)
class Basket:
    """Amounts in the currency's smallest unit. ``limit`` and ``points_limit`` are None where a ballot may spend
    anything. ``chosen``: in the order of a ranking, else as on the ballot.

    ``fault`` is why this ballot can't be cast as it is; None when it can."""

    wish: Wish
    options: tuple[BasketOption, ...]
    chosen: tuple[BasketOption, ...]
    fewest: int
    most: int | None
    spent: int
    limit: int | None
    points_limit: int | None
    fault: Refusal | None

    @property
    def count(self) -> int:
        return len(self.chosen)

    @property
    def left(self) -> int | None:
        return None if self.limit is None else self.limit - self.spent

    @property
    def points(self) -> int:
        return sum(self.wish.points)

    @property
    def points_left(self) -> int | None:
        return None if self.points_limit is None else self.points_limit - self.points


def fill(options: Sequence[FrozenOption], wish: Wish, rule: BallotRule) -> Basket:
    """``wish``: option keys of which unknown ones and repetitions are ignored, a form can send anything."""
    wish = _on_ballot(wish, {option.key for option in options})
    wanted = set(wish.choices)
    standing = _Standing(rule, [option for option in options if option.key in wanted], sum(wish.points))
    shown = tuple(standing.of(option, option.key in wanted, wish.typed.get(option.key, "")) for option in options)
    by_key = {each.option.key: each for each in shown}
    in_order = wish.choices if rule.type is BallotType.ORDINAL else [key for key in by_key if key in wanted]
    return Basket(
        wish=wish,
        options=shown,
        chosen=tuple(by_key[key] for key in in_order),
        fewest=rule.min_choices,
        most=standing.most,
        spent=standing.spent,
        limit=rule.max_sum_cost,
        points_limit=None if rule.max_sum_points is None else int(rule.max_sum_points),
        fault=wish.fault or _fault(options, wish, rule),
    )


def _on_ballot(wish: Wish, known: Collection[str]) -> Wish:
    if wish.points:
        pairs = dict(zip(wish.choices, wish.points, strict=False))
        pairs = {key: points for key, points in pairs.items() if key in known}
        return replace(wish, choices=tuple(pairs), points=tuple(pairs.values()))
    return replace(wish, choices=tuple(key for key in dict.fromkeys(wish.choices) if key in known))


class _Standing:
    """How each option stands to what is in the basket already."""

    def __init__(self, rule: BallotRule, chosen: Sequence[FrozenOption], points: int) -> None:
        self.rule = rule
        self.most = 1 if rule.type is BallotType.CHOOSE_1 else rule.max_choices
        self.spent = sum(option.cost_amount for option in chosen)
        self._number = len(chosen)
        self._fields = Counter(option.field_key for option in chosen if option.field_key)
        self._points = points

    def of(self, option: FrozenOption, is_chosen: bool, typed: str) -> BasketOption:
        why = None if is_chosen else self._why_not(option)
        left = None if self.rule.max_sum_cost is None else self.rule.max_sum_cost - self.spent
        lacking = option.cost_amount - max(left or 0, 0) if why is WhyNot.DOES_NOT_FIT else 0
        return BasketOption(option, is_chosen, typed, why, lacking)

    def _why_not(self, option: FrozenOption) -> WhyNot | None:
        """On a ballot of one choice the next replaces the first, so nothing there is out of reach."""
        rule = self.rule
        if self.most is not None and self._number >= self.most and rule.type is not BallotType.CHOOSE_1:
            return WhyNot.LIMIT_REACHED
        field = option.field_key
        if rule.max_per_field is not None and field and self._fields[field] >= rule.max_per_field:
            return WhyNot.FIELD_FULL
        if rule.max_sum_cost is not None and option.cost_amount > rule.max_sum_cost - self.spent:
            return WhyNot.DOES_NOT_FIT
        if rule.max_sum_points is not None and self._points >= rule.max_sum_points:
            return WhyNot.NO_POINTS_LEFT
        return None


def _fault(options: Sequence[FrozenOption], wish: Wish, rule: BallotRule) -> Refusal | None:
    known = {option.key: Option(option.key, option.cost_amount, field=option.field_key or "") for option in options}
    try:
        check_limits(rule, known, wish.choices, wish.points)
    except Refusal as refusal:
        return refusal
    return None
