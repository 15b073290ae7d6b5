"""Tables of proposals: what is read from them, which rows are refused and why, and what no table can do to us."""

import csv
import io
import json
import time

import pytest

from civicvote.domain.proposals.tables.columns import ImportColumn, ImportProblem
from civicvote.domain.proposals.tables.errors import (
    SourceTooLong,
    SourceTooShort,
    TableBroken,
    TableColumnMissing,
    TableColumnTwice,
    TableEmpty,
    TableIsWorkbook,
    TableNotJson,
    TableRefused,
    TableTooLong,
    TableUnreadable,
)
from civicvote.domain.proposals.tables.exchange import original_cell
from civicvote.domain.proposals.tables.rows import ImportTable, KnownWords, clean_source, read_table
from civicvote.kernel.csv_cells import safe_cell
from civicvote.kernel.personal_data import PersonalNumber

KNOWN = KnownWords(
    fields={"safety": "safety", "안전": "safety", "교통": "traffic"},
    districts={"2911051000": "2911051000", "지산1동": "2911051000"},
    titles=frozenset({"이미있는제안제목"}),
)
SOURCE = "2026. 11. 3. 원탁회의"
ROW = {
    "제목": "도서관 앞 횡단보도",
    "요약": "아이들이 찻길을 그냥 건넙니다.",
    "내용": "시립도서관 정문 앞은 차가 빨리 다니는데 건널 곳이 없습니다.",
    "분야": "안전",
}


def table(*rows: dict[str, str], delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), delimiter=delimiter, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def read(data: bytes, **options: int) -> ImportTable:
    return read_table(data, KNOWN, source=SOURCE, **options)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
def test_a_table_is_read_as_spreadsheets_save_it(delimiter: str, encoding: str) -> None:
    found = read(table(ROW, delimiter=delimiter, encoding=encoding))
    assert found.refused == []
    (row,) = found.rows
    assert (row.line, row.title, row.field_key, row.source) == (2, ROW["제목"], "safety", SOURCE)
    assert row.body == ROW["내용"]


def test_json_is_read_as_a_list_and_as_this_site_gives_it_out() -> None:
    entry = {"title": ROW["제목"], "summary": ROW["요약"], "body": ROW["내용"], "field": "safety", "latitude": 35.1601}
    entry["longitude"] = "126.8514"
    for shape in ([entry], {"licence": "KOGL-1.0", "proposals": [entry]}):
        (row,) = read(json.dumps(shape).encode()).rows
        assert (row.line, row.latitude_e6, row.longitude_e6) == (1, 35_160_100, 126_851_400)


@pytest.mark.parametrize(
    ("changed", "problem", "column"),
    [
        ({"제목": "짧다"}, ImportProblem.TOO_SHORT, ImportColumn.TITLE),
        ({"요약": ""}, ImportProblem.TOO_SHORT, ImportColumn.SUMMARY),
        ({"내용": "가" * 8_001}, ImportProblem.TOO_LONG, ImportColumn.BODY),
        ({"분야": "우주"}, ImportProblem.FIELD_UNKNOWN, ImportColumn.FIELD),
        ({"행정동": "없는동"}, ImportProblem.DISTRICT_UNKNOWN, ImportColumn.DISTRICT),
        ({"위도": "35.1"}, ImportProblem.POINT, ImportColumn.LONGITUDE),
        ({"위도": "북쪽", "경도": "동쪽"}, ImportProblem.POINT, ImportColumn.LATITUDE),
        ({"비고": "가" * 200}, ImportProblem.TOO_LONG, ImportColumn.SOURCE),
        ({"제목": "이미 있는  제안 제목"}, ImportProblem.TITLE_STANDS, ImportColumn.TITLE),
        ({"내용": ROW["내용"] + "\x07"}, ImportProblem.UNREADABLE, ImportColumn.BODY),
    ],
)
def test_a_refused_row_says_line_column_and_reason_and_keeps_what_was_typed(
    changed: dict[str, str], problem: ImportProblem, column: ImportColumn
) -> None:
    broken, sound = {**ROW, **changed}, {**ROW, **dict.fromkeys(changed, ""), **ROW, "제목": "다른 제안입니다"}
    found = read(table({**dict.fromkeys(broken, ""), **broken}, sound))
    assert [row.title for row in found.rows] == ["다른 제안입니다"]
    (refused,) = found.refused
    assert (refused.line, refused.problem, refused.column) == (2, problem, column)
    if problem is not ImportProblem.UNREADABLE:
        assert refused.cells["summary"] == broken["요약"] if broken["요약"] else "summary" not in refused.cells


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    long = {**ROW, "내용": "첫째 문단입니다.\n\n둘째 문단은 조금 더 깁니다."}
    broken = {**ROW, "제목": "짧다"}
    found = read(table(long, broken))
    assert [(row.line, row.body) for row in found.rows] == [(2, long["내용"])]
    assert [row.line for row in found.refused] == [5]


@pytest.mark.parametrize(
    "cells",
    [
        {"내용": ROW["내용"] + " 900101-1234567"},
        {"모르는 열": "9001011234567"},
        {"위도": "900101", "경도": "1234567"},
    ],
)
def test_a_personal_number_anywhere_refuses_the_row_and_nothing_of_it_is_kept(cells: dict[str, str]) -> None:
    found = read(table({**ROW, **cells}))
    (refused,) = found.refused
    assert (refused.problem, dict(refused.cells)) == (ImportProblem.PERSONAL_NUMBER, {})
    assert "1234567" not in json.dumps(refused.to_json())


def test_the_same_title_is_taken_once() -> None:
    twin = {**ROW, "제목": "도서관앞  횡단보도"}
    found = read(table(ROW, twin, {**ROW, "제목": "도서관 앞 신호등"}))
    assert [row.title for row in found.rows] == ["도서관 앞 횡단보도", "도서관 앞 신호등"]
    assert [(row.line, row.problem) for row in found.refused] == [(3, ImportProblem.TITLE_TWICE)]


def test_a_note_stands_behind_the_source() -> None:
    (row,) = read(table({**ROW, "비고": "3모둠"})).rows
    assert row.source == f"{SOURCE} · 3모둠"


@pytest.mark.parametrize("text", ["=1+1 더하기 문제", "+82 전화 안내", "@모두에게 알립니다", "-빼기로 시작하는 제목"])
def test_cells_that_were_made_safe_come_back_as_they_were(text: str) -> None:
    assert safe_cell(text) == f"'{text}"
    assert original_cell(safe_cell(text)) == text
    (row,) = read(table({**ROW, "제목": safe_cell(text)})).rows
    assert row.title == text


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"", TableEmpty),
        (b"\r\n\r\n,,,\r\n", TableEmpty),
        ("제목,요약,내용,분야\r\n".encode(), TableEmpty),
        (b"PK\x03\x04 a workbook", TableIsWorkbook),
        (b"\xd0\xcf\x11\xe0 an old workbook", TableIsWorkbook),
        (b"\xff\xfe\x00t\x00e", TableUnreadable),
        (table(ROW) + b"\x00", TableUnreadable),
        ("제목,요약,내용\r\n가,나,다".encode(), TableColumnMissing),
        ("제목,title,요약,내용,분야\r\n가,나,다,라,마".encode(), TableColumnTwice),
        ('제목,요약,내용,분야\r\n"열린 따옴표,나,다,라'.encode(), TableBroken),
        (b"title,summary,body,field\r\n" + b"a" * 200_000 + b",b,c,d", TableBroken),
        (b"{", TableNotJson),
        (b'{"proposals": {"title": "x"}}', TableNotJson),
        (b'"a text"', TableColumnMissing),
        (b"[" * 100_000, TableNotJson),
        (b'{"proposals": ' + b"[" * 50_000 + b"]" * 50_000 + b"}", TableNotJson),
        (b"[" + b"9" * 10_000 + b"]", TableNotJson),
        (b"[]", TableEmpty),
    ],
)
def test_what_is_no_table_is_sent_back_as_a_whole(data: bytes, refusal: type[TableRefused]) -> None:
    with pytest.raises(refusal):
        read(data)


@pytest.mark.parametrize(
    "entry",
    [7, None, "text", [], [[]], {"title": {"nested": []}}, {"title": 7}, {"title": True}, {"title": [["deep"] * 9]}],
)
def test_an_entry_that_is_no_proposal_is_refused_by_its_number(entry: object) -> None:
    found = read(json.dumps([entry]).encode())
    assert [row.line for row in found.refused] == [1]


def test_halves_of_characters_are_refused_and_can_be_stored() -> None:
    entry = {"title": "\ud800 도서관 앞", "summary": ROW["요약"], "body": ROW["내용"], "field": "안전"}
    found = read(json.dumps([entry]).encode())
    assert [row.problem for row in found.refused] == [ImportProblem.UNREADABLE]
    json.dumps([row.to_json() for row in found.refused], ensure_ascii=False).encode()


def test_more_rows_than_allowed_send_the_table_back() -> None:
    rows = [{**ROW, "제목": f"도서관 앞 횡단보도 {number}"} for number in range(4)]
    assert len(read(table(*rows), most_rows=4).rows) == 4
    with pytest.raises(TableTooLong):
        read(table(*rows), most_rows=3)


def test_ten_thousand_columns_and_brackets_cost_no_more_than_a_moment() -> None:
    wide = {f"열 {number}": "x" for number in range(10_000)}
    start = time.perf_counter()
    found = read(table({**ROW, **wide}))
    assert len(found.rows) == 1
    with pytest.raises(TableColumnMissing):
        read(("(" * 100_000 + "," + "[" * 100_000 + "\r\na,b").encode())
    assert time.perf_counter() - start < 2


def test_the_source_is_cleaned_and_has_a_length() -> None:
    assert clean_source("  2026. 11. 3.\n 원탁회의 ") == "2026. 11. 3. 원탁회의"
    with pytest.raises(SourceTooShort):
        clean_source("원탁")
    with pytest.raises(SourceTooLong):
        clean_source("가" * 121)
    with pytest.raises(PersonalNumber):
        clean_source("원탁회의 900101-1234567")
