"""Rolls at the administrator's desk, and the page for whoever stands on one."""

import csv
import io
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from civicvote.domain.accounts.models import Residency
from civicvote.domain.regions.models import Region
from civicvote.domain.verification.models import RollPerson, RollUpload
from civicvote.kernel.permissions import Role
from tests.factories.people import make_officer, make_person
from tests.factories.places import make_region
from tests.strict_client import StrictClient

ROLLS = "/regions/bitgoeul/rolls"
LIST = (
    "성명;생년월일;구분;전자우편\r\n"
    "홍길동;1958-03-07;학교;hong@example.org\r\n"
    "김하나;1982-05-01;친구;\r\n"
    "이두리;;학교;\r\n"
    "박세리;1990-01-01;학교;900101-1234567\r\n"
    "최네리;1991-02-02;;\r\n"
)


@pytest.fixture
def region(session: Session) -> Region:
    made = make_region("bitgoeul", name_ko="빛고을")
    session.commit()
    return made


@pytest.fixture
def administrator(region: Region, sign_in: Any) -> StrictClient:
    made: StrictClient = sign_in(make_officer(region.id, Role.ADMINISTRATOR))
    return made


def upload(client: StrictClient, text: str = LIST, **typed: Any) -> Any:
    client.get(f"{ROLLS}/upload")
    values = {"people": (io.BytesIO(text.encode("cp949")), "명단.csv"), "reason": "학교에서 받은 명단"} | typed
    return client.submit(values, action="/rolls/upload")


def claim(client: StrictClient, *, name: str = "홍길동", born_on: str = "1958-03-07") -> Any:
    client.get(f"{ROLLS}/claim")
    return client.submit({"legal_name": name, "born_on": born_on}, action="/rolls/claim")


def shown_rows(client: StrictClient) -> list[str]:
    return [
        " ".join(cell.text_content() for cell in row) for row in client.page.xpath("//main//table[last()]/tbody/tr")
    ]


def test_from_the_list_with_its_refused_rows_to_the_confirmed_resident(
    administrator: StrictClient, sign_in: Any, session: Session
) -> None:
    assert upload(administrator).status_code == 200, administrator.text()
    assert "학교에서 받은 명단" in administrator.text()
    assert shown_rows(administrator) == [
        "3 구분이 정해진 낱말이 아닙니다.",
        "4 생년월일을 읽을 수 없습니다. 1950-03-07처럼 적어 주십시오.",
        "5 주민등록번호로 보이는 번호가 있습니다.",
    ]
    report = administrator.get(administrator.page.xpath("//a[contains(@href, 'refused.csv')]/@href")[0])
    assert report.headers["Content-Disposition"].startswith("attachment")
    assert "no-store" in report.headers["Cache-Control"]
    rows = list(csv.reader(io.StringIO(report.get_data().decode("utf-8-sig"))))
    assert [row[0] for row in rows] == ["줄", "3", "4", "5"]

    person = make_person(email="hong@example.org")
    answer = claim(sign_in(person))
    assert answer.request.path == "/me"
    assert "빛고을 주민으로 확인되었습니다" in answer.get_data(as_text=True)
    assert session.scalars(sa.select(Residency)).one().person_id == person.id
    administrator.get(ROLLS)
    assert "받아들임: 2" in administrator.text()
    assert "빠짐: 3" in administrator.text()
    assert "사용함: 1" in administrator.text()


def test_a_stranger_learns_nothing_about_who_stands_on_the_roll(
    administrator: StrictClient, sign_in: Any, session: Session
) -> None:
    upload(administrator)
    stranger = sign_in(make_person())
    pages = []
    for name, born_on in (("홍길동", "1958-03-07"), ("최네리", "1991-02-02"), ("아무개", "1958-03-07")):
        assert claim(stranger, name=name, born_on=born_on).status_code == 422
        pages.append(" ".join(stranger.page.xpath("//*[@id='error-summary']")[0].text_content().split()))
    assert len(set(pages)) == 1
    assert "지역 창구에서 확인받으실 수 있습니다" in pages[0]
    assert stranger.page.xpath("//main//a[contains(@href, '/letters/enter')]"), "and where else to go"
    assert session.scalar(sa.select(sa.func.count()).select_from(Residency)) == 0


def test_names_can_not_be_tried_out(administrator: StrictClient, sign_in: Any) -> None:
    upload(administrator)
    stranger = sign_in(make_person())
    answers = [claim(stranger, born_on=f"1958-03-{day:02}").status_code for day in range(1, 8)]
    assert answers == [422] * 5 + [429] * 2
    assert claim(sign_in(make_person(email="hong@example.org"))).request.path == "/me", "nobody else is shut out"


@pytest.mark.parametrize(
    ("text", "typed", "said"),
    [
        ("성명;생년월일;주민번호\n홍길동;1958-03-07;\n", {}, "주민등록번호로 보이는 열"),
        ("성명;구분\n홍길동;\n", {}, "‘생년월일’ 열이 없습니다"),
        ("성명;생년월일\n홍길동;어제\n", {}, "쓸 수 있는 줄이 하나도 없어"),
        (LIST, {"reason": ""}, "이유를 적어 주십시오"),
        (LIST, {"reason": "900101-1234567"}, "주민등록번호로 보이는"),
        (LIST, {"people": ""}, "명단 파일을 골라 주십시오"),
    ],
)
def test_an_upload_that_is_refused_stores_nothing_and_says_why(
    administrator: StrictClient, session: Session, text: str, typed: dict[str, Any], said: str
) -> None:
    assert upload(administrator, text, **typed).status_code == 422
    assert said in administrator.text()
    for table in (RollUpload, RollPerson):
        assert session.scalar(sa.select(sa.func.count()).select_from(table)) == 0


def test_a_new_list_replaces_the_old_one_where_the_administrator_says_so(
    administrator: StrictClient, sign_in: Any
) -> None:
    upload(administrator)
    newer = "name,birth_date,email\n김하나,1982-05-01,hana@example.org\n"
    upload(administrator, newer, mode="replace")
    owner = sign_in(make_person(email="hong@example.org"))
    assert claim(owner).status_code == 422
    hana = sign_in(make_person(email="hana@example.org"))
    assert claim(hana, name="김하나", born_on="1982-05-01").request.path == "/me"


def test_an_upload_is_withdrawn_with_a_reason(administrator: StrictClient, sign_in: Any) -> None:
    upload(administrator)
    administrator.get(administrator.page.xpath("//main//a[contains(@href, '/withdraw')]/@href")[0])
    assert administrator.submit({"reason": ""}, action="/withdraw").status_code == 422
    administrator.submit({"reason": "잘못된 명단"}, action="/withdraw")
    assert "명단에서 2줄을 뺐습니다" in administrator.text()
    assert claim(sign_in(make_person(email="hong@example.org"))).status_code == 422


def test_rolls_of_a_region_are_for_its_administrators_with_a_fresh_second_factor(region: Region, sign_in: Any) -> None:
    for stranger in (make_officer(make_region().id, Role.ADMINISTRATOR), make_officer(region.id, Role.CLERK)):
        assert sign_in(stranger).get(ROLLS).status_code == 403
    stale = sign_in(make_officer(region.id, Role.ADMINISTRATOR), with_second_factor=False)
    assert stale.get(f"{ROLLS}/upload").status_code == 303, "asked before a file is chosen"


def test_many_refused_rows_come_a_page_at_a_time(administrator: StrictClient, session: Session) -> None:
    text = "성명;생년월일\n홍길동;1958-03-07\n" + "김하나;어제\n" * 250
    upload(administrator, text)
    lines = [row.split()[0] for row in shown_rows(administrator)]
    while more := administrator.page.xpath("//a[@rel='next']/@href"):
        administrator.get(more[0])
        lines += [row.split()[0] for row in shown_rows(administrator)]
    assert lines == [str(line) for line in range(3, 253)]
