"""Frozen rules of a small budget poll and of a small agenda poll."""

from datetime import UTC, datetime

from civicvote.domain.polls.freezing import FrozenOption, FrozenRules
from civicvote.domain.polls.states import PollKind
from civicvote.kernel.voting import BallotType, CountingRule

MILLION = 1_000_000

BUDGET_RULES = FrozenRules(
    poll_id=1,
    region_id=1,
    kind=PollKind.BUDGET,
    ballot_type=BallotType.APPROVAL,
    min_choices=1,
    max_choices=None,
    ballot_limit_amount=None,
    counting_rule=CountingRule.GREEDY,
    seats=None,
    threshold=0,
    envelope_amount=100 * MILLION,
    tie_break="id",
    opens_at=datetime(2026, 3, 2, tzinfo=UTC),
    public_key="",
    options=(
        FrozenOption(key="road", label="통학로", cost_amount=60 * MILLION, field_key="safety", district_code="1"),
        FrozenOption(key="park", label="공원", cost_amount=50 * MILLION, field_key="green", district_code="2"),
        FrozenOption(key="book", label="이동 도서관", cost_amount=40 * MILLION, field_key="green", district_code="1"),
        FrozenOption(key="bike", label="자전거길", cost_amount=30 * MILLION),
    ),
)


def agenda_rules(**changes: object) -> FrozenRules:
    values: dict = {
        "poll_id": 2,
        "region_id": 1,
        "kind": PollKind.AGENDA,
        "ballot_type": BallotType.APPROVAL,
        "min_choices": 1,
        "max_choices": 2,
        "ballot_limit_amount": None,
        "counting_rule": CountingRule.APPROVAL,
        "seats": 1,
        "threshold": 0,
        "envelope_amount": None,
        "tie_break": "id",
        "opens_at": datetime(2026, 3, 2, tzinfo=UTC),
        "public_key": "",
        "options": tuple(FrozenOption(key=key, label=key) for key in ("bench", "lamp", "tree")),
    }
    return FrozenRules(**(values | changes))
