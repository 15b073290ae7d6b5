"""What happens when time passes: votes close and are counted, phases are entered, outcomes carried over."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from civicvote.db import database_clock
from civicvote.domain.agenda.models import AgendaItem
from civicvote.domain.audit.models import AuditEntry
from civicvote.domain.lifecycle.errors import PollStandsInTheWay
from civicvote.domain.lifecycle.queries import round_facts
from civicvote.domain.lifecycle.services import ON_ENTER, advance_phases, extend_phase
from civicvote.domain.polls.box import keys
from civicvote.domain.polls.count_asked import LONGEST
from civicvote.domain.polls.models import Poll
from civicvote.domain.polls.services import close_poll, publish_poll
from civicvote.domain.polls.states import PollState
from civicvote.domain.proposals.services import submit_proposal
from civicvote.domain.regions.models import Region
from civicvote.domain.rounds.models import Round
from civicvote.domain.rounds.schedule import phase_end, span_of
from civicvote.domain.rounds.states import RoundState
from civicvote.kernel import clock
from civicvote.kernel.phases import Phase
from tests.factories.people import actor_for, make_resident
from tests.factories.places import make_region, make_round
from tests.factories.polls import administrator, cast, freeze, make_agenda_draft


@pytest.fixture
def region(session: Session) -> Region:
    return make_region()


def advance(key_folder: Path, now: datetime) -> list[tuple[str, str]]:
    with clock.frozen_at(now), database_clock(lambda: now):
        return [(step.verb, step.refused) for step in advance_phases(key_folder=key_folder)]


def verbs(session: Session, region: Region) -> list[str]:
    return list(
        session.scalars(
            sa.select(AuditEntry.verb).where(AuditEntry.region_id == region.id).order_by(AuditEntry.sequence)
        )
    )


def open_poll(region: Region, key_folder: Path, round_: Round) -> Poll:
    """A frozen agenda poll with one ballot in the box."""
    voter = make_resident(region.id)
    poll = freeze(make_agenda_draft(region, round=round_), region, key_folder)
    cast(voter, poll, "lamp", "tree")
    return poll


def entered(steps: list[tuple[str, str]]) -> int:
    return steps.count(("round:enter", ""))


def test_every_phase_has_its_line_in_the_story() -> None:
    assert list(ON_ENTER) == list(Phase)


def test_a_round_enters_its_phase_once(session: Session, region: Region, tmp_path: Path) -> None:
    round_ = make_round(region, Phase.DISCOVERY)
    assert advance(tmp_path, clock.now()) == [("round:enter", "")]
    assert round_.entered_phase is Phase.DISCOVERY
    assert advance(tmp_path, clock.now()) == []
    assert verbs(session, region) == ["round:enter"]


def test_a_late_run_enters_the_phases_that_it_missed_in_order(session: Session, region: Region, tmp_path: Path) -> None:
    round_ = make_round(region, Phase.DELIBERATION)
    assert entered(advance(tmp_path, clock.now())) == 3
    details = session.scalars(
        sa.select(AuditEntry.detail).where(AuditEntry.region_id == region.id).order_by(AuditEntry.sequence)
    ).all()
    assert [Phase.DISCOVERY in details[0], Phase.REVIEW in details[1], Phase.DELIBERATION in details[2]] == [True] * 3
    assert round_.entered_phase is Phase.DELIBERATION


def test_a_draft_enters_nothing(session: Session, region: Region, tmp_path: Path) -> None:
    round_ = make_round(region, Phase.REVIEW)
    round_.state = RoundState.DRAFT
    session.flush()
    assert advance(tmp_path, clock.now()) == []
    assert round_.entered_phase is None


def test_before_its_time_a_vote_stays_open(session: Session, region: Region, tmp_path: Path) -> None:
    poll = open_poll(region, tmp_path, make_round(region, Phase.AGENDA_VOTE))
    advance(tmp_path, poll.closes_at - timedelta(seconds=1))
    assert poll.state is PollState.FROZEN


def test_a_vote_whose_time_is_over_is_closed_and_counted_once(session: Session, region: Region, tmp_path: Path) -> None:
    poll = open_poll(region, tmp_path, make_round(region, Phase.AGENDA_VOTE))
    steps = advance(tmp_path, poll.closes_at)
    assert steps[:2] == [("poll:close", ""), ("poll:count", "")]
    assert poll.state is PollState.COUNTED
    assert poll.closed_at == poll.closes_at
    assert advance(tmp_path, poll.closes_at + timedelta(hours=1)) == []
    assert verbs(session, region).count("poll:count") == 1


def test_a_vote_closes_with_its_phase_though_its_own_time_is_later(
    session: Session, region: Region, tmp_path: Path
) -> None:
    round_ = make_round(region, Phase.AGENDA_VOTE)
    poll = open_poll(region, tmp_path, round_)
    end = phase_end(round_.phases, Phase.AGENDA_VOTE)
    assert end is not None
    poll.closes_at = end + timedelta(days=2)
    session.flush()
    advance(tmp_path, end - timedelta(seconds=1))
    assert poll.state is PollState.FROZEN
    advance(tmp_path, end)
    assert poll.state is PollState.COUNTED
    assert poll.closed_at == end


def test_a_count_that_is_refused_leaves_the_vote_closed_and_is_tried_again(
    session: Session, region: Region, tmp_path: Path
) -> None:
    poll = open_poll(region, tmp_path, make_round(region, Phase.AGENDA_VOTE))
    private_key = keys.load(tmp_path, poll.id)
    keys.destroy(tmp_path, poll.id)
    steps = advance(tmp_path, poll.closes_at)
    assert ("poll:close", "") in steps
    assert ("poll:count", "poll_key_missing") in steps
    session.refresh(poll)
    assert poll.state is PollState.CLOSED
    assert poll.count_refusal == {"code": "poll_key_missing", "params": {}}, "for the page of whoever runs the vote"
    keys.store(tmp_path, poll.id, private_key)
    assert advance(tmp_path, poll.closes_at + timedelta(minutes=1)) == [("poll:count", "")]
    session.refresh(poll)
    assert poll.state is PollState.COUNTED
    assert poll.count_refusal is None


def test_a_count_that_is_under_way_is_left_alone_until_it_must_have_broken_off(
    session: Session, region: Region, tmp_path: Path
) -> None:
    """The schedule would wait for the other's lock, and then find nothing to do."""
    poll = open_poll(region, tmp_path, make_round(region, Phase.AGENDA_VOTE))
    end = poll.closes_at
    with database_clock(lambda: end):
        close_poll(actor=None, region_id=region.id, poll_id=poll.id)
    poll.counting_since = end
    session.flush()
    assert ("poll:count", "poll_count_under_way") in advance(tmp_path, end + timedelta(minutes=1))
    session.refresh(poll)
    assert poll.state is PollState.CLOSED
    assert ("poll:count", "") in advance(tmp_path, end + LONGEST)
    session.refresh(poll)
    assert poll.state is PollState.COUNTED


def test_one_refused_vote_does_not_hold_up_the_others(session: Session, region: Region, tmp_path: Path) -> None:
    round_ = make_round(region, Phase.AGENDA_VOTE)
    lost, whole = open_poll(region, tmp_path, round_), open_poll(region, tmp_path, round_)
    keys.destroy(tmp_path, lost.id)
    steps = advance(tmp_path, max(lost.closes_at, whole.closes_at))
    session.refresh(whole)
    assert whole.state is PollState.COUNTED
    assert entered(steps) == 4, "the round went on"


def test_a_published_outcome_is_on_the_agenda_when_matching_begins(
    session: Session, region: Region, tmp_path: Path
) -> None:
    round_ = make_round(region, Phase.AGENDA_VOTE)
    author = make_resident(region.id)
    with clock.frozen_at(round_.phases[0].starts_at + timedelta(days=1)):
        proposals = {
            key: submit_proposal(
                actor=actor_for(author),
                round=round_,
                title=f"제안 {key} 골목을 밝게",
                summary="밤길을 안전하게 하는 가로등",
                body="가로등을 더 세우면 밤에도 안심하고 다닐 수 있습니다. 자리는 지도에 표시했습니다.",
                field_key="safety",
                place="",
            )
            for key in ("lamp", "tree", "bench", "ramp")
        }
    draft = make_agenda_draft(region, round=round_)
    for option in draft.options:
        option.subject_id = proposals[option.key].id
    session.flush()
    poll = freeze(draft, region, tmp_path)
    cast(author, poll, "lamp", "tree")
    advance(tmp_path, poll.closes_at)
    publish_poll(actor=administrator(region), region_id=region.id, poll_id=poll.id, key_folder=tmp_path)
    assert not session.scalars(sa.select(AgendaItem).where(AgendaItem.region_id == region.id)).all()

    matching = span_of(round_.phases, Phase.MATCHING)
    assert matching is not None
    steps = advance(tmp_path, matching.starts_at)
    assert steps == [("round:enter", ""), ("agenda:adopt", "")]
    items = session.scalars(sa.select(AgendaItem).where(AgendaItem.region_id == region.id)).all()
    assert {item.proposal_id for item in items} == {proposals["lamp"].id, proposals["tree"].id}
    facts = round_facts(round_)
    assert (facts.proposals, facts.agenda_items) == (4, 2)
    assert [(each.ballots, each.options) for each in facts.polls] == [(1, 4)]


def test_an_extension_does_not_move_a_vote_whose_rules_are_fixed(
    session: Session, region: Region, tmp_path: Path
) -> None:
    round_ = make_round(region, Phase.DELIBERATION)
    opens_at = round_.phases[3].starts_at
    draft = make_agenda_draft(region, round=round_, opens_at=opens_at, closes_at=opens_at + timedelta(days=5))
    freeze(draft, region, tmp_path)
    before = [(row.starts_at, row.ends_at) for row in round_.phases]
    with pytest.raises(PollStandsInTheWay):
        extend_phase(
            actor=administrator(region),
            round=round_,
            phase=Phase.DELIBERATION,
            ends_at=opens_at + timedelta(days=1),
            reason="더 이야기하기 위해",
        )
    assert [(row.starts_at, row.ends_at) for row in round_.phases] == before


def test_the_phase_of_a_fixed_vote_can_itself_be_extended(session: Session, region: Region, tmp_path: Path) -> None:
    round_ = make_round(region, Phase.AGENDA_VOTE)
    open_poll(region, tmp_path, round_)
    later = round_.phases[3].ends_at + timedelta(days=1)
    extend_phase(
        actor=administrator(region), round=round_, phase=Phase.AGENDA_VOTE, ends_at=later, reason="비가 많이 와서"
    )
    assert phase_end(round_.phases, Phase.AGENDA_VOTE) == later
