"""Polls of a test: drafts, polls that are open now, ballots in the box."""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from civicvote.domain.accounts.models import Person
from civicvote.domain.polls.ballots.shape import BallotShape
from civicvote.domain.polls.models import Poll
from civicvote.domain.polls.planning.poll_plan import PollPlan
from civicvote.domain.polls.services import Receipt, add_option, cast_ballot, create_poll, freeze_poll
from civicvote.domain.polls.states import PollKind
from civicvote.domain.regions.models import Region
from civicvote.domain.rounds.models import Round
from civicvote.kernel import clock
from civicvote.kernel.actor import Actor
from civicvote.kernel.permissions import Role
from civicvote.kernel.phases import Phase
from civicvote.kernel.voting import BallotType, CountingRule
from tests.factories.people import actor_for, make_officer
from tests.factories.places import make_round

MAC_KEY = b"a key for cast records in tests."
MILLION = 1_000_000

AGENDA_OPTIONS = (("lamp", "골목길 가로등"), ("tree", "가로수 그늘"), ("bench", "쉬어 가는 의자"), ("ramp", "경사로"))
BUDGET_OPTIONS = (
    ("road", "안전한 통학로", 60),
    ("park", "작은 공원", 50),
    ("book", "이동 도서관", 40),
    ("bike", "자전거길", 30),
)


def administrator(region: Region) -> Actor:
    return actor_for(make_officer(region.id, Role.ADMINISTRATOR))


def agenda_plan(**changes: object) -> PollPlan:
    now = clock.now()
    values: dict = {
        "kind": PollKind.AGENDA,
        "title_ko": "2026년 의제 투표",
        "title_en": "Agenda vote 2026",
        "opens_at": now - timedelta(days=1),
        "closes_at": now + timedelta(days=3),
        "counting_rule": CountingRule.APPROVAL,
        "max_choices": 2,
        "seats": 2,
    }
    return PollPlan(**(values | changes))


def budget_plan(**changes: object) -> PollPlan:
    values: dict = {
        "kind": PollKind.BUDGET,
        "title_ko": "2026년 예산 투표",
        "title_en": "Budget vote 2026",
        "counting_rule": CountingRule.GREEDY,
        "max_choices": None,
        "seats": None,
        "envelope_amount": 100 * MILLION,
        "ballot_limit_amount": 100 * MILLION,
    }
    return agenda_plan(**(values | changes))


def make_agenda_draft(region: Region, *, round: Round | None = None, actor: Actor | None = None, **changes) -> Poll:
    round = round or make_round(region, Phase.AGENDA_VOTE)
    poll = create_poll(actor=actor or administrator(region), round=round, plan=agenda_plan(**changes))
    for key, label in AGENDA_OPTIONS:
        add_option(poll=poll, key=key, label=label, summary=f"{label} 설명")
    return poll


def make_budget_draft(
    region: Region,
    *,
    round: Round | None = None,
    actor: Actor | None = None,
    options: Sequence = BUDGET_OPTIONS,
    **changes,
) -> Poll:
    round = round or make_round(region, Phase.BUDGET_VOTE)
    poll = create_poll(actor=actor or administrator(region), round=round, plan=budget_plan(**changes))
    for key, label, millions in options:
        add_option(poll=poll, key=key, label=label, summary=f"{label} 설명", cost_amount=millions * MILLION)
    return poll


BALLOTS: dict[BallotType, dict] = {
    BallotType.APPROVAL: {},
    BallotType.CHOOSE_1: {"max_choices": 1},
    BallotType.CUMULATIVE: {"max_choices": None, "ballot": BallotShape(min_points=1, max_sum_points=10)},
    BallotType.SCORING: {"max_choices": None, "ballot": BallotShape(min_points=1, max_points=5)},
    BallotType.ORDINAL: {"max_choices": 3, "counting_rule": CountingRule.BORDA},
}
"""What a plan says beside its ballot type, so that the poll is sound."""


def freeze(poll: Poll, region: Region, key_folder: Path) -> Poll:
    return freeze_poll(actor=administrator(region), poll=poll, key_folder=key_folder)


def cast(
    person: Person | Actor, poll: Poll, *choices: str, key: str | None = None, points: Sequence[int] = ()
) -> Receipt:
    """The person's ballot, under a fresh key unless one is given."""
    return cast_ballot(
        actor=person if isinstance(person, Actor) else actor_for(person),
        region_id=poll.region_id,
        poll_id=poll.id,
        choices=list(choices),
        points=points,
        idempotency_key=key or secrets.token_urlsafe(24),
        mac_key=MAC_KEY,
    )
