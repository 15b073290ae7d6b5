"""The turnout of a vote that is over: for everybody alike, with the withheld groups in one row, and as a table."""

import pytest

from civicvote.db import db
from civicvote.domain.regions.models import Region
from civicvote.kernel import ids
from civicvote.kernel.permissions import Role
from tests.factories.people import make_officer
from tests.integration.turnout.test_recording import LARGE_AND_SMALL, hold


@pytest.fixture
def closed(session, tmp_path):
    return hold(tmp_path, shows=1, people=LARGE_AND_SMALL)


def path_of(poll) -> str:
    slug = db.session.get_one(Region, poll.region_id).slug
    return f"/regions/{slug}/polls/{ids.encode(poll.id)}"


def rows_of(client) -> list[list[str]]:
    return [
        [cell.text_content().strip() for cell in row.xpath("th|td")]
        for row in client.page.xpath("//section[@id='district']//tbody/tr")
    ]


def test_everybody_reads_it_from_the_vote_that_is_over(closed, client) -> None:
    path = path_of(closed)
    client.get(path)
    assert client.page.xpath(f"//a[@href='{path}/turnout']")
    client.get(f"{path}/turnout")
    assert [row[:3] for row in rows_of(client)] == [
        ["동 1", "12", "6"],
        ["동 4", "12", "7"],
        ["나머지 집단 합계", "21", "8"],
    ]


def test_officers_see_the_same(closed, client, sign_in) -> None:
    path = f"{path_of(closed)}/turnout"
    officer = sign_in(make_officer(closed.region_id, Role.ADMINISTRATOR))
    officer.get(path)
    client.get(path)
    assert rows_of(officer) == rows_of(client) != []


def test_the_table_says_what_the_page_says(closed, client) -> None:
    lines = client.get(f"{path_of(closed)}/turnout.csv").get_data(as_text=True).splitlines()
    assert lines[1:4] == ["동네별,동 1,12,6", "동네별,동 4,12,7", "동네별,나머지 집단 합계,21,8"]


def test_where_the_round_keeps_to_the_total_the_page_says_so(session, tmp_path, client) -> None:
    poll = hold(tmp_path, shows=0, people=LARGE_AND_SMALL)
    client.get(f"{path_of(poll)}/turnout")
    assert "전체 투표자 수만" in client.text()
    assert not client.page.xpath("//table")


def test_it_costs_as_many_statements_for_two_groups_as_for_many(session, tmp_path, client, count_queries) -> None:
    counts = []
    for dongs in (2, 12):
        poll = hold(tmp_path, shows=1, people={f"11110{number:02d}000": (10, 5) for number in range(10, 10 + dongs)})
        client.get(f"{path_of(poll)}/turnout")
        with count_queries() as statements:
            client.get(f"{path_of(poll)}/turnout")
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 8
