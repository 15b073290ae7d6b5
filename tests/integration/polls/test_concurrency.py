"""Two promises under load, on PostgreSQL with two worker processes: one person, one ballot; the phase decides.

Each proof is run once more with its guard taken out and must fail then, or it would prove nothing.
"""

import random
import secrets
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade

from civicvote.app import create_app
from civicvote.db import db, unit_of_work
from civicvote.domain.polls.box import keys, sealed_ballot, sealing
from civicvote.domain.polls.models import Envelope, UnsealedBallot
from civicvote.domain.polls.services import close_and_count
from civicvote.domain.regions.models import Region
from civicvote.kernel.actor import Actor
from civicvote.kernel.phases import Phase
from tests.conftest import create_postgres_database, drop_postgres_database, make_settings
from tests.factories.people import make_resident
from tests.factories.places import make_region, make_round
from tests.factories.polls import administrator, freeze, make_agenda_draft
from tests.integration.polls.crowd import Answer, Attempt, Crowd

pytestmark = pytest.mark.postgres

CASTS = 50
RACES, THREADS, BALLOTS_A_THREAD = 40, 12, 3
OPTIONS = ("lamp", "tree", "bench", "ramp")


@dataclass
class Town:
    """A region with its officer and its voters, in a database of its own, and the crowd that votes there."""

    app: Flask
    crowd: Crowd
    key_folder: Path
    region_id: int
    officer: Actor
    voter_ids: list[int]

    def new_poll(self, **rules: object) -> int:
        """An agenda poll that is open now."""
        with self.app.app_context(), unit_of_work():
            region = db.session.get_one(Region, self.region_id)
            round_ = make_round(region, Phase.AGENDA_VOTE)
            poll = freeze(make_agenda_draft(region, round=round_, actor=self.officer, **rules), region, self.key_folder)
            return poll.id

    def attempt(self, poll_id: int, voter_id: int, choices: tuple[str, ...], key: str | None = None) -> Attempt:
        return Attempt(self.region_id, poll_id, voter_id, choices, key or secrets.token_urlsafe(24))

    def envelopes(self, poll_id: int) -> list[tuple[int, str, list[str]]]:
        """(voter, receipt, unsealed choices in ascending order) of everything in the box."""
        opener = sealing.Opener(keys.load(self.key_folder, poll_id))
        with self.app.app_context():
            rows = db.session.execute(
                sa.select(Envelope.voter_id, Envelope.receipt, Envelope.sealed).where(Envelope.poll_id == poll_id)
            ).all()
        unsealed = [sealed_ballot.read(opener.unseal(bytes(row.sealed))) for row in rows]
        return [(row.voter_id, row.receipt, sorted(ballot.choices)) for row, ballot in zip(rows, unsealed, strict=True)]


@pytest.fixture(scope="module")
def town(postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    address = create_postgres_database(postgres_server)
    settings = make_settings(tmp_path_factory.mktemp("crowd"), address)
    app = create_app(settings)
    try:
        with app.app_context():
            upgrade(directory="migrations")
            with unit_of_work():
                region = make_region()
                voters = [make_resident(region.id).id for _ in range(THREADS * BALLOTS_A_THREAD)]
                officer, region_id = administrator(region), region.id
        with Crowd(settings) as crowd:
            yield Town(app, crowd, settings.key_path, region_id, officer, voters)
        with app.app_context():
            db.engine.dispose()
    finally:
        drop_postgres_database(postgres_server, address)


def different_choices() -> list[tuple[str, ...]]:
    """Sets of options, each in every order: as many different requests as there are casts."""
    orders = [tuple(random.sample(OPTIONS, size)) for size in (1, 2, 3, 4) for _ in range(CASTS)]
    return list(dict.fromkeys(orders))[:CASTS]


def cast_at_once(town: Town, variant: str) -> tuple[list[Answer], list[tuple[int, str, list[str]]]]:
    """One voter, 50 casts with their own choices and keys, all at the same moment."""
    poll_id, voter_id = town.new_poll(max_choices=4), town.voter_ids[0]
    attempts = [town.attempt(poll_id, voter_id, choices) for choices in different_choices()]
    assert len(attempts) == CASTS
    town.crowd.start([[attempt] for attempt in attempts], variant=variant)
    return town.crowd.answers(), town.envelopes(poll_id)


def keeps_one_ballot(answers: list[Answer], envelopes: list[tuple[int, str, list[str]]]) -> bool:
    """Every cast was answered by a receipt, and the one envelope holds the choices sent with its receipt."""
    sent = {answer.receipt: answer.attempt.choices for answer in answers if answer.receipt}
    if any(answer.error for answer in answers) or len(sent) != CASTS or len(envelopes) != 1:
        return False
    _, receipt, unsealed = envelopes[0]
    return unsealed == sorted(sent[receipt])


def test_one_person_has_one_ballot_however_many_are_cast_at_once(town: Town) -> None:
    answers, envelopes = cast_at_once(town, "guarded")
    assert [answer for answer in answers if answer.error or answer.refusal] == []
    assert keeps_one_ballot(answers, envelopes)


def test_the_same_request_sent_fifty_times_at_once_is_one_ballot_with_one_receipt(town: Town) -> None:
    poll_id = town.new_poll()
    attempt = town.attempt(poll_id, town.voter_ids[1], ("lamp",))
    town.crowd.start([[attempt]] * CASTS)
    answers = town.crowd.answers()
    assert {answer.receipt for answer in answers} == {town.envelopes(poll_id)[0][1]}


def test_one_key_with_different_choices_at_once_gives_one_receipt_and_refusals(town: Town) -> None:
    poll_id, key = town.new_poll(max_choices=4), secrets.token_urlsafe(24)
    sets = [("lamp",), ("tree",), ("bench",), ("ramp",), ("lamp", "tree"), ("bench", "ramp")]
    attempts = [town.attempt(poll_id, town.voter_ids[2], choices, key) for choices in sets]
    town.crowd.start([[attempt] for attempt in attempts])
    answers = town.crowd.answers()
    ((_, receipt, unsealed),) = town.envelopes(poll_id)
    accepted = [answer for answer in answers if answer.receipt]
    assert [answer.receipt for answer in accepted] == [receipt]
    assert unsealed == sorted(accepted[0].attempt.choices)
    assert Counter(answer.refusal for answer in answers) == {None: 1, "idempotency_key_reused": 5}


@dataclass(frozen=True)
class Race:
    accepted: int
    refused: int
    errors: tuple[str, ...]
    counted: int
    in_the_box: int

    @property
    def is_fair(self) -> bool:
        return not self.errors and self.accepted == self.counted == self.in_the_box

    @property
    def is_mixed(self) -> bool:
        return self.accepted > 0 and self.refused > 0


def race(town: Town, variant: str, source: random.Random) -> Race:
    """12 threads with three voters each against one close that comes somewhere in between."""
    poll_id = town.new_poll()
    queues = [
        [town.attempt(poll_id, voter_id, (source.choice(OPTIONS),)) for voter_id in town.voter_ids[number::THREADS]]
        for number in range(THREADS)
    ]
    start_at = town.crowd.start(queues, variant=variant)
    with town.app.app_context():
        db.session.execute(sa.select(1))  # a connection is at hand
        time.sleep(max(0.0, start_at + source.uniform(0.01, 0.09) - time.monotonic()))
        with unit_of_work():
            close_and_count(
                actor=town.officer, region_id=town.region_id, poll_id=poll_id, key_folder=town.key_folder, reason="race"
            )
        answers = town.crowd.answers()
        db.session.rollback()
        counted = db.session.scalar(sa.select(sa.func.count()).where(UnsealedBallot.poll_id == poll_id))
        in_the_box = db.session.scalar(sa.select(sa.func.count()).where(Envelope.poll_id == poll_id))
        db.session.rollback()
    refusals = Counter(answer.refusal for answer in answers if answer.refusal)
    return Race(
        accepted=sum(1 for answer in answers if answer.receipt),
        refused=refusals.pop("poll_closed", 0),
        errors=(*(answer.error for answer in answers if answer.error), *refusals),
        counted=counted or 0,
        in_the_box=in_the_box or 0,
    )


def test_what_was_accepted_is_counted_and_what_came_late_was_refused(town: Town) -> None:
    source = random.Random(40)  # noqa: S311
    races = [race(town, "guarded", source) for _ in range(RACES)]
    assert [each for each in races if not each.is_fair] == []
    assert sum(each.is_mixed for each in races) >= RACES // 2, [(each.accepted, each.refused) for each in races]


def test_without_the_lock_the_same_races_lose_accepted_ballots(town: Town) -> None:
    source = random.Random(40)  # noqa: S311
    assert any(not race(town, "without the lock", source).is_fair for _ in range(RACES))


def test_without_the_upsert_and_its_key_one_person_has_several_ballots(town: Town) -> None:
    """Runs last: it takes the primary key off the table."""
    with town.app.app_context(), unit_of_work():
        db.session.execute(sa.text("ALTER TABLE envelopes DROP CONSTRAINT pk_envelopes"))
    answers, envelopes = cast_at_once(town, "without the upsert")
    assert len(envelopes) > 1
    assert not keeps_one_ballot(answers, envelopes)
