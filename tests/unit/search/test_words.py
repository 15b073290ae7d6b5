"""What somebody typed, as words."""

import pytest

from civicvote.domain.search.words import MOST_WORDS, lone_syllables_of, words_of


@pytest.mark.parametrize(
    ("typed", "core", "loose"),
    [
        ("공원", "공원", "공원"),
        ("공원을", "공원", "공원"),
        ("횡단보도에서", "횡단보도", "횡단보"),
        ("주차장이", "주차장이", "주차장"),
        ("고양이", "고양이", "고양"),
        ("마을", "마을", "마을"),
        ("우리마을", "우리마을", "우리마을"),
        ("예약하기", "예약", "예약"),
        ("도로", "도로", "도로"),
        ("crossings", "cross", "cross"),
    ],
)
def test_what_stands_behind_a_word_is_taken_off(typed: str, core: str, loose: str) -> None:
    (word,) = words_of(typed)
    assert (word.core, word.loose) == (core, loose)


def test_single_syllables_and_fillers_count_only_where_there_is_nothing_else() -> None:
    assert [word.typed for word in words_of("어린이집 앞")] == ["어린이집"]
    assert lone_syllables_of("어린이집 앞") == ["앞"]
    assert [word.typed for word in words_of("앞")] == ["앞"]
    assert [word.typed for word in words_of("garden for families")] == ["garden", "families"]
    assert [word.typed for word in words_of("to")] == ["to"]
    assert [word.typed for word in words_of("CCTV가 24시간")] == ["cctv", "24", "시간"]


def test_long_and_repeated_queries_have_an_end() -> None:
    assert len(words_of(" ".join(f"낱말{number}" for number in range(90)))) == MOST_WORDS
    assert [word.typed for word in words_of("공원 공원 공원")] == ["공원"]
    assert words_of("") == words_of("…!?") == []
