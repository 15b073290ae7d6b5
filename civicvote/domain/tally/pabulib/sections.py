"""The three sections of a Pabulib file, each a title line, a line of column names, and rows."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from civicvote.domain.tally.pabulib.problems import PabulibError, Problem, ProblemCode
from civicvote.domain.tally.pabulib.rows import Row


class Section(StrEnum):
    META = "META"
    PROJECTS = "PROJECTS"
    VOTES = "VOTES"


_TITLES = {section.value: section for section in Section}


@dataclass(frozen=True, slots=True)
class Header:
    """Where each column stands. Column names are in lower case."""

    line: int
    columns: tuple[str, ...]
    index: dict[str, int]

    def cell(self, row: Row, column: str) -> str:
        """The cell, empty where the row or the whole section has none."""
        place = self.index.get(column)
        return row.cells[place] if place is not None and place < len(row.cells) else ""

    def width_problem(self, row: Row) -> Problem | None:
        """Fewer cells than columns, or more that say something; separators at a line's end are harmless."""
        found, expected = len(row.cells), len(self.columns)
        if found < expected:
            return Problem(row.line, ProblemCode.TOO_FEW_COLUMNS, {"found": found, "expected": expected})
        if any(row.cells[expected:]):
            return Problem(row.line, ProblemCode.TOO_MANY_COLUMNS, {"found": found, "expected": expected})
        return None


class Sections:
    """Goes through the rows once: ``open`` a section, take its ``body`` to the end, open the next."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows = iter(rows)
        self._title: Row | None = None
        self._last_line = 1

    def open(self, section: Section, required: Iterable[str]) -> Header:
        """The section's columns. Raises :class:`PabulibError` where the section or a column is missing."""
        title = self._title or self._next_row()
        self._title = None
        found = _section_titled(title) if title else None
        if title and not found:
            raise self._error(ProblemCode.TEXT_BEFORE_META)
        if found is not section:
            raise self._error(ProblemCode.SECTION_MISSING, section=section)
        header = self._next_row()
        if header is None or _section_titled(header):
            raise self._error(ProblemCode.HEADER_MISSING, section=section)
        columns = tuple(";".join(header.cells).lower().rstrip(";").split(";"))
        index: dict[str, int] = {}
        for place, column in enumerate(columns):
            if column and column in index:
                raise self._error(ProblemCode.COLUMN_REPEATED, section=section, column=column)
            index[column] = place
        for column in required:
            if column not in index:
                raise self._error(ProblemCode.COLUMN_MISSING, section=section, column=column)
        return Header(header.line, columns, index)

    def body(self) -> Iterator[Row]:
        """The section's rows, up to the next section's title or the end of the file."""
        for row in self._rows:
            self._last_line = row.line
            if _section_titled(row):
                self._title = row
                return
            yield row

    def close(self) -> None:
        """Raises :class:`PabulibError` where a section follows the last one."""
        if self._title is not None:
            raise self._error(ProblemCode.SECTION_OUT_OF_PLACE, section=_section_titled(self._title))

    def _next_row(self) -> Row | None:
        row = next(self._rows, None)
        if row is not None:
            self._last_line = row.line
        return row

    def _error(self, code: ProblemCode, **params: object) -> PabulibError:
        return PabulibError([Problem(self._last_line, code, params)])


def _section_titled(row: Row) -> Section | None:
    section = _TITLES.get(row.cells[0].upper())
    return section if section and not any(row.cells[1:]) else None
