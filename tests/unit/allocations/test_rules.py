"""What is left, what still fits, what is late: worked examples."""

from datetime import UTC, datetime, timedelta

import pytest

from civicvote.domain.allocations import rules
from civicvote.domain.allocations.errors import (
    AboveTheCost,
    AmountNotPositive,
    AmountTooLarge,
    DetailMissing,
    DetailTooLong,
    KeyUnusable,
    NotEnoughLeft,
    PaymentsWaiting,
    SecondPersonNeeded,
)
from civicvote.domain.allocations.policy import can_reverse, can_second, require_second
from civicvote.domain.allocations.rules import Currency, ProjectMoney, RoundMoney
from civicvote.domain.allocations.states import TransferKind
from civicvote.kernel.actor import Actor, NotPermitted
from civicvote.kernel.markup import ControlCharacters
from civicvote.kernel.permissions import Role

WON = Currency()


def test_a_projects_money_adds_up() -> None:
    money = ProjectMoney(cost=100, left=30, disbursed=40, returned=10, waiting=12)
    assert (money.allocated, money.free, money.room) == (80, 18, 20)
    assert not money.runs_over


def test_more_waiting_than_left_runs_over() -> None:
    assert ProjectMoney(cost=100, left=30, waiting=31).runs_over
    assert not ProjectMoney(cost=100, left=30, waiting=30).runs_over


@pytest.mark.parametrize(("left", "is_near"), [(10, False), (9, True), (0, True)])
def test_below_a_tenth_money_is_nearly_used_up(left: int, is_near: bool) -> None:
    assert ProjectMoney(cost=100, left=left, disbursed=100 - left).nearly_used_up is is_near


def test_a_project_without_money_or_settled_is_not_nearly_used_up() -> None:
    assert not ProjectMoney(cost=100).nearly_used_up
    assert not ProjectMoney(cost=100, returned=100).nearly_used_up


def test_a_round_that_balances_has_no_drift() -> None:
    assert RoundMoney(funded=100, in_envelope=20, left=30, disbursed=40, returned=10).drift == 0
    assert RoundMoney(funded=100, in_envelope=20, left=30, disbursed=40, returned=9).drift == 1


def test_the_cost_on_the_ballot_is_the_ceiling() -> None:
    money = ProjectMoney(cost=100, left=30, disbursed=40, returned=10)
    rules.require_below_cost(money, 20, WON)
    with pytest.raises(AboveTheCost):
        rules.require_below_cost(money, 21, WON)


def test_what_waits_is_told_apart_from_what_is_gone() -> None:
    money = ProjectMoney(cost=100, left=30, waiting=12)
    rules.require_free(money, 18, WON)
    with pytest.raises(PaymentsWaiting):
        rules.require_free(money, 19, WON)
    with pytest.raises(NotEnoughLeft):
        rules.require_free(money, 31, WON)


@pytest.mark.parametrize(
    ("amount", "refusal"), [(0, AmountNotPositive), (-1, AmountNotPositive), (10**15 + 1, AmountTooLarge)]
)
def test_amounts_out_of_bounds_are_refused(amount: int, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        rules.require_amount(amount)
    rules.require_amount(1)
    rules.require_amount(10**15)


def test_a_text_is_cleaned_and_must_say_something() -> None:
    assert rules.required_text("  가나 ", field="reason", longest=2) == "가나"
    with pytest.raises(DetailMissing):
        rules.required_text(" \n ", field="reason", longest=10)
    with pytest.raises(DetailTooLong):
        rules.required_text("가나다", field="reason", longest=2)
    with pytest.raises(ControlCharacters):
        rules.required_text("가\x00", field="reason", longest=10)


def test_nobodys_key_can_be_the_key_of_an_approval() -> None:
    assert rules.stored_key("disbursement:7") != rules.approval_key(7)
    for unusable in ("", "x" * 49):
        with pytest.raises(KeyUnusable):
            rules.stored_key(unusable)
    assert len(rules.stored_key("x" * 48)) <= 64


def test_a_payment_is_late_after_a_week() -> None:
    entered = datetime(2026, 3, 2, tzinfo=UTC)
    assert not rules.is_late(entered, entered + timedelta(days=7))
    assert rules.is_late(entered, entered + timedelta(days=7, seconds=1))


def officer(person_id: int, *roles: Role) -> Actor:
    return Actor(person_id=person_id, name="", roles={1: frozenset(roles)})


def test_two_persons() -> None:
    both = officer(5, Role.BUDGET_ENTRY, Role.BUDGET_APPROVAL)
    assert can_second(both, region_id=1, first_person_id=6)
    assert not can_second(both, region_id=1, first_person_id=5)
    assert not can_second(both, region_id=2, first_person_id=6)
    assert not can_second(officer(7, Role.BUDGET_ENTRY), region_id=1, first_person_id=6)
    assert not can_second(None, region_id=1, first_person_id=6)
    with pytest.raises(SecondPersonNeeded):
        require_second(both, region_id=1, first_person_id=5)
    with pytest.raises(NotPermitted):
        require_second(officer(7, Role.ADMINISTRATOR), region_id=1, first_person_id=5)


def test_a_transfer_is_reversed_once_and_a_reversal_never() -> None:
    approver = officer(5, Role.BUDGET_APPROVAL)

    def allowed(kind: TransferKind, *, is_reversed: bool = False) -> bool:
        return can_reverse(approver, region_id=1, author_id=6, kind=kind, is_reversed=is_reversed)

    assert allowed(TransferKind.ALLOCATION)
    assert not allowed(TransferKind.ALLOCATION, is_reversed=True)
    assert not allowed(TransferKind.REVERSAL)
