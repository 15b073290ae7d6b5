"""Proposals as tables: what everybody downloads, what a clerk sends, and that the one comes back as the other."""

import csv
import io
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from benchmarks.similar.corpus import many_texts, store
from civicvote.db import db
from civicvote.domain.audit.models import AuditEntry
from civicvote.domain.proposals.models import Proposal, ProposalImport
from civicvote.domain.proposals.queries_similar import similar_to_texts
from civicvote.domain.proposals.services import set_proposal_visibility, withdraw_proposal
from civicvote.domain.regions.models import Region
from civicvote.domain.retention.periods import RETENTION, Kept
from civicvote.domain.retention.services_destroying import DESTROY
from civicvote.domain.rounds.models import Round
from civicvote.kernel import clock, ids
from civicvote.kernel.permissions import Role
from civicvote.kernel.phases import Phase
from civicvote.kernel.visibility import Visibility
from tests.factories.people import actor_for, make_officer, make_person
from tests.factories.places import make_region, make_round
from tests.factories.talk import make_proposal
from tests.strict_client import StrictClient

SOURCE = "2026. 11. 3. 상동 원탁회의"
TABLE = (
    "제목,요약,내용,분야,비고,비밀\r\n"
    '도서관 앞 횡단보도,아이들이 찻길을 그냥 건넙니다.,"정문 앞은 차가 빨리 다닙니다.\n\n건널 곳이 없습니다.",'
    "safety,3모둠,=1+1\r\n"
    "짧다,아이들이 찻길을 그냥 건넙니다.,정문 앞은 차가 빨리 다니는데 건널 곳이 없습니다.,safety,,\r\n"
    "가로등을 더 달아 주세요,밤에 골목이 어두워 무섭습니다.,느티나무길 안쪽 골목에 불이 하나도 없습니다.,우주,,\r\n"
    "버스정류장 의자,앉을 데가 없어 서서 기다립니다.,연락은 900101-1234567 홍길동에게 해 주십시오.,safety,,\r\n"
    "=HYPERLINK 제목입니다,수식처럼 시작하는 제목도 글입니다.,수식처럼 시작해도 글로 읽혀야 하는 내용.,safety,,\r\n"
)


@pytest.fixture
def region(session: Session) -> Region:
    return make_region("bitgoeul", name_ko="빛고을")


@pytest.fixture
def round_(region: Region) -> Round:
    made = make_round(region)
    db.session.commit()
    return made


@pytest.fixture
def clerk(region: Region, round_: Round, sign_in: Any) -> StrictClient:
    made: StrictClient = sign_in(make_officer(region.id, Role.CLERK, name="창구 담당"))
    return made


def list_of(round_: Round) -> str:
    return f"/regions/bitgoeul/rounds/{ids.encode(round_.id)}/proposals"


def send(client: StrictClient, round_: Round, data: bytes = TABLE.encode(), name: str = "원탁.csv") -> Any:
    client.get(f"{list_of(round_)}/import")
    return client.submit({"table": (io.BytesIO(data), name), "source": SOURCE}, action="/proposals/import")


def rows_of(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"), newline="")))


def test_a_table_is_checked_then_taken_in_and_what_was_left_out_can_be_fetched(
    clerk: StrictClient, client: StrictClient, round_: Round
) -> None:
    assert send(clerk, round_, TABLE.encode("cp949")).status_code == 200, clerk.text()
    assert db.session.query(Proposal).count() == 0
    text = clerk.text()
    assert "아직 아무것도 공개되지 않았습니다" in text
    assert "900101" not in text
    assert [
        " ".join(cell.text_content().strip() for cell in row) for row in clerk.page.xpath("//main//table/tbody/tr")
    ] == [
        "5 제목 글이 없거나 너무 짧습니다. 짧다",
        "6 분야 이 회차에 없는 분야입니다. 가로등을 더 달아 주세요",
        "7  주민등록번호로 보이는 숫자가 있습니다. 이 줄의 내용은 남기지 않았습니다. ",
    ]
    clerk.submit(action="/take")
    assert "제안 2건을 가져왔습니다" in clerk.text()
    stored = {each.title: each for each in db.session.query(Proposal)}
    assert stored.keys() == {"도서관 앞 횡단보도", "=HYPERLINK 제목입니다"}
    assert stored["도서관 앞 횡단보도"].source == f"{SOURCE} · 3모둠"
    assert stored["도서관 앞 횡단보도"].body == "정문 앞은 차가 빨리 다닙니다.\n\n건널 곳이 없습니다."
    assert [each.id for each in similar_to_texts(round_.region_id, title="도서관 앞 건널목")] == [
        stored["도서관 앞 횡단보도"].id
    ]
    client.get(f"/regions/bitgoeul/proposals/{ids.encode(stored['도서관 앞 횡단보도'].id)}")
    assert f"출처: {SOURCE} · 3모둠" in client.text()

    report = clerk.get(clerk.page.xpath("//a[contains(@href, 'refused.csv')]/@href")[0])
    rows = rows_of(report)
    assert [(row["줄"], row["열 이름"], row["제목"]) for row in rows] == [
        ("5", "제목", "짧다"),
        ("6", "분야", "가로등을 더 달아 주세요"),
        ("7", "", ""),
    ]
    assert "1234567" not in report.get_data(as_text=True)
    entry = db.session.query(AuditEntry).filter(AuditEntry.verb == "proposal:import").one()
    assert json.loads(entry.detail)["accepted"] == 2


def test_the_refused_rows_corrected_come_in_and_the_others_do_no_harm(clerk: StrictClient, round_: Round) -> None:
    send(clerk, round_)
    clerk.submit(action="/take")
    corrected = TABLE.replace("짧다", "신호등 시간이 너무 짧습니다").encode()
    send(clerk, round_, corrected)
    assert "같은 제목의 제안이 회차에 이미 있습니다" in clerk.text()
    clerk.submit(action="/take")
    assert db.session.query(Proposal).count() == 3


def test_a_table_is_taken_in_once_and_a_title_posted_meanwhile_is_left_out(
    clerk: StrictClient, round_: Round, region: Region
) -> None:
    send(clerk, round_)
    address = clerk.page.xpath("//form[contains(@action, '/take')]/@action")[0]
    make_proposal(round_, title="도서관 앞  횡단보도")
    db.session.commit()
    token = clerk.page.xpath("//input[@name='csrf_token']/@value")[0]
    clerk.submit(action="/take")
    assert "제안 1건을 가져왔습니다" in clerk.text()
    clerk.post(address, data={"csrf_token": token}, follow_redirects=True)
    assert db.session.query(Proposal).count() == 2
    assert db.session.query(ProposalImport).one().refused_count == 4


def test_a_table_that_was_given_up_leaves_nothing(clerk: StrictClient, round_: Round) -> None:
    send(clerk, round_)
    clerk.submit(action="/give-up")
    assert "표를 버렸습니다" in clerk.text()
    assert db.session.query(ProposalImport).count() == db.session.query(Proposal).count() == 0


def test_outside_the_phase_nothing_comes_in(region: Region, session: Session, sign_in: Any) -> None:
    late = make_round(region, Phase.AGENDA_VOTE)
    session.commit()
    clerk = sign_in(make_officer(region.id, Role.CLERK))
    send(clerk, late)
    assert db.session.query(ProposalImport).count() == 0
    clerk.get("/regions/bitgoeul/desk/proposal-imports")
    assert "지금은 제안을 받는 회차가 없습니다" in clerk.text()


@pytest.mark.parametrize("role", [None, Role.MODERATOR, Role.REVIEWER])
def test_only_clerks_and_administrators_reach_the_desk(
    region: Region, round_: Round, sign_in: Any, role: Role | None
) -> None:
    person = make_officer(region.id, role) if role else make_person()
    browser = sign_in(person)
    assert browser.get("/regions/bitgoeul/desk/proposal-imports").status_code == 403
    assert browser.get(f"{list_of(round_)}/import").status_code == 403


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"PK\x03\x04", "엑셀 파일입니다"),
        (b"\xff\xfe\x00", "글자로 된 파일이 아닙니다"),
        ("제목,요약\r\n가,나".encode(), "‘내용’ 열이 없습니다"),
        (b"[" * 60_000, "JSON으로 된 제안 목록이 아닙니다"),
    ],
)
def test_a_table_that_can_not_be_read_comes_back_with_the_reason_and_the_source(
    clerk: StrictClient, round_: Round, data: bytes, said: str
) -> None:
    assert send(clerk, round_, data).status_code == 422
    assert said in clerk.text()
    assert clerk.page.xpath("//input[@name='source']/@value") == [SOURCE]


def test_what_a_clerk_brought_does_not_use_up_their_own_proposals(region: Region, round_: Round, sign_in: Any) -> None:
    round_.rules = {"proposals_per_person": 1}
    officer = make_officer(region.id, Role.CLERK)
    db.session.commit()
    browser = sign_in(officer)
    send(browser, round_)
    browser.submit(action="/take")
    assert make_proposal(round_, officer, title="내가 쓴 제안입니다").id


def test_imports_are_destroyed_after_thirty_days(clerk: StrictClient, round_: Round) -> None:
    send(clerk, round_)
    line = next(each for each in RETENTION if each.kept is Kept.PROPOSAL_IMPORTS)
    assert line.period == timedelta(days=30)
    now = clock.now()
    assert DESTROY[Kept.PROPOSAL_IMPORTS](now - line.period, 100) == 0
    assert DESTROY[Kept.PROPOSAL_IMPORTS](now + timedelta(minutes=1), 100) == 1


def test_the_table_holds_what_the_list_shows_and_nothing_else(
    client: StrictClient, region: Region, round_: Round
) -> None:
    author = make_person("김하늘", email="haneul@example.org")
    shown = make_proposal(round_, author, title="@공원에 의자를 놓읍시다")
    hidden = make_proposal(round_, title="숨긴 제안입니다")
    gone = make_proposal(round_, author, title="거둔 제안입니다")
    set_proposal_visibility(region_id=region.id, proposal_id=hidden.id, visibility=Visibility.HIDDEN)
    withdraw_proposal(actor=actor_for(author), proposal=gone)
    db.session.commit()
    answer = client.get(f"{list_of(round_)}.csv")
    assert answer.headers["Link"].endswith('rel="license"')
    assert answer.headers["Last-Modified"]
    (row,) = rows_of(answer)
    assert row["title"] == "'@공원에 의자를 놓읍시다"
    assert (row["author"], row["field"], row["endorsements"]) == ("김하늘", "safety", "0")
    assert row["address"].endswith(f"/regions/bitgoeul/proposals/{ids.encode(shown.id)}")
    whole = answer.get_data(as_text=True)
    assert not any(secret in whole for secret in ("example.org", "숨긴", "거둔"))
    read = json.loads(client.get(f"{list_of(round_)}.json").get_data())
    assert read["licence"] == "KOGL-1.0"
    assert read["exported_at"].startswith(str(clock.now().year))
    assert [each["title"] for each in read["proposals"]] == ["@공원에 의자를 놓읍시다"]
    assert read["proposals"][0].keys() == read["columns"].keys() == row.keys()


def test_the_filters_of_the_list_are_those_of_the_table(client: StrictClient, round_: Round) -> None:
    make_proposal(round_, field_key="safety", title="안전 제안입니다")
    make_proposal(round_, field_key="welfare", title="복지 제안입니다")
    db.session.commit()
    client.get(f"{list_of(round_)}?field=welfare&sort=endorsed")
    client.get(client.page.xpath("//a[contains(@href, '/proposals/data')]/@href")[0])
    assert "제안 1건" in client.text()
    for kind in ("csv", "json"):
        address = client.page.xpath(f"//a[contains(@href, '/proposals.{kind}')]/@href")[0]
        assert "field=welfare" in address
    assert [row["title"] for row in rows_of(client.get(f"{list_of(round_)}.csv?field=welfare"))] == ["복지 제안입니다"]


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_what_goes_out_comes_in_again_as_it_was(
    clerk: StrictClient, client: StrictClient, region: Region, round_: Round, kind: str
) -> None:
    texts = [
        {
            "title": "=SUM(A1) 같은 제목",
            "summary": "-빼기로 시작하는 한 문장",
            "body": "@첫 줄\n\n- 목록\n- “따옴표”, 쉼표;",
        },
        {
            "title": '"따옴표"와, 쉼표',
            "summary": "쉼표, 세미콜론; 탭을 씁니다",
            "body": "여러 줄입니다.\n둘째 줄은 조금 더 깁니다.",
        },
    ]
    for each in texts:
        make_proposal(round_, **each)
    db.session.commit()
    data = client.get(f"{list_of(round_)}.{kind}").get_data()
    second = make_round(region)
    db.session.commit()
    send(clerk, second, data, f"proposals.{kind}")
    clerk.submit(action="/take")
    columns = (Proposal.title, Proposal.summary, Proposal.body, Proposal.field_key, Proposal.place)
    found = [
        sorted(db.session.execute(sa.select(*columns).where(Proposal.round_id == each.id)).all())
        for each in (round_, second)
    ]
    assert found[0] == found[1]
    assert len(found[0]) == 2


def test_statements_of_a_table_grow_by_chunks_only(
    client: StrictClient, round_: Round, count_queries: Callable[..., Any]
) -> None:
    author, costs = make_person(), []
    for count in (60, 1_940):
        store(round_.region_id, round_.id, author.id, many_texts(count))
        db.session.commit()
        with count_queries() as queries:
            answer = client.get(f"{list_of(round_)}.csv")
        costs.append(len(queries))
    assert len(rows_of(answer)) == 2_000
    assert costs[1] - costs[0] == 2_000 // 500, costs


def test_the_desk_costs_the_same_at_sixty_and_at_two_thousand_imports(
    clerk: StrictClient, round_: Round, count_queries: Callable[..., Any]
) -> None:
    officer = make_officer(round_.region_id, Role.CLERK)
    costs = []
    for count in (60, 1_940):
        db.session.execute(
            sa.insert(ProposalImport),
            [
                {
                    "region_id": round_.region_id,
                    "id": ids.new_id(),
                    "round_id": round_.id,
                    "clerk_id": officer.id,
                    "file_name": "",
                    "source": f"원탁 {number}",
                    "accepted_count": 0,
                    "refused_count": 0,
                    "checked_at": clock.now(),
                }
                for number in range(count)
            ],
        )
        db.session.commit()
        with count_queries() as queries:
            clerk.get("/regions/bitgoeul/desk/proposal-imports")
        costs.append(len(queries))
    assert costs[0] == costs[1]
    assert len(clerk.page.xpath("//main//ul[@class='rows']/li")) == 21
