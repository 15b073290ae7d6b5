"""Which text is meant most, and which words are nearly those typed."""

import pytest

from civicvote.domain.search.closeness import find_close
from civicvote.domain.search.ranking import Ranking
from civicvote.domain.search.words import lone_syllables_of, words_of


def _score(query: str, title: str, text: str = "") -> int:
    return Ranking(words_of(query), lone_syllables_of(query)).rank(title, text).score


@pytest.mark.parametrize(
    ("query", "better", "worse"),
    [
        ("공원", ("공원 의자", ""), ("긴 의자", "공원에 놓습니다")),
        ("공원", ("공원 의자", ""), ("근린공원 의자", "")),
        ("자전거 도로", ("자전거 도로 턱", ""), ("도로 턱", "낮춥니다")),
        ("자전거 도로", ("", "자전거 도로에서"), ("", "도로에서 자전거를")),
        ("횡단보도", ("횡단보도 조명", ""), ("횡단 길", "단보 보도")),
        ("횡단보도", ("횡단보도 조명", ""), ("횡단보드 조명", "")),
        ("어린이집 앞", ("어린이집 앞 길", ""), ("어린이집 옆 길", "")),
        ("면접 정장 대여", ("면접 정장", ""), ("정장", "")),
        ("고양이", ("고양이 급식소", ""), ("고양시 이야기", "")),
        ("crossings", ("Safer crossing", ""), ("Cost of living", "")),
    ],
)
def test_what_is_meant_more_comes_first(query: str, better: tuple[str, str], worse: tuple[str, str]) -> None:
    assert _score(query, *better) > _score(query, *worse)


def test_a_text_without_any_of_the_words_has_no_rank() -> None:
    assert _score("공원", "수영장", "물놀이") == 0


@pytest.mark.parametrize(
    ("typed", "text", "found"),
    [
        ("쓰래기", "음식물 쓰레기를", "쓰레기"),
        ("전동킼보드", "전동킥보드가", "전동킥보드"),
        ("행단보도", "횡단보도", "횡단보도"),
        ("횡단보도오", "횡단보도", "횡단보도"),
        ("굥원", "공원", "공원"),
        ("주자장", "유치장", ""),
        ("도서관", "동사관", ""),
        ("볼런티어", "자원봉사", ""),
        ("volunter", "many volunteers", "volunteers"),
        ("crosing", "the cross", ""),
    ],
)
def test_near_words(typed: str, text: str, found: str) -> None:
    (word,) = words_of(typed)
    assert find_close(word, text) == found
