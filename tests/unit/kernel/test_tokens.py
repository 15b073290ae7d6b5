"""What of a text is looked up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicvote.kernel.tokens import LONGEST_TOKEN, folded, indexed_tokens, pairs_of, runs_of, sounds_of, stem, tokens_of


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("공원", ["공원"]),
        ("공원을", ["공원", "원을"]),
        ("무단 투기", ["무단", "단투", "투기"]),
        ("무단,투기", ["무단", "투기"]),
        ("책을 앞", ["책", "책을", "을앞", "앞"]),
        ("CCTV가 24시간", ["cctv", "가", "24", "시간"]),
        ("3·1운동", ["3", "1", "운동"]),
        ("Crossings, parking LOTS", ["cross", "park", "lot"]),
        ("공ㅇ원 ㅋㅋㅋ", ["공원"]),
        ("", []),
        ("!?… 😀", []),
    ],
)
def test_tokens(text: str, tokens: list[str]) -> None:
    assert tokens_of(text) == tokens


def test_a_word_is_found_whatever_stands_behind_it_and_however_it_is_spaced() -> None:
    for text in ("공원에서", "근린공원이", "공원 앞", "공원"):
        assert "공원" in tokens_of(text)
    for text in ("무단투기", "무단 투기를"):
        assert set(pairs_of("무단투기")) <= set(tokens_of(text))


def test_decomposed_and_wide_letters_are_the_same_letters() -> None:
    assert tokens_of("\u1100\u1169\u11bc\u110b\u116f\u11ab") == tokens_of("공원")
    assert tokens_of("ＣＣＴＶ") == tokens_of("cctv")


@pytest.mark.parametrize(
    ("wrong", "right"), [("쓰래기", "쓰레기"), ("주자장", "주차장"), ("경노당", "경로당"), ("행단보도", "횡단보도")]
)
def test_what_sounds_alike_has_the_same_sounds(wrong: str, right: str) -> None:
    assert sounds_of(wrong) == sounds_of(right)
    assert sounds_of("공원") == [], "two syllables tell too little"


def test_an_index_holds_each_token_once_with_the_sounds_of_its_words() -> None:
    assert indexed_tokens("주차장 주차장") == ["주차", "차장", "장주", "ㅈㅈㅈ"]


@given(st.text(max_size=200))
def test_whatever_is_typed_tokens_hold_letters_and_digits_only(text: str) -> None:
    for token in indexed_tokens(text):
        assert 1 <= len(token) <= LONGEST_TOKEN
        assert token.isalnum(), "so that none of them is an operator of a query"
        assert token == folded(token) or token in {sound for run in runs_of(text) for sound in _sounds(run)}


def _sounds(run: str) -> list[str]:
    return sounds_of(run) if "\uac00" <= run[0] <= "\ud7a3" else []


def test_stems_leave_what_is_no_english_as_it_is() -> None:
    assert stem("families") == "famili"
    assert stem("2031") == "2031"
    assert stem("straße") == "straße"
    assert stem("a" * 90) == "a" * LONGEST_TOKEN
