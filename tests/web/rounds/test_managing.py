"""Running rounds: prepare, announce, extend, and the checklist."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from civicvote.domain.audit.models import AuditEntry
from civicvote.domain.audit.queries_chain import broken_links
from civicvote.domain.regions.models import Region
from civicvote.domain.rounds.models import Round, RoundExtension
from civicvote.domain.rounds.states import RoundState
from civicvote.kernel import clock, ids
from civicvote.kernel.clock import CIVIC_ZONE
from civicvote.kernel.permissions import Role
from civicvote.kernel.phases import Phase
from tests.factories.people import make_officer, make_person
from tests.factories.places import make_region, make_round
from tests.strict_client import StrictClient


@pytest.fixture
def region(session: Session) -> Region:
    made = make_region()
    session.commit()
    return made


@pytest.fixture
def officer(region: Region, sign_in: Any, session: Session) -> StrictClient:
    person = make_officer(region.id, Role.ADMINISTRATOR)
    session.commit()
    client: StrictClient = sign_in(person)
    return client


def stored(session: Session, region: Region) -> Round:
    session.expire_all()
    return session.scalars(sa.select(Round).where(Round.region_id == region.id)).one()


def prepare(officer: StrictClient, region: Region, **changed: str) -> Any:
    officer.get(f"/regions/{region.slug}/manage/rounds/new")
    values = {
        "title_ko": "2027년 주민참여예산",
        "title_en": "Participatory budget 2027",
        "summary_ko": "우리 동네 예산을 함께 정합니다.",
        "envelope": "300,000,000",
        "field_names": "안전 / Safety\n환경",
    }
    return officer.submit({**values, **changed}, button="초안 저장하기")


def test_a_resident_may_not_run_rounds(region: Region, sign_in: Any, session: Session) -> None:
    person = make_person()
    session.commit()
    assert sign_in(person).get(f"/regions/{region.slug}/manage").status_code == 403


def test_without_a_round_the_page_offers_to_prepare_one(officer: StrictClient, region: Region) -> None:
    assert officer.get(f"/regions/{region.slug}/manage").status_code == 200
    assert "이 지역에는 아직 회차가 없습니다" in officer.text()


def test_the_suggested_dates_are_a_valid_round_as_they_stand(
    officer: StrictClient, region: Region, session: Session
) -> None:
    assert prepare(officer, region).status_code == 200
    round_ = stored(session, region)
    assert round_.state is RoundState.DRAFT
    assert round_.envelope_amount == 300_000_000
    assert [row.phase for row in round_.phases] == list(Phase)
    assert [(field.key, field.name_ko, field.name_en) for field in round_.fields] == [
        ("safety", "안전", "Safety"),
        ("field-2", "환경", "환경"),
    ]
    assert "아직은 회차를 운영하는 사람만" in officer.text()
    verbs = session.scalars(sa.select(AuditEntry.verb).where(AuditEntry.region_id == region.id)).all()
    assert verbs == ["round:create"]


def test_times_are_entered_in_korean_time(officer: StrictClient, region: Region, session: Session) -> None:
    blank = {f"{phase}_{end}": "" for phase in Phase for end in ("starts_at", "ends_at")}
    prepare(
        officer, region, **{**blank, "discovery_starts_at": "2030-03-04T09:00", "discovery_ends_at": "2030-03-05T18:30"}
    )
    (phase,) = stored(session, region).phases
    assert phase.starts_at == datetime(2030, 3, 4, 9, 0, tzinfo=CIVIC_ZONE)
    assert phase.ends_at == datetime(2030, 3, 5, 18, 30, tzinfo=CIVIC_ZONE)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"title_ko": ""}, ("title_ko", "입력해 주십시오")),
        ({"year": "26"}, ("year", "네 자리")),
        ({"envelope": "많이"}, ("envelope", "")),
        ({"field_names": ""}, ("field_names", "하나 이상")),
        ({"field_names": "안전\n안전 / Safety"}, ("field_names", "두 번")),
        ({"proposals_per_person": "0"}, ("proposals_per_person", "1부터 100까지")),
        ({"review_ends_at": ""}, ("review_ends_at", "모두 입력")),
        ({"review_starts_at": "gestern"}, ("review_starts_at", "날짜와 시각")),
        ({"discovery_ends_at": "2020-01-01T09:00"}, ("discovery_ends_at", "늦어야")),
        ({"review_starts_at": "2020-01-01T09:00"}, ("review_starts_at", "끝나기 전에")),
        ({"matching_starts_at": "", "matching_ends_at": ""}, ("budget_vote_starts_at", "먼저 있어야")),
    ],
)
def test_bad_input_is_refused_beside_its_field_and_kept(
    officer: StrictClient, region: Region, session: Session, changed: dict[str, str], expected: tuple[str, str]
) -> None:
    field, sentence = expected
    response = prepare(officer, region, **changed)
    assert response.status_code == 422
    error = officer.page.get_element_by_id(f"{field}-error").text_content()
    assert sentence in error
    for name, value in changed.items():
        control = officer.page.xpath(f"//*[@name='{name}']")[0]
        assert (control.value or "").strip() == value
    assert not session.scalars(sa.select(Round).where(Round.region_id == region.id)).all()


def test_a_new_round_starts_from_last_years(officer: StrictClient, region: Region, session: Session) -> None:
    last = make_round(region, Phase.RESULTS)
    last.rules = {"proposals_per_person": 2}
    session.commit()
    officer.get(f"/regions/{region.slug}/manage/rounds/new")
    form = officer.form(button="초안 저장하기")
    assert form.fields["title_ko"] == "2027년 주민참여예산"
    assert form.fields["year"] == "2027"
    assert form.fields["proposals_per_person"] == "2"
    assert "안전 / Safety" in form.fields["field_names"]


def test_a_draft_is_edited_then_announced_and_then_fixed(
    officer: StrictClient, region: Region, session: Session
) -> None:
    prepare(officer, region)
    address = f"/regions/{region.slug}/manage/rounds/{ids.encode(stored(session, region).id)}"
    officer.get(f"{address}/edit")
    officer.submit({"title_ko": "고친 제목", "results_starts_at": "", "results_ends_at": ""}, button="초안 저장하기")
    round_ = stored(session, region)
    assert round_.title_ko == "고친 제목"
    assert Phase.RESULTS not in [row.phase for row in round_.phases]

    officer.get(address)
    officer.get(officer.page.xpath("//a[text()='회차 공고하기']/@href")[0])
    assert "되돌릴 수 없습니다" in officer.text()
    officer.submit(button="모두에게 공고하기")
    assert stored(session, region).state is RoundState.ANNOUNCED
    assert officer.get(f"{address}/edit").status_code == 409
    assert officer.get(f"/regions/{region.slug}/rounds/{ids.encode(round_.id)}").status_code == 200
    assert not list(broken_links(region.id))


def test_an_incomplete_draft_is_not_announced(officer: StrictClient, region: Region, session: Session) -> None:
    prepare(officer, region, summary_ko="", envelope="")
    address = f"/regions/{region.slug}/manage/rounds/{ids.encode(stored(session, region).id)}"
    officer.get(address)
    assert "회차를 소개하는 한국어 문장" in officer.text()
    assert "예산 금액" in officer.text()
    assert not officer.page.xpath("//a[text()='회차 공고하기']")
    officer.get(f"{address}/announce")
    assert not officer.page.xpath("//main//form")
    token = officer.page.xpath("string(//input[@name='csrf_token']/@value)")
    assert officer.post(f"{address}/announce", data={"csrf_token": token}).status_code == 422
    assert stored(session, region).state is RoundState.DRAFT


@pytest.mark.parametrize("phase", list(Phase))
def test_the_checklist_shows_in_every_phase(
    officer: StrictClient, region: Region, session: Session, phase: Phase
) -> None:
    make_round(region, phase)
    session.commit()
    assert officer.get(f"/regions/{region.slug}/manage").status_code == 200
    assert len(officer.page.xpath("//section[@aria-labelledby='steps']//li")) == 12
    assert ("늦음" in officer.text()) == (phase is not Phase.DISCOVERY)


def test_a_phase_is_extended_after_a_look_at_what_moves_and_with_a_public_reason(
    officer: StrictClient, region: Region, session: Session
) -> None:
    round_ = make_round(region, Phase.DISCOVERY)
    session.commit()
    ends = {row.phase: row.ends_at for row in round_.phases}
    address = f"/regions/{region.slug}/manage/rounds/{ids.encode(round_.id)}/phases/discovery/extend"
    later = (ends[Phase.DISCOVERY] + timedelta(days=3)).astimezone(CIVIC_ZONE).replace(second=0, microsecond=0)
    officer.get(address)
    officer.submit({"ends_at": f"{later:%Y-%m-%dT%H:%M}", "reason": ""}, button="무엇이 바뀌는지 보기")
    assert "사유를 적어 주십시오" in officer.text()
    officer.submit({"reason": "태풍 때문입니다."}, button="무엇이 바뀌는지 보기")
    assert len(officer.page.xpath("//table//td/b")) == len(Phase), "all phases follow at once, so all move"
    assert not session.scalars(sa.select(RoundExtension)).all()

    officer.submit(button="이대로 연장하기")
    session.expire_all()
    moved = {row.phase: row for row in stored(session, region).phases}
    assert moved[Phase.DISCOVERY].ends_at == later
    assert moved[Phase.REVIEW].starts_at == later
    assert moved[Phase.REVIEW].ends_at - moved[Phase.REVIEW].starts_at == timedelta(days=10)
    officer.get(f"/regions/{region.slug}/rounds/{ids.encode(round_.id)}")
    assert "태풍 때문입니다." in officer.text()
    entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.region_id == region.id)).one()
    assert entry.verb == "round:extend"
    assert "태풍" in entry.detail


@pytest.mark.parametrize("phase", ["discovery", "review", "no-such-phase"])
def test_an_end_can_not_move_to_earlier_nor_a_finished_phase_reopen(
    officer: StrictClient, region: Region, session: Session, phase: str
) -> None:
    round_ = make_round(region, Phase.REVIEW)
    session.commit()
    address = f"/regions/{region.slug}/manage/rounds/{ids.encode(round_.id)}/phases/{phase}/extend"
    if officer.get(address).status_code == 404:
        assert phase == "no-such-phase"
        return
    early = clock.now().astimezone(CIVIC_ZONE) + timedelta(days=1)
    response = officer.submit(
        {"ends_at": f"{early:%Y-%m-%dT%H:%M}", "reason": "이유", "confirmed": "1"}, button="무엇이 바뀌는지 보기"
    )
    assert response.status_code == 422
    assert ("이미 끝난 단계" if phase == "discovery" else "늦어야") in officer.text()
    assert not session.scalars(sa.select(RoundExtension)).all()
