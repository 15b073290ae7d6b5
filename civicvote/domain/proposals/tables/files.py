"""Tables of proposals as files hold them: CSV with commas, semicolons or tabs, in UTF-8 or in CP949 (as Korean
spreadsheets save it), with Korean or English heads in any order; or JSON as this site gives it out.

Columns that nobody asked for are passed over, but a resident registration number is looked for in every cell.
"""

import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterator, Sequence

from civicvote.domain.proposals.tables.columns import (
    COLUMN_OF,
    REQUIRED,
    ImportColumn,
    ImportProblem,
    RefusedRow,
    kept,
)
from civicvote.domain.proposals.tables.errors import (
    TableBroken,
    TableColumnMissing,
    TableColumnTwice,
    TableEmpty,
    TableIsWorkbook,
    TableNotJson,
    TableUnreadable,
)
from civicvote.domain.proposals.tables.exchange import original_cell
from civicvote.kernel.personal_data import holds_personal_number

_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # .xlsx and .xls
_LONGEST_HEAD = 200
_MOST_COLUMNS = 200

#: Where it begins (a line of CSV, an entry of JSON), its cells, and what is wrong with it before it is read.
Record = tuple[int, dict[ImportColumn, str], RefusedRow | None]


def records(data: bytes) -> Iterator[Record]:
    """The rows of a table below its heads. Raises one of ``import_errors``."""
    if data.startswith(_WORKBOOKS):
        raise TableIsWorkbook
    text = _decoded(data)
    return _json_records(text) if text.lstrip()[:1] in {"{", "["} else _csv_records(text)


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "cp949"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
        break
    raise TableUnreadable


def _csv_records(text: str) -> Iterator[Record]:
    lines = _csv_lines(text)
    head = next(lines, None)
    if head is None:
        raise TableEmpty
    columns = _columns(head[1])
    width = len(head[1])
    for line, cells in lines:
        problem = None
        # Joined by a sign that counts as white space, a number that was cut into two cells is found as well.
        if holds_personal_number("\x1f".join(cells)):
            problem = RefusedRow(line, ImportProblem.PERSONAL_NUMBER)
        named = {column: cells[place] if place < len(cells) else "" for column, place in columns.items()}
        if problem is None and any(each for each in cells[width:]):
            problem = RefusedRow(line, ImportProblem.TOO_MANY_CELLS, None, kept(named))
        yield line, named, problem


def _csv_lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold anything, each with the line on which it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise TableBroken(line=line) from None
        if any(each.strip() for each in cells):
            yield line, [original_cell(each.strip()) for each in cells]
        line = reader.line_num + 1


def _delimiter(text: str) -> str:
    """The sign that makes the most known heads out of the first line; a comma where none makes any."""
    first = next((line for line in io.StringIO(text[:20_000]) if line.strip()), "")
    known = {sign: sum(_plain(head) in COLUMN_OF for head in first.split(sign)) for sign in ",;\t"}
    return max(known, key=lambda sign: known[sign])


def _plain(head: str) -> str:
    """Letters and digits, narrow and small, without what stands in brackets."""
    if len(head) > _LONGEST_HEAD:
        return ""
    normal = unicodedata.normalize("NFKC", head).casefold()
    return "".join(each for each in re.sub(r"\([^()]*\)|\[[^\[\]]*\]", "", normal) if each.isalnum())


def _columns(heads: Sequence[str]) -> dict[ImportColumn, int]:
    columns: dict[ImportColumn, int] = {}
    for position, head in enumerate(heads[:_MOST_COLUMNS]):
        column = COLUMN_OF.get(_plain(head))
        if column is None:
            continue
        if column in columns:
            raise TableColumnTwice(column=column)
        columns[column] = position
    for column in REQUIRED:
        if column not in columns:
            raise TableColumnMissing(column=column)
    return columns


def _json_records(text: str) -> Iterator[Record]:
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        raise TableNotJson from None
    entries = read.get("proposals") if isinstance(read, dict) else read
    if not isinstance(entries, list):
        raise TableNotJson
    for number, entry in enumerate(entries, start=1):
        yield _json_record(number, entry)


def _json_record(number: int, entry: object) -> Record:
    if not isinstance(entry, dict):
        return number, {}, RefusedRow(number, ImportProblem.NOT_TEXT)
    texts: dict[ImportColumn, str] = {}
    wrong = None
    for key, value in list(entry.items())[:_MOST_COLUMNS]:
        column = COLUMN_OF.get(_plain(str(key)))
        if column is None or column in texts:
            continue
        if value is None or isinstance(value, str):
            texts[column] = (value or "").strip()
        elif isinstance(value, int | float) and column in {ImportColumn.LATITUDE, ImportColumn.LONGITUDE}:
            texts[column] = str(value)
        else:
            wrong = wrong or column
    every = "\x1f".join(value for value in entry.values() if isinstance(value, str))
    if holds_personal_number(every) or "\0" in every:
        kind = ImportProblem.UNREADABLE if "\0" in every else ImportProblem.PERSONAL_NUMBER
        return number, texts, RefusedRow(number, kind)
    if wrong:
        return number, texts, RefusedRow(number, ImportProblem.NOT_TEXT, wrong, kept(texts))
    return number, texts, None
