"""What first pages are made of: doors, living proposals, the money's story, ballots and work that wait."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from civicvote.domain.polls.queries_voter import polls_of_voter
from civicvote.domain.polls.states import Standing
from civicvote.domain.proposals.queries_author import proposals_by
from civicvote.domain.reporting.doors import Deed
from civicvote.domain.reporting.queries import desk_work, front_page, region_front
from civicvote.domain.rounds.queries import rounds_of
from civicvote.kernel import clock
from civicvote.kernel.phases import Phase
from civicvote.kernel.visibility import Visibility
from tests.factories.money import make_spending
from tests.factories.people import actor_for, make_person, make_resident
from tests.factories.places import make_region, make_round
from tests.factories.polls import MILLION, cast, freeze, make_budget_draft
from tests.factories.talk import make_many_proposals, make_proposal


def test_an_empty_site_has_an_empty_front(session: Session) -> None:
    front = front_page()
    assert (front.doors, front.proposals, front.spending) == ([], [], None)


def test_an_open_poll_is_the_first_door_and_ends_when_it_closes(session: Session, tmp_path: Path) -> None:
    make_round(make_region(), Phase.DISCOVERY)
    region = make_region()
    poll = freeze(make_budget_draft(region), region, tmp_path)
    doors = front_page().doors
    assert [door.deed for door in doors] == [Deed.VOTE, Deed.PROPOSE]
    assert doors[0].poll is not None
    assert doors[0].poll.id == poll.id
    assert doors[0].ends_at == poll.closes_at
    assert [door.deed for door in region_front(region.id, rounds_of(region.id).items).doors] == [Deed.VOTE]


def test_a_poll_that_is_over_opens_no_door(session: Session, tmp_path: Path) -> None:
    region = make_region()
    poll = freeze(make_budget_draft(region), region, tmp_path)
    with clock.frozen_at(poll.closes_at):
        assert [door.deed for door in front_page().doors] == [Deed.DISCUSS]


def test_hidden_proposals_are_not_living(session: Session) -> None:
    round_ = make_round(make_region(), Phase.DISCOVERY)
    shown, hidden = make_proposal(round_), make_proposal(round_)
    hidden.visibility = Visibility.HIDDEN
    session.flush()
    assert [each.row.id for each in front_page().proposals] == [shown.id]


def test_the_money_story_is_the_round_that_spends(session: Session) -> None:
    spending = make_spending()
    assert front_page().spending is None, "nothing was funded yet"
    spending.fund(10 * MILLION)
    spending.allocate(4 * MILLION)
    spending.pay(1 * MILLION)
    story = front_page().spending
    assert story is not None
    assert (story.money.funded, story.money.allocated, story.money.disbursed) == (
        10 * MILLION,
        4 * MILLION,
        1 * MILLION,
    )


def test_the_front_takes_as_many_statements_at_any_size(session: Session, count_queries: Any) -> None:
    author = make_person()
    rounds = [make_round(make_region(), Phase.DISCOVERY) for _ in range(8)]
    for round_ in rounds:
        make_many_proposals(round_, author, 8)
    session.commit()
    with count_queries() as few:
        front_page()
    for round_ in rounds:
        make_many_proposals(round_, author, 100)
    for _ in range(8):
        make_round(make_region(), Phase.DISCOVERY)
    session.commit()
    with count_queries() as many:
        front = front_page()
    assert len(front.proposals) == 0, "the newest three rounds have none"
    assert len(front.doors) == 8
    assert len(many) <= len(few)


def test_my_polls_say_whether_i_voted_never_what(session: Session, tmp_path: Path) -> None:
    region = make_region()
    early = make_resident(region.id)
    poll = freeze(make_budget_draft(region), region, tmp_path)
    late, stranger = make_resident(region.id), make_person()
    for voter in (early, late):
        (own,) = polls_of_voter(actor_for(voter))
        assert (own.standing, own.has_cast, own.waits) == (Standing.OPEN, False, True)
        cast(voter, poll, "park")
        (own,) = polls_of_voter(actor_for(voter))
        assert (own.has_cast, own.waits) == (True, False)
    assert polls_of_voter(actor_for(stranger)) == []
    with clock.frozen_at(poll.closes_at + timedelta(hours=1)):
        (own,) = polls_of_voter(actor_for(early))
        assert own.standing is Standing.OVER


def test_drafts_of_polls_are_nobodys(session: Session) -> None:
    region = make_region()
    resident = make_resident(region.id)
    make_budget_draft(region)
    assert polls_of_voter(actor_for(resident)) == []


def test_my_proposals_are_mine_whatever_became_of_them(session: Session, count_queries: Any) -> None:
    round_ = make_round(make_region(), Phase.DISCOVERY)
    me, other = make_person(), make_person()
    make_proposal(round_, other)
    hidden = make_proposal(round_, me)
    hidden.visibility = Visibility.HIDDEN
    session.flush()
    assert [each.proposal.id for each in proposals_by(actor_for(me)).items] == [hidden.id]
    make_many_proposals(round_, me, 59)
    actor = actor_for(me)
    seen, cursor = [], None
    while True:
        with count_queries() as statements:
            page = proposals_by(actor, cursor=cursor)
        assert len(statements) == 1
        seen += [each.proposal.id for each in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 60
    assert seen == sorted(seen, reverse=True)


def test_work_waits_for_whoever_may_do_it(session: Session) -> None:
    spending = make_spending()
    spending.fund(10 * MILLION)
    spending.allocate(4 * MILLION)
    spending.enter(1 * MILLION)
    (work,) = desk_work(spending.approver)
    assert (work.region.id, work.waiting_payments, work.open_cases) == (spending.region.id, 1, None)
    assert desk_work(spending.enterer) == []


@pytest.mark.parametrize("path", ["/", "/en/"])
def test_home_draws_the_way_of_the_money(session: Session, client: Any, path: str) -> None:
    spending = make_spending()
    spending.fund(10 * MILLION)
    spending.allocate(4 * MILLION)
    session.commit()
    client.get(path)
    assert client.page.xpath("//ol[@class='flow']")
    assert ("400만 원을 사업에 배정" if path == "/" else "₩4 million went to projects") in client.text()
