"""Equal Shares compared with most votes first, as officers choose it and readers are told; weights in each envelope."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.polls.ballots.shape import BallotShape, Electorate
from civicvote.domain.polls.models import Poll
from civicvote.domain.polls.planning.counting_choice import CountingChoice
from civicvote.domain.polls.roll import strata
from civicvote.domain.polls.services import add_option
from civicvote.domain.polls.services_electorates import name_electors
from civicvote.domain.polls.services_preparing import plan_of
from civicvote.domain.tally.parameters import EnvelopesBy
from civicvote.kernel.permissions import Role
from civicvote.kernel.phases import Phase
from civicvote.kernel.voting import Completion, CountingRule
from tests.factories.outcomes import Cast, address_of, make_published_budget, publish_with
from tests.factories.people import make_officer, make_resident
from tests.factories.places import make_region, make_round
from tests.factories.polls import MILLION, administrator, freeze, make_budget_draft
from tests.web.polls.test_officer_pages import manage, new_draft

COMPARED = CountingChoice(increment_amount=100_000, completion=Completion.NONE, compares_with_greedy=True)
OPTIONS = (("road", "통학로", 60), ("park", "공원", 30), ("book", "이동 도서관", 30), ("bike", "자전거길", 30))
BALLOTS = [Cast(("road",), 12), Cast(("park",), 11), Cast(("book",), 10), Cast(("bike",), 9)]
BODIES = BallotShape(
    electorates=(Electorate("residents", "주민", "Residents", 60), Electorate("panel", "패널", "Panel", 40))
)


@pytest.fixture
def region(session):
    return make_region()


def section(client, name: str) -> str:
    return " ".join(client.page.xpath(f"string(//section[@id='{name}'])").split())


def test_an_officer_asks_for_the_comparison_and_everybody_reads_it_before_the_vote(region, sign_in, client, key_folder):
    officer = sign_in(make_officer(region.id, Role.ADMINISTRATOR))
    round_ = make_round(region, Phase.BUDGET_VOTE)
    db.session.commit()
    new_draft(officer, region, round_, "budget", compares_with_greedy="y")
    poll = db.session.scalars(sa.select(Poll)).one()
    assert plan_of(poll).counting.compares_with_greedy

    officer.get(manage(region, poll, "/edit"))
    assert dict(officer.form(button="초안 저장하기").form_values())["compares_with_greedy"]
    officer.submit(button="초안 저장하기")
    db.session.expire_all()
    assert plan_of(poll).counting.compares_with_greedy

    asked = freeze(
        make_budget_draft(region, counting_rule=CountingRule.EQUAL_SHARES, counting=COMPARED), region, key_folder
    )
    db.session.commit()
    client.get(address_of(region, asked, "").rstrip("/"))
    assert "득표순 결과에서 더 많이 얻은 투표자가 더 많으면 득표순 결과로 정합니다" in client.text()


@pytest.mark.parametrize(
    ("completion", "words", "english", "numbers"),
    [
        # With growing shares park, book and bike; by most votes road and park.
        (Completion.ADD1U, "균등 몫 결과로 정해졌습니다", "the outcome of Equal Shares holds", [19, 12, 11, 42]),
        # In one run nobody can pay for anything.
        (Completion.NONE, "득표순 결과로 정해졌습니다", "that outcome holds", [0, 23, 19, 42]),
    ],
)
def test_the_outcome_says_how_many_voters_prefer_what(region, key_folder, client, completion, words, english, numbers):
    counting = replace(COMPARED, completion=completion)
    poll = make_published_budget(region, key_folder, BALLOTS, counting=counting, options=OPTIONS)
    client.get(address_of(region, poll))
    told = section(client, "compared")
    assert words in told
    shown = [int(cell.text_content()) for cell in client.page.xpath("//section[@id='compared']//td[@class='num']")]
    assert shown == numbers
    client.get("/en" + address_of(region, poll))
    assert english in section(client, "compared")


def test_a_vote_that_did_not_ask_for_it_says_nothing_of_it(region, key_folder, client):
    client.get(address_of(region, make_published_budget(region, key_folder, BALLOTS)))
    assert section(client, "compared") == ""


def test_weights_are_told_for_each_envelope_with_the_votes_of_that_part(region, key_folder, client):
    envelopes = CountingChoice(
        envelopes_by=EnvelopesBy.DISTRICT, envelopes={"1111": 60 * MILLION, "2222": 40 * MILLION}
    )
    draft = make_budget_draft(
        region, ballot=BODIES, counting=envelopes, counting_rule=CountingRule.GREEDY, options=(), threshold=0
    )
    for key, code in (("here", "1111"), ("near", "1111"), ("there", "2222")):
        add_option(poll=draft, key=key, label=f"사업 {key}", cost_amount=30 * MILLION, district_code=code)
    people = [make_resident(region.id) for _ in range(2 * strata.FEWEST)]
    panel = [person.email or "" for person in people[strata.FEWEST :]]
    name_electors(actor=administrator(region), poll=draft, electorate="panel", addresses=panel)
    poll = publish_with(
        freeze(draft, region, key_folder),
        [
            Cast(("here", "there"), 10),
            Cast(("near",), 30),
            Cast(("here",), 9, electorate="panel"),
            Cast(("near", "there"), 3, electorate="panel"),
        ],
    )
    client.get(address_of(region, poll))
    told = section(client, "electorates")
    assert "몫마다 따로 개표합니다" in told
    tables = client.page.xpath("//section[@id='electorates']//table[.//caption[contains(., '반영비율: ')]]")
    assert len(tables) == 2
    # In the first part 10 of 40 residents' votes and 9 of 12 of the panel's are for "here": 15 + 30.
    assert "10 → 15" in told
    assert "9 → 30" in told
    # In the second part all votes of both are for "there": their whole weights.
    assert "10 → 60" in told
    assert "3 → 40" in told


def test_the_page_before_the_vote_says_how_weights_work_in_parts(region, key_folder, client):
    envelopes = CountingChoice(envelopes_by=EnvelopesBy.DISTRICT, envelopes={"1111": 60 * MILLION})
    draft = make_budget_draft(region, ballot=BODIES, counting=envelopes, counting_rule=CountingRule.GREEDY, options=())
    for key, code in (("here", "1111"), ("there", None)):
        add_option(poll=draft, key=key, label=f"사업 {key}", cost_amount=30 * MILLION, district_code=code)
    people = [make_resident(region.id) for _ in range(2 * strata.FEWEST)]
    panel = [person.email or "" for person in people[strata.FEWEST :]]
    name_electors(actor=administrator(region), poll=draft, electorate="panel", addresses=panel)
    poll = freeze(draft, region, key_folder)
    db.session.commit()
    client.get(address_of(region, poll, "").rstrip("/"))
    assert "몫마다 따로 개표합니다" in client.text()
