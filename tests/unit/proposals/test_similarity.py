"""What two texts have in common: things by any of their names, pieces of words, and weights that add up exactly."""

import time

import pytest

from civicvote.domain.proposals.likeness.similarity import (
    EVERY,
    MOST_ASKED,
    asked_marks,
    asked_weights,
    likeness,
    marks_of,
)
from civicvote.domain.proposals.likeness.wish_words import things_in


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("도서관 앞 건널목", "도서관앞횡단보도"),
        ("버스 정류소에 벤치", "버스정류장 의자"),
        ("강아지 놀이터", "반려견 놀이터"),
        ("핸드폰 쓰는 법 수업", "스마트폰 교육"),
        ("a crosswalk and street lamps", "횡단보도와 가로등"),
        ("speed bump", "speed-bumps"),
    ],
)
def test_a_thing_is_known_by_each_of_its_names(one: str, other: str) -> None:
    assert things_in(one).keys() & things_in(other).keys()
    assert things_in(one).keys() == things_in(other).keys() or "도서관" in one or "정류" in one


def test_english_words_begin_where_a_word_begins() -> None:
    assert "dog" not in "".join(things_in("a hotdogma"))
    assert things_in("hotdog") == {}
    assert things_in("dogs")


def test_blanks_within_a_word_do_not_matter_where_the_line_says_so() -> None:
    assert things_in("차를 세우지 못하게") == things_in("차를세우지 못하게") == things_in("주차")


def test_weights_are_whole_numbers_and_a_repeated_word_weighs_less_and_less() -> None:
    once = marks_of(title="", summary="", body="횡단보도")["#건널목"]
    often = marks_of(title="", summary="", body="횡단보도 " * 50)["#건널목"]
    assert isinstance(once, int)
    assert once < often < 3 * once
    assert marks_of(title="가", summary="", body="")[EVERY] == 0


def test_a_rare_mark_counts_more_and_what_everybody_has_nothing_much() -> None:
    weights = asked_weights({"rare": 1.0, "usual": 1.0, "new": 1.0}, {"rare": 1, "usual": 900}, among=1_000)
    assert weights["new"] > weights["rare"] > 3 * weights["usual"]


def test_likeness_is_a_share_of_what_was_asked() -> None:
    weights = {"a": 100, "b": 300}
    assert likeness(0, weights) == 0
    assert likeness(100 * 300, weights) == 750
    assert likeness(5, {}) == 0


def test_so_many_marks_are_asked_and_the_heaviest_first() -> None:
    text = " ".join(f"낱말{number}번" for number in range(400))
    asked = asked_marks(title="횡단보도", summary=text[:600], body="")
    assert len(asked) == MOST_ASKED
    assert "#건널목" in asked


def test_the_longest_text_takes_a_moment() -> None:
    start = time.perf_counter()
    marks_of(title="차를 " * 100, summary="차를세우" * 100, body="버스정류장에 차를 " * 2_000)
    assert time.perf_counter() - start < 0.5
