"""The audit for observers, its seals for everybody, and files with personal data that cost a reason."""

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from civicvote.domain.accounts.models import Residency
from civicvote.domain.accounts.residency import ExcludedGroup
from civicvote.domain.audit.heads import Head, read_heads
from civicvote.domain.audit.models import AuditEntry
from civicvote.domain.audit.queries import PAGE_SIZE
from civicvote.domain.audit.queries_chain import broken_links
from civicvote.domain.audit.services import record
from civicvote.domain.audit.services_heads import publish_heads
from civicvote.domain.audit.verbs import AuditVerb
from civicvote.domain.regions.models import Region
from civicvote.kernel import clock, ids
from civicvote.kernel.permissions import Role
from tests.factories.people import make_officer, make_person, make_resident
from tests.factories.places import make_region, make_round
from tests.strict_client import StrictClient

REASON = "운영위원회 제출용 명단"


@pytest.fixture
def region(session: Session) -> Region:
    region = make_region()
    session.commit()
    return region


def observer(region: Region, sign_in: Any) -> StrictClient:
    client: StrictClient = sign_in(make_officer(region.id, Role.OBSERVER, name="참관인"))
    return client


def act(region: Region, verb: AuditVerb, subject: str, actor_id: int | None = None, **detail: object) -> AuditEntry:
    return record(region_id=region.id, actor_id=actor_id, verb=verb, subject=subject, detail=detail)


def test_an_observer_reads_who_did_what_in_words(region: Region, session: Session, sign_in: Any) -> None:
    officer, resident, round_ = make_person("김관리"), make_person("박주민"), make_round(region)
    act(region, AuditVerb.ROLE_GRANT, f"person:{resident.id}", officer.id, role="moderator")
    act(region, AuditVerb.ROUND_ENTER, f"round:{round_.id}", phase="review")
    session.commit()
    client = observer(region, sign_in)
    assert client.get(f"/regions/{region.slug}/audit").status_code == 200
    text = client.text()
    assert "역할을 주었습니다" in text
    assert "김관리" in text
    assert "박주민" in text
    assert "중재자" in text or "역할:" in text
    assert "단계: 검토" in text
    assert "일정, 명령" in text
    assert client.page.xpath(f"//a[@href='/regions/{region.slug}/rounds/{ids.encode(round_.id)}']")


@pytest.mark.parametrize("role", [Role.CLERK, Role.MODERATOR, Role.BUDGET_APPROVAL])
def test_other_roles_do_not_read_the_audit(region: Region, sign_in: Any, role: Role) -> None:
    client = sign_in(make_officer(region.id, role))
    assert client.get(f"/regions/{region.slug}/audit").status_code == 403


def test_entries_are_filtered_by_kind_person_subject_and_day(region: Region, session: Session, sign_in: Any) -> None:
    one, other = make_person("일번"), make_person("이번")
    with clock.frozen_at(clock.now() - timedelta(days=10)):
        act(region, AuditVerb.POLL_CREATE, "poll:1", one.id)
    act(region, AuditVerb.POLL_EDIT, "poll:1", other.id)
    act(region, AuditVerb.ROLE_GRANT, "person:5", one.id, role="clerk")
    session.commit()
    client = observer(region, sign_in)
    client.get(f"/regions/{region.slug}/audit")

    def shown(**values: str) -> list[str]:
        client.get(f"/regions/{region.slug}/audit", query_string=values)
        return [" ".join(node.text_content().split()) for node in client.page.xpath("//ol/li/h2")]

    assert shown() == ["역할을 주었습니다", "투표를 고쳤습니다", "투표를 만들었습니다"]
    assert shown(group="poll") == ["투표를 고쳤습니다", "투표를 만들었습니다"]
    assert shown(group="poll", actor=ids.encode(one.id)) == ["투표를 만들었습니다"]
    assert shown(subject="person:5") == ["역할을 주었습니다"]
    today = clock.today()
    assert shown(**{"from": today.isoformat()}) == ["역할을 주었습니다", "투표를 고쳤습니다"]
    assert shown(until=(today - timedelta(days=5)).isoformat()) == ["투표를 만들었습니다"]
    assert shown(until=(today - timedelta(days=50)).isoformat()) == []
    assert "조건에 맞는 기록이 없습니다" in client.text()
    assert shown(group="nonsense", actor="!", **{"from": "yesterday"}) == shown()


def test_a_subject_with_a_sign_that_no_keyboard_writes_is_refused(region: Region, sign_in: Any) -> None:
    client = observer(region, sign_in)
    assert client.get(f"/regions/{region.slug}/audit?subject=%00poll:1").status_code == 400


def test_the_list_goes_on_behind_the_last_entry(region: Region, session: Session, sign_in: Any) -> None:
    for number in range(PAGE_SIZE + 5):
        act(region, AuditVerb.POLL_EDIT, f"poll:{number}")
    session.commit()
    client = observer(region, sign_in)
    client.get(f"/regions/{region.slug}/audit", query_string={"group": "poll"})
    more = client.page.xpath("//a[@rel='next']/@href")[0]
    assert len(client.page.xpath("//ol/li/h2")) == PAGE_SIZE
    assert "group=poll" in more
    client.get(more)
    assert len(client.page.xpath("//ol/li/h2")) == 5
    fragment = client.get(more, headers={"HX-Request": "true"}).get_data(as_text=True)
    assert "<html" not in fragment
    assert fragment.count("<h2") == 5


@pytest.mark.parametrize("size", [60, 2000])
def test_the_page_costs_the_same_however_long_the_chain(
    region: Region, session: Session, sign_in: Any, count_queries: Any, size: int
) -> None:
    officers = [make_person() for _ in range(5)]
    for number in range(size):
        act(region, AuditVerb.POLL_EDIT, f"poll:{number}", officers[number % 5].id)
    session.commit()
    client, address = observer(region, sign_in), f"/regions/{region.slug}/audit"
    session.commit()
    with count_queries() as queries:
        assert client.get(address).status_code == 200
    assert len(queries) == 6, "\n".join(queries)


def test_an_entry_that_was_changed_is_marked_where_it_is_read(region: Region, session: Session, sign_in: Any) -> None:
    act(region, AuditVerb.POLL_EDIT, "poll:1")
    act(region, AuditVerb.POLL_EDIT, "poll:2")
    if session.get_bind().dialect.name == "sqlite":
        session.execute(sa.text("DROP TRIGGER audit_entries_no_update"))
    else:
        session.execute(sa.text("ALTER TABLE audit_entries DISABLE TRIGGER USER"))
    session.execute(
        sa.text("UPDATE audit_entries SET detail = 'no json' WHERE region_id = :r AND sequence = 1"), {"r": region.id}
    )
    session.commit()
    client = observer(region, sign_in)
    client.get(f"/regions/{region.slug}/audit")
    changed, untouched = (
        next(node for node in client.page.xpath("//ol/li") if f"poll:{number}" in node.text_content())
        for number in (1, 2)
    )
    assert "기록된 내용과 다름" in changed.text_content()
    assert "기록된 내용과 다름" not in untouched.text_content()


def saved(response: Any) -> list[list[str]]:
    assert response.status_code == 200
    assert response.mimetype == "text/csv"
    assert response.headers["Content-Disposition"].startswith("attachment;")
    assert response.cache_control.no_store
    text = response.get_data().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def last_entry(session: Session, region: Region) -> AuditEntry:
    found = session.scalars(
        sa.select(AuditEntry).where(AuditEntry.region_id == region.id).order_by(AuditEntry.sequence.desc()).limit(1)
    ).one()
    assert broken_links(region.id) == []
    return found


def test_entries_are_saved_as_a_file_for_a_reason_that_is_entered(
    region: Region, session: Session, sign_in: Any
) -> None:
    officer = make_person("=HYPERLINK(1)")
    act(region, AuditVerb.POLL_EDIT, "poll:1", officer.id)
    act(region, AuditVerb.ROLE_GRANT, "person:5", officer.id, role="clerk")
    session.commit()
    client = observer(region, sign_in)
    client.get(f"/regions/{region.slug}/audit?group=poll")
    client.get(client.page.xpath("//a[contains(@href, '/audit/export')]/@href")[0])
    rows = saved(client.submit({"reason": REASON}, action="/audit/export"))
    assert rows[0][:5] == ["sequence", "at", "actor", "actor_name", "act"]
    assert [row[3:6] for row in rows[1:]] == [["'=HYPERLINK(1)", "poll:edit", "poll:1"]]
    entry = last_entry(session, region)
    assert (entry.verb, entry.subject) == (AuditVerb.PERSONAL_DATA_EXPORT, "list:audit")
    assert json.loads(entry.detail) == {"reason": REASON, "filter": {"group": "poll"}}


def administrator(region: Region, sign_in: Any) -> StrictClient:
    client: StrictClient = sign_in(make_officer(region.id, Role.ADMINISTRATOR, name="관리자"))
    return client


def test_the_list_of_residents_costs_a_reason_and_is_entered(region: Region, session: Session, sign_in: Any) -> None:
    resident, councillor = make_resident(region.id, "가나다"), make_resident(region.id, "의원")
    make_resident(make_region().id, "다른 지역")
    session.get_one(Residency, (region.id, councillor.id)).excluded_as = ExcludedGroup.COUNCIL
    session.commit()
    client = administrator(region, sign_in)
    client.get(f"/regions/{region.slug}/residents/export")
    rows = saved(client.submit({"reason": REASON}, action="/residents/export"))
    assert [row[0] for row in rows] == ["name", "가나다", "의원"]
    assert rows[1][1] == f"{str(resident.email)[:2]}…@example.org"
    assert [row[6] for row in rows[1:]] == ["", "council"]
    entry = last_entry(session, region)
    assert (entry.verb, entry.subject) == (AuditVerb.PERSONAL_DATA_EXPORT, "list:residents")
    assert json.loads(entry.detail) == {"reason": REASON, "rows": 2, "with_mail": False}


def test_full_addresses_are_given_only_when_asked_for_and_that_is_entered_too(
    region: Region, session: Session, sign_in: Any
) -> None:
    resident = make_resident(region.id, "가나다")
    session.commit()
    client = administrator(region, sign_in)
    client.get(f"/regions/{region.slug}/residents/export")
    rows = saved(client.submit({"reason": REASON, "with_mail": "y"}, action="/residents/export"))
    assert rows[1][1] == resident.email
    assert json.loads(last_entry(session, region).detail)["with_mail"] is True


@pytest.mark.parametrize("reason", ["", "필요", "         짧음        ", "주민 900101-1234567 확인"])
def test_without_a_proper_reason_nothing_is_given_and_what_was_typed_stays(
    region: Region, session: Session, sign_in: Any, reason: str
) -> None:
    make_resident(region.id, "가나다")
    session.commit()
    client = administrator(region, sign_in)
    client.get(f"/regions/{region.slug}/residents/export")
    response = client.submit({"reason": reason, "with_mail": "y"}, action="/residents/export")
    assert response.status_code == 422
    assert "가나다" not in response.get_data(as_text=True)
    form = client.form("/residents/export")
    assert form.fields["with_mail"] == "y"
    assert form.fields["reason"].strip() == reason.strip()
    count = sa.select(sa.func.count()).select_from(AuditEntry).where(AuditEntry.region_id == region.id)
    assert session.scalar(count) == 0


@pytest.mark.parametrize("address", ["residents/export", "audit/export"])
def test_a_second_factor_of_long_ago_is_asked_for_anew_before_anything_is_given(
    region: Region, session: Session, sign_in: Any, address: str
) -> None:
    make_resident(region.id, "가나다")
    act(region, AuditVerb.POLL_EDIT, "poll:77")
    session.commit()
    client = administrator(region, sign_in)
    client.get(f"/regions/{region.slug}/{address}")
    with clock.frozen_at(clock.now() + timedelta(minutes=6)):
        response = client.submit({"reason": REASON}, action=f"/{address}")
    assert response.mimetype != "text/csv"
    assert "가나다" not in response.get_data(as_text=True)
    assert last_entry(session, region).verb == AuditVerb.POLL_EDIT


def test_asking_for_the_file_by_its_address_gives_a_form_and_no_data(
    region: Region, session: Session, sign_in: Any
) -> None:
    make_resident(region.id, "가나다")
    session.commit()
    response = administrator(region, sign_in).get(f"/regions/{region.slug}/residents/export?reason={REASON}")
    assert response.mimetype == "text/html"
    assert "가나다" not in response.get_data(as_text=True)


def sealed(region: Region, session: Session, days: int) -> None:
    for day in range(days, 0, -1):
        with clock.frozen_at(clock.now() - timedelta(days=day)):
            act(region, AuditVerb.POLL_EDIT, "poll:1")
    assert publish_heads(region_id=region.id) >= days - 1
    session.commit()


def test_everybody_reads_and_saves_the_seals(region: Region, session: Session, client: StrictClient) -> None:
    sealed(region, session, 3)
    client.get(f"/regions/{region.slug}/audit/heads")
    text = client.text()
    entry = session.scalars(
        sa.select(AuditEntry).where(AuditEntry.region_id == region.id).order_by(AuditEntry.sequence.desc()).limit(1)
    ).one()
    assert entry.entry_hash in text
    file = client.get(f"/regions/{region.slug}/audit/heads/text")
    heads = read_heads(file.get_data(as_text=True))[region.slug]
    assert heads[-1] == Head(clock.today() - timedelta(days=1), 3, entry.entry_hash)
    listed = client.get(f"/regions/{region.slug}/audit/heads/json").get_json()
    assert [each["hash"] for each in listed["heads"]] == [head.entry_hash for head in heads]


def test_before_the_first_day_is_over_the_page_says_when_it_will_be(region: Region, client: StrictClient) -> None:
    client.get(f"/regions/{region.slug}/audit/heads")
    assert "아직 봉인한 날이 없습니다" in client.text()


def test_the_seals_go_on_behind_the_last_day(region: Region, session: Session, client: StrictClient) -> None:
    with clock.frozen_at(clock.now() - timedelta(days=PAGE_SIZE + 4)):
        act(region, AuditVerb.POLL_EDIT, "poll:1")
    publish_heads(region_id=region.id)
    session.commit()
    client.get(f"/regions/{region.slug}/audit/heads")
    assert len(client.page.xpath("//ol[@class='rows']/li/h3")) == PAGE_SIZE
    client.get(client.page.xpath("//a[@rel='next']/@href")[0])
    assert len(client.page.xpath("//ol[@class='rows']/li/h3")) == 4


@pytest.mark.parametrize("cursor", ["zzzzzzzzzzzzz", "1.2", "!"])
def test_a_damaged_place_in_the_list_is_refused_and_no_error(region: Region, client: StrictClient, cursor: str) -> None:
    response = client.get(f"/regions/{region.slug}/audit/heads", query_string={"after": cursor})
    assert 400 <= response.status_code < 500
