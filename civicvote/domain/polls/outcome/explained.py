"""Why options won or lost, as a page tells it: options with their words, amounts rounded to whole units.

The count itself rounds nothing; ``tally.shares_explained`` and ``tally.parts_explained`` say what each number is.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from civicvote.domain.polls.freezing import FrozenOption
from civicvote.domain.polls.outcome.format import OutcomeRecord
from civicvote.domain.tally.pairwise import Comparison
from civicvote.domain.tally.parts_explained import (
    ComparedExplained,
    ElectoratesExplained,
    EnvelopesExplained,
    Explanation,
)
from civicvote.domain.tally.shares_explained import NotPaid, PhragmenExplained, Purchase, RunsEnded, SharesExplained


@dataclass(frozen=True, slots=True)
class Bought:
    """``rate``: what a supporter paid, for each point where ``counts_points``; of Phragmén's rule, what each voter had
    earned until then. ``paid_the_rest`` and ``had_nothing_left`` count supporters; both 0 under Phragmén's rule."""

    option: FrozenOption
    step: int
    rate: int
    supporters: int
    paid_in_full: int
    paid_the_rest: int
    had_nothing_left: int
    smallest_payment: int
    largest_payment: int


@dataclass(frozen=True, slots=True)
class Unpaid:
    """``money_left``: what the supporters have together at the end, rounded down, so that ``missing`` adds up to the
    cost; 0 missing where they could pay but a rival had won."""

    option: FrozenOption
    supporters: int
    money_left: int
    missing: int


@dataclass(frozen=True, slots=True)
class Part:
    """What was divided in one go: the whole budget, or one envelope by its ``key`` (empty for the rest).

    ``spent_amount`` by voters and by a completion."""

    key: str
    amount: int
    voters: int
    spent_amount: int


@dataclass(frozen=True, slots=True)
class SharesPart:
    """Equal Shares in one part. ``added``: by the completion, in its order. ``unpaid``: the closest to being bought
    first, without those that were added."""

    part: Part
    runs: int
    first_share: int
    share: int
    ended: RunsEnded
    bought: tuple[Bought, ...]
    added: tuple[FrozenOption, ...]
    unpaid: tuple[Unpaid, ...]
    counts_points: bool

    @property
    def paid_amount(self) -> int:
        """What voters paid from their shares."""
        return sum(each.option.cost_amount for each in self.bought)

    @property
    def added_amount(self) -> int:
        return sum(option.cost_amount for option in self.added)

    @property
    def left_amount(self) -> int:
        return self.part.amount - self.paid_amount - self.added_amount


@dataclass(frozen=True, slots=True)
class PhragmenPart:
    part: Part
    bought: tuple[Bought, ...]
    stopped_at: FrozenOption | None


@dataclass(frozen=True, slots=True)
class ElectoratesPart:
    """How electorates weighed in one part: of the votes that each cast for options of this part."""

    part: Part
    told: ElectoratesExplained


@dataclass(frozen=True, slots=True)
class ComparedPart:
    """How many voters preferred which outcome of one part, and what is in one of the two only."""

    part: Part
    told: ComparedExplained
    only_shares: tuple[FrozenOption, ...]
    only_greedy: tuple[FrozenOption, ...]


@dataclass(frozen=True)
class Explained:
    """``pairwise`` is alone; of the others a poll has one, and ``compared`` beside ``shares`` where its rules ask for
    it: then ``shares`` has the parts in which Equal Shares stands. ``is_split``: whether parts are envelopes."""

    shares: tuple[SharesPart, ...] = ()
    phragmen: tuple[PhragmenPart, ...] = ()
    electorates: tuple[ElectoratesPart, ...] = ()
    compared: tuple[ComparedPart, ...] = ()
    pairwise: Comparison | None = None
    is_split: bool = False

    @cached_property
    def bought(self) -> Mapping[str, Bought]:
        lists = [*(part.bought for part in self.shares), *(part.bought for part in self.phragmen)]
        return {each.option.key: each for bought in lists for each in bought}

    @cached_property
    def unpaid(self) -> Mapping[str, Unpaid]:
        return {each.option.key: each for part in self.shares for each in part.unpaid}

    @cached_property
    def added(self) -> frozenset[str]:
        return frozenset(option.key for part in self.shares for option in part.added)


def explain(record: OutcomeRecord, options: Mapping[str, FrozenOption]) -> Explained:
    """``options`` by key. Empty for a rule whose verdicts say everything."""
    told = record.explanation
    if isinstance(told, Comparison):
        return Explained(pairwise=told)
    whole = Part("", record.budget, record.voters, record.total_cost)
    parts = list(_parts(told, whole))
    return Explained(
        shares=tuple(_shares(part, each, options) for part, found in parts if (each := _shares_that_stand(found))),
        phragmen=tuple(_phragmen(part, each, options) for part, each in parts if isinstance(each, PhragmenExplained)),
        electorates=tuple(
            ElectoratesPart(part, each) for part, each in parts if isinstance(each, ElectoratesExplained)
        ),
        compared=tuple(_compared(part, each, options) for part, each in parts if isinstance(each, ComparedExplained)),
        is_split=isinstance(told, EnvelopesExplained),
    )


def _parts(told: Explanation | None, part: Part) -> Iterator[tuple[Part, Explanation]]:
    if isinstance(told, EnvelopesExplained):
        for each in told.parts:
            if each.explanation is not None:
                yield Part(each.key, each.amount, each.voters, each.spent), each.explanation
    elif told is not None:
        yield part, told


def _shares_that_stand(told: Explanation) -> SharesExplained | None:
    if isinstance(told, ComparedExplained):
        return None if told.greedy_stands else told.shares
    return told if isinstance(told, SharesExplained) else None


def _compared(part: Part, told: ComparedExplained, options: Mapping[str, FrozenOption]) -> ComparedPart:
    def only(these: tuple[str, ...], not_those: tuple[str, ...]) -> tuple[FrozenOption, ...]:
        return tuple(options[option_id] for option_id in these if option_id not in not_those)

    return ComparedPart(
        part,
        told,
        only_shares=only(told.shares_selected, told.greedy_selected),
        only_greedy=only(told.greedy_selected, told.shares_selected),
    )


def _shares(part: Part, told: SharesExplained, options: Mapping[str, FrozenOption]) -> SharesPart:
    added = set(told.added_after)
    unpaid = (_unpaid(each, options) for each in told.not_paid if each.option_id not in added)
    return SharesPart(
        part=part,
        runs=told.runs.number,
        first_share=round(told.runs.first_share),
        share=round(told.runs.share),
        ended=told.runs.ended,
        bought=tuple(_bought(each, options) for each in told.purchases),
        added=tuple(options[option_id] for option_id in told.added_after),
        unpaid=tuple(sorted(unpaid, key=lambda each: (each.missing, each.option.key))),
        counts_points=told.counts_points,
    )


def _bought(purchase: Purchase, options: Mapping[str, FrozenOption]) -> Bought:
    return Bought(
        option=options[purchase.option_id],
        step=purchase.step,
        rate=round(purchase.rate),
        supporters=purchase.supporters,
        paid_in_full=purchase.paid_in_full,
        paid_the_rest=purchase.paid_the_rest,
        had_nothing_left=purchase.had_nothing_left,
        smallest_payment=round(purchase.smallest_payment),
        largest_payment=round(purchase.largest_payment),
    )


def _unpaid(each: NotPaid, options: Mapping[str, FrozenOption]) -> Unpaid:
    together = each.money_left.numerator // each.money_left.denominator
    return Unpaid(options[each.option_id], each.supporters, together, max(each.cost - together, 0))


def _phragmen(part: Part, told: PhragmenExplained, options: Mapping[str, FrozenOption]) -> PhragmenPart:
    return PhragmenPart(
        part=part,
        bought=tuple(
            Bought(
                option=options[each.option_id],
                step=each.step,
                rate=round(each.load),
                supporters=each.supporters,
                paid_in_full=each.supporters,
                paid_the_rest=0,
                had_nothing_left=0,
                smallest_payment=round(each.smallest_payment),
                largest_payment=round(each.largest_payment),
            )
            for each in told.purchases
        ),
        stopped_at=options[told.stopped_at] if told.stopped_at else None,
    )
