"""The columns of a table of proposals, and what can be wrong with one of its rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

#: Of a refused row so much of each cell is kept, so that it can be corrected and sent again.
KEPT_OF_A_CELL = 8_200


class ImportColumn(StrEnum):
    TITLE = "title"
    SUMMARY = "summary"
    BODY = "body"
    FIELD = "field"
    PLACE = "place"
    DISTRICT = "district"
    LATITUDE = "latitude"
    LONGITUDE = "longitude"
    SOURCE = "source"


REQUIRED = (ImportColumn.TITLE, ImportColumn.SUMMARY, ImportColumn.BODY, ImportColumn.FIELD)

HEADS = {
    ImportColumn.TITLE: ("제목", "제안명", "제안제목", "사업명", "title"),
    ImportColumn.SUMMARY: ("한문장", "요약", "한줄요약", "한줄", "summary", "inonesentence"),
    ImportColumn.BODY: ("내용", "제안내용", "본문", "설명", "body", "text", "description"),
    ImportColumn.FIELD: ("분야", "분류", "field", "category"),
    ImportColumn.PLACE: ("장소", "위치", "place", "location"),
    ImportColumn.DISTRICT: ("동", "행정동", "행정동코드", "읍면동", "district", "dong", "districtcode"),
    ImportColumn.LATITUDE: ("위도", "latitude", "lat"),
    ImportColumn.LONGITUDE: ("경도", "longitude", "lon", "lng"),
    ImportColumn.SOURCE: ("출처", "비고", "모둠", "발언자메모", "source", "note", "table"),
}
COLUMN_OF = {head: column for column, heads in HEADS.items() for head in heads}


class ImportProblem(StrEnum):
    """Why one row is not taken."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    FIELD_UNKNOWN = "field_unknown"
    DISTRICT_UNKNOWN = "district_unknown"
    POINT = "point"
    PERSONAL_NUMBER = "personal_number"
    UNREADABLE = "unreadable"
    NOT_TEXT = "not_text"
    TOO_MANY_CELLS = "too_many_cells"
    TITLE_TWICE = "title_twice"
    TITLE_STANDS = "title_stands"


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that is left out. ``cells`` hold what was typed, by column, but nothing of a row with a personal number."""

    line: int
    problem: ImportProblem
    column: ImportColumn | None = None
    cells: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        column = self.column.value if self.column else None
        return {"line": self.line, "column": column, "problem": self.problem.value, "cells": dict(self.cells)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "RefusedRow":
        column = ImportColumn(stored["column"]) if stored["column"] else None
        return cls(stored["line"], ImportProblem(stored["problem"]), column, stored["cells"])


def kept(cells: Mapping[ImportColumn, str]) -> dict[str, str]:
    """What was typed, cut to a length that nobody passes by mistake; without signs that no database takes."""
    return {
        column.value: text[:KEPT_OF_A_CELL].replace("\0", "").encode(errors="ignore").decode()
        for column, text in cells.items()
        if text
    }
