"""What a database holds before it is measured: seeded proposals, an open poll of each kind, a published outcome, and
people whose sessions were made directly."""

import random
from collections.abc import Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import timedelta
from io import StringIO
from pathlib import Path

import sqlalchemy as sa
from flask import Flask, current_app
from flask_migrate import upgrade

from benchmarks.settings import Size
from civicvote.app import create_app
from civicvote.cli.seed import seed_command
from civicvote.cli.seed_texts import proposal_text
from civicvote.config import Settings
from civicvote.db import db, unit_of_work
from civicvote.domain.accounts.models import AccountSession, Person, Residency, RoleGrant
from civicvote.domain.accounts.queries import actor_of_person
from civicvote.domain.accounts.services import SESSION_LIFETIME
from civicvote.domain.accounts.tokens import new_token, token_hash
from civicvote.domain.polls.box.idempotency import mac_key_from
from civicvote.domain.polls.models import Poll
from civicvote.domain.polls.planning.poll_plan import PollPlan
from civicvote.domain.polls.services import (
    add_option,
    cast_ballot,
    close_poll,
    count_poll,
    create_poll,
    freeze_poll,
    publish_poll,
)
from civicvote.domain.polls.states import PollKind
from civicvote.domain.proposals.models import Proposal
from civicvote.domain.regions.models import Region
from civicvote.domain.rounds.models import Round, RoundPhase
from civicvote.domain.rounds.rules import RoundRules
from civicvote.domain.rounds.states import RoundState
from civicvote.domain.threads.models import Thread
from civicvote.kernel import clock, ids
from civicvote.kernel.actor import Actor
from civicvote.kernel.permissions import Role
from civicvote.kernel.phases import Phase
from civicvote.kernel.voting import CountingRule

SLUG = "saebit"
OPTIONS = 20
BUDGET_CHOICES = 5
AGENDA_CHOICES = 3
_ENVELOPE = 1_000_000_000
_MIGRATIONS = Path(__file__).parents[1] / "migrations"


@dataclass(frozen=True, slots=True)
class Scenario:
    """Ids of what is measured, and session cookies (values) of voters. Every poll's options are ``option_keys``.

    ``proposal_id`` is read; comments are posted to ``written_proposal_id``, whose thread is as long."""

    slug: str
    round_id: int
    proposal_id: int
    written_proposal_id: int
    written_thread_id: int
    agenda_poll_id: int
    budget_poll_id: int
    outcome_poll_id: int
    option_keys: tuple[str, ...]
    cookies: tuple[str, ...]


def prepare(environment: dict[str, str], size: Size, voters: int) -> Scenario:
    """Migrate and fill the database that ``environment`` names."""
    app = create_app(Settings.from_environment(environment | {"CIVICVOTE_ENVIRONMENT": "development"}))
    with app.app_context():
        upgrade(directory=str(_MIGRATIONS))
        _seed(proposals=size.proposals, comments=size.comments, people=size.people, random_seed=1)
        # A second long thread to write in, so that the page that is read stays as it is.
        _seed(proposals=1, comments=size.comments, people=1, random_seed=2)
        try:
            return _complete(app, size.comments, voters)
        finally:
            db.session.remove()
            db.engine.dispose()


def _seed(**numbers: int) -> None:
    words = [f"--{name.replace('_', '-')}={number}" for name, number in numbers.items()]
    with redirect_stdout(StringIO()):
        seed_command.main([*words, f"--region={SLUG}"], standalone_mode=False)


def _complete(app: Flask, comments: int, voters: int) -> Scenario:
    source = random.Random(1)  # noqa: S311
    with unit_of_work():
        region = db.session.scalars(sa.select(Region).where(Region.slug == SLUG)).one()
        read, written = db.session.scalars(
            sa.select(Proposal)
            .join(Thread, (Thread.region_id == Proposal.region_id) & (Thread.id == Proposal.thread_id))
            .where(Thread.comment_count == comments)
            .order_by(Proposal.id)
        ).all()
        people = list(db.session.scalars(sa.select(Residency.person_id).order_by(Residency.person_id)))
        administrator = administrator_of(region.id)
        agenda = open_poll(source, administrator, round_in(region.id, Phase.AGENDA_VOTE), PollKind.AGENDA)
        budget = open_poll(source, administrator, round_in(region.id, Phase.BUDGET_VOTE), PollKind.BUDGET)
        voted = open_poll(source, administrator, round_in(region.id, Phase.BUDGET_VOTE), PollKind.BUDGET)
        _vote_and_publish(source, administrator, voted, people)
        serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        return Scenario(
            slug=SLUG,
            round_id=read.round_id,
            proposal_id=read.id,
            written_proposal_id=written.id,
            written_thread_id=written.thread_id,
            agenda_poll_id=agenda.id,
            budget_poll_id=budget.id,
            outcome_poll_id=voted.id,
            option_keys=tuple(option.key for option in agenda.options),
            cookies=tuple(
                serializer.dumps({"_user_id": session_of(person_id), "_fresh": True}) for person_id in people[:voters]
            ),
        )


def session_of(person_id: int) -> str:
    """A session of the person, made without the page; the token that its cookie holds."""
    token = new_token()
    begun = clock.now()
    db.session.add(
        AccountSession(
            token_hash=token_hash(token),
            id=ids.new_id(),
            person_id=person_id,
            created_at=begun,
            expires_at=begun + SESSION_LIFETIME,
        )
    )
    return token


def administrator_of(region_id: int) -> Actor:
    person = Person(
        id=ids.new_id(),
        email="administrator@seed.invalid",
        display_name="회차 운영",
        password_hash="!",  # noqa: S106
        created_at=clock.now(),
    )
    db.session.add(person)
    db.session.flush()
    db.session.add(RoleGrant(region_id=region_id, person_id=person.id, role=Role.ADMINISTRATOR, granted_at=clock.now()))
    db.session.flush()
    actor = actor_of_person(person.id)
    assert actor is not None
    return actor


def round_in(region_id: int, phase: Phase) -> Round:
    """An announced round in the middle of ``phase``."""
    now, length = clock.now(), timedelta(days=20)
    start = now - length * phase.position - length / 2
    year = clock.today().year
    round_ = Round(
        region_id=region_id,
        id=ids.new_id(),
        year=year,
        title_ko=f"{year}년 주민참여예산",
        title_en=f"Participatory budget {year}",
        envelope_amount=_ENVELOPE,
        rules=RoundRules().to_json(),
        state=RoundState.ANNOUNCED,
        created_at=start,
    )
    round_.phases = [
        RoundPhase(
            phase=each,
            starts_at=start + length * each.position,
            ends_at=start + length * (each.position + 1),
        )
        for each in Phase
    ]
    db.session.add(round_)
    db.session.flush()
    return round_


def open_poll(source: random.Random, administrator: Actor, round_: Round, kind: PollKind) -> Poll:
    is_budget = kind is PollKind.BUDGET
    now = clock.now()
    poll = create_poll(
        actor=administrator,
        round=round_,
        plan=PollPlan(
            kind=kind,
            title_ko="주민참여예산 투표" if is_budget else "의제 선정 투표",
            title_en="Participatory budget vote" if is_budget else "Agenda vote",
            opens_at=now - timedelta(hours=1),
            closes_at=now + timedelta(days=5),
            counting_rule=CountingRule.GREEDY if is_budget else CountingRule.APPROVAL,
            max_choices=BUDGET_CHOICES,
            ballot_limit_amount=_ENVELOPE if is_budget else None,
            envelope_amount=_ENVELOPE if is_budget else None,
            seats=None if is_budget else AGENDA_CHOICES,
        ),
    )
    for number in range(1, OPTIONS + 1):
        text = proposal_text(source)
        add_option(
            poll=poll,
            key=f"p{number:02d}",
            label=text.title,
            summary=text.summary,
            cost_amount=source.randrange(50, 200) * 1_000_000 if is_budget else 0,
        )
    return freeze_poll(actor=administrator, poll=poll, key_folder=key_folder())


def _vote_and_publish(source: random.Random, administrator: Actor, poll: Poll, people: Sequence[int]) -> None:
    keys = [option.key for option in poll.options]
    mac_key = mac_key_from(current_app.secret_key or "")
    for number, person_id in enumerate(people):
        actor = actor_of_person(person_id)
        assert actor is not None
        cast_ballot(
            actor=actor,
            region_id=poll.region_id,
            poll_id=poll.id,
            choices=source.sample(keys, BUDGET_CHOICES),
            idempotency_key=f"benchmark-ballot-{number:08d}",
            mac_key=mac_key,
        )
    close_poll(actor=administrator, region_id=poll.region_id, poll_id=poll.id, reason="Measured after publication.")
    count_poll(actor=administrator, region_id=poll.region_id, poll_id=poll.id, key_folder=key_folder())
    publish_poll(actor=administrator, region_id=poll.region_id, poll_id=poll.id, key_folder=key_folder())


def key_folder() -> Path:
    settings: Settings = current_app.extensions["civicvote"]
    return settings.key_path
