"""The rounds of a region as residents see them."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from civicvote.domain.rounds.models import Round, RoundExtension
from civicvote.domain.rounds.states import RoundState
from civicvote.kernel import clock, ids
from civicvote.kernel.phases import Phase
from civicvote.web.phase_guide import PHASE_GUIDE
from tests.factories.people import make_person
from tests.factories.places import make_region, make_round
from tests.strict_client import StrictClient


def test_a_region_without_a_round_says_why_the_list_is_empty(client: StrictClient, session: Session) -> None:
    region = make_region()
    session.commit()
    assert client.get(f"/regions/{region.slug}/rounds").status_code == 200
    assert "아직 공고한 회차가 없습니다" in client.text()


def test_rounds_are_listed_with_their_phase(client: StrictClient, session: Session) -> None:
    region = make_region()
    make_round(region, Phase.DELIBERATION)
    session.commit()
    client.get(f"/regions/{region.slug}/rounds")
    assert "2026년 주민참여예산" in client.text()
    assert "5일 남음" in client.text() or "4일 남음" in client.text()


def test_a_draft_is_on_no_page_of_residents(client: StrictClient, session: Session) -> None:
    region = make_region()
    draft = make_round(region)
    draft.state = RoundState.DRAFT
    session.commit()
    client.get(f"/regions/{region.slug}/rounds")
    assert draft.title_ko not in client.text()
    assert client.get(f"/regions/{region.slug}/rounds/{ids.encode(draft.id)}").status_code == 404


@pytest.mark.parametrize("phase", list(Phase))
def test_the_round_says_in_each_phase_what_can_be_done_until_when_and_what_comes_next(
    client: StrictClient, session: Session, phase: Phase
) -> None:
    region = make_region()
    round_ = make_round(region, phase)
    session.commit()
    assert client.get(f"/en/regions/{region.slug}/rounds/{ids.encode(round_.id)}").status_code == 200
    door = client.page.xpath("//section[@class='door']")[0].text_content()
    with client.application.test_request_context("/", environ_overrides={"civicvote.locale": "en"}):
        assert str(PHASE_GUIDE[phase].question) in door
        assert str(PHASE_GUIDE[phase].verb) in door
    assert "left" in door
    assert ("Next:" in door) == (phase is not Phase.RESULTS)
    current = client.page.xpath("//li[@aria-current='step']")
    assert len(current) == 1
    assert len(client.page.xpath("//ol[@class='timeline']/li")) == len(Phase)


def test_between_phases_the_round_says_when_it_goes_on(client: StrictClient, session: Session) -> None:
    region = make_region()
    round_ = make_round(region, Phase.REVIEW)
    pause = next(row for row in round_.phases if row.phase is Phase.REVIEW)
    session.delete(pause)
    session.commit()
    client.get(f"/regions/{region.slug}/rounds/{ids.encode(round_.id)}")
    assert "다음 단계: 숙의" in client.text()
    assert "에 시작합니다" in client.text()


def test_a_finished_round_says_so(client: StrictClient, session: Session) -> None:
    region = make_region()
    with clock.frozen_at(clock.now() - timedelta(days=300)):
        round_ = make_round(region)
    session.commit()
    client.get(f"/regions/{region.slug}/rounds/{ids.encode(round_.id)}")
    assert "끝난 회차입니다" in client.text()


def test_rules_figures_and_extensions_stand_on_the_page(client: StrictClient, session: Session) -> None:
    region = make_region()
    round_ = make_round(region)
    round_.rules = {"proposals_per_person": 3}
    session.add(
        RoundExtension(
            region_id=region.id,
            round_id=round_.id,
            id=ids.new_id(),
            phase=Phase.DISCOVERY,
            old_end_at=clock.now(),
            new_end_at=clock.now() + timedelta(days=7),
            reason="태풍으로 사흘 동안 모이지 못했습니다.",
            officer_id=make_person().id,
            decided_at=clock.now(),
        )
    )
    session.commit()
    client.get(f"/regions/{region.slug}/rounds/{ids.encode(round_.id)}")
    text = client.text()
    assert "제안을 3건까지" in text
    assert "24시간까지는" in text
    assert "1억 원" in text
    assert "안전, 환경, 복지" in text
    assert "태풍으로 사흘" in text


@pytest.mark.parametrize("number", [60, 2_000])
def test_the_list_costs_the_same_number_of_queries_at_any_size(
    client: StrictClient, session: Session, count_queries: Any, number: int
) -> None:
    region = make_region()
    _many_rounds(session, region.id, number)
    session.commit()
    address = f"/regions/{region.slug}/rounds"
    with count_queries() as queries:
        client.get(address)
    assert len(client.page.xpath("//ul[@class='rows']/li")) == 20
    assert len(queries) == 3, queries
    seen = set()
    while True:
        seen |= set(client.page.xpath("//ul[@class='rows']//a/@href"))
        following = client.page.xpath("//a[@rel='next']/@href")
        if not following or len(seen) >= 100:
            break
        client.get(following[0])
    assert len(seen) == min(number, 100)


def _many_rounds(session: Session, region_id: int, number: int) -> None:
    session.add_all(
        Round(
            region_id=region_id,
            id=ids.new_id(),
            year=2000 + position % 30,
            title_ko=f"{position}번째 회차",
            title_en=f"Round {position}",
            rules={},
            state=RoundState.ANNOUNCED,
            created_at=clock.now(),
        )
        for position in range(number)
    )
