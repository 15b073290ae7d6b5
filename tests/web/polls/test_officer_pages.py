"""The officers' pages: from a draft to a published outcome, each act asked once, nothing fixed can be edited."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from civicvote.db import database_clock, db
from civicvote.domain.polls.box import keys
from civicvote.domain.polls.models import Poll
from civicvote.domain.polls.planning.suggestions import suggested_increment
from civicvote.domain.polls.services import add_option, plan_of
from civicvote.domain.polls.states import PollState
from civicvote.domain.proposals.models import Proposal
from civicvote.domain.proposals.services import submit_proposal
from civicvote.domain.proposals.states import ProposalState
from civicvote.domain.tally.ties import TieStep
from civicvote.kernel import clock, ids
from civicvote.kernel.clock import CIVIC_ZONE
from civicvote.kernel.permissions import Role
from civicvote.kernel.phases import Phase
from civicvote.kernel.voting import BallotType, Completion, CountingRule, Satisfaction
from civicvote.web.settings import settings
from tests.factories.people import actor_for, make_officer, make_resident, show_second_factor
from tests.factories.places import make_region, make_round
from tests.factories.polls import cast, make_agenda_draft


@pytest.fixture
def region(session):
    return make_region()


@pytest.fixture
def administrator(region):
    return make_officer(region.id, Role.ADMINISTRATOR)


@pytest.fixture
def officer(administrator, sign_in):
    return sign_in(administrator)


def proposals_in(round_, region, titles) -> None:
    author = actor_for(make_resident(region.id))
    proposing = next(phase for phase in round_.phases if phase.phase is Phase.DISCOVERY)
    with clock.frozen_at(proposing.starts_at + timedelta(days=1)):
        for title in titles:
            submit_proposal(
                actor=author,
                round=round_,
                title=title,
                summary=f"{title}을 함께 바꿉니다.",
                body="자세한 설명입니다. 동네 사람들이 매일 지나는 곳입니다.",
                field_key="safety",
                place="",
            )


def local(moment) -> str:
    return moment.astimezone(CIVIC_ZONE).strftime("%Y-%m-%dT%H:%M")


def manage(region, poll, tail="") -> str:
    return f"/regions/{region.slug}/manage/polls/{ids.encode(poll.id)}{tail}"


def test_an_officer_takes_an_agenda_poll_from_the_draft_to_the_published_outcome(
    region, administrator, officer, sign_in, app
):
    round_ = make_round(region, Phase.AGENDA_VOTE)
    proposals_in(round_, region, ["어두운 골목", "위험한 건널목", "빈 놀이터"])
    voter = make_resident(region.id)
    db.session.commit()
    now = clock.now()

    officer.get(f"/regions/{region.slug}/manage/rounds/{ids.encode(round_.id)}/polls/new?kind=agenda")
    officer.submit(
        {
            "title_ko": "올해의 의제",
            "title_en": "This year's agenda",
            "opens_at": local(now - timedelta(hours=1)),
            "closes_at": local(now + timedelta(days=2)),
            "max_choices": "2",
            "min_choices": "1",
            "seats": "1",
        },
        button="초안 저장하기",
    )
    poll = db.session.scalars(sa.select(Poll)).one()
    assert officer.address.endswith("/options")
    keys_offered = officer.page.xpath("//input[@name='subjects']/@value")
    assert len(keys_offered) == 3
    officer.submit({"subjects": keys_offered[:2]}, button="투표지 저장")
    officer.get(manage(region, poll, "/freeze"))
    assert "어두운 골목" in officer.text()
    assert "위험한 건널목" in officer.text()
    assert "빈 놀이터" not in officer.text()
    officer.submit(button="규칙과 명부 확정")
    db.session.expire_all()
    assert {option.field_key for option in poll.options} == {"safety"}
    assert poll.state is PollState.FROZEN
    states = dict(db.session.execute(sa.select(Proposal.title, Proposal.state)).all())
    assert states == {
        "어두운 골목": ProposalState.ON_BALLOT,
        "위험한 건널목": ProposalState.ON_BALLOT,
        "빈 놀이터": ProposalState.SUBMITTED,
    }

    cast(voter, poll, keys_offered[1])
    db.session.commit()
    folder = settings().key_path
    moment = now + timedelta(days=3)
    with clock.frozen_at(moment), database_clock(lambda: moment):
        show_second_factor(administrator)
        officer.get(manage(region, poll, "/close"))
        assert not officer.page.xpath("//textarea[@name='reason']")
        officer.submit(button="마감하고 개표하기")
    db.session.expire_all()
    assert poll.state is PollState.COUNTED
    assert not keys.exists(folder, poll.id)
    public = sign_in(voter)
    public.get(f"/regions/{region.slug}/polls/{ids.encode(poll.id)}/outcome", follow_redirects=True)
    assert "1표" not in public.text()
    officer.get(manage(region, poll, "/publish"))
    officer.submit(button="발표하기")
    public.get(f"/regions/{region.slug}/polls/{ids.encode(poll.id)}", follow_redirects=True)
    assert public.address.endswith("/outcome")
    assert "위험한 건널목" in public.text()
    assert "1표" in public.text()


def test_a_faulty_form_comes_back_with_every_fault_and_what_was_typed(region, officer):
    round_ = make_round(region, Phase.AGENDA_VOTE)
    db.session.commit()
    officer.get(f"/regions/{region.slug}/manage/rounds/{ids.encode(round_.id)}/polls/new?kind=agenda")
    response = officer.submit(
        {"title_ko": "제목", "title_en": "", "max_choices": "0", "seats": "x"}, button="초안 저장하기"
    )
    assert response.status_code == 422
    assert officer.page.xpath("//*[@id='error-summary']//li")
    assert officer.page.xpath("string(//input[@name='title_ko']/@value)") == "제목"
    assert db.session.scalars(sa.select(Poll)).all() == []


def test_fixed_rules_cannot_be_edited_and_the_page_says_why(open_agenda, sign_in):
    browser = sign_in(make_officer(open_agenda.region.id, Role.ADMINISTRATOR))
    for tail in ("/edit", "/options"):
        browser.get(manage(open_agenda.region, open_agenda.poll, tail))
        assert not browser.page.xpath("//main//form")
        assert "아무도 바꿀 수 없습니다" in browser.text()
    draft = make_agenda_draft(open_agenda.region)
    db.session.commit()
    browser.get(manage(open_agenda.region, draft, "/edit"))
    form = dict(browser.form(button="초안 저장하기").form_values())
    answer = browser.post(manage(open_agenda.region, open_agenda.poll, "/edit"), data={**form, "seats": "4"})
    assert answer.status_code == 422
    db.session.expire_all()
    assert open_agenda.poll.seats == 2


def test_closing_early_needs_a_reason(open_agenda, sign_in):
    browser = sign_in(make_officer(open_agenda.region.id, Role.ADMINISTRATOR))
    browser.get(manage(open_agenda.region, open_agenda.poll, "/close"))
    response = browser.submit({"reason": ""}, button="마감하고 개표하기")
    assert response.status_code == 422
    db.session.expire_all()
    assert open_agenda.poll.state is PollState.FROZEN


@pytest.mark.parametrize("tail", ["", "/edit", "/options", "/freeze", "/close", "/publish"])
def test_residents_have_no_way_in(open_agenda, sign_in, client, tail):
    where = manage(open_agenda.region, open_agenda.poll, tail)
    assert sign_in(open_agenda.voters[0]).get(where).status_code == 403
    assert client.get(where).status_code == 303


def test_the_page_says_where_the_key_lies(open_agenda, client):
    client.get(f"/regions/{open_agenda.region.slug}/polls/{ids.encode(open_agenda.poll.id)}")
    assert "한 대의 서버" in client.text()
    client.get(f"/en/regions/{open_agenda.region.slug}/polls/{ids.encode(open_agenda.poll.id)}")
    assert "lies in a file on the same server" in client.text()


def new_draft(officer, region, round_, kind, **values):
    """Fill in the form for a new poll with what it suggests and these; the answer."""
    officer.get(f"/regions/{region.slug}/manage/rounds/{ids.encode(round_.id)}/polls/new?kind={kind}")
    return officer.submit({"title_ko": "투표", "title_en": "Vote"} | values, button="초안 저장하기")


def test_a_new_budget_vote_suggests_approvals_and_equal_shares_with_completion(region, officer):
    round_ = make_round(region, Phase.BUDGET_VOTE)
    db.session.commit()
    new_draft(officer, region, round_, "budget")

    plan = plan_of(db.session.scalars(sa.select(Poll)).one())
    assert (plan.ballot_type, plan.ballot_limit_amount) == (BallotType.APPROVAL, None)
    assert plan.counting_rule is CountingRule.EQUAL_SHARES
    assert (plan.counting.satisfaction, plan.counting.completion) == (Satisfaction.COST, Completion.ADD1U)
    assert plan.counting.increment_amount == suggested_increment(round_.envelope_amount)
    assert plan.tie_steps == (TieStep.COST, TieStep.VOTES)


@pytest.mark.parametrize(
    ("kind", "phase", "values", "field"),
    [
        ("agenda", Phase.AGENDA_VOTE, {"ballot_type": "cumulative"}, "max_sum_points"),
        ("agenda", Phase.AGENDA_VOTE, {"ballot_type": "scoring"}, "max_points"),
        ("agenda", Phase.AGENDA_VOTE, {"counting_rule": "schulze"}, "counting_rule"),
        ("agenda", Phase.AGENDA_VOTE, {"min_choices": "6"}, "max_choices"),
        ("agenda", Phase.AGENDA_VOTE, {"weight_committee": "40"}, "weight_residents"),
        ("agenda", Phase.AGENDA_VOTE, {"max_per_field": "0"}, "max_per_field"),
        ("budget", Phase.BUDGET_VOTE, {"satisfaction": "points"}, "satisfaction"),
        ("budget", Phase.BUDGET_VOTE, {"increment_amount": "0"}, "increment_amount"),
        ("budget", Phase.BUDGET_VOTE, {"support_divisor": "x"}, "support_divisor"),
    ],
)
def test_a_ballot_or_a_count_that_can_not_be_is_refused_beside_its_field(region, officer, kind, phase, values, field):
    round_ = make_round(region, phase)
    db.session.commit()
    response = new_draft(officer, region, round_, kind, **values)
    assert response.status_code == 422
    assert officer.page.xpath(f"//*[@id='{field}-error']")
    assert officer.page.xpath("string(//input[@name='title_ko']/@value)") == "투표"
    assert db.session.scalars(sa.select(Poll)).all() == []


def test_what_was_laid_down_comes_back_in_the_form(region, officer):
    round_ = make_round(region, Phase.BUDGET_VOTE)
    db.session.commit()
    values = {"ballot_type": "knapsack", "ballot_limit_amount": "5,000,000", "completion": "none", "tie_steps": "lot"}
    values |= {"counting_rule": "phragmen", "max_per_field": "2", "support_divisor": "3", "publishes_ballots": "0"}
    new_draft(officer, region, round_, "budget", **values)
    poll = db.session.scalars(sa.select(Poll)).one()

    officer.get(manage(region, poll, "/edit"))
    shown = dict(officer.form(button="초안 저장하기").form_values())
    assert {name: shown[name] for name in values} == values
    officer.submit(button="초안 저장하기")
    db.session.expire_all()
    plan = plan_of(poll)
    assert plan.ballot_limit_amount == 5_000_000
    assert (plan.tie_steps, plan.publishes_ballots, plan.counting.support_divisor) == ((), False, 3)


def test_a_committee_is_named_by_address_and_by_role_and_the_weights_stand_on_the_page(region, officer, app):
    round_ = make_round(region, Phase.AGENDA_VOTE)
    member, reviewer = make_resident(region.id), make_officer(region.id, Role.REVIEWER)
    db.session.commit()
    new_draft(officer, region, round_, "agenda", weight_residents="60", weight_committee="40")
    poll = db.session.scalars(sa.select(Poll)).one()

    officer.get(manage(region, poll, "/electors/committee"))
    officer.submit({"addresses": f"{member.email}\nnobody@example.org", "role": ""}, button="구성원으로 정하기")
    assert "nobody@example.org" in officer.page.xpath("string(//*[@id='addresses-error'])")
    officer.submit({"addresses": member.email, "role": "reviewer"}, button="구성원으로 정하기")
    officer.get(manage(region, poll, "/electors/committee"))
    assert "지금까지 2명" in officer.text()
    officer.submit(button=f"{reviewer.display_name} 님 빼기")
    assert "지금까지 1명" in officer.text()

    officer.get(manage(region, poll))
    assert "위원회: 40" in officer.text()
    assert "주민: 60" in officer.text()


def test_options_that_exclude_each_other_and_amounts_of_parts_are_kept(region, officer):
    round_ = make_round(region, Phase.BUDGET_VOTE)
    db.session.commit()
    new_draft(officer, region, round_, "budget", envelopes_by="field")
    poll = db.session.scalars(sa.select(Poll)).one()
    for key, field in (("a", "safety"), ("b", "safety"), ("c", None)):
        add_option(poll=poll, key=key, label=key, cost_amount=1_000, field_key=field)
    db.session.commit()

    officer.get(manage(region, poll, "/envelopes"))
    response = officer.submit({"part_0": f"{round_.envelope_amount + 1}"}, button="금액 저장하기")
    assert response.status_code == 422
    officer.submit({"part_0": "3,000"}, button="금액 저장하기")
    db.session.expire_all()
    assert plan_of(poll).counting.envelopes == {"safety": 3_000}
    assert "3,000원" in officer.text()
