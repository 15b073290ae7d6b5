"""The list of a round's proposals: order, filters, pages, cost."""

import gzip
from typing import Any

import pytest

from civicvote.db import db
from civicvote.domain.proposals.listing import ProposalSort
from civicvote.domain.proposals.queries_list import list_proposals
from civicvote.domain.rounds.models import Round
from civicvote.kernel import ids
from tests.factories.people import make_person
from tests.factories.places import make_region, make_round
from tests.factories.talk import make_many_proposals
from tests.strict_client import StrictClient


def _address(slug: str, round_: Round) -> str:
    return f"/regions/{slug}/rounds/{ids.encode(round_.id)}/proposals"


@pytest.fixture
def place(session: Any) -> tuple[str, Round]:
    region = make_region()
    round_ = make_round(region)
    db.session.commit()
    return region.slug, round_


def test_an_empty_round_says_so_and_offers_the_first_proposal(client: StrictClient, place: tuple[str, Round]) -> None:
    client.get(_address(*place))
    assert "아직 올라온 제안이 없습니다" in client.text()
    assert client.page.xpath("//a[contains(@href, '/proposals/new')]")


KEYS = {
    ProposalSort.NEWEST: lambda row: row.id,
    ProposalSort.ENDORSED: lambda row: (row.endorsement_count, row.id),
    ProposalSort.DISCUSSED: lambda row: (row.comment_count, row.thread_id),
}


@pytest.mark.parametrize("sort", KEYS)
def test_pages_by_key_show_every_proposal_once_and_in_order(place: tuple[str, Round], sort: ProposalSort) -> None:
    _slug, round_ = place
    make_many_proposals(round_, make_person(), 60)
    seen, cursor = [], None
    while True:
        page = list_proposals(round_.region_id, round_.id, sort=sort, cursor=cursor)
        seen += page.items
        cursor = page.next_cursor
        if cursor is None:
            break
    assert len({row.id for row in seen}) == 60
    assert seen == sorted(seen, key=KEYS[sort], reverse=True)


def test_filters_narrow_the_list_and_its_count(client: StrictClient, place: tuple[str, Round]) -> None:
    _slug, round_ = place
    make_many_proposals(round_, make_person(), 12)
    client.get(_address(*place) + "?field=welfare&period=week")
    assert "제안 4건" in client.text()
    assert len(client.page.xpath("//ol[@id='proposals']/li")) == 4
    assert "조건으로 찾기 (2개 적용)" in client.text()


def test_filtering_keeps_the_order_that_was_chosen(client: StrictClient, place: tuple[str, Round]) -> None:
    make_many_proposals(place[1], make_person(), 12)
    client.get(_address(*place))
    fragment = client.get(_address(*place) + "?sort=endorsed", headers={"HX-Request": "true"}).get_data(as_text=True)
    assert '<input type="hidden" name="sort" value="endorsed">' in fragment
    assert client.page.xpath("//form[@id='filters']")
    client.get(_address(*place) + "?sort=endorsed&field=welfare")
    current = client.page.xpath("//ul[@class='sorts']//a[@aria-current]/@href")[0]
    assert "sort=endorsed" in current
    assert "field=welfare" in current


def test_a_cursor_that_is_none_is_refused_and_unknown_filters_are_ignored(
    client: StrictClient, place: tuple[str, Round]
) -> None:
    assert client.get(_address(*place) + "?after=!!").status_code == 422
    assert client.get(_address(*place) + "?sort=best&state=gone").status_code == 200


def test_show_more_is_a_link_that_htmx_appends(client: StrictClient, place: tuple[str, Round]) -> None:
    make_many_proposals(place[1], make_person(), 30)
    client.get(_address(*place) + "?sort=endorsed")
    more = client.page.xpath("//li[@class='rows__more']/a")[0]
    assert more.get("href") == more.get("hx-get")
    fragment = client.get(more.get("hx-get"), headers={"HX-Request": "true"}).get_data(as_text=True)
    assert "<html" not in fragment
    assert fragment.count("row__title") == 10
    client.get(more.get("href"))
    assert len(client.page.xpath("//ol[@id='proposals']/li")) == 10
    assert "처음으로 돌아가기" in client.text()


@pytest.mark.parametrize("number", [60, 2000])
def test_the_list_costs_the_same_at_any_size(
    client: StrictClient, sign_in: Any, count_queries: Any, place: tuple[str, Round], number: int
) -> None:
    make_many_proposals(place[1], make_person(), number)
    reader = sign_in(make_person())
    db.session.commit()
    address = _address(*place)
    for asked in ("sort=newest", "sort=endorsed", "sort=discussed", "sort=random&seed=7", "field=welfare&view=map"):
        db.session.expire_all()
        with count_queries() as queries:
            answer = client.get(f"{address}?{asked}")
        assert len(queries) <= 8, queries
        assert len(gzip.compress(answer.data)) <= 10 * 1024
    db.session.expire_all()
    with count_queries() as queries:
        reader.get(address)
    assert len(queries) <= 10, queries
