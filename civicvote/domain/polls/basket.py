"""A ballot while it is being filled: what is in it, what is left, and what no longer goes in, with the reason."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from civicvote.domain.polls.freezing import FrozenOption
from civicvote.domain.tally.ballot_rules import BallotRule, check_limits
from civicvote.domain.tally.profile import Option
from civicvote.kernel.errors import Refusal


class WhyNot(StrEnum):
    """Why an option that is not chosen can't be added to what is."""

    LIMIT_REACHED = "limit_reached"
    DOES_NOT_FIT = "does_not_fit"


@dataclass(frozen=True, slots=True)
class BasketOption:
    """``why_not`` is None for what is chosen and for what can be added; ``lacking`` is the money it lacks."""

    option: FrozenOption
    is_chosen: bool
    why_not: WhyNot | None = None
    lacking: int = 0


@dataclass(frozen=True, slots=True)
class Basket:
    """Amounts in the currency's smallest unit. ``limit`` and ``left`` are None where a ballot may spend anything.

    ``fault`` is why this ballot can't be cast as it is; None when it can."""

    options: tuple[BasketOption, ...]
    count: int
    fewest: int
    most: int | None
    spent: int
    limit: int | None
    fault: Refusal | None

    @property
    def left(self) -> int | None:
        return None if self.limit is None else self.limit - self.spent

    @property
    def chosen(self) -> list[FrozenOption]:
        return [each.option for each in self.options if each.is_chosen]


def fill(options: Sequence[FrozenOption], choices: Collection[str], rule: BallotRule) -> Basket:
    """``choices``: option keys; unknown ones and repetitions are ignored, a form can send anything."""
    wanted = set(choices)
    chosen = [option for option in options if option.key in wanted]
    spent = sum(option.cost_amount for option in chosen)
    is_full = rule.max_choices is not None and len(chosen) >= rule.max_choices
    left = None if rule.max_sum_cost is None else rule.max_sum_cost - spent
    return Basket(
        options=tuple(_standing(option, option.key in wanted, is_full=is_full, left=left) for option in options),
        count=len(chosen),
        fewest=rule.min_choices,
        most=rule.max_choices,
        spent=spent,
        limit=rule.max_sum_cost,
        fault=_fault(chosen, rule),
    )


def _standing(option: FrozenOption, is_chosen: bool, *, is_full: bool, left: int | None) -> BasketOption:
    if is_chosen:
        return BasketOption(option, True)
    if is_full:
        return BasketOption(option, False, WhyNot.LIMIT_REACHED)
    if left is not None and option.cost_amount > left:
        return BasketOption(option, False, WhyNot.DOES_NOT_FIT, option.cost_amount - max(left, 0))
    return BasketOption(option, False)


def _fault(chosen: Sequence[FrozenOption], rule: BallotRule) -> Refusal | None:
    known = {option.key: Option(option.key, option.cost_amount) for option in chosen}
    try:
        check_limits(rule, known, list(known))
    except Refusal as refusal:
        return refusal
    return None
