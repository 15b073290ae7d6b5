"""The closing time can move to later before it comes, with a reason that everybody reads; what is over stays over."""

import json
import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from civicvote.app import create_app
from civicvote.db import database_clock, db, unit_of_work
from civicvote.domain.audit.models import AuditEntry
from civicvote.domain.polls.errors import PollClosed, PollNotExtended, PollNotFrozen, PollOutsidePhase, StillOpen
from civicvote.domain.polls.models import Poll, PollExtension
from civicvote.domain.polls.planning.window import PHASE_OF_KIND
from civicvote.domain.polls.queries_receipts import end_of_voting
from civicvote.domain.polls.services import close_poll, extend_poll
from civicvote.domain.polls.states import PollState
from civicvote.domain.regions.models import Region
from civicvote.domain.rounds.errors import ReasonMissing
from civicvote.domain.rounds.models import Round
from civicvote.domain.rounds.schedule import span_of
from civicvote.kernel.actor import NotPermitted
from civicvote.kernel.errors import Refusal
from tests.conftest import make_settings
from tests.factories.people import actor_for
from tests.factories.places import make_region
from tests.factories.polls import administrator, cast, freeze, make_agenda_draft

HOUR = timedelta(hours=1)
REASON = "본인확인 서비스 장애로 두 시간 동안 투표하지 못했습니다."


def extend(open_poll, closes_at, *, actor=None, reason=REASON) -> Poll:
    return extend_poll(
        actor=actor or open_poll.officer,
        region_id=open_poll.region.id,
        poll_id=open_poll.poll.id,
        closes_at=closes_at,
        reason=reason,
    )


def test_it_moves_with_a_reason_for_everybody_and_ballots_are_taken_until_then(open_agenda):
    before = open_agenda.poll.closes_at
    frozen = open_agenda.poll.frozen_hash
    receipt = cast(open_agenda.voters[0], open_agenda.poll, "lamp")

    extend(open_agenda, before + 2 * HOUR)

    (extension,) = end_of_voting(open_agenda.region.id, open_agenda.poll.id).extensions
    assert (extension.old_closes_at, extension.new_closes_at, extension.reason) == (before, before + 2 * HOUR, REASON)
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.verb == "poll:extend")).one()
    assert json.loads(entry.detail)["reason"] == REASON
    assert open_agenda.poll.frozen_hash == frozen
    with database_clock(lambda: before + HOUR):
        cast(open_agenda.voters[1], open_agenda.poll, "tree")
        with pytest.raises(StillOpen):
            close_poll(actor=None, region_id=open_agenda.region.id, poll_id=open_agenda.poll.id)
    with database_clock(lambda: before + 2 * HOUR), pytest.raises(PollClosed):
        cast(open_agenda.voters[2], open_agenda.poll, "tree")
    assert receipt.code


def test_it_can_move_twice_and_the_page_has_the_latest_first(open_agenda):
    before = open_agenda.poll.closes_at
    extend(open_agenda, before + HOUR, reason="첫째")
    extend(open_agenda, before + 2 * HOUR, reason="둘째")
    extensions = end_of_voting(open_agenda.region.id, open_agenda.poll.id).extensions
    assert [each.reason for each in extensions] == ["둘째", "첫째"]
    assert extensions[0].old_closes_at == extensions[1].new_closes_at


@pytest.mark.parametrize("later", [timedelta(0), -HOUR])
def test_it_does_not_move_to_earlier_or_to_where_it_is(open_agenda, later):
    before = open_agenda.poll.closes_at
    with pytest.raises(PollNotExtended):
        extend(open_agenda, before + later)
    assert open_agenda.poll.closes_at == before


def test_without_a_reason_it_stays(open_agenda):
    with pytest.raises(ReasonMissing):
        extend(open_agenda, open_agenda.poll.closes_at + HOUR, reason=" \n ")


def test_once_the_time_has_come_it_is_over_even_before_anybody_closed_it(open_agenda):
    before = open_agenda.poll.closes_at
    with database_clock(lambda: before), pytest.raises(PollClosed):
        extend(open_agenda, before + HOUR)
    assert db.session.scalars(sa.select(PollExtension)).all() == []


def test_a_closed_poll_and_a_draft_stay_as_they_are(open_agenda):
    open_agenda.close()
    with pytest.raises(PollClosed):
        extend(open_agenda, open_agenda.poll.closes_at + HOUR)
    open_agenda.poll = make_agenda_draft(open_agenda.region)
    with pytest.raises(PollNotFrozen):
        extend(open_agenda, open_agenda.poll.closes_at + HOUR)


def test_it_stays_within_its_phase_which_must_be_extended_first(open_agenda):
    round_ = db.session.get_one(Round, (open_agenda.region.id, open_agenda.poll.round_id))
    span = span_of(round_.phases, PHASE_OF_KIND[open_agenda.poll.kind])
    extend(open_agenda, span.ends_at)
    with pytest.raises(PollNotExtended):
        extend(open_agenda, span.ends_at)
    with pytest.raises(PollOutsidePhase):
        extend(open_agenda, span.ends_at + HOUR)


def test_residents_do_not_extend(open_agenda):
    with pytest.raises(NotPermitted):
        extend(open_agenda, open_agenda.poll.closes_at + HOUR, actor=actor_for(open_agenda.voters[0]))


def test_the_reason_of_an_early_closing_is_public_and_the_schedule_has_none(open_agenda, open_budget):
    close_poll(
        actor=open_agenda.officer, region_id=open_agenda.region.id, poll_id=open_agenda.poll.id, reason="  정전  "
    )
    assert end_of_voting(open_agenda.region.id, open_agenda.poll.id).closing_reason == "정전"
    open_budget.close()
    assert end_of_voting(open_budget.region.id, open_budget.poll.id).closing_reason == ""


def race(app, officer, region_id, poll_id, closes_at) -> set[str]:
    """The schedule closes and an officer extends in the same moment; what each was told ("" for done)."""
    told: dict[str, str] = {}
    start = threading.Barrier(2)

    def act(name, service, **arguments) -> None:
        with app.app_context():
            start.wait()
            try:
                with unit_of_work():
                    service(region_id=region_id, poll_id=poll_id, **arguments)
                told[name] = ""
            except Refusal as refusal:
                told[name] = refusal.code

    threads = [
        threading.Thread(target=act, args=("close", close_poll), kwargs={"actor": officer, "reason": "race"}),
        threading.Thread(
            target=act,
            args=("extend", extend_poll),
            kwargs={"actor": officer, "reason": "race", "closes_at": closes_at},
        ),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


@pytest.mark.parametrize("system", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_extending_and_closing_at_once_one_comes_first_and_both_are_told_right(system, request, tmp_path):
    if system == "postgresql":
        app = request.getfixturevalue("app_with_connections")
    else:
        from flask_migrate import upgrade  # noqa: PLC0415

        app = create_app(make_settings(tmp_path, f"sqlite:///{tmp_path / 'race.db'}"))
        with app.app_context():
            upgrade(directory="migrations")
    with app.app_context(), unit_of_work():
        region = make_region()
        officer, region_id = administrator(region), region.id
    for _ in range(5):
        with app.app_context(), unit_of_work():
            region = db.session.get_one(Region, region_id)
            poll = freeze(make_agenda_draft(region), region, tmp_path / "keys")
            poll_id, before = poll.id, poll.closes_at
        told = race(app, officer, region_id, poll_id, before + HOUR)
        with app.app_context():
            poll = db.session.get_one(Poll, (region_id, poll_id))
            extended = db.session.scalar(
                sa.select(sa.func.count()).select_from(PollExtension).where(PollExtension.poll_id == poll_id)
            )
            assert told["close"] == ""
            assert poll.state is PollState.CLOSED
            assert told["extend"] in {"", "poll_closed"}
            assert (poll.closes_at == before + HOUR) == (extended == 1) == (told["extend"] == "")
            assert poll.closed_at < before
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
