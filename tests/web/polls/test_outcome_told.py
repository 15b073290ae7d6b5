"""What the outcome page tells beyond winners: payments, other rules, wishes, fields and districts, electorates."""

import gzip

import pytest

from civicvote.db import db
from civicvote.domain.outcomes.services import compare_rules
from civicvote.domain.polls.planning.counting_choice import CountingChoice
from civicvote.domain.polls.services import add_option, create_poll
from civicvote.kernel import ids
from civicvote.kernel.permissions import Role
from civicvote.kernel.phases import Phase
from civicvote.kernel.voting import BallotType, CountingRule
from tests.factories.outcomes import Cast, address_of, make_published_budget, make_weighed_agenda, publish_with
from tests.factories.people import make_officer
from tests.factories.places import make_region, make_round
from tests.factories.polls import administrator, budget_plan, cast, freeze, make_agenda_draft

BALLOTS = [
    Cast(("road",), 12, style="1111"),
    Cast(("park", "book"), 11, style="2222"),
    Cast(("bike",), 9, style="3333"),
    Cast((), 2),
]


@pytest.fixture
def region(session):
    return make_region()


def section(client, name: str) -> str:
    return " ".join(client.page.xpath(f"string(//section[@id='{name}'])").split())


def test_equal_shares_are_told_step_by_step_in_both_languages(region, key_folder, client):
    address = address_of(region, make_published_budget(region, key_folder, BALLOTS))
    client.get(address)
    told = section(client, "step-by-step")
    assert "1억 원을 투표자 34명에게 똑같이 나누어" in told
    assert "실제로 받는 돈이 아니라" in told
    client.get(f"/en{address}")
    told = section(client, "step-by-step")
    assert "₩100 million were divided evenly among 34 voters" in told
    assert "Paid by voters" in told


def test_sums_of_the_step_by_step_tables_add_up_to_the_envelope(region, key_folder, client):
    client.get(address_of(region, make_published_budget(region, key_folder, BALLOTS)))
    (table,) = client.page.xpath("//section[@id='step-by-step']//figure//table")
    amounts = [int("".join(filter(str.isdigit, node.text_content()))) for node in table.xpath(".//td[@class='num']")]
    assert sum(amounts[:-1]) == amounts[-1] == 100_000_000


def test_the_same_ballots_under_other_rules_stand_side_by_side(region, key_folder, client):
    client.get(address_of(region, make_published_budget(region, key_folder, BALLOTS)))
    told = section(client, "rules-compared")
    for rule in ("균등 몫", "득표순", "사업비 대비 득표순", "프라그멘"):
        assert rule in told
    marks = client.page.xpath("//section[@id='rules-compared']//details//td")
    assert {mark.xpath("string(span[@class='visually-hidden'])") for mark in marks} == {"선정", "미선정"}
    assert "규칙마다 다름" in told


def test_before_the_job_has_compared_the_page_stands_without_it(region, key_folder, client):
    client.get(address_of(region, make_published_budget(region, key_folder, BALLOTS, is_compared=False)))
    assert section(client, "rules-compared") == section(client, "wishes") == ""
    assert section(client, "step-by-step")


def test_wishes_and_who_paid_are_told_without_small_groups(region, key_folder, client):
    client.get(address_of(region, make_published_budget(region, key_folder, BALLOTS)))
    assert "무엇이든 고른 투표지 32장 가운데" in section(client, "wishes")
    paid = section(client, "who-paid")
    assert "작은 지역 합침" in paid
    assert "3333" not in paid
    rows = client.page.xpath("//section[@id='who-paid']//tbody/tr")
    assert rows
    for row in rows:
        *parts, total = [int("".join(filter(str.isdigit, cell.text_content()))) for cell in row.xpath("td")]
        assert sum(parts) == total


def test_a_greedy_outcome_has_no_payments_but_the_other_rules(region, key_folder, client):
    poll = make_published_budget(region, key_folder, BALLOTS, counting_rule=CountingRule.GREEDY)
    client.get(address_of(region, poll))
    assert section(client, "step-by-step") == section(client, "who-paid") == ""
    assert "균등 몫" in section(client, "rules-compared")


def test_phragmen_is_told_with_where_it_ended(region, key_folder, client):
    poll = make_published_budget(region, key_folder, BALLOTS, counting_rule=CountingRule.PHRAGMEN)
    client.get(address_of(region, poll))
    assert "에서 끝났습니다" in section(client, "step-by-step")


def test_electorates_stand_with_weights_votes_and_the_formula(region, key_folder, client):
    poll = publish_with(
        make_weighed_agenda(region, key_folder, (60, 40)),
        [Cast(("lamp",), 20), Cast(("tree", "lamp"), 10), Cast(("tree",), 12, electorate="panel")],
    )
    client.get(address_of(region, poll))
    told = section(client, "electorates")
    assert "주민" in told
    assert "패널" in told
    assert "30 → 45" in told  # 60 × 30 of 40 votes
    assert "12 → 40" in told  # all of the panel's weight


def test_rankings_are_told_each_against_each(region, key_folder, client):
    draft = make_agenda_draft(
        region, ballot_type=BallotType.ORDINAL, counting_rule=CountingRule.SCHULZE, max_choices=None
    )
    ballots = [Cast({"lamp": 2, "tree": 1}, 3), Cast({"tree": 2, "bench": 1}, 2)]
    client.get(address_of(region, publish_with(freeze(draft, region, key_folder), ballots)))
    assert "모든 항목의 일대일 비교" in section(client, "each-against-each")
    assert "보르다" in section(client, "rules-compared")
    cells = client.page.xpath("//section[@id='each-against-each']//td/b")
    assert cells, "majorities are marked"


def test_an_early_end_is_told_with_its_reason(region, key_folder, client):
    poll = make_published_budget(region, key_folder, BALLOTS)
    poll.closing_reason = "태풍으로 투표소가 닫혔습니다."
    db.session.commit()
    client.get(address_of(region, poll))
    assert "정해진 시각보다 일찍 끝났습니다. 이유: 태풍으로" in client.text()


def make_large(region, key_folder, size: int):
    """A poll of so many projects, with fields and districts, by Equal Shares."""
    round_ = make_round(region, Phase.BUDGET_VOTE)
    plan = budget_plan(counting_rule=CountingRule.EQUAL_SHARES, counting=CountingChoice(increment_amount=10**6))
    poll = create_poll(actor=administrator(region), round=round_, plan=plan)
    for number in range(size):
        add_option(
            poll=poll,
            key=f"p{number}",
            label=f"{number}번째 사업: 걸어서 다니기 좋은 골목과 쉼터를 만드는 사업",
            cost_amount=(1 + number % 7) * 10**6,
            field_key=f"f{number % 4}",
            district_code=f"29{number % 9}",
        )
    ballots = [Cast((f"p{n}", f"p{(n * 7 + 3) % size}"), 1 + n % 5, style=f"29{n % 3}") for n in range(size)]
    return publish_with(freeze(poll, region, key_folder), ballots)


def test_the_page_takes_the_same_few_statements_at_two_sizes_and_stays_small(region, key_folder, client, count_queries):
    counts = []
    for size in (16, 160):
        address = address_of(region, make_large(region, key_folder, size))
        client.get(address)
        with count_queries() as statements:
            response = client.get(address)
        counts.append(len(statements))
        assert len(gzip.compress(response.data, 6)) < 60_000
    assert counts[0] == counts[1] <= 8


def test_the_page_is_the_same_for_everybody_and_brings_no_cookie(region, key_folder, new_client):
    address = address_of(region, make_published_budget(region, key_folder, BALLOTS))
    first, second = new_client().get(address), new_client().get(address)
    assert "Set-Cookie" not in first.headers
    assert first.data == second.data
    assert b"csrf" not in first.data


def test_the_picture_to_share_is_made_the_same_each_time(region, key_folder, client):
    poll = make_published_budget(region, key_folder, BALLOTS)
    client.get(address_of(region, poll))
    (named,) = client.page.xpath("//meta[@property='og:image']/@content")
    assert named.endswith(address_of(region, poll, "outcome.png"))
    response = client.get(address_of(region, poll, "outcome.png"))
    assert (response.status_code, response.mimetype) == (200, "image/png")
    assert response.data == client.get(address_of(region, poll, "outcome.png")).data
    assert response.data != client.get("/en" + address_of(region, poll, "outcome.png")).data
    again = client.get(address_of(region, poll, "outcome.png"), headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304


def test_there_is_no_picture_of_what_is_not_published(open_budget, client):
    response = client.get(address_of(open_budget.region, open_budget.poll, "outcome.png"))
    assert response.status_code in {404, 409}


def test_who_publishes_sees_the_other_rules_first(open_budget, sign_in):
    for voter, choice in zip(open_budget.voters, ["road", "park", "park"], strict=False):
        cast(voter, open_budget.poll, choice)
    open_budget.close_and_count()
    db.session.commit()
    officer = sign_in(make_officer(open_budget.region.id, Role.ADMINISTRATOR))
    page = f"/regions/{open_budget.region.slug}/manage/polls/{ids.encode(open_budget.poll.id)}/publish"
    officer.get(page)
    assert "다른 규칙으로도 세고 있습니다" in officer.text()
    compare_rules(region_id=open_budget.region.id, poll_id=open_budget.poll.id)
    db.session.commit()
    officer.get(page)
    assert "균등 몫" in section(officer, "rules-compared")
