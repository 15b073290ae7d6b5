"""By field and by district: what was asked for, what won, with which money. From the ballot paper alone."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from civicvote.domain.polls.freezing import FrozenOption


@dataclass(frozen=True, slots=True)
class GroupTold:
    """``key`` is a field's key or a district's code, empty for options of none. Amounts in the currency's smallest
    unit."""

    key: str
    options: int
    won: int
    cost_amount: int
    won_amount: int


def by_field(options: Iterable[FrozenOption], selected: Collection[str]) -> tuple[GroupTold, ...]:
    return _by(options, selected, lambda option: option.field_key or "")


def by_district(options: Iterable[FrozenOption], selected: Collection[str]) -> tuple[GroupTold, ...]:
    return _by(options, selected, lambda option: option.district_code or "")


def _by(
    options: Iterable[FrozenOption], selected: Collection[str], key_of: Callable[[FrozenOption], str]
) -> tuple[GroupTold, ...]:
    """The most money won first, then by key; those of none last. Empty where no option belongs to any."""
    grouped: dict[str, list[FrozenOption]] = {}
    for option in options:
        grouped.setdefault(key_of(option), []).append(option)
    if set(grouped) <= {""}:
        return ()
    told = (_told(key, of_group, frozenset(selected)) for key, of_group in grouped.items())
    return tuple(sorted(told, key=lambda each: (each.key == "", -each.won_amount, -each.won, each.key)))


def _told(key: str, options: Collection[FrozenOption], selected: frozenset[str]) -> GroupTold:
    won = [option for option in options if option.key in selected]
    return GroupTold(
        key=key,
        options=len(options),
        won=len(won),
        cost_amount=sum(option.cost_amount for option in options),
        won_amount=sum(option.cost_amount for option in won),
    )
