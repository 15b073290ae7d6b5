"""The simulator: everything in the address, what flips, refusals beside the field, bounded cost."""

from urllib.parse import urlencode

import pytest

from civicvote.domain.outcomes import queries_simulating, trial_cost
from civicvote.domain.polls.planning.counting_choice import CountingChoice
from civicvote.kernel.permissions import Role
from civicvote.kernel.voting import CountingRule
from tests.factories.outcomes import Cast, address_of, make_published_budget, make_weighed_agenda, publish_with
from tests.factories.people import make_officer, make_resident
from tests.factories.places import make_region
from tests.factories.polls import MILLION

BALLOTS = [Cast(("road",), 12), Cast(("park", "book"), 11), Cast(("bike",), 9)]
AS_IT_WAS = {
    "rule": "equal-shares",
    "satisfaction": "cost",
    "completion": "add1u",
    "envelope": "100,000,000",
    "threshold": "",
    "support_divisor": "",
    "rival": "",
    "other_rival": "",
}


@pytest.fixture
def region(session):
    return make_region()


@pytest.fixture
def poll(region, key_folder):
    return make_published_budget(region, key_folder, BALLOTS)


def trial(region, poll, **changes) -> str:
    return f"{address_of(region, poll, 'simulator')}?{urlencode(AS_IT_WAS | changes)}"


def flips(client) -> str:
    return " ".join(client.page.xpath("string(//section[@id='flips'])").split())


def test_the_form_begins_with_the_rules_as_they_were_and_counts_nothing(region, poll, client):
    assert client.get(address_of(region, poll, "simulator")).status_code == 200
    assert flips(client) == ""
    assert client.page.xpath("string(//select[@name='rule']/option[@selected]/@value)") == "equal-shares"
    assert client.page.xpath("string(//input[@name='envelope']/@value)") == "100,000,000"


def test_the_rules_as_they_were_flip_nothing(region, poll, client):
    client.get(trial(region, poll))
    assert "없습니다. 선정 결과가 같습니다." in flips(client)


def test_a_larger_envelope_names_what_would_be_selected_then(region, poll, client):
    client.get(trial(region, poll, envelope="180000000"))
    told = flips(client)
    assert "개가 바뀝니다" in told
    assert client.page.xpath("//section[@id='flips']//tbody/tr/th")
    assert "이유" in told


def test_the_english_address_says_the_same(region, poll, client):
    client.get("/en" + trial(region, poll, envelope="180000000"))
    assert "would change" in flips(client)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"rule": "approval"}, "rule"),
        ({"rule": "nonsense"}, "rule"),
        ({"envelope": "0"}, "envelope"),
        ({"envelope": "9000000000"}, "envelope"),
        ({"envelope": "viel"}, "envelope"),
        ({"envelope": " "}, "envelope"),
        ({"envelope": ",원"}, "envelope"),
        ({"envelope": "-5"}, "envelope"),
        ({"envelope": "1e8"}, "envelope"),
        ({"threshold": "-1"}, "threshold"),
        ({"support_divisor": "1000"}, "support_divisor"),
        ({"rival": "road"}, "rival"),
        ({"rival": "road", "other_rival": "road"}, "rival"),
        ({"rival": "nothing"}, "rival"),
    ],
)
def test_what_cannot_be_tried_is_refused_beside_its_field(region, poll, client, changes, field):
    response = client.get(trial(region, poll, **changes))
    assert response.status_code == 422
    assert client.page.xpath(f"//*[@id='{field}-error']")
    assert flips(client) == ""


def test_weights_of_electorates_can_be_tried(region, key_folder, client):
    poll = publish_with(
        make_weighed_agenda(region, key_folder, (90, 10), seats=1),
        [Cast(("lamp",), 30), Cast(("tree",), 12, electorate="panel")],
    )
    values = {"rule": "approval", "seats": "1", "threshold": "", "weight_residents": "10", "weight_panel": "90"}
    client.get(f"{address_of(region, poll, 'simulator')}?{urlencode(values)}")
    assert "이 2개가 바뀝니다" in flips(client)


def test_the_same_trial_is_counted_once(region, poll, client, count_queries):
    client.get(trial(region, poll, envelope="170000000"))
    with count_queries() as statements:
        client.get(trial(region, poll, envelope="170000000"))
    assert not any("unsealed_ballots" in statement for statement in statements)


def test_too_many_new_trials_are_refused_for_a_while_and_known_ones_are_not(region, poll, client):
    client.get(trial(region, poll, envelope="99000000"))
    statuses = [client.get(trial(region, poll, envelope=str(10**8 + n))).status_code for n in range(60)]
    assert statuses[-1] == 429
    assert client.get(trial(region, poll, envelope="99000000")).status_code == 200


def test_amounts_below_the_main_unit_are_kept_to_the_last_digit(key_folder, client, session):
    region = make_region()
    region.currency, region.currency_exponent = "PLN", 2
    steps = CountingChoice(increment_amount=MILLION)
    poll = make_published_budget(region, key_folder, BALLOTS, envelope_amount=100 * MILLION + 55, counting=steps)
    client.get(address_of(region, poll, "simulator"))
    assert client.page.xpath("string(//input[@name='envelope']/@value)") == "1,000,000.55"
    client.get(trial(region, poll, envelope="1,000,000.55"))
    assert "없습니다. 선정 결과가 같습니다." in flips(client)
    assert client.get(trial(region, poll, envelope="1000000.555")).status_code == 422
    assert client.page.xpath("string(//*[@id='envelope-error'])")
    assert client.page.xpath("string(//input[@name='envelope']/@value)") == "1000000.555"


def test_an_amount_with_a_point_is_refused_where_the_currency_has_none(region, poll, client):
    assert client.get(trial(region, poll, envelope="100000000.5")).status_code == 422
    assert client.page.xpath("//*[@id='envelope-error']")


def test_the_page_says_by_which_steps_shares_grew(region, poll, client, key_folder):
    client.get(trial(region, poll))
    assert "이 투표의 규칙대로 한 사람의 몫을 100,000원씩" in flips(client)
    greedy = make_published_budget(region, key_folder, BALLOTS, counting_rule=CountingRule.GREEDY)
    client.get(trial(region, greedy))
    assert "몫을 늘리는 단위를 정하지 않았습니다" in flips(client)


def test_a_trial_that_takes_too_long_is_refused_with_the_reason_and_counted_once(region, poll, client, monkeypatch):
    monkeypatch.setattr(trial_cost, "MOST_WORK", 1)
    assert client.get(trial(region, poll, envelope="90000000")).status_code == 422
    assert "civicvote count" in client.page.xpath("string(//*[@id='rule-error'])")
    monkeypatch.setattr(queries_simulating, "simulate", None)  # counted again it would fail
    assert client.get(trial(region, poll, envelope="90000000")).status_code == 422


def test_ballots_kept_to_observers_are_tried_by_observers_alone(region, key_folder, client, sign_in):
    poll = make_published_budget(region, key_folder, BALLOTS, publishes_ballots=False)
    client.get(address_of(region, poll))
    assert "simulator" not in client.page.xpath("string(//main)")
    assert not client.page.xpath("//a[contains(@href,'/simulator')]")
    assert client.get(trial(region, poll)).status_code == 403
    assert sign_in(make_resident(region.id)).get(trial(region, poll)).status_code == 403
    assert sign_in(make_officer(region.id, Role.OBSERVER)).get(trial(region, poll)).status_code == 200


def test_nothing_is_tried_before_the_outcome_is_published(open_budget, client):
    response = client.get(address_of(open_budget.region, open_budget.poll, "simulator"))
    assert response.status_code in {404, 409}


@pytest.fixture(autouse=True)
def nothing_kept():
    queries_simulating.forget_all()
