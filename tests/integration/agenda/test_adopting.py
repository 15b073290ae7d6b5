"""Winners of a published agenda poll become agenda items, once."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from civicvote.domain.agenda.errors import NotAnAgendaPoll, NothingToAdopt
from civicvote.domain.agenda.models import AgendaItem
from civicvote.domain.agenda.queries import agenda_of_round, polls_to_adopt
from civicvote.domain.agenda.services import adopt_items, carry_over_winners
from civicvote.domain.audit.models import AuditEntry
from civicvote.domain.notifications.kinds import NotificationKind
from civicvote.domain.notifications.models import Notification
from civicvote.domain.polls.errors import OutcomeNotPublished
from civicvote.domain.polls.models import Poll
from civicvote.domain.polls.services import add_option, create_poll
from civicvote.domain.proposals.models import Proposal
from civicvote.domain.proposals.states import ProposalState
from civicvote.domain.regions.models import Region
from civicvote.domain.rounds.models import Round
from civicvote.kernel.actor import Actor, NotPermitted
from civicvote.kernel.permissions import Role
from civicvote.kernel.phases import Phase
from civicvote.kernel.visibility import Visibility
from tests.factories.money import make_proposal, publish
from tests.factories.people import actor_for, make_officer, make_person
from tests.factories.places import make_region, make_round
from tests.factories.polls import administrator, agenda_plan, make_agenda_draft, make_budget_draft

TITLES = {"lamp": "골목길 가로등", "tree": "가로수 그늘", "ramp": "경사로"}


@pytest.fixture
def region(session: Session) -> Region:
    return make_region()


@pytest.fixture
def round_(region: Region) -> Round:
    return make_round(region, Phase.AGENDA_VOTE)


@pytest.fixture
def officer(region: Region) -> Actor:
    return actor_for(make_officer(region.id, Role.BUDGET_ENTRY))


@pytest.fixture
def draft(region: Region, round_: Round) -> Poll:
    poll = create_poll(actor=administrator(region), round=round_, plan=agenda_plan(seats=2))
    for key, title in TITLES.items():
        proposal = make_proposal(region, round_, title)
        add_option(poll=poll, key=key, label=title, summary="", subject_id=proposal.id)
    return poll


@pytest.fixture
def poll(draft: Poll, region: Region, tmp_path: Path) -> Poll:
    return publish(draft, region, [["tree"], ["tree", "lamp"], ["ramp", "tree"], ["lamp"]], tmp_path)


def states(session: Session, region: Region) -> dict[str, ProposalState]:
    session.expire_all()
    rows = session.execute(sa.select(Proposal.title, Proposal.state).where(Proposal.region_id == region.id))
    return dict(list(rows))


def test_winners_get_their_rank_and_proposals_their_state(
    poll: Poll, officer: Actor, session: Session, region: Region, round_: Round
) -> None:
    assert [each.id for each in polls_to_adopt(region.id, round_.id)] == [poll.id]

    items = adopt_items(actor=officer, poll=poll)

    assert [(item.rank, item.title) for item in items] == [(1, "가로수 그늘"), (2, "골목길 가로등")]
    assert states(session, region) == {
        "가로수 그늘": ProposalState.SELECTED,
        "골목길 가로등": ProposalState.SELECTED,
        "경사로": ProposalState.NOT_SELECTED,
    }
    assert polls_to_adopt(region.id, round_.id) == []


def test_adopting_again_changes_nothing(poll: Poll, officer: Actor, session: Session, region: Region) -> None:
    first = [item.id for item in adopt_items(actor=officer, poll=poll)]
    again = [item.id for item in adopt_items(actor=officer, poll=poll)]
    by_schedule = [item.id for item in carry_over_winners(region_id=region.id, poll_id=poll.id)]

    assert first == again == by_schedule
    assert session.scalar(sa.select(sa.func.count()).select_from(AgendaItem)) == 2
    verbs = session.scalars(sa.select(AuditEntry.verb).where(AuditEntry.region_id == region.id)).all()
    assert verbs.count("agenda:adopt") == 1


def test_authors_of_winners_are_told_once(poll: Poll, officer: Actor, session: Session, region: Region) -> None:
    adopt_items(actor=officer, poll=poll)
    adopt_items(actor=officer, poll=poll)

    told = session.scalars(sa.select(Notification).where(Notification.kind == NotificationKind.PROPOSAL_SELECTED)).all()
    assert sorted(message.params["title"] for message in told) == ["가로수 그늘", "골목길 가로등"]
    assert all(message.path.startswith(f"/regions/{region.slug}/proposals/") for message in told)


def test_an_outcome_that_is_not_published_is_not_adopted(draft: Poll, officer: Actor, session: Session) -> None:
    with pytest.raises(OutcomeNotPublished):
        adopt_items(actor=officer, poll=draft)
    assert session.scalar(sa.select(sa.func.count()).select_from(AgendaItem)) == 0


def test_only_officers_of_the_agenda_adopt(poll: Poll, region: Region) -> None:
    for person in (
        make_person(),
        make_officer(region.id, Role.MODERATOR),
        make_officer(region.id, Role.BUDGET_APPROVAL),
    ):
        with pytest.raises(NotPermitted):
            adopt_items(actor=actor_for(person), poll=poll)


def test_other_polls_have_nothing_for_the_agenda(region: Region, officer: Actor) -> None:
    with pytest.raises(NotAnAgendaPoll):
        adopt_items(actor=officer, poll=make_budget_draft(region))
    with pytest.raises(NothingToAdopt):
        adopt_items(actor=officer, poll=make_agenda_draft(region))


def test_what_a_hidden_proposal_says_is_not_repeated_on_the_agenda(
    poll: Poll, officer: Actor, session: Session, region: Region, round_: Round
) -> None:
    first, second = adopt_items(actor=officer, poll=poll)
    session.get_one(Proposal, (region.id, first.proposal_id)).visibility = Visibility.HIDDEN
    session.flush()

    listed = agenda_of_round(region.id, round_.id).items

    assert [each.item.id for each in listed] == [first.id, second.id]
    assert listed[0].summary == listed[0].place == ""
    assert listed[1].summary
