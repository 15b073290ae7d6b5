"""Lists of people as an office saves them: which rows are usable, and what is wrong with each of the others.

CSV with commas, semicolons or tabs, in UTF-8 or in CP949, with Korean or English heads in any order. Columns that
nobody asked for are passed over, but a resident registration number is looked for in every cell.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from civicvote.domain.accounts.addresses import normal_address
from civicvote.domain.accounts.residency import ExcludedGroup, ResidencyClass
from civicvote.domain.verification.districts import Districts
from civicvote.domain.verification.identity import BirthDateUnreadable, LegalNameMissing, normal_name, read_birth_date
from civicvote.domain.verification.list_errors import (
    ListBroken,
    ListColumnMissing,
    ListColumnTwice,
    ListEmpty,
    ListHasNumberColumn,
    ListIsWorkbook,
    ListNotText,
    ListTooLong,
)
from civicvote.kernel.markup import clean_text
from civicvote.kernel.personal_data import holds_personal_number

_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # .xlsx and .xls
#: A head, or a word of ours in a cell, with what stands in brackets behind it.
_LONGEST_WORD = 200
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@.]+")


class ListColumn(StrEnum):
    NAME = "name"
    BIRTH_DATE = "birth_date"
    ADDRESS = "address"
    CLASS = "class"
    DISTRICT = "district"
    EXCLUDED = "excluded"
    EMAIL = "email"


class RowProblem(StrEnum):
    """Why one row is left out. The row is told by its line, never by what stands in it."""

    NAME_MISSING = "name_missing"
    BIRTH_DATE = "birth_date"
    ADDRESS_MISSING = "address_missing"
    CLASS = "class"
    DISTRICT = "district"
    EXCLUDED = "excluded"
    EMAIL = "email"
    TWICE = "twice"
    ON_ROLL = "on_roll"
    PERSONAL_NUMBER = "personal_number"
    TOO_LONG = "too_long"
    TOO_MANY_CELLS = "too_many_cells"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPerson:
    """A usable row. ``line`` is where it begins in the file, counted as an editor counts."""

    line: int
    name: str
    born_on: date
    residency_class: ResidencyClass = ResidencyClass.ADDRESS
    address: str = ""
    district_code: str | None = None
    excluded_as: ExcludedGroup | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class RefusedRow:
    line: int
    problem: RowProblem


@dataclass(frozen=True, slots=True)
class PeopleList:
    """What a list held, in the order of the file."""

    people: list[ListedPerson] = field(default_factory=list)
    refused: list[RefusedRow] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ListShape:
    """What is read: a column of ``required`` must be there, one of ``optional`` may, each at most once."""

    required: frozenset[ListColumn]
    optional: frozenset[ListColumn]
    most_rows: int

    @property
    def columns(self) -> list[ListColumn]:
        """What may be read, in the order in which people are told about it."""
        return [column for column in ListColumn if column in self.required | self.optional]


LONGEST = {ListColumn.NAME: 80, ListColumn.ADDRESS: 200, ListColumn.EMAIL: 254}

_HEADS = {
    ListColumn.NAME: ("이름", "성명", "name", "fullname", "legalname"),
    ListColumn.BIRTH_DATE: ("생년월일", "출생일", "birthdate", "dateofbirth", "birthday", "dob", "bornon"),
    ListColumn.ADDRESS: ("주소", "도로명주소", "우편주소", "address", "postaladdress"),
    ListColumn.CLASS: ("구분", "자격", "자격구분", "class", "residencyclass"),
    ListColumn.DISTRICT: ("행정동", "행정동코드", "district", "districtcode"),
    ListColumn.EXCLUDED: ("제외", "제외구분", "제외대상", "excluded", "excludedas"),
    ListColumn.EMAIL: ("전자우편", "전자우편주소", "이메일", "이메일주소", "메일", "email", "emailaddress", "mail"),
}
_COLUMN_OF = {head: column for column, heads in _HEADS.items() for head in heads}
_NUMBER_HEADS = re.compile(
    "주민(등록)?번호|주민등록no|외국인등록번호|거소신고번호|"
    "(resident|foreigner|alien|social)(registration|security)?(number|no$)|^rrn|^ssn"
)
_CLASSES = {
    ResidencyClass.ADDRESS: ("주소", "거주", "주민", "주민등록", "address", "resident"),
    ResidencyClass.WORK: ("직장", "근무", "재직", "work"),
    ResidencyClass.STUDY: ("학교", "재학", "학생", "study"),
    ResidencyClass.AFFILIATION: ("소속", "단체", "affiliation"),
    ResidencyClass.REGISTERED_FOREIGNER: ("등록외국인", "외국인", "registeredforeigner"),
}
_CLASS_OF = {word: kind for kind, words in _CLASSES.items() for word in words}
_GROUPS = {
    ExcludedGroup.STAFF: ("직원", "공무원", "staff"),
    ExcludedGroup.COUNCIL: ("의원", "지방의원", "의회", "council"),
    ExcludedGroup.UNDER_AGE: ("미성년", "미성년자", "연령미달", "underage"),
}
_GROUP_OF = {word: group for group, words in _GROUPS.items() for word in words}


def read_people(data: bytes, shape: ListShape, *, districts: Districts, today: date) -> PeopleList:
    """Read a list. Raises one of ``list_errors`` where the whole of it can't be used."""
    records = _records(_decoded(data))
    head = next(records, None)
    if head is None:
        raise ListEmpty
    columns = _columns(head[1], shape)
    found = PeopleList()
    seen: set[tuple[str, date]] = set()
    for number, (line, cells) in enumerate(records):
        if number == shape.most_rows:
            raise ListTooLong(limit=shape.most_rows)
        read = _read_row(line, cells, columns, width=len(head[1]), districts=districts, today=today)
        if isinstance(read, ListedPerson):
            key = normal_name(read.name), read.born_on
            if key in seen:
                read = RefusedRow(line, RowProblem.TWICE)
            seen.add(key)
        if isinstance(read, ListedPerson):
            found.people.append(read)
        else:
            found.refused.append(read)
    if not found.people and not found.refused:
        raise ListEmpty
    return found


def _decoded(data: bytes) -> str:
    if data.startswith(_WORKBOOKS):
        raise ListIsWorkbook
    for encoding in ("utf-8-sig", "cp949"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not any(unicodedata.category(each) == "Cc" and each not in "\r\n\t" for each in set(text)):
            return text
        break
    raise ListNotText


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold anything, each with the line on which it begins. Raises ``ListBroken``."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise ListBroken(line=line) from None
        if any(cell.strip() for cell in cells):
            yield line, [cell.strip() for cell in cells]
        line = reader.line_num + 1


def _delimiter(text: str) -> str:
    """The sign that makes the most known heads out of the first line; a comma where none makes any."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    known = {sign: sum(_plain(cell) in _COLUMN_OF for cell in first.split(sign)) for sign in ",;\t"}
    return max(known, key=lambda sign: known[sign])


def _plain(text: str) -> str:
    """Letters and digits, narrow and small, without what stands in brackets: ``생년월일 (YYYY-MM-DD)``, ``"Name"``.

    Nothing is left of a text that is too long to be a word: looking for its brackets takes time by the square."""
    if len(text) > _LONGEST_WORD:
        return ""
    normal = unicodedata.normalize("NFKC", text).casefold()
    return "".join(each for each in re.sub(r"\(.*?\)|\[.*?\]", "", normal) if each.isalnum())


def _columns(heads: list[str], shape: ListShape) -> dict[ListColumn, int]:
    if any(_NUMBER_HEADS.search("".join(each for each in head.casefold() if each.isalnum())) for head in heads):
        raise ListHasNumberColumn
    columns: dict[ListColumn, int] = {}
    for position, head in enumerate(heads):
        column = _COLUMN_OF.get(_plain(head))
        if column not in shape.columns:
            continue
        if column in columns:
            raise ListColumnTwice(column=column)
        columns[column] = position
    for column in shape.columns:
        if column in shape.required and column not in columns:
            raise ListColumnMissing(column=column)
    return columns


def _read_row(
    line: int, cells: list[str], columns: dict[ListColumn, int], *, width: int, districts: Districts, today: date
) -> ListedPerson | RefusedRow:
    # Joined by a sign that counts as white space, a number that was cut into two cells is found as well.
    if holds_personal_number("\x1f".join(cells)):
        return RefusedRow(line, RowProblem.PERSONAL_NUMBER)
    if any(cells[width:]):
        return RefusedRow(line, RowProblem.TOO_MANY_CELLS)
    value = {column: cells[place] if place < len(cells) else "" for column, place in columns.items()}
    if any(len(text) > LONGEST.get(column, 60) for column, text in value.items()):
        return RefusedRow(line, RowProblem.TOO_LONG)
    try:
        return _person(line, value, districts=districts, today=today)
    except _Unusable as unusable:
        return RefusedRow(line, unusable.problem)


class _Unusable(Exception):
    def __init__(self, problem: RowProblem) -> None:
        super().__init__(problem)
        self.problem = problem


def _person(line: int, value: dict[ListColumn, str], *, districts: Districts, today: date) -> ListedPerson:
    name = " ".join(clean_text(value[ListColumn.NAME]).split())
    address = " ".join(clean_text(value.get(ListColumn.ADDRESS, "")).split())
    if ListColumn.ADDRESS in value and not address:
        raise _Unusable(RowProblem.ADDRESS_MISSING)
    try:
        normal_name(name)
        born_on = read_birth_date(value[ListColumn.BIRTH_DATE], today=today)
    except LegalNameMissing:
        raise _Unusable(RowProblem.NAME_MISSING) from None
    except BirthDateUnreadable:
        raise _Unusable(RowProblem.BIRTH_DATE) from None
    return ListedPerson(
        line=line,
        name=name,
        born_on=born_on,
        address=address,
        residency_class=_class(value.get(ListColumn.CLASS, "")),
        district_code=_district(value.get(ListColumn.DISTRICT, ""), districts),
        excluded_as=_group(value.get(ListColumn.EXCLUDED, "")),
        email=_email(value.get(ListColumn.EMAIL, "")),
    )


def _class(text: str) -> ResidencyClass:
    kind = _CLASS_OF.get(_plain(text)) if text else ResidencyClass.ADDRESS
    if kind is None:
        raise _Unusable(RowProblem.CLASS)
    return kind


def _group(text: str) -> ExcludedGroup | None:
    if not text:
        return None
    group = _GROUP_OF.get(_plain(text))
    if group is None:
        raise _Unusable(RowProblem.EXCLUDED)
    return group


def _district(text: str, districts: Districts) -> str | None:
    if not text:
        return None
    code = districts.code_of(text)
    if code is None:
        raise _Unusable(RowProblem.DISTRICT)
    return code


def _email(text: str) -> str | None:
    if not text:
        return None
    if not _ADDRESS.fullmatch(address := normal_address(text)):
        raise _Unusable(RowProblem.EMAIL)
    return address
