"""The list's page: filters with their numbers, chips, words, shuffled order, the map and its points."""

import gzip
from typing import Any

import pytest

from civicvote.db import db
from civicvote.domain.proposals.models import Proposal
from civicvote.domain.proposals.states import ProposalState
from civicvote.domain.rounds.models import Round
from civicvote.kernel import ids
from civicvote.kernel.visibility import Visibility
from tests.factories.people import make_person
from tests.factories.placed import make_gwangju, make_scattered
from tests.factories.places import make_round
from tests.factories.talk import make_proposal
from tests.strict_client import StrictClient


@pytest.fixture
def round_(session: Any) -> Round:
    made = make_round(make_gwangju())
    db.session.commit()
    return made


@pytest.fixture
def address(round_: Round) -> str:
    return f"/regions/gwangju-test/rounds/{ids.encode(round_.id)}/proposals"


def _numbers(client: StrictClient, name: str) -> dict[str, int]:
    """The options of a filter with the number that stands behind each."""
    options = client.page.xpath(f"//select[@name='{name}']/option[@value!='']")
    return {each.get("value"): int(each.text_content().rsplit("(", 1)[1].rstrip(")")) for each in options}


def _titles(client: StrictClient) -> list[str]:
    return [each.text_content() for each in client.page.xpath("//ol[@id='proposals']//h2")]


def test_each_option_says_how_many_proposals_it_would_leave(client: StrictClient, round_: Round, address: str) -> None:
    make_scattered(round_, make_person(), 80)
    db.session.commit()
    for name, others in {
        "field": "city=2911000000",
        **dict.fromkeys(("state", "city", "period"), "field=safety"),
    }.items():
        client.get(f"{address}?{others}")
        numbers = _numbers(client, name)
        assert numbers
        for value, number in numbers.items():
            client.get(f"{address}?{others}&{name}={value}")
            assert f"제안 {number}건" in client.text(), (name, value)


def test_a_chosen_city_offers_its_dongs(client: StrictClient, round_: Round, address: str) -> None:
    make_scattered(round_, make_person(), 80)
    db.session.commit()
    client.get(address)
    assert not client.page.xpath("//select[@name='dong']")
    client.get(address + "?city=2911000000")
    dongs = _numbers(client, "dong")
    assert set(dongs) == {"2911068500", "2911054500"}
    client.get(address + "?city=2911000000&dong=2911068500")
    assert f"제안 {dongs['2911068500']}건" in client.text()
    client.get(address + "?city=2917000000&dong=2911068500")
    assert not client.page.xpath("//select[@name='dong']/option[@selected]"), "the dong lies in another city"


def test_chips_take_one_filter_away_each_and_the_address_keeps_the_rest(
    client: StrictClient, round_: Round, address: str
) -> None:
    make_scattered(round_, make_person(), 80)
    db.session.commit()
    client.get(address + "?field=safety&city=2911000000&sort=endorsed&period=quarter")
    chips = {
        each.text_content().split(" ×")[0].strip(): each.get("href") for each in client.page.xpath("//a[@class='chip']")
    }
    assert set(chips) == {"안전", "동구", "최근 90일"}
    assert "field" not in chips["안전"]
    for kept in ("city=2911000000", "sort=endorsed", "period=quarter"):
        assert kept in chips["안전"]
    client.get(chips["동구"])
    assert "조건으로 찾기 (2개 적용)" in client.text()


def test_the_shuffled_order_of_a_person_is_their_own_and_stays(
    client: StrictClient, sign_in: Any, round_: Round, address: str
) -> None:
    make_scattered(round_, make_person(), 60)
    one, other = sign_in(make_person()), sign_in(make_person())
    db.session.commit()
    seeds = [browser.get(address + "?sort=random").headers["Location"] for browser in (one, one, other)]
    assert seeds[0] == seeds[1] != seeds[2]
    anonymous = {client.get(address + "?sort=random").headers["Location"] for _ in range(3)}
    assert len(anonymous) == 3
    one.get(seeds[0])
    first = _titles(one)
    more = one.page.xpath("//li[@class='rows__more']/a/@href")[0]
    one.get(more)
    assert not set(first) & set(_titles(one))
    one.get(seeds[0])
    assert _titles(one) == first
    client.get(seeds[0])
    assert _titles(client) == first, "an address shows everybody the same"


def test_words_are_found_in_the_list_and_ordered_by_fit(client: StrictClient, round_: Round, address: str) -> None:
    wanted = make_proposal(round_, title="공원에 그늘을 만들어 주십시오")
    make_proposal(round_, title="버스 정류장에 의자가 필요합니다")
    db.session.commit()
    client.get(address + "?q=공원")
    assert _titles(client) == [wanted.title]
    assert "‘공원’ 제안 1건" in client.text()
    assert client.page.xpath("//ul[@class='sorts']//a[@aria-current]")[0].text_content() == "잘 맞는 순"
    client.get(address + "?q=없는말입니다")
    assert "찾는 말이 들어간 제안이 없습니다" in client.text()
    client.get(address + "?q=공원&field=welfare")
    assert "조건에 맞는 제안이 없습니다" in client.text()


def test_the_map_shows_numbers_by_city_and_links_that_filter(client: StrictClient, round_: Round, address: str) -> None:
    make_scattered(round_, make_person(), 80)
    db.session.commit()
    client.get(address + "?view=map&field=safety")
    cities = _numbers(client, "city")
    drawn = [int(each.text_content()) for each in client.page.xpath("//*[local-name()='text']")]
    links = client.page.xpath("//ul[@class='list-map__cities']//a")
    assert sorted(drawn) == sorted(cities.values()) == sorted(int(each.xpath("./b")[0].text) for each in links)
    assert all("view=map" in each.get("href") and "field=safety" in each.get("href") for each in links)
    assert _titles(client), "the list stands beneath"


def test_points_are_those_of_the_filtered_list_and_nothing_hidden(
    client: StrictClient, round_: Round, address: str
) -> None:
    made = make_scattered(round_, make_person(), 80)
    db.session.commit()
    answer = client.get(address + "/points?field=safety")
    assert answer.mimetype == "application/geo+json"
    found = {each["properties"]["url"].rsplit("/", 1)[1] for each in answer.get_json()["features"]}

    def stands(each: Proposal) -> bool:
        return (
            each.field_key == "safety"
            and each.latitude_e6 is not None
            and each.visibility is Visibility.VISIBLE
            and each.state is not ProposalState.MERGED
        )

    assert found == {ids.encode(each.id) for each in made if stands(each)}
    first = answer.get_json()["features"][0]["geometry"]["coordinates"]
    assert 126 < first[0] < 128
    assert 34 < first[1] < 36


def test_more_points_than_a_map_can_show_are_cut_and_it_is_said(
    client: StrictClient, round_: Round, address: str
) -> None:
    make_scattered(round_, make_person(), 3000)
    db.session.commit()
    answer = client.get(address + "/points").get_json()
    assert len(answer["features"]) == 1000
    assert answer["cut"] is True
    client.get(address + "?view=map")
    assert "새로 올라온 1000곳만" in client.text()


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "?sort=random&seed=5",
        "?view=map",
        "?city=2911000000&dong=2911068500&period=month&point=1",
        "?view=map&field=safety",
    ],
)
def test_filters_cost_the_same_at_any_size(
    client: StrictClient, sign_in: Any, count_queries: Any, session: Any, asked: str
) -> None:
    region, costs = make_gwangju(), []
    reader = sign_in(make_person())
    for number in (60, 2000):
        round_ = make_round(region)
        make_scattered(round_, make_person(), number)
        db.session.commit()
        address = f"/regions/gwangju-test/rounds/{ids.encode(round_.id)}/proposals{asked}"
        for browser, most in ((client, 8), (reader, 10)):
            db.session.expire_all()
            client.application.extensions.pop("proposal_lists", None)  # what other requests left behind
            with count_queries() as queries:
                answer = browser.get(address)
            assert len(queries) <= most, queries
            costs.append(len(queries))
            if not asked:
                assert len(gzip.compress(answer.data)) <= 10 * 1024
    assert costs[:2] == costs[2:]


def test_a_region_without_districts_has_a_list_without_places(client: StrictClient, session: Any) -> None:
    region = make_gwangju("plain", code="9900000000")
    round_ = make_round(region)
    make_proposal(round_)
    db.session.commit()
    client.get(f"/regions/plain/rounds/{ids.encode(round_.id)}/proposals?view=map&city=2911000000")
    assert not client.page.xpath("//select[@name='city']")
    assert not client.page.xpath("//*[@data-list-map]")
    assert len(_titles(client)) == 1
