"""From the published agenda vote to a costed project, through the pages."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from civicvote.domain.budgeting.states import ProjectState
from civicvote.domain.polls.services import add_option, create_poll
from civicvote.domain.regions.models import Region
from civicvote.kernel import ids
from civicvote.kernel.permissions import Role
from civicvote.kernel.phases import Phase
from tests.factories.money import make_agenda_item, make_project, make_proposal, publish
from tests.factories.people import make_officer
from tests.factories.places import make_region, make_round
from tests.factories.polls import administrator, agenda_plan
from tests.strict_client import StrictClient


@pytest.fixture
def region(session: Session) -> Region:
    return make_region()


@pytest.fixture
def officer(region: Region, sign_in: Any) -> StrictClient:
    made = sign_in(make_officer(region.id, Role.BUDGET_ENTRY))
    assert isinstance(made, StrictClient)
    return made


def test_an_officer_puts_winners_on_the_agenda(
    region: Region, officer: StrictClient, client: StrictClient, tmp_path: Path
) -> None:
    round_ = make_round(region, Phase.AGENDA_VOTE)
    poll = create_poll(actor=administrator(region), round=round_, plan=agenda_plan(seats=1))
    for key, title in (("a", "골목길 가로등"), ("b", "경사로")):
        add_option(poll=poll, key=key, label=title, summary="", subject_id=make_proposal(region, round_, title).id)
    publish(poll, region, [["a"], ["a"], ["b"]], tmp_path)
    agenda = f"/regions/{region.slug}/rounds/{ids.encode(round_.id)}/agenda"
    client.get(agenda)
    assert "아직 의제가 없습니다" in client.text()
    assert not client.page.xpath("//main//form")

    officer.get(agenda)
    officer.submit(button="선정된 제안을 의제로 올리기")

    client.get(agenda)
    assert "골목길 가로등" in client.text()
    assert "1위" in client.text()
    assert "경사로" not in client.text()


def test_a_project_is_made_and_edited_on_its_page(region: Region, officer: StrictClient, client: StrictClient) -> None:
    round_ = make_round(region, Phase.MATCHING)
    make_agenda_item(region, round_, "밤길 안전 조명")
    officer.get(f"/regions/{region.slug}/rounds/{ids.encode(round_.id)}/agenda")
    [address] = officer.page.xpath("//main//a[contains(@href, '/projects/new')]/@href")
    officer.get(address)
    refused = officer.submit({"cost_amount": "비쌈", "summary": ""}, button="사업 저장")
    assert refused.status_code == 422
    assert officer.page.xpath("string(//input[@id='cost_amount']/@value)") == "비쌈"
    officer.submit(
        {
            "summary": "보안등을 답니다.",
            "cost_amount": "60,000,000",
            "department": "도로과",
            "description": "**열두** 곳",
        },
        button="사업 저장",
    )
    project = officer.address.split("?")[0]
    assert "6,000만 원" in officer.text()

    officer.get(f"{project}/edit")
    assert officer.page.xpath("string(//input[@id='cost_amount']/@value)") == "60,000,000"
    officer.submit({"cost_amount": "55,000,000"}, button="사업 저장")

    client.get(project)
    for words in ("5,500만 원", "도로과", "밤길 안전 조명", "준비 중"):
        assert words in client.text()
    assert client.page.xpath("//main//strong[text()='열두']")
    assert not client.page.xpath("//main//form")
    assert not client.page.xpath("//main//a[contains(@href, '/edit')]")


@pytest.mark.parametrize("typed", [" ", "원", ", 원"])
def test_a_cost_without_a_digit_is_refused_beside_its_field(region: Region, officer: StrictClient, typed: str) -> None:
    round_ = make_round(region, Phase.MATCHING)
    make_agenda_item(region, round_, "밤길 안전 조명")
    officer.get(f"/regions/{region.slug}/rounds/{ids.encode(round_.id)}/agenda")
    [address] = officer.page.xpath("//main//a[contains(@href, '/projects/new')]/@href")
    officer.get(address)

    refused = officer.submit({"summary": "보안등을 답니다.", "cost_amount": typed}, button="사업 저장")

    assert refused.status_code == 422
    assert officer.page.xpath("//*[@id='cost_amount'][@aria-invalid='true']")


def test_a_project_on_a_ballot_has_no_way_to_be_edited(region: Region, officer: StrictClient) -> None:
    round_ = make_round(region, Phase.MATCHING)
    project = make_project(region, round_, state=ProjectState.ON_BALLOT)
    address = f"/regions/{region.slug}/projects/{ids.encode(project.id)}"
    officer.get(address)
    assert not officer.page.xpath("//main//a[contains(@href, '/edit')]")
    officer.get(f"{address}/edit")
    assert officer.submit({"title": "다른 이름"}, button="사업 저장").status_code == 422
    assert "더 고칠 수 없습니다" in officer.text()


def test_projects_are_listed_by_state(region: Region, client: StrictClient) -> None:
    round_ = make_round(region, Phase.IMPLEMENTATION)
    make_project(region, round_, title="선정된 사업")
    make_project(region, round_, title="떨어진 사업", state=ProjectState.NOT_SELECTED)
    listing = f"/regions/{region.slug}/rounds/{ids.encode(round_.id)}/projects"
    client.get(listing)
    assert "선정된 사업" in client.text()
    assert "떨어진 사업" in client.text()
    client.get(f"{listing}?state=not_selected")
    assert "떨어진 사업" in client.text()
    assert not client.page.xpath("//main//h2[contains(., '선정된 사업')]")


def test_the_agenda_is_read_with_equally_many_queries_at_60_and_2000_items(
    region: Region, client: StrictClient, session: Session, count_queries: Any
) -> None:
    round_ = make_round(region, Phase.MATCHING)
    path = f"/regions/{region.slug}/rounds/{ids.encode(round_.id)}/agenda"

    def statements() -> int:
        session.commit()
        with count_queries() as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    for rank in range(1, 61):
        make_agenda_item(region, round_, rank=rank)
    few = statements()
    proposals = [make_proposal(region, round_) for _ in range(1_940)]
    for rank, proposal in enumerate(proposals, start=61):
        make_agenda_item(region, round_, rank=rank, proposal=proposal)
    assert statements() == few <= 12
