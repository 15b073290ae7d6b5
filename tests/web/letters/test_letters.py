"""Letters at the clerk's desk and in the addressee's hand."""

import io
import re
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from civicvote.domain.accounts.models import Residency
from civicvote.domain.regions.models import Region
from civicvote.domain.verification.models import IdentityClash, LetterBatch, LetterCode
from civicvote.kernel.permissions import Role
from tests.factories.people import make_officer, make_person
from tests.factories.places import make_region
from tests.strict_client import StrictClient

LETTERS = "/regions/bitgoeul/letters"
LIST = (
    "이름,생년월일,주소\n"
    '홍길동,1958-03-07,"광주광역시 남구 봉선로 1, 101호"\n'
    "김하나,1982-05-01,광주광역시 북구 우치로 2\n"
)


@pytest.fixture
def region(session: Session) -> Region:
    made = make_region("bitgoeul", name_ko="빛고을")
    session.commit()
    return made


@pytest.fixture
def clerk(region: Region, sign_in: Any) -> StrictClient:
    made: StrictClient = sign_in(make_officer(region.id, Role.CLERK))
    return made


def upload(clerk: StrictClient, text: str | bytes = LIST, *, all_or_none: bool = True) -> Any:
    clerk.get(f"{LETTERS}/list")
    data = text if isinstance(text, bytes) else text.encode()
    typed: dict[str, Any] = {"people": (io.BytesIO(data), "명단.csv"), "reason": "휴대전화가 없는 주민"}
    if not all_or_none:
        typed["all_or_none"] = []
    return clerk.submit(typed, action="/letters/list")


def printed(clerk: StrictClient) -> list[tuple[str, str, str]]:
    """Name, number and code of each letter on the print page."""
    found = []
    for letter in clerk.page.xpath("//article"):
        name = letter.xpath("string(.//*[@class='letter__name'])").strip()
        number, code = (text.strip() for text in letter.xpath(".//dd/text()"))
        found.append((name, number, code))
    return found


def enter(client: StrictClient, number: str, code: str, *, name: str = "홍길동", born_on: str = "1958-03-07") -> Any:
    client.get(f"{LETTERS}/enter")
    return client.submit(
        {"number": number, "letter_code": code, "legal_name": name, "born_on": born_on}, action="/letters/enter"
    )


def test_from_the_list_to_the_confirmed_resident(clerk: StrictClient, sign_in: Any, session: Session) -> None:
    answer = upload(clerk)
    assert answer.status_code == 200, clerk.text()
    assert "no-store" in answer.headers["Cache-Control"]
    letters = printed(clerk)
    assert [name for name, _number, _code in letters] == ["홍길동 귀하", "김하나 귀하"]
    assert "광주광역시 남구 봉선로 1, 101호" in clerk.text()
    assert clerk.text().count("localhost/regions/bitgoeul/letters/enter") == 2
    _name, number, code = letters[0]
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}", code)

    person = make_person("길동이")
    answer = enter(sign_in(person), number.lower(), code.lower().replace("-", " "), born_on="1958. 3. 7.")
    assert answer.request.path == "/me"
    assert "빛고을 주민으로 확인되었습니다" in answer.get_data(as_text=True)
    assert session.scalars(sa.select(Residency)).one().person_id == person.id

    clerk.get(LETTERS)
    assert "편지 2통" in clerk.text()
    assert "사용함: 1" in clerk.text()
    assert "아직 쓰지 않음: 1" in clerk.text()


def test_the_codes_are_nowhere_once_the_page_is_closed(clerk: StrictClient) -> None:
    upload(clerk)
    _name, number, code = printed(clerk)[0]
    for page in (LETTERS, f"{LETTERS}/list"):
        text = clerk.get(page).get_data(as_text=True)
        assert code not in text
        assert number not in text


def test_the_picture_holds_the_address_and_no_code(clerk: StrictClient) -> None:
    upload(clerk)
    assert len(clerk.page.xpath("//*[local-name()='path'][@id='address-picture']")) == 1, "one for all letters"


def test_a_list_with_broken_rows_makes_no_letter_unless_the_clerk_says_so(
    clerk: StrictClient, session: Session
) -> None:
    broken = LIST + "이두리,51-02-03,광주\n박세리,1990-01-01,\n"
    answer = upload(clerk, broken)
    assert answer.status_code == 422
    rows = [" ".join(cell.text_content() for cell in row) for row in clerk.page.xpath("//main//section[1]//tbody/tr")]
    assert rows == ["4 생년월일을 읽을 수 없습니다. 1950-03-07처럼 적어 주십시오.", "5 주소가 없습니다."]
    assert clerk.page.xpath("//input[@name='reason']/@value") == ["휴대전화가 없는 주민"]
    assert session.scalar(sa.select(sa.func.count()).select_from(LetterBatch)) == 0
    assert upload(clerk, broken, all_or_none=False).status_code == 200
    assert len(printed(clerk)) == 2
    assert "주소가 없습니다." in clerk.text()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("이름,생년월일\n홍길동,1958-03-07\n", "‘주소’ 열이 없습니다"),
        ("이름,생년월일,주소,주민등록번호\n홍길동,1958-03-07,광주,\n", "주민등록번호로 보이는 열"),
        (b"PK\x03\x04", "엑셀 파일입니다"),
        (b"\x00\x01\x02", "글자로 읽을 수 없는"),
        ("", "명단에 아무도 없습니다"),
        ('이름,생년월일,주소\n"홍길동,1958-03-07,광주\n', "2번째 줄의 따옴표"),
    ],
)
def test_a_list_that_can_not_be_read_says_why_beside_the_field(
    clerk: StrictClient, session: Session, data: str | bytes, said: str
) -> None:
    assert upload(clerk, data).status_code == 422
    assert said in " ".join(clerk.page.xpath("//*[@id='people-error']")[0].text_content().split())
    assert session.scalar(sa.select(sa.func.count()).select_from(LetterBatch)) == 0


def test_a_list_larger_than_other_forms_may_be_is_read_and_a_huge_one_is_not(clerk: StrictClient) -> None:
    padding = "가" * 400
    rows = "".join(f"홍길동,19{year}-03-{day:02},광주,{padding}\n" for year in range(20, 95) for day in range(1, 13))
    text = f"이름,생년월일,주소,메모\n{rows}"
    assert 1024 * 1024 < len(text.encode()) < 2 * 1024 * 1024
    clerk.get(f"{LETTERS}/list")
    token = clerk.form("/letters/list").fields["csrf_token"]
    typed = {"csrf_token": token, "reason": "우편", "valid_days": "30"}
    for content, status in ((text, 200), (text * 2, 413)):
        # as bytes, because the test client leaves its own temporary file of a large form open
        boundary, body = encode_multipart(typed | {"people": FileStorage(io.BytesIO(content.encode()), "명단.csv")})
        answer = clerk.post(f"{LETTERS}/list", data=body, content_type=f"multipart/form-data; boundary={boundary}")
        assert answer.status_code == status
        if status == 200:
            assert len(printed(clerk)) == 900


def test_one_letter_is_made_by_typing(clerk: StrictClient, sign_in: Any) -> None:
    clerk.get(f"{LETTERS}/single")
    typed = {"legal_name": "홍길동", "born_on": "1958-03-07", "address": "광주광역시 남구\n봉선로 1", "reason": "요청"}
    for field, wrong in {
        "born_on": "58-03-07",
        "legal_name": "홍길동 900101-1234567",
        "address": "광주 900101-1234567",
        "valid_days": "365",
        "reason": "",
    }.items():
        assert clerk.submit(typed | {field: wrong}, action="/letters/single").status_code == 422
        assert clerk.page.xpath(f"//*[@id='{field}-error']"), field
    clerk.get(f"{LETTERS}/single")
    assert clerk.submit(typed, action="/letters/single").status_code == 200
    [(_name, number, code)] = printed(clerk)
    assert enter(sign_in(make_person()), number, code).request.path == "/me"


def test_a_second_account_with_the_same_identity_is_stopped(
    clerk: StrictClient, sign_in: Any, session: Session
) -> None:
    upload(clerk, LIST + "")
    first = printed(clerk)[0]
    upload(clerk, LIST + "")
    second = printed(clerk)[0]
    enter(sign_in(make_person()), *first[1:])
    later = make_person()
    answer = enter(sign_in(later), *second[1:])
    assert "같은 사람으로 확인된 계정이 이미 있습니다" in answer.get_data(as_text=True)
    assert session.scalars(sa.select(IdentityClash)).one().later_person_id == later.id
    assert later.id not in session.scalars(sa.select(Residency.person_id)).all()


def test_after_five_wrong_tries_the_right_code_is_refused(clerk: StrictClient, sign_in: Any, session: Session) -> None:
    upload(clerk)
    _name, number, code = printed(clerk)[0]
    guessing = sign_in(make_person())
    for _ in range(5):
        assert enter(guessing, number, "00000-00000").status_code == 422
        assert "서로 맞지 않습니다" in guessing.text()
        assert guessing.page.xpath("//input[@name='number']/@value") == [number], "what was typed is kept"
    assert session.scalars(sa.select(LetterCode.tries_left).order_by(LetterCode.tries_left)).all() == [0, 5]
    owner = sign_in(make_person())
    assert enter(owner, number, code).status_code == 422
    assert "5번 틀리게 입력하여" in owner.text()
    assert session.scalar(sa.select(sa.func.count()).select_from(Residency)) == 0


def test_a_neighbour_who_opened_the_letter_can_not_use_it(clerk: StrictClient, sign_in: Any) -> None:
    upload(clerk)
    _name, number, code = printed(clerk)[0]
    neighbour = sign_in(make_person())
    answers = []
    for typed in ({"name": "이웃"}, {"born_on": "1990-01-01"}):
        assert enter(neighbour, number, code, **typed).status_code == 422
        answers.append(neighbour.page.xpath("//*[@id='error-summary']")[0].text_content().split())
    assert enter(neighbour, "ZZZZZZ", code).status_code == 422
    answers.append(neighbour.page.xpath("//*[@id='error-summary']")[0].text_content().split())
    assert answers[0] == answers[1] == answers[2], "nobody learns what was wrong, nor whether there is such a letter"


def test_somebody_who_tries_many_letters_is_slowed_down(clerk: StrictClient, sign_in: Any) -> None:
    upload(clerk)
    guessing = sign_in(make_person())
    answers = [enter(guessing, "ZZZZZZ", f"0000000{number:03}").status_code for number in range(12)]
    assert answers == [422] * 10 + [429] * 2
    _name, number, code = printed(clerk)[0]
    assert enter(sign_in(make_person()), number, code).request.path == "/me", "nobody else is shut out"


def test_unused_letters_are_withdrawn_with_a_reason(clerk: StrictClient, sign_in: Any) -> None:
    upload(clerk)
    _name, number, code = printed(clerk)[0]
    clerk.get(LETTERS)
    clerk.get(clerk.page.xpath("//main//a[contains(@href, '/withdraw')]/@href")[0])
    assert clerk.submit({"reason": ""}, action="/withdraw").status_code == 422
    clerk.submit({"reason": "우편물 분실"}, action="/withdraw")
    assert "편지 2통을 무효로 했습니다" in clerk.text()
    assert not clerk.page.xpath("//main//a[contains(@href, '/withdraw')]")
    owner = sign_in(make_person())
    assert enter(owner, number, code).status_code == 422
    assert "지역에서 무효로 한 편지" in owner.text()


def test_letters_of_a_region_are_for_its_clerks_with_a_fresh_second_factor(region: Region, sign_in: Any) -> None:
    for stranger in (make_officer(make_region().id, Role.CLERK), make_officer(region.id, Role.MODERATOR)):
        assert sign_in(stranger).get(LETTERS).status_code == 403
    stale = sign_in(make_officer(region.id, Role.CLERK), with_second_factor=False)
    for page in ("list", "single"):
        assert stale.get(f"{LETTERS}/{page}").status_code == 303, "asked before a file is chosen"
