"""Lists of people as offices really save them: what is read, and what each broken row is told."""

import csv
import io
from datetime import date
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicvote.domain.accounts.residency import ExcludedGroup, ResidencyClass
from civicvote.domain.verification.districts import Districts
from civicvote.domain.verification.letters import LETTER_LIST
from civicvote.domain.verification.list_errors import (
    ListBroken,
    ListColumnMissing,
    ListColumnTwice,
    ListEmpty,
    ListHasNumberColumn,
    ListIsWorkbook,
    ListNotText,
    ListRefused,
    ListTooLong,
)
from civicvote.domain.verification.rolls import ROLL_LIST
from civicvote.domain.verification.rows import ListedPerson, ListShape, PeopleList, RowProblem, read_people

TODAY = date(2026, 11, 23)
GWANGJU = Districts("2900000000", {"봉선1동": "2915559000", "2915559000": "2915559000"})


def read(text: str | bytes, shape: ListShape = ROLL_LIST) -> PeopleList:
    data = text if isinstance(text, bytes) else text.encode()
    return read_people(data, shape, districts=GWANGJU, today=TODAY)


def problems(text: str, shape: ListShape = ROLL_LIST) -> list[tuple[int, RowProblem]]:
    return [(row.line, row.problem) for row in read(text, shape).refused]


KOREAN = (
    "연번,성명,생년월일(YYYY-MM-DD),구분,행정동,제외,전자우편\n"
    "1,홍길동,1950-03-07,거주,봉선1동,,hong@example.org\n"
    "2,김 하나,19820501,직장,2917051500,공무원,\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_list_reads_the_same_however_an_office_saves_it(encoding: str, delimiter: str, line_end: str) -> None:
    found = read(KOREAN.replace(",", delimiter).replace("\n", line_end).encode(encoding))
    assert not found.refused
    assert found.people == [
        ListedPerson(
            line=2,
            name="홍길동",
            born_on=date(1950, 3, 7),
            residency_class=ResidencyClass.ADDRESS,
            district_code="2915559000",
            email="hong@example.org",
        ),
        ListedPerson(
            line=3,
            name="김 하나",
            born_on=date(1982, 5, 1),
            residency_class=ResidencyClass.WORK,
            district_code="2917051500",
            excluded_as=ExcludedGroup.STAFF,
        ),
    ]


def test_english_heads_in_another_order_with_a_quoted_address_over_two_lines() -> None:
    text = 'Address,Birth date,"Name"\n"1 Main Road, floor 2\nGwangju 61740",1950-03-07,Ann Lee\n"2 Road",x,Bo Kim\n'
    found = read(text, LETTER_LIST)
    assert [(each.line, each.name, each.address) for each in found.people] == [
        (2, "Ann Lee", "1 Main Road, floor 2 Gwangju 61740")
    ]
    assert [(row.line, row.problem) for row in found.refused] == [(4, RowProblem.BIRTH_DATE)], "as an editor counts"


HEAD = "이름,생년월일,구분,행정동,제외,전자우편\n"


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (",1950-03-07", RowProblem.NAME_MISSING),
        ("1234,1950-03-07", RowProblem.NAME_MISSING),
        ("홍길동,", RowProblem.BIRTH_DATE),
        ("홍길동,50-03-07", RowProblem.BIRTH_DATE),
        ("홍길동,1950-02-30", RowProblem.BIRTH_DATE),
        ("홍길동,2050-01-01", RowProblem.BIRTH_DATE),
        ("홍길동", RowProblem.BIRTH_DATE),
        ("홍길동,1950-03-07,친구", RowProblem.CLASS),
        ("홍길동,1950-03-07,거주,없는동", RowProblem.DISTRICT),
        ("홍길동,1950-03-07,거주,1168051500", RowProblem.DISTRICT),
        ("홍길동,1950-03-07,거주,,친척", RowProblem.EXCLUDED),
        ("홍길동,1950-03-07,거주,,,hong@", RowProblem.EMAIL),
        ("홍길동,1950-03-07,거주,,,a@b@example.org", RowProblem.EMAIL),
        (f"{'길' * 81},1950-03-07", RowProblem.TOO_LONG),
        ("홍길동,1950-03-07,거주,,,,더,더", RowProblem.TOO_MANY_CELLS),
        ("홍길동,1950-03-07,900101-1234567", RowProblem.PERSONAL_NUMBER),
        ("9001011234567,1950-03-07", RowProblem.PERSONAL_NUMBER),
        ("홍길동,1950-03-07,거주,,,,900101-1234567", RowProblem.PERSONAL_NUMBER),
    ],
)
def test_a_broken_row_is_told_by_its_line_and_leaves_the_others_alone(row: str, problem: RowProblem) -> None:
    found = read(f"{HEAD}김하나,1982-05-01\n\n{row}\n이두리,1990-01-02\n")
    assert [(each.line, each.problem) for each in found.refused] == [(4, problem)]
    assert [each.line for each in found.people] == [2, 5]


def test_a_personal_number_is_found_in_columns_that_nobody_reads_and_when_it_is_cut_in_two() -> None:
    text = "이름,생년월일,앞,뒤\n홍길동,1950-03-07,500307,1234567\n김하나,1982-05-01,600101,팔\n"
    assert problems(text) == [(2, RowProblem.PERSONAL_NUMBER)]


def test_the_same_person_twice_is_taken_once_however_the_name_is_spaced() -> None:
    found = read("이름,생년월일\n홍길동,1950-03-07\n홍 길동,1950. 3. 7.\n홍길동,1950-03-08\n")
    assert [each.line for each in found.people] == [2, 4]
    assert [(row.line, row.problem) for row in found.refused] == [(3, RowProblem.TWICE)]


def test_a_row_without_an_address_gets_no_letter() -> None:
    assert problems("이름,생년월일,주소\n홍길동,1950-03-07,\n", LETTER_LIST) == [(2, RowProblem.ADDRESS_MISSING)]


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"", ListEmpty),
        ("이름,생년월일\n".encode(), ListEmpty),
        ("이름,생년월일\n\n ,\n".encode(), ListEmpty),
        ("이름,주소\n홍길동,광주\n".encode(), ListColumnMissing),
        ("홍길동,1950-03-07\n".encode(), ListColumnMissing),
        ("이름,생년월일,성명\n홍길동,1950-03-07,홍길동\n".encode(), ListColumnTwice),
        ("이름,생년월일,주민등록번호\n홍길동,1950-03-07,\n".encode(), ListHasNumberColumn),
        ("주민 번호,이름\n,\n".encode("cp949"), ListHasNumberColumn),
        ("이름,생년월일,주민등록번호(뒷자리)\n홍길동,1950-03-07,\n".encode(), ListHasNumberColumn),
        (b"name,birth_date,Resident Registration No.\nA,1950-03-07,\n", ListHasNumberColumn),
        (b"name,birth_date,alien registration number\nA,1950-03-07,\n", ListHasNumberColumn),
        ('이름,생년월일\n"홍길동,1950-03-07\n김하나,1982-05-01\n'.encode(), ListBroken),
        ('이름,생년월일\n"홍"길동,1950-03-07\n'.encode(), ListBroken),
        ("이름,생년월일\n홍길동\x00,1950-03-07\n".encode(), ListNotText),
        ("이름,생년월일\n홍길동,1950-03-07\n".encode("utf-16"), ListNotText),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), ListNotText),
        (b"PK\x03\x04rest of a workbook", ListIsWorkbook),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ListIsWorkbook),
    ],
)
def test_a_list_that_can_not_be_used_is_sent_back_whole(data: bytes, refusal: type[ListRefused]) -> None:
    with pytest.raises(refusal):
        read(data)


def test_a_column_of_addresses_of_residents_is_no_column_of_numbers() -> None:
    found = read("이름,생년월일,주민등록상 주소\n홍길동,1950-03-07,광주\n")
    assert len(found.people) == 1


def test_a_broken_quotation_names_the_line_where_it_begins() -> None:
    with pytest.raises(ListBroken) as refused:
        read('이름,생년월일\n김하나,1982-05-01\n"홍길동,1950-03-07\n이두리,1990-01-02\n')
    assert refused.value.params == {"line": 3}


def test_brackets_without_end_in_the_heads_cost_no_more_than_letters() -> None:
    """Looking for the end of each bracket took time by the square: of one line of 32 MB, for ever."""
    taken = []
    for sign in "a(":
        began = process_time()
        for _ in range(5):
            with pytest.raises(ListColumnMissing):
                read(sign * 20_000)
        taken.append(process_time() - began)
    letters, brackets = taken
    assert brackets < 20 * letters


def test_a_list_has_an_end() -> None:
    shape = ListShape(ROLL_LIST.required, ROLL_LIST.optional, most_rows=2)
    rows = "이름,생년월일\n" + "".join(f"홍길동,195{year}-03-07\n" for year in range(3))
    assert len(read(rows.rsplit("\n", 2)[0], shape).people) == 2
    with pytest.raises(ListTooLong):
        read(rows, shape)


@pytest.mark.parametrize(
    ("own", "code", "is_known"),
    [
        ("2900000000", "2915559000", True),
        ("2915500000", "2915559000", True),
        ("2915500000", "2917051500", False),
        ("2900000000", "291555900", False),
        ("2900000000", "２９15559000", False),
        (None, "2915559000", False),
    ],
)
def test_a_district_lies_within_the_region_by_its_code(own: str | None, code: str, is_known: bool) -> None:
    assert (Districts(own).code_of(code) == code) is is_known


NAMES = st.text("가나다라마바사아자차카타파하 -'Aé", min_size=1, max_size=20)
CELLS = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=30)


@given(st.lists(st.tuples(NAMES, st.dates(date(1900, 1, 1), TODAY), CELLS), min_size=1, max_size=20))
def test_every_row_is_taken_or_refused_and_lines_ascend(rows: list[tuple[str, date, str]]) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([("name", "birth_date", "note"), *rows])
    found = read(text.getvalue())
    lines = sorted([*(each.line for each in found.people), *(row.line for row in found.refused)])
    assert lines == list(range(2, len(rows) + 2))
    by_line = {each.line: each for each in found.people}
    assert all(by_line[line].born_on == rows[line - 2][1] for line in by_line)


@given(st.binary(max_size=200))
def test_whatever_is_uploaded_is_read_or_refused_by_name(data: bytes) -> None:
    for head in (b"", "이름,생년월일\n".encode(), b"name;birth_date\n"):
        try:
            found = read(head + data)
        except ListRefused:
            continue
        assert all(isinstance(row.problem, RowProblem) for row in found.refused)


@given(st.sampled_from("-‐–−~/. "), st.integers(0, 6), CELLS)
def test_a_row_with_a_personal_number_never_gets_through(dash: str, place: int, other: str) -> None:
    cells = ["홍길동", "1950-03-07", "", "", "", "", other]
    cells[place] = f"{cells[place]} 900101{dash}1234567".strip()
    text = io.StringIO()
    csv.writer(text).writerows([("이름", "생년월일", "구분", "행정동", "제외", "전자우편", "메모"), cells])
    found = read(text.getvalue())
    assert not found.people
    assert [row.problem for row in found.refused] == [RowProblem.PERSONAL_NUMBER]
