"""Cursors and pages."""

import pytest

from civicvote.kernel.paging import BadCursor, page_of, read_cursor, write_cursor


def test_a_cursor_reads_back() -> None:
    assert read_cursor(write_cursor(17, 2**62), 2) == (17, 2**62)


@pytest.mark.parametrize("text", ["!", "1.2.3", "1", "a.", ".a", "u.1"])
def test_a_mutilated_cursor_is_refused(text: str) -> None:
    with pytest.raises(BadCursor):
        read_cursor(text, 2)


def test_no_cursor_means_the_first_page() -> None:
    assert read_cursor(None, 2) is None
    assert read_cursor("", 2) is None


def test_the_row_too_many_only_says_that_there_is_more() -> None:
    page = page_of([1, 2, 3], 2, cursor=str)
    assert (page.items, page.next_cursor) == ([1, 2], "2")
    assert page_of([1, 2], 2, cursor=str).next_cursor is None
