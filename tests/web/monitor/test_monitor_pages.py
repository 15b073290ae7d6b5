"""The pages of observers and of those who list the city's networks."""

import re
from datetime import timedelta

import pytest

from civicvote.domain.polls.box.idempotency import mac_key_from
from civicvote.kernel import clock, ids
from civicvote.kernel.permissions import Role
from tests.factories.people import make_officer, make_resident
from tests.factories.places import make_region
from tests.factories.polls import freeze, make_agenda_draft
from tests.integration.monitor.test_traces import HALL, cast_from


@pytest.fixture
def region(session):
    return make_region()


@pytest.fixture
def voters(region):
    return [make_resident(region.id) for _ in range(23)]


@pytest.fixture
def poll(app, region, voters, tmp_path):
    """All but the last voted an hour ago, in one hall."""
    mac_key = mac_key_from(app.config["SECRET_KEY"])
    poll = freeze(make_agenda_draft(region), region, tmp_path)
    with clock.frozen_at(clock.now() - timedelta(hours=1)):
        for number, voter in enumerate(voters[:-1]):
            cast_from(HALL, voter, poll, key=f"ballot {number}", mac_key=mac_key)
    return poll


def path_of(region, poll) -> str:
    return f"/regions/{region.slug}/polls/{ids.encode(poll.id)}"


def test_an_observer_reads_what_stands_out_without_names_marks_or_choices(region, poll, sign_in) -> None:
    observer = sign_in(make_officer(region.id, Role.OBSERVER))
    observer.get(path_of(region, poll))
    assert observer.page.xpath(f"//a[@href='{path_of(region, poll)}/monitor']")
    observer.get(f"{path_of(region, poll)}/monitor")
    assert observer.page.xpath("//section[@id='bursts']//tbody/tr/td[@class='num']")[0].text == "22"
    assert "기기 1" in observer.text()
    for word in (HALL.network, HALL.device, "골목길 가로등", "주민 "):
        assert word not in observer.text()


def test_no_minute_stands_on_the_page_and_the_running_hour_is_left_out(app, region, voters, poll, sign_in) -> None:
    mac_key = mac_key_from(app.config["SECRET_KEY"])
    observer = sign_in(make_officer(region.id, Role.OBSERVER))
    observer.get(f"{path_of(region, poll)}/monitor")
    before = observer.page.xpath("string(//main)")
    cast_from(HALL, voters[-1], poll, key="late", mac_key=mac_key)
    observer.get(f"{path_of(region, poll)}/monitor")
    assert observer.page.xpath("string(//main)") == before
    times = re.findall(r"\d\d:\d\d", observer.page.xpath("string(//main)"))
    assert len(times) == 3
    assert {time[-2:] for time in times} == {"00"}


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.MODERATOR, Role.BUDGET_ENTRY])
def test_other_roles_do_not(region, poll, sign_in, role) -> None:
    officer = sign_in(make_officer(region.id, role))
    assert officer.get(f"{path_of(region, poll)}/monitor").status_code == 403
    officer.get(path_of(region, poll))
    assert not officer.page.xpath(f"//a[@href='{path_of(region, poll)}/monitor']")


def test_the_page_costs_the_same_whatever_the_number_of_ballots(region, poll, tmp_path, sign_in, count_queries) -> None:
    empty = freeze(make_agenda_draft(region), region, tmp_path)
    observer = sign_in(make_officer(region.id, Role.OBSERVER))
    counts = []
    for each in (empty, poll):
        observer.get(f"{path_of(region, each)}/monitor")
        with count_queries() as statements:
            observer.get(f"{path_of(region, each)}/monitor")
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 12


def test_an_administrator_lists_a_network_and_the_observer_sees_its_ballots(region, poll, sign_in) -> None:
    administrator = sign_in(make_officer(region.id, Role.ADMINISTRATOR))
    administrator.get(f"/regions/{region.slug}/manage/networks")
    administrator.submit({"network": "203.0.113.0/24", "name": "시청 본관"}, action="/networks")
    observer = sign_in(make_officer(region.id, Role.OBSERVER))
    observer.get(f"{path_of(region, poll)}/monitor")
    cells = [cell.text_content() for cell in observer.page.xpath("//section[@id='staff']//tbody/tr/*")]
    assert cells == ["시청 본관", "203.0.113.0/24", "22"]


@pytest.mark.parametrize("typed", ["시청", "10.0.0.0/8"])
def test_a_range_that_is_none_or_too_wide_is_refused_beside_the_field_and_kept(region, sign_in, typed) -> None:
    administrator = sign_in(make_officer(region.id, Role.ADMINISTRATOR))
    path = f"/regions/{region.slug}/manage/networks"
    administrator.get(path)
    answer = administrator.submit({"network": typed, "name": "시청"}, action="/networks")
    assert answer.status_code == 422
    assert administrator.page.xpath("//input[@name='network']/@value") == [typed]
    assert administrator.page.xpath("//input[@name='network']/@aria-invalid") == ["true"]


def test_a_network_is_taken_off_the_list(region, sign_in) -> None:
    administrator = sign_in(make_officer(region.id, Role.ADMINISTRATOR))
    path = f"/regions/{region.slug}/manage/networks"
    administrator.get(path)
    administrator.submit({"network": "203.0.113.0/24", "name": "구청 별관"}, action="/networks")
    assert "구청 별관" in administrator.text()
    administrator.submit({}, action=f"{path}/drop")
    assert "구청 별관" not in administrator.text()
