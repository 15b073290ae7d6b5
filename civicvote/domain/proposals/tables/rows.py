"""Tables of proposals as somebody writes them after a round table: which rows can be taken, and what is wrong with each
of the others."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from civicvote.domain.proposals.errors import HalfAPoint, PointNotRead, ProposalTextTooLong, ProposalTextTooShort
from civicvote.domain.proposals.spots import read_spot
from civicvote.domain.proposals.tables.columns import ImportColumn, ImportProblem, RefusedRow, kept
from civicvote.domain.proposals.tables.errors import SourceTooLong, SourceTooShort, TableEmpty, TableTooLong
from civicvote.domain.proposals.tables.files import records
from civicvote.domain.proposals.texts import LENGTHS, clean_texts
from civicvote.kernel.errors import Refusal
from civicvote.kernel.markup import ControlCharacters, clean_text
from civicvote.kernel.personal_data import PersonalNumber, refuse_personal_numbers

MOST_ROWS = 500
SOURCE_LENGTHS = (4, 120)
_LONGEST_SOURCE = 200


@dataclass(frozen=True, slots=True)
class ImportRow:
    """A row that can be taken. ``line`` is where it begins in a CSV file, or which entry it is of a JSON list."""

    line: int
    title: str
    summary: str
    body: str
    field_key: str
    place: str = ""
    district_code: str | None = None
    latitude_e6: int | None = None
    longitude_e6: int | None = None
    source: str = ""

    def to_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "ImportRow":
        return cls(**stored)


@dataclass(frozen=True, slots=True)
class ImportTable:
    """What a table held, in its order."""

    rows: list[ImportRow] = field(default_factory=list)
    refused: list[RefusedRow] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class KnownWords:
    """What a cell may name: fields by key and by each of their names, districts by code and by name (folded)."""

    fields: Mapping[str, str]
    districts: Mapping[str, str]
    titles: frozenset[str] = frozenset()


def folded(text: str) -> str:
    """For comparing names and titles: narrow, small, without blanks."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def clean_source(text: str) -> str:
    """Where an import comes from, as its proposals' pages say. Raises ``SourceTooShort``, ``SourceTooLong``,
    ``PersonalNumber``, ``ControlCharacters``."""
    cleaned = " ".join(clean_text(text).split())
    least, most = SOURCE_LENGTHS
    if len(cleaned) < least:
        raise SourceTooShort(least=least)
    if len(cleaned) > most:
        raise SourceTooLong(limit=most)
    refuse_personal_numbers(cleaned, field="source")
    return cleaned


def read_table(data: bytes, known: KnownWords, *, source: str, most_rows: int = MOST_ROWS) -> ImportTable:
    """Read a table. Raises one of ``import_errors`` where the whole of it can't be used."""
    found = ImportTable()
    seen: set[str] = set()
    for number, (line, cells, problem) in enumerate(records(data)):
        if number == most_rows:
            raise TableTooLong(limit=most_rows)
        read = problem or _read_row(line, cells, known, source)
        if isinstance(read, ImportRow):
            title = folded(read.title)
            read = _refused_twin(read, cells, seen, known.titles)
            seen.add(title)
        (found.rows if isinstance(read, ImportRow) else found.refused).append(read)  # type: ignore[arg-type]
    if not found.rows and not found.refused:
        raise TableEmpty
    return found


def _read_row(line: int, cells: dict[ImportColumn, str], known: KnownWords, source: str) -> ImportRow | RefusedRow:
    try:
        return _usable(line, cells, known, source)
    except _Unusable as unusable:
        return RefusedRow(line, unusable.problem, unusable.column, kept(cells) if unusable.may_be_kept else {})


class _Unusable(Exception):
    def __init__(self, problem: ImportProblem, column: ImportColumn | None) -> None:
        super().__init__(problem)
        self.problem, self.column = problem, column

    @property
    def may_be_kept(self) -> bool:
        return self.problem not in {ImportProblem.PERSONAL_NUMBER, ImportProblem.UNREADABLE}


def _usable(line: int, cells: dict[ImportColumn, str], known: KnownWords, source: str) -> ImportRow:
    for column, text in cells.items():
        try:
            clean_text(text)
        except ControlCharacters:
            raise _Unusable(ImportProblem.UNREADABLE, column) from None
    try:
        texts = clean_texts(**{name: cells.get(ImportColumn(name), "") for name in LENGTHS})
    except Refusal as refusal:
        raise _unusable(refusal) from None
    note = " ".join(clean_text(cells.get(ImportColumn.SOURCE, "")).split())
    field_key = known.fields.get(folded(cells.get(ImportColumn.FIELD, "")))
    if field_key is None:
        raise _Unusable(ImportProblem.FIELD_UNKNOWN, ImportColumn.FIELD)
    try:
        spot = read_spot(
            district_code=_district(cells.get(ImportColumn.DISTRICT, ""), known),
            latitude=cells.get(ImportColumn.LATITUDE, ""),
            longitude=cells.get(ImportColumn.LONGITUDE, ""),
        )
    except (HalfAPoint, PointNotRead) as refusal:
        raise _unusable(refusal) from None
    whole_source = source if not note or note == source else f"{source} · {note}"
    if len(whole_source) > _LONGEST_SOURCE:
        raise _Unusable(ImportProblem.TOO_LONG, ImportColumn.SOURCE)
    return ImportRow(
        line=line,
        title=texts.title,
        summary=texts.summary,
        body=texts.body,
        field_key=field_key,
        place=texts.place,
        district_code=spot.district_code,
        latitude_e6=spot.latitude_e6,
        longitude_e6=spot.longitude_e6,
        source=whole_source,
    )


_PROBLEMS: dict[type[Refusal], ImportProblem] = {
    ProposalTextTooShort: ImportProblem.TOO_SHORT,
    ProposalTextTooLong: ImportProblem.TOO_LONG,
    PersonalNumber: ImportProblem.PERSONAL_NUMBER,
    HalfAPoint: ImportProblem.POINT,
    PointNotRead: ImportProblem.POINT,
}


def _unusable(refusal: Refusal) -> _Unusable:
    column = ImportColumn(refusal.field) if refusal.field in set(ImportColumn) else None
    return _Unusable(_PROBLEMS.get(type(refusal), ImportProblem.UNREADABLE), column)


def _district(text: str, known: KnownWords) -> str:
    if not text:
        return ""
    code = known.districts.get(folded(text))
    if code is None:
        raise _Unusable(ImportProblem.DISTRICT_UNKNOWN, ImportColumn.DISTRICT)
    return code


def _refused_twin(
    row: ImportRow, cells: dict[ImportColumn, str], seen: set[str], standing: frozenset[str]
) -> ImportRow | RefusedRow:
    """A title that stands in the round already, or higher up in the table, is not taken a second time."""
    title = folded(row.title)
    for titles, problem in ((standing, ImportProblem.TITLE_STANDS), (seen, ImportProblem.TITLE_TWICE)):
        if title in titles:
            return RefusedRow(row.line, problem, ImportColumn.TITLE, kept(cells))
    return row
